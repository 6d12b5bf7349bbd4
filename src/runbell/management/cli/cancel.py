"""``runbell cancel``: stop a run."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from runbell.actions.cancel import cancel
from runbell.management.cli.console import Console, Subcommand, current_actor


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", help="id of a run that waits or runs")
    parser.add_argument("--reason", default="", help="why; kept in the audit trail")


def _run(options: Namespace, console: Console) -> None:
    cancellation = cancel(options.id, actor=current_actor(), reason=options.reason)
    if console.json:
        console.document(cancellation)
    else:
        console.text(cancellation.message)


COMMAND = Subcommand("cancel", "Revoke a run that waits, stop one that runs.", _arguments, _run)

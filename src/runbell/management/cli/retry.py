"""``runbell retry``: run something again."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from runbell.actions.retry import retry
from runbell.management.cli.console import Console, Subcommand, current_actor
from runbell.management.cli.triggered import add_arguments, check_arguments, finish


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", help="id of a finished run")
    add_arguments(parser)


def _run(options: Namespace, console: Console) -> None:
    check_arguments(options)
    finish(retry(options.id, actor=current_actor(), reason=options.reason), options, console)


COMMAND = Subcommand("retry", "Run a finished run again, as a new run that names the old one.", _arguments, _run)

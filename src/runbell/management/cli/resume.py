"""``runbell resume``: let schedules fire again."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from runbell.actions.resume import resume_many, resume_task
from runbell.domain.pauses import Missed
from runbell.management.cli.console import Console, Subcommand, current_actor
from runbell.management.cli.pause import add_target


def _arguments(parser: ArgumentParser) -> None:
    add_target(parser)
    parser.add_argument(
        "--missed",
        choices=[choice.value for choice in Missed],
        default=Missed.SKIP.value,
        help="what becomes of what fell due meanwhile (default: %(default)s)",
    )


def _run(options: Namespace, console: Console) -> None:
    actor, missed = current_actor(), Missed(options.missed)
    if options.name:
        resumed = resume_task(options.name, actor=actor, missed=missed)
    else:
        resumed = resume_many(options.category, actor=actor, missed=missed)
    if console.json:
        console.document(resumed)
    else:
        console.text(resumed.message)


COMMAND = Subcommand("resume", "End a pause; skip or catch up what fell due meanwhile.", _arguments, _run)

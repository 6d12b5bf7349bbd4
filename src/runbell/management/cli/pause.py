"""``runbell pause``: hold schedules back."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from runbell.actions.pause import pause_many, pause_task
from runbell.management.cli.console import Console, Subcommand, current_actor
from runbell.management.cli.parsing import parse_end


def add_target(parser: ArgumentParser) -> None:
    """Add what a pause is about: one of a task, a category and all."""
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("name", nargs="?", help="the task: its name, hyphenated or not, or its Celery path")
    target.add_argument("--category", metavar="C", help="all tasks of this category")
    target.add_argument("--all", action="store_true", help="all tasks")


def _arguments(parser: ArgumentParser) -> None:
    add_target(parser)
    parser.add_argument("--reason", required=True, help="why; shown with the task and kept in the audit trail")
    parser.add_argument(
        "--until", type=parse_end, metavar="TIME", help="when it ends by itself: 2026-01-16T09:00, or 2h from now"
    )


def _run(options: Namespace, console: Console) -> None:
    given = {"actor": current_actor(), "reason": options.reason, "until": options.until}
    paused = pause_task(options.name, **given) if options.name else pause_many(options.category, **given)
    if console.json:
        console.document(paused)
    else:
        console.text(paused.message)


COMMAND = Subcommand("pause", "Hold the schedules of a task, a category or all tasks back.", _arguments, _run)

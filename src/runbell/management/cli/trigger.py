"""``runbell trigger``: run a task now."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from runbell.actions.trigger import trigger
from runbell.management.cli.console import Console, Subcommand, current_actor
from runbell.management.cli.parsing import parse_params
from runbell.management.cli.triggered import add_arguments, check_arguments, finish


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", help="the task: its name, hyphenated or not, or its Celery path")
    parser.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter: JSON where it is JSON, else text",
    )
    parser.add_argument("--dry-run", action="store_true", help="run it in a transaction that is rolled back")
    parser.add_argument("--idempotency-key", metavar="KEY", help="the same key makes the same request only once")
    add_arguments(parser)


def _run(options: Namespace, console: Console) -> None:
    check_arguments(options)
    triggered = trigger(
        options.name,
        actor=current_actor(),
        params=parse_params(options.param),
        dry_run=options.dry_run,
        reason=options.reason,
        idempotency_key=options.idempotency_key,
    )
    finish(triggered, options, console)


COMMAND = Subcommand("trigger", "Run a task now.", _arguments, _run)

"""``runbell runs``: the history."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from runbell.management.cli.console import Console, Subcommand
from runbell.management.cli.options import add_paging, add_period, say_how_to_go_on
from runbell.management.cli.text import duration
from runbell.queries.runs import RunFilters, RunSummary, list_runs


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--task", metavar="NAME", help="runs of this task")
    parser.add_argument("--state", action="append", default=[], metavar="STATE", help="in this state; may be repeated")
    parser.add_argument("--trigger", help="manual, schedule, retry or celery")
    parser.add_argument("--actor", help="asked for by, e.g. user:quality")
    add_period(parser)
    add_paging(parser)


def _run(options: Namespace, console: Console) -> None:
    page = list_runs(_filters(options), options.cursor, options.limit)
    if console.json:
        console.document({"runs": page.items, "next_cursor": page.next_cursor})
        return
    console.table(
        ["id", "task", "state", "requested", "trigger", "actor", "ran", "ok", "failed"],
        [_row(run) for run in page.items],
        empty="There are no such runs.",
    )
    say_how_to_go_on(page.next_cursor, console)


def _filters(options: Namespace) -> RunFilters:
    return RunFilters(
        task=options.task,
        states=tuple(options.state),
        trigger=options.trigger,
        actor=options.actor,
        since=options.since,
        until=options.until,
    )


def _row(run: RunSummary) -> tuple[object, ...]:
    state = f"{run.state} (dry run)" if run.dry_run else run.state
    ran = duration(run.seconds_ran)
    return run.id, run.task_name, state, run.requested_at, run.trigger, run.actor, ran, run.processed, run.failed


COMMAND = Subcommand("runs", "Show runs, newest first.", _arguments, _run)

"""``runbell show``: one run with its events and its log."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from runbell.conf import settings
from runbell.diagnosis.waiting.sentence import waiting_for
from runbell.management.cli.console import Console, Subcommand
from runbell.management.cli.run_text import run_text
from runbell.management.cli.text import cell, duration, moment
from runbell.queries.runs import get_run
from runbell.queries.timeline import EventInfo, LogLineInfo, list_events, list_log_lines
from runbell.queries.waiting import what_keeps


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", help="the run's id")


def _run(options: Namespace, console: Console) -> None:
    run, events, lines = get_run(options.id), _events(options.id), _log_lines(options.id)
    waits = waiting_for(what_keeps(options.id))
    if console.json:
        console.document({"run": run, "waiting_for": waits, "events": events, "log_lines": lines})
        return
    console.text(f"{run_text(run, waits)}\n\n")
    console.table(
        ["event", "at", "after", "attempt", "worker", "detail"],
        [_event_row(event) for event in events],
        empty="No events.",
    )
    if lines:
        console.text("\nLOG")
        console.text("\n".join(_line(line) for line in lines))
    if run.log_lines_cut:
        console.text(f"({run.log_lines_cut} more lines were not kept)")


def _event_row(event: EventInfo) -> tuple[object, ...]:
    since = event.seconds_since_previous
    return event.kind, event.at, None if since is None else duration(since), event.attempt, event.worker, event.detail


def _line(line: LogLineInfo) -> str:
    return f"{moment(line.at)} {line.level:<7} {cell(line.message)}"


def _events(run_id: str) -> list[EventInfo]:
    page = list_events(run_id, limit=settings().MAX_PAGE_SIZE)
    events = list(page.items)
    while page.next_cursor:
        page = list_events(run_id, page.next_cursor, settings().MAX_PAGE_SIZE)
        events += page.items
    return events


def _log_lines(run_id: str) -> list[LogLineInfo]:
    page = list_log_lines(run_id, limit=settings().MAX_PAGE_SIZE)
    lines = list(page.lines)
    while page.more:
        page = list_log_lines(run_id, page.cursor, settings().MAX_PAGE_SIZE)
        lines += page.lines
    return lines


COMMAND = Subcommand("show", "Show one run with its events and its log.", _arguments, _run)

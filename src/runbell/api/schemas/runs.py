"""Wire types of runs, their events and their log lines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from runbell.api.links import Links
from runbell.api.schemas.common import Given, PageQuery, Wire
from runbell.domain.states import FINISHED
from runbell.queries.pages import Page
from runbell.queries.runs import RunDetail, RunFilters, RunSummary
from runbell.queries.timeline import EventInfo, LogPage


class RunLinks(Wire):
    """Where to go on from a run."""

    self: str = Field(description="The run itself.")
    task: str = Field(description="Its task.")
    events: str = Field(description="What happened to it.")
    log: str = Field(description="What it logged.")
    cancellation: str | None = Field(description="Where to POST to stop it; null once it is finished.")
    retry: str | None = Field(description="Where to POST to run it again; null until it is finished.")
    retry_of: str | None = Field(default=None, description="The run that this one repeats, if any.")


class RunOut(Wire):
    """One run, as a list shows it. Times are UTC, durations are seconds."""

    id: str = Field(description="The run's id, which is the Celery task id.")
    task_name: str = Field(description="The task's immutable name.")
    task_title: str = Field(description="The task's title for people.")
    state: str = Field(
        description="ACCEPTED, QUEUED, RECEIVED, STARTED, RETRY, or finished: SUCCESS, PARTIAL, FAILURE, REVOKED, "
        "EXPIRED, LOST, MISSED, SKIPPED."
    )
    explanation: str = Field(description="Why it is in that state, where that is not obvious.")
    trigger: str = Field(description="What made it: manual, schedule, retry or celery.")
    actor: str = Field(description="Who or what asked for it, e.g. `user:quality` or `system:ticker`.")
    actor_name: str = Field(description="The same for people.")
    dry_run: bool = Field(description="Whether it is a rehearsal that changes nothing.")
    queue: str = Field(description="The queue it was sent to.")
    worker: str = Field(description="The worker that holds or ran it, or empty.")
    attempt: int = Field(description="How many times a worker started it.")
    requested_at: datetime = Field(description="When it was asked for.")
    due_at: datetime | None = Field(description="When its schedule was due; null if somebody asked for it.")
    started_at: datetime | None = Field(description="When the latest attempt started.")
    finished_at: datetime | None = Field(description="When it ended.")
    seconds_waited: float = Field(description="From the request to the latest start, or until now.")
    seconds_ran: float | None = Field(description="From the latest start to the end, or until now.")
    progress_done: int | None = Field(description="Items done so far, as the task says.")
    progress_total: int | None = Field(description="Items there are, as the task says.")
    progress_message: str = Field(description="What the task says it does now.")
    processed: int | None = Field(description="Items handled well.")
    failed: int | None = Field(description="Items that failed; any makes the run PARTIAL.")
    error: str = Field(description="What went wrong, or empty.")
    links: RunLinks = Field(description="Where to go on.")


class RunDetailOut(RunOut):
    """Everything about one run but its events and log lines."""

    celery_name: str = Field(description="The task's full Celery path.")
    params: Any = Field(description="The parameters it runs with.")
    reason: str = Field(description="Why it was asked for.")
    actor_email: str = Field(description="The address of who asked for it, or empty.")
    ip_address: str | None = Field(description="Where the request came from; null without the audit permission.")
    user_agent: str | None = Field(description="What made the request; null without the audit permission.")
    schedule_name: str = Field(description="The schedule that fired it, or empty.")
    retry_of: str | None = Field(description="The id of the run that this one repeats.")
    retries: list[str] = Field(description="The ids of the runs that repeat this one, newest first.")
    expires_at: datetime | None = Field(description="After this moment no worker starts it.")
    publish_attempts: int = Field(description="How often it was handed to the broker.")
    cancel_requested_at: datetime | None = Field(description="When somebody asked for it to stop.")
    cancel_requested_by: str = Field(description="Who did.")
    result: Any = Field(description="What the task returned, bounded in size.")
    traceback: str = Field(description="Where it failed, or empty.")
    rehearsal: Any = Field(description="What a dry run would have changed and sent; null otherwise.")
    log_lines_cut: int = Field(description="Log lines that were not kept.")
    waiting_for: str | None = Field(description="What it waits for, one sentence; null while it does not wait.")


class RunList(Wire):
    """A page of runs, newest first."""

    items: list[RunOut] = Field(description="The runs.")
    next: str | None = Field(description="The path of the next page; null on the last one.")


class EventOut(Wire):
    """One fact about a run."""

    id: int = Field(description="Its place in the change feed.")
    kind: str = Field(description="What happened, e.g. ACCEPTED, QUEUED, STARTED.")
    at: datetime = Field(description="When it happened.")
    seconds_since_previous: float | None = Field(description="Since the event before it; null for the first.")
    attempt: int = Field(description="The attempt it belongs to; 0 before the first.")
    worker: str = Field(description="Where it was seen, or empty.")
    detail: str = Field(description="One sentence, or empty.")


class EventList(Wire):
    """A page of a run's events, oldest first."""

    items: list[EventOut] = Field(description="The events.")
    next: str | None = Field(description="The path of the next page; null on the last one.")


class LogLineOut(Wire):
    """One line that a run logged."""

    attempt: int = Field(description="The attempt that logged it.")
    number: int = Field(description="Its number within the attempt.")
    at: datetime = Field(description="When it was logged.")
    level: str = Field(description="DEBUG, INFO, WARNING, ERROR or CRITICAL.")
    logger: str = Field(description="The logger's name.")
    message: str = Field(description="The text.")


class LogOut(Wire):
    """Log lines of a run, in order."""

    items: list[LogLineOut] = Field(description="The lines.")
    cursor: str = Field(description="What to pass as `after` to read on, even if nothing more is there yet.")
    more: bool = Field(description="Whether there are more lines now.")
    cut: int = Field(description="Lines that were not kept because the run logged too many.")


class RunQuery(PageQuery):
    """Which runs to list."""

    task: str | None = Field(default=None, description="Any spelling of a task's name.")
    state: list[str] = Field(default=[], description="Any of these states; may be given several times.")
    trigger: str | None = Field(default=None, description="manual, schedule, retry or celery.")
    actor: str | None = Field(default=None, description="Who asked, e.g. `user:quality`.")
    since: datetime | None = Field(default=None, alias="from", description="Asked for at this moment or later.")
    until: datetime | None = Field(default=None, alias="to", description="Asked for before this moment.")


class LogQuery(Schema):
    """Which log lines of a run."""

    after: str | None = Field(default=None, description="The `cursor` of the lines read before.")
    limit: int | None = Field(default=None, description="Lines at once, from 1 to the configured largest page.")


class Reason(Given):
    """Why somebody wants something."""

    reason: str = Field(default="", max_length=2000, description="Why; kept in the audit trail.")


class CancellationOut(Wire):
    """What a cancellation did."""

    success: bool = Field(description="Always true.")
    task_id: str = Field(description="The run.")
    how: str = Field(
        description="revoked (it waited and will never start), terminating (its process is being ended) or requested "
        "(the pool cannot end it; the task was asked to stop)."
    )
    message: str = Field(description="The same for people.")
    links: dict[str, str] = Field(description="`run`: the run.")


def run_filters(query: RunQuery) -> RunFilters:
    """Return what the address asks for."""
    return RunFilters(
        task=query.task,
        states=tuple(query.state),
        trigger=query.trigger,
        actor=query.actor,
        since=query.since,
        until=query.until,
    )


def run_list(page: Page[RunSummary], next_path: str | None, links: Links) -> RunList:
    """Return a page of runs on the wire."""
    return RunList(items=[_run(run, links) for run in page.items], next=next_path)


def run_detail(run: RunDetail, waiting_for: str | None, links: Links, *, with_address: bool) -> RunDetailOut:
    """Return one run on the wire; where it was asked from only ``with_address``."""
    hidden: dict[str, Any] = {} if with_address else {"ip_address": None, "user_agent": None}
    return RunDetailOut(**vars(run) | hidden, waiting_for=waiting_for, links=_links(run, links, run.retry_of))


def event_list(page: Page[EventInfo], next_path: str | None) -> EventList:
    """Return a page of events on the wire."""
    return EventList(items=[EventOut.model_validate(event) for event in page.items], next=next_path)


def log(page: LogPage) -> LogOut:
    """Return log lines on the wire."""
    lines = [LogLineOut.model_validate(line) for line in page.lines]
    return LogOut(items=lines, cursor=page.cursor, more=page.more, cut=page.cut)


def _run(run: RunSummary, links: Links) -> RunOut:
    return RunOut(**vars(run), links=_links(run, links))


def _links(run: RunSummary, links: Links, retry_of: str | None = None) -> RunLinks:
    here, finished = links.run(run.id), run.state in FINISHED
    return RunLinks(
        self=here,
        task=links.task(run.task_name),
        events=f"{here}events/",
        log=f"{here}log/",
        cancellation=None if finished else f"{here}cancellation/",
        retry=f"{here}retry/" if finished else None,
        retry_of=links.run(retry_of) if retry_of else None,
    )

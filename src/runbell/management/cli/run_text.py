"""One run as people read it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from runbell.management.cli.table import pairs, table
from runbell.management.cli.text import cell, duration, moment
from runbell.queries.runs import RunDetail


def run_text(run: RunDetail, waiting_for: str | None = None) -> str:
    """Return everything about a run but its events and log lines: what is not known is left out."""
    facts = [*_facts(run), ("waiting for", waiting_for)]
    blocks = [pairs((name, value) for name, value in facts if value not in (None, "", "-")), *_blocks(run)]
    return "\n\n".join(blocks)


def _facts(run: RunDetail) -> Iterator[tuple[str, object]]:
    yield "id", run.id
    yield "task", f"{run.task_title} ({run.task_name})"
    yield "state", run.state
    yield "explanation", run.explanation
    yield "dry run", "yes: rolled back" if run.dry_run else None
    yield "parameters", _json(run.params) if run.params else None
    yield "trigger", run.trigger
    yield "actor", f"{run.actor_name} ({run.actor})"
    yield "address", run.ip_address
    yield "reason", run.reason
    yield "retry of", run.retry_of
    yield "retried as", list(run.retries) or None
    yield from _path(run)
    yield from _work(run)


def _path(run: RunDetail) -> Iterator[tuple[str, object]]:
    yield "queue", run.queue
    yield "worker", run.worker
    yield "attempt", run.attempt or None
    yield "due", moment(run.due_at)
    yield "requested", moment(run.requested_at)
    yield "expires", moment(run.expires_at)
    yield (
        "cancelled",
        f"{moment(run.cancel_requested_at)} by {run.cancel_requested_by}" if run.cancel_requested_at else None,
    )
    yield "finished", moment(run.finished_at)
    yield "waited", duration(run.seconds_waited)
    yield "ran", duration(run.seconds_ran)


def _work(run: RunDetail) -> Iterator[tuple[str, object]]:
    if run.progress_done is not None:
        total = f" of {run.progress_total}" if run.progress_total is not None else ""
        yield "progress", f"{run.progress_done}{total} {run.progress_message}".strip()
    yield "processed", run.processed
    yield "failed", run.failed
    yield "result", _json(run.result) if run.result else None
    yield "error", run.error


def _blocks(run: RunDetail) -> Iterator[str]:
    if run.rehearsal:
        yield from rehearsal_blocks(run.rehearsal)
    if run.traceback:
        yield "\n".join(cell(line) for line in run.traceback.rstrip().splitlines())


def rehearsal_blocks(rehearsal: dict[str, Any]) -> Iterator[str]:
    """Yield what a dry run would have changed, and what it would have sent."""
    changes = [
        (change["model"], kind, change[kind]["count"], _keys(change[kind]))
        for change in rehearsal["changes"]
        for kind in ("created", "updated", "deleted")
        if change[kind]["count"]
    ]
    if changes:
        yield table(["would have changed", "how", "rows", "keys"], changes)
    else:
        yield "It would have changed nothing."
    sent = [*(f"mail to {', '.join(mail['to'])}: {mail['subject']}" for mail in rehearsal["mails"]["listed"])]
    sent += [f"task {task['task']}" for task in rehearsal["tasks"]["listed"]]
    hidden = rehearsal["mails"]["count"] + rehearsal["tasks"]["count"] - len(sent)
    if sent:
        more = [f"and {hidden} more"] if hidden else []
        yield "\n".join(["WOULD HAVE SENT", *(cell(line) for line in sent), *more])


def _keys(change: dict[str, Any]) -> str:
    keys = ", ".join(str(key) for key in change["keys"])
    return f"{keys}, …".lstrip(", ") if change["cut"] else keys


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)

"""Asking a system for its overview and for pages of its history, as the benchmarks of both do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from benchmarks.load import Load, Sample, send
from benchmarks.plan import Plan
from tests.support.live import API, LiveSystem

PAGE_SIZE = 50
TASK = "benchmark_task_006"
ACTOR = "user:quality"


@dataclass(frozen=True)
class Filter:
    """A filter as a query, and as the condition that finds the position of its later page."""

    query: tuple[tuple[str, str], ...] = ()
    condition: str = "true"


def _filters() -> list[Filter]:
    since = (datetime.now(UTC) - timedelta(days=20)).isoformat(timespec="seconds")
    return [
        Filter(),
        Filter((("task", TASK),), f"task_name = '{TASK}'"),
        Filter((("state", "FAILURE"),), "state = 'FAILURE'"),
        Filter((("state", "FAILURE"), ("state", "EXPIRED")), "state IN ('FAILURE', 'EXPIRED')"),
        Filter((("trigger", "manual"),), "trigger = 'manual'"),
        Filter((("actor", ACTOR),), f"actor = '{ACTOR}'"),
        Filter((("task", TASK), ("state", "FAILURE")), f"task_name = '{TASK}' AND state = 'FAILURE'"),
        Filter((("task", TASK), ("trigger", "manual")), f"task_name = '{TASK}' AND trigger = 'manual'"),
        Filter((("from", since), ("state", "REVOKED")), f"requested_at >= '{since}' AND state = 'REVOKED'"),
    ]


def ask_status(live: LiveSystem, plan: Plan, rounds: int | None = None) -> list[Sample]:
    """Ask for the page again and again, and return what each round gave."""
    load = Load(
        port=live.port,
        path=f"{API}monitoring/status/",
        connections=1,
        seconds=plan.seconds,
        expect=200,
        headers={"Authorization": f"Bearer {live.token}"},
    )
    send(replace(load, seconds=plan.warm_up))
    return [send(load) for _ in range(rounds or plan.rounds)]


def ask_history(live: LiveSystem, plan: Plan, rounds: int | None = None) -> tuple[list[Sample], list[Sample]]:
    """Ask for first and later pages in turn, and return what each round gave."""
    filters = _filters()
    first = _load(live, plan, [_path(each) for each in filters])
    later = _load(live, plan, [_path(each, _cursor(live, each, plan.page)) for each in filters])
    for load in (first, later):
        send(replace(load, seconds=plan.warm_up))
    pairs = [(send(first), send(later)) for _ in range(rounds or plan.rounds)]
    return [one for one, _ in pairs], [one for _, one in pairs]


def _load(live: LiveSystem, plan: Plan, paths: list[str]) -> Load:
    headers = {"Authorization": f"Bearer {live.token}"}
    return Load(live.port, paths[0], 1, plan.seconds, 200, headers=headers, others=paths[1:])


def _path(of: Filter, cursor: str = "") -> str:
    query = [*of.query, ("limit", str(PAGE_SIZE)), *([("cursor", cursor)] if cursor else [])]
    return f"{API}runs/?{urlencode(query)}"


def _cursor(live: LiveSystem, of: Filter, page: int) -> str:
    """Return the cursor of that page, or of the last one that a page can be filled with; "" where nothing is found."""
    from runbell.queries.pages import Position  # noqa: PLC0415 (imports Django)

    found = f"SELECT 1 FROM runbell_run WHERE {of.condition} LIMIT {page * PAGE_SIZE}"
    total: int = live.query(f"SELECT count(*) FROM ({found}) found")[0][0]
    behind = max(0, total - PAGE_SIZE - 1)
    statement = (
        f"SELECT requested_at, id FROM runbell_run WHERE {of.condition}"
        " ORDER BY requested_at DESC, id DESC LIMIT 1 OFFSET %s"
    )
    rows = live.query(statement, [behind])
    return Position(*rows[0]).encode() if rows else ""

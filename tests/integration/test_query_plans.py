"""What is asked at every size of the ledger is answered from an index, and reads no more than it gives back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from runbell.domain.ids import new_run_id
from runbell.ledger import reaping
from runbell.models import Run
from runbell.queries.pages import Position
from runbell.queries.runs import RunFilters, list_runs

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="the plans are PostgreSQL's"),
]

RUNS = 6_000
START = datetime(2026, 1, 1, tzinfo=UTC)
STATES = ("SUCCESS",) * 17 + ("FAILURE", "EXPIRED", "REVOKED")


@pytest.fixture
def history() -> None:
    """A history that is long enough for a planner to care."""
    Run.objects.bulk_create(
        Run(
            task_id=new_run_id(),
            task_name=f"task_{number % 50}",
            celery_name="tests.tasks.task",
            queue="celery",
            state=STATES[number % len(STATES)],
            trigger="manual" if number % 50 < 7 else "schedule",
            actor="user:anna" if number % 50 < 7 else "system:ticker",
            actor_name="",
            requested_at=START + timedelta(minutes=number),
            finished_at=START + timedelta(minutes=number, seconds=30),
        )
        for number in range(RUNS)
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE runbell_run")


def _rows_read(sql: str) -> tuple[int, list[str]]:
    """Return how many rows the plan looks at, and what kinds of nodes it has."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        (document,) = cursor.fetchone()
    plan = (json.loads(document) if isinstance(document, str) else document)[0]["Plan"]
    nodes = list(_nodes(plan))
    read = max((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"] for node in nodes)
    return int(read), [node["Node Type"] for node in nodes]


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from _nodes(child)


def _check(ask: Callable[[], object], at_most: int) -> None:
    with CaptureQueriesContext(connection) as queries:
        ask()
    asked = [query["sql"] for query in queries.captured_queries if "ORDER BY" in query["sql"]]
    assert asked
    for sql in asked:
        read, nodes = _rows_read(sql)
        assert "Seq Scan" not in nodes, sql
        assert read <= at_most, (read, nodes, sql)


FILTERS = (
    RunFilters(),
    RunFilters(task="task_7"),
    RunFilters(states=("FAILURE",)),
    RunFilters(states=("FAILURE", "EXPIRED", "LOST")),
    RunFilters(trigger="manual"),
    RunFilters(actor="user:anna"),
    RunFilters(actor="user:anna", trigger="schedule"),
    RunFilters(actor="system:ticker", trigger="manual"),
    RunFilters(actor="system:ticker", states=("EXPIRED",)),
    RunFilters(actor="user:nobody", states=("SUCCESS",)),
    RunFilters(task="task_7", states=("FAILURE",)),
    RunFilters(since=START + timedelta(days=1), until=START + timedelta(days=2)),
)


def test_a_page_reads_what_it_shows_whatever_it_is_filtered_by_and_however_far_behind(history: None) -> None:
    for filters in FILTERS:
        for cursor in (None, Position(START + timedelta(days=2), RUNS // 2).encode()):
            _check(lambda: list_runs(filters, cursor, 20), at_most=150)  # noqa: B023 (called at once)


def test_whom_a_task_s_runs_are_of_is_read_from_the_index_alone(history: None) -> None:
    """A task that nobody ever ran by hand: all of its runs are looked at, none of their rows."""
    for filters in (RunFilters(task="task_7", trigger="manual"), RunFilters(task="task_7", actor="user:anna")):
        with CaptureQueriesContext(connection) as queries:
            list_runs(filters, None, 20)
        (look,) = [query["sql"] for query in queries.captured_queries if "ORDER BY" in query["sql"]]
        with connection.cursor() as cursor:
            cursor.execute("SET enable_bitmapscan = off")
            try:
                cursor.execute(f"EXPLAIN {look}")
                plan = "\n".join(line for (line,) in cursor.fetchall())
            finally:
                cursor.execute("RESET enable_bitmapscan")
        assert "using runbell_run_of_task" in plan
        assert "Filter" not in plan


def test_the_oldest_runs_are_found_for_pruning_whatever_is_kept(history: None) -> None:
    def first() -> object:
        return next(reaping.delete_in_batches(reaping.prunable(START + timedelta(days=1), with_revoked=False)), None)

    with CaptureQueriesContext(connection) as queries:
        first()
    (look,) = [query["sql"] for query in queries.captured_queries if "ORDER BY" in query["sql"]]
    read, nodes = _rows_read(look)
    assert "Seq Scan" not in nodes
    assert read <= 2 * 24 * 60


def test_with_nothing_to_prune_nothing_is_read(history: None) -> None:
    candidates: QuerySet[Run] = reaping.prunable(START, with_revoked=True)
    _check(lambda: list(reaping.delete_in_batches(candidates)), at_most=1)


def test_batches_do_not_pass_again_over_what_is_kept(history: None) -> None:
    candidates = reaping.prunable(START + timedelta(days=4), with_revoked=False)
    with CaptureQueriesContext(connection) as queries:
        batches = reaping.delete_in_batches(candidates)
        gone = [next(batches) for _ in range(3)]
    assert [batch.runs for batch in gone] == [reaping.BATCH] * 3
    looks = [query["sql"] for query in queries.captured_queries if "ORDER BY" in query["sql"]]
    assert _rows_read(looks[2])[0] <= 2 * reaping.BATCH

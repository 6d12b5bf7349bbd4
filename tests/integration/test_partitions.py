"""Events and log lines by month: an optional migration, there and back, with what was there and what comes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from runbell.actions.prune import prune
from runbell.actions.trigger import trigger
from runbell.domain.actors import Actor
from runbell.domain.tasks import TaskDefinition
from runbell.models import Event, LogLine, Run
from runbell.partitions import months, tables
from runbell.queries.feed import Feed, latest_event_id
from runbell.queries.timeline import list_events, list_log_lines
from runbell.testing import FakeDispatcher
from tests.support.live import LiveSystem
from tests.support.plugin import STACK

pytestmark = pytest.mark.django_db(transaction=True)
PARTITIONED = {"DJANGO_SETTINGS_MODULE": "tests.support.partitioned_settings"}

postgresql_only = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="partitions are PostgreSQL's")


def _shape(table: str) -> list[tuple[Any, ...]]:
    """Return everything that the database knows of a table: columns, constraints, indexes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'column', column_name, data_type, is_nullable, is_identity FROM information_schema.columns"
            " WHERE table_name = %s UNION ALL"
            " SELECT 'constraint', conname, pg_get_constraintdef(oid), contype::text, '' FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype <> 'n' UNION ALL"
            " SELECT 'index', indexname, indexdef, '', '' FROM pg_indexes WHERE tablename = %s ORDER BY 1, 2",
            [table, table, table],
        )
        return list(cursor.fetchall())


def _partitions(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", [table])
        return sorted(name for (name,) in cursor.fetchall())


@pytest.fixture
def divided() -> Iterator[None]:
    """Divided tables, in the test's own database, until it ends."""
    tables.divide(connection, timezone.now())
    months.extend(connection, timezone.now())
    try:
        yield
    finally:
        tables.unite(connection)


@pytest.fixture
def run(dispatcher: FakeDispatcher, declare: Callable[..., TaskDefinition], anna: Actor) -> Run:
    declare()
    run = Run.objects.get(task_id=trigger("tidy_up", actor=anna).run_id)
    LogLine.objects.create(run=run, number=1, at=timezone.now(), level="INFO", logger="app", message="begun")
    return run


def _event(run: Run, at: datetime) -> Event:
    return Event.objects.create(run=run, kind="PROGRESS", at=at)


@postgresql_only
def test_what_was_there_stays_and_what_comes_is_read_as_before(run: Run) -> None:
    before = list(Event.objects.order_by("id").values())
    feed = Feed()
    tables.divide(connection, timezone.now())
    try:
        months.extend(connection, timezone.now())
        assert list(Event.objects.order_by("id").values()) == before
        late = _event(run, timezone.now() + timedelta(days=100))
        assert late.pk == before[-1]["id"] + 1 == latest_event_id()
        assert [change.id for change in feed.look()[0]] == [late.pk]
        assert [event.id for event in list_events(run.task_id).items][-1] == late.pk
        assert [line.message for line in list_log_lines(run.task_id).lines] == ["begun"]
    finally:
        tables.unite(connection)
    assert latest_event_id() == late.pk
    assert _event(run, timezone.now()).pk == late.pk + 1


@postgresql_only
@pytest.mark.parametrize("table", tables.TABLES)
def test_the_way_back_leaves_the_table_as_it_was(table: str, run: Run) -> None:
    shape = _shape(table)
    tables.divide(connection, timezone.now())
    assert _shape(table) != shape
    tables.unite(connection)
    assert _shape(table) == shape


@postgresql_only
def test_no_row_is_moved_when_the_table_is_divided(run: Run) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relfilenode FROM pg_class WHERE oid = 'runbell_event'::regclass")
        file = cursor.fetchone()
        tables.divide(connection, timezone.now())
        try:
            cursor.execute("SELECT relfilenode FROM pg_class WHERE oid = 'runbell_event_before'::regclass")
            assert cursor.fetchone() == file
        finally:
            tables.unite(connection)


@postgresql_only
def test_dividing_and_extending_again_changes_nothing(divided: None) -> None:
    there = _partitions("runbell_event")
    tables.divide(connection, timezone.now())
    assert months.extend(connection, timezone.now()) == 0
    assert _partitions("runbell_event") == there


@postgresql_only
def test_an_early_event_moves_into_its_month_when_that_is_made(divided: None, run: Run) -> None:
    early = _event(run, timezone.now() + timedelta(days=500))
    assert months.extend(connection, timezone.now() + timedelta(days=300)) > 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT tableoid::regclass::text FROM runbell_event WHERE id = {early.pk}")
        assert cursor.fetchone() == (f"runbell_event_{early.at:%Y_%m}",)


@postgresql_only
def test_an_event_of_no_month_is_kept_all_the_same(divided: None, run: Run) -> None:
    far = _event(run, datetime(2999, 1, 1, tzinfo=UTC))
    assert list_events(run.task_id).items[-1].id == far.pk


@postgresql_only
def test_pruning_drops_the_months_that_are_empty_and_makes_those_that_come(divided: None, run: Run) -> None:
    ended = timezone.now() - timedelta(days=400)
    Run.objects.filter(pk=run.pk).update(state="SUCCESS", requested_at=ended, finished_at=ended)
    assert prune(older_than=timedelta(days=-60)).events == 2
    left = _partitions("runbell_event")
    assert "runbell_event_before" not in left
    assert "runbell_event_rest" in left
    assert not Run.objects.filter(pk=run.pk).exists()


@postgresql_only
def test_a_month_with_something_left_is_not_dropped(divided: None, run: Run) -> None:
    there = _partitions("runbell_event")
    prune(older_than=timedelta(days=-60))
    assert set(there) <= set(_partitions("runbell_event"))
    assert Event.objects.filter(run=run).exists()


@postgresql_only
def test_a_partition_is_not_changed_while_somebody_holds_the_table(divided: None, run: Run) -> None:
    there, other = _partitions("runbell_event"), connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN; SELECT count(*) FROM runbell_event")
            months.drop_empty(connection, timezone.now() + timedelta(days=300))
            assert _partitions("runbell_event") == there
    finally:
        other.close()
    months.drop_empty(connection, timezone.now() + timedelta(days=300))
    assert _partitions("runbell_event") != there


def test_the_migration_goes_there_and_back_under_a_project(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    stack = request.config.stash[STACK]
    live = LiveSystem(tmp_path, stack.environment(tmp_path, f"partitions_{stack.name}"))
    live.manage("migrate", "--verbosity", "0")
    first = _trigger(live)
    live.environment |= PARTITIONED
    live.manage("migrate", "--verbosity", "0")
    second = _trigger(live)
    assert all(json.loads(live.manage("runbell", "show", run_id, "--json")) for run_id in (first, second))
    assert "No changes detected" in live.manage("makemigrations", "--check", "--dry-run")
    live.manage("migrate", "runbell_partitions", "zero", "--verbosity", "0")
    third = _trigger(live)
    assert live.query("SELECT count(*) FROM runbell_event WHERE kind = 'ACCEPTED'") == [(3,)]
    assert len({first, second, third}) == 3


def _trigger(live: LiveSystem) -> str:
    answer = json.loads(live.manage("runbell", "trigger", "perform_system_health_check", "--json"))
    return str(answer.get("task_id") or answer["id"])

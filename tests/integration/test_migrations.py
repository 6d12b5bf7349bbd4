"""Changes of indexes: each way back leads to what was there before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.state import ProjectState
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from runbell.migrations._without_lock import Analyze
from runbell.models import AuditEntry, Run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def latest() -> Iterator[None]:
    """Whatever a test leaves, the tables are as others expect them afterwards."""
    yield
    call_command("migrate", "runbell", verbosity=0)


def _indexes() -> dict[str, set[str]]:
    with connection.cursor() as cursor:
        return {
            table: {
                name
                for name, found in connection.introspection.get_constraints(cursor, table).items()
                if found["index"] or found["unique"]
            }
            for table in (Run._meta.db_table, AuditEntry._meta.db_table)
        }


def test_the_indexes_of_runs_come_back_on_the_way_back(latest: None) -> None:
    latest_ones = _indexes()
    call_command("migrate", "runbell", "0007", verbosity=0)
    before = _indexes()
    call_command("migrate", "runbell", verbosity=0)
    assert _indexes() == latest_ones
    call_command("migrate", "runbell", "0007", verbosity=0)
    assert _indexes() == before != latest_ones


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only Django on PostgreSQL makes them")
def test_nothing_is_indexed_by_its_beginning(latest: None) -> None:
    assert [name for names in _indexes().values() for name in names if name.endswith("_like")] == []
    call_command("migrate", "runbell", "0007", verbosity=0)
    assert len([name for names in _indexes().values() for name in names if name.endswith("_like")]) == 3


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only PostgreSQL looks at tables")
@pytest.mark.parametrize(("runs", "looked_at"), [(0, 0), (1, 1)])
def test_a_table_is_looked_at_only_if_it_holds_something(runs: int, looked_at: int) -> None:
    """PostgreSQL plans to read a table whole that it knows to be empty, and keeps some of these plans as it grows."""
    Run.objects.bulk_create(
        Run(task_id=str(number), state="SUCCESS", trigger="manual", requested_at=now(), finished_at=now())
        for number in range(runs)
    )
    with CaptureQueriesContext(connection) as asked, connection.schema_editor() as editor:
        Analyze("run").database_forwards("runbell", editor, ProjectState(), ProjectState.from_apps(apps))
    assert sum(query["sql"].startswith("ANALYZE") for query in asked) == looked_at

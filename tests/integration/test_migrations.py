"""Changes of indexes: each way back leads to what was there before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection

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
    now = _indexes()
    call_command("migrate", "runbell", "0007", verbosity=0)
    before = _indexes()
    call_command("migrate", "runbell", verbosity=0)
    assert _indexes() == now
    call_command("migrate", "runbell", "0007", verbosity=0)
    assert _indexes() == before != now


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only Django on PostgreSQL makes them")
def test_nothing_is_indexed_by_its_beginning(latest: None) -> None:
    assert [name for names in _indexes().values() for name in names if name.endswith("_like")] == []
    call_command("migrate", "runbell", "0007", verbosity=0)
    assert len([name for names in _indexes().values() for name in names if name.endswith("_like")]) == 3

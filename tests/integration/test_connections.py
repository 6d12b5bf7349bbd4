"""A worker's connections between runs: one that has just answered is not asked again, an idle one is."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connections

from runbell.engine import connections as kept

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each time that the connection is asked whether it lives, which is to be checked as in production."""
    times: list[str] = []
    connection: Any = connections["default"]
    connection.ensure_connection()

    def is_usable() -> bool:
        times.append(connection.alias)
        return True

    monkeypatch.setattr(connection, "is_usable", is_usable)
    monkeypatch.setattr(connection, "health_check_enabled", True)
    monkeypatch.setattr(connection, "health_check_done", True)
    monkeypatch.setattr(connection, "errors_occurred", False)
    monkeypatch.setattr(connection, "close_at", None)
    return times


def query() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT 1")


def test_one_that_has_just_answered_is_taken_to_live(asked: list[str]) -> None:
    kept.note_use("default")
    kept.refresh("default")
    query()
    assert not asked


def test_one_that_was_idle_is_asked(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    kept.note_use("default")
    monkeypatch.setattr(kept, "TRUSTED", 0.0)
    kept.refresh("default")
    query()
    assert asked == ["default"]


def test_one_of_another_database_is_asked(asked: list[str]) -> None:
    kept.note_use("default")
    kept.refresh("the ledger's")
    query()
    assert asked == ["default"]


def test_one_whose_last_statement_failed_is_asked_whenever_it_was_used(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.note_use("default")
    monkeypatch.setattr(connections["default"], "errors_occurred", True)
    kept.refresh("default")
    assert asked == ["default"]

"""A worker says at its start what it cannot do."""

from __future__ import annotations

import logging

import pytest
from django.db import connection

from runbell.engine.startup import require_fit_pool


def pool(module: str) -> type:
    return type("TaskPool", (), {"__module__": f"celery.concurrency.{module}"})


def test_a_worker_with_eventlet_does_not_start() -> None:
    with pytest.raises(SystemExit, match="does not work with the pool eventlet"):
        require_fit_pool(pool("eventlet"))


@pytest.mark.parametrize("name", ["prefork", "thread", "solo"])
def test_the_others_start_without_a_word(name: str, caplog: pytest.LogCaptureFixture) -> None:
    require_fit_pool(pool(name))
    assert not caplog.records


def test_gevent_warns_of_a_database_that_it_would_stand_still_for(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        require_fit_pool(pool("gevent"))
    stands_still = [record for record in caplog.records if "stands still" in record.getMessage()]
    assert bool(stands_still) == (connection.vendor == "sqlite")

"""What the tests of the core share: a broker in memory, people, and tasks of their own."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from unittest.mock import patch

import pytest
from django.utils import timezone
from pydantic import BaseModel, Field, create_model

from runbell.actions import keep_watch
from runbell.catalog import catalog
from runbell.conf import get_dispatcher
from runbell.domain.actors import Actor, command_line_actor
from runbell.domain.schedules import every
from runbell.domain.tasks import Overlap, ScheduleDefinition, TaskDefinition
from runbell.ledger import clock as ledger_clock
from runbell.testing import FakeDispatcher

Params = create_model("Params", __base__=BaseModel, days=(Annotated[int, Field(ge=1, le=30)], 7))


@dataclass
class Clock:
    """Django's clock, set by the test."""

    now: datetime
    patch: Any = field(repr=False)

    def advance(self, **delta: float) -> datetime:
        self.now += timedelta(**delta)
        return self.now


NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Set Django's and the database's clock: what is tested is what happens at a moment, not that time passes."""
    clock = Clock(NOON, None)
    with (
        patch.object(timezone, "now", lambda: clock.now),
        patch.object(ledger_clock, "now", lambda: clock.now),
        patch.object(keep_watch.watch, "noted_at", None),
    ):
        yield clock


@pytest.fixture
def dispatcher(settings: Any) -> Iterator[FakeDispatcher]:
    settings.RUNBELL = {"DISPATCHER": "runbell.testing.FakeDispatcher"}
    dispatcher = get_dispatcher()
    assert isinstance(dispatcher, FakeDispatcher)
    yield dispatcher
    get_dispatcher.cache_clear()


@pytest.fixture
def anna() -> Actor:
    return Actor(
        name="user:anna",
        display_name="Anna Quality",
        user_id="1",
        email="anna@example.com",
        ip_address="192.0.2.7",
        user_agent="pytest",
        has_permission=lambda _: True,
    )


@pytest.fixture
def stranger() -> Actor:
    return Actor(name="user:stranger", display_name="A Stranger", user_id="2")


@pytest.fixture
def operator() -> Actor:
    return command_line_actor("operator")


@pytest.fixture
def declare() -> Iterator[Callable[..., TaskDefinition]]:
    """Declare tasks into an empty catalogue; the real one is back after the test."""
    len(catalog)
    before = copy.copy(catalog.__dict__)
    catalog.__dict__.update({"_tasks": {}, "_spellings": {}, "_problems": []})

    def add(name: str = "tidy_up", *, interval: float = 0, **options: Any) -> TaskDefinition:
        options.setdefault("title", name.replace("_", " ").capitalize())
        options.setdefault("celery_name", f"tests.tasks.{name}")
        options.setdefault("params_model", Params)
        if interval:
            options["schedules"] = (ScheduleDefinition(name, every(timedelta(seconds=interval))),)
        task = TaskDefinition(name=name, **options)
        catalog.add(task)
        return task

    yield add
    catalog.__dict__.update(before)


@pytest.fixture
def exclusive(declare: Callable[..., TaskDefinition]) -> TaskDefinition:
    return declare("one_at_a_time", overlap=Overlap.SKIP)


@pytest.fixture
def one_after_another(dispatcher: FakeDispatcher, declare: Callable[..., TaskDefinition]) -> TaskDefinition:
    return declare(overlap=Overlap.QUEUE, interval=60)


@pytest.fixture
def latest_wins(dispatcher: FakeDispatcher, declare: Callable[..., TaskDefinition]) -> TaskDefinition:
    return declare(overlap=Overlap.CANCEL_RUNNING, interval=60)


@pytest.fixture
def nobody_hastens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every process that should release a run die before it does."""
    monkeypatch.setattr("runbell.actions.submit.hasten", lambda _: [])
    monkeypatch.setattr("runbell.actions.cancel.hasten", lambda _: None)
    monkeypatch.setattr("runbell.actions.record.hasten", lambda _: None)

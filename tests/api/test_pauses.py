"""Pausing over HTTP: what is taken, what is answered, and where a pause is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from runbell.actions.sync_schedules import sync_schedules
from runbell.domain.tasks import TaskDefinition
from runbell.models import BacklogSample, Pause, Schedule
from tests.api.conftest import Caller
from tests.api.test_overview import add_worker

pytestmark = pytest.mark.django_db(transaction=True)
Declare = Callable[..., TaskDefinition]
PAUSE = "tasks/tidy-up/pause/"
STATUS = "monitoring/status/"


@pytest.fixture
def hourly(dispatcher: Any, declare: Declare) -> TaskDefinition:
    task = declare(
        interval=3600, celery_name="app.tasks.tidy_up", queue="scheduler", category="Tidiness", backlog=lambda: 3
    )
    sync_schedules()
    add_worker()
    return task


def test_a_pause_is_shown_wherever_the_task_is(everything: Caller, hourly: TaskDefinition) -> None:
    until = (timezone.now() + timedelta(hours=2)).isoformat()
    answer = everything.put(PAUSE, {"reason": "maintenance", "until": until})
    assert (answer.status, answer.json["success"], answer.json["tasks"]) == (200, True, ["tidy_up"])
    assert "a run that somebody asks for still runs" in answer.json["message"]

    task = everything.get("tasks/tidy-up/").json
    assert task["paused"] is True
    assert task["pause"] | {"since": "", "until": ""} == {
        "scope": "task",
        "target": "tidy_up",
        "reason": "maintenance",
        "actor": "user:everything",
        "actor_name": "everything",
        "since": "",
        "until": "",
    }
    assert everything.get("tasks/").json["items"][0]["pause"] == task["pause"]
    status = everything.get(STATUS).json
    assert status["tasks"][0]["pause"] == task["pause"]
    assert status["counts"]["paused"] == 1
    assert status["sentence"] == "All 1 tasks healthy; 1 paused: Tidy up"
    assert everything.get("pauses/").json["items"] == [task["pause"]]


def test_a_paused_task_is_neither_overdue_nor_unhealthy(everything: Caller, hourly: TaskDefinition) -> None:
    long_ago = timezone.now() - timedelta(days=1)
    Schedule.objects.update(next_due_at=long_ago)
    BacklogSample.objects.create(task_name="tidy_up", count=3, oldest_at=long_ago, measured_at=timezone.now())
    assert everything.get(STATUS).json["verdict"] == "critical"
    everything.put(PAUSE, {"reason": "maintenance"})
    status = everything.get(STATUS).json
    assert (status["verdict"], status["tasks"][0]["verdict"], status["findings"]) == ("healthy", "healthy", [])


def test_resuming_says_what_becomes_of_what_fell_due(everything: Caller, hourly: TaskDefinition) -> None:
    everything.put(PAUSE, {"reason": "maintenance"})
    answer = everything.delete(f"{PAUSE}?missed=catch_up")
    assert (answer.status, answer.json["missed"]) == (200, "catch_up")
    assert everything.get("tasks/tidy-up/").json["paused"] is False
    assert everything.get(STATUS).json["tasks"][0]["pause"] is None
    assert Pause.objects.get().missed == "catch_up"
    everything.put(PAUSE, {"reason": "maintenance"})
    assert everything.delete(PAUSE).json["missed"] == "skip"


def test_many_tasks_at_once(everything: Caller, hourly: TaskDefinition, declare: Declare) -> None:
    declare("invoices", interval=60, category="Billing")
    assert everything.put("pause/", {"reason": "closing", "category": "Billing"}).json["tasks"] == ["invoices"]
    assert everything.put("pause/", {"reason": "upgrade"}).json["tasks"] == ["invoices", "tidy_up"]
    scopes = [pause["scope"] for pause in everything.get("pauses/").json["items"]]
    assert sorted(scopes) == ["all", "category"]
    assert everything.get("tasks/invoices/").json["pause"]["reason"] == "closing"
    assert everything.delete(PAUSE).status == 409
    assert everything.delete("pause/").status == 200
    assert everything.get("tasks/tidy-up/").json["paused"] is False
    assert everything.delete("pause/?category=Billing").status == 200
    assert everything.get("pauses/").json["items"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"reason": 1}, 400),
        ({"reason": " "}, 422),
        ({"reason": "x" * 2001}, 422),
        ({"reason": "x", "until": "tomorrow"}, 400),
        ({"reason": "x", "until": 1893456000}, 400),
        ({"reason": "x", "until": "2030-01-01T00:00:00"}, 400),
        ({"reason": "x", "until": "2020-01-01T00:00:00Z"}, 422),
        ({"reason": "x", "until": "1893456000"}, 400),
        ({"reason": "x", "until": "9999-12-31T23:59:59-12:00"}, 422),
        ({"reason": "x", "until": "9999-12-31T23:59:59Z"}, 422),
        ({"reason": "x", "untill": None}, 400),
    ],
)
def test_what_is_wrong_is_refused_field_by_field(
    everything: Caller, hourly: TaskDefinition, body: Any, status: int
) -> None:
    answer = everything.put(PAUSE, body)
    assert answer.status == status
    assert answer.json["errors"]
    assert not Pause.objects.exists()


def test_what_is_not_there_cannot_be_paused_nor_resumed(everything: Caller, hourly: TaskDefinition) -> None:
    assert everything.put("tasks/nothing/pause/", {"reason": "x"}).status == 404
    assert everything.put("pause/", {"reason": "x", "category": "Nothing"}).status == 422
    answer = everything.delete(PAUSE)
    assert (answer.status, answer.json["type"]) == (404, "urn:runbell:problem:not-paused")
    assert everything.delete("pause/").status == 404
    assert everything.delete(f"{PAUSE}?missed=maybe").status == 422


def test_a_pause_whose_end_nobody_wrote_down_is_over_all_the_same(everything: Caller, hourly: TaskDefinition) -> None:
    everything.put(PAUSE, {"reason": "maintenance"})
    Pause.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert everything.get("tasks/tidy-up/").json["paused"] is False
    assert everything.get("pauses/").json["items"] == []
    assert everything.delete(PAUSE).status == 404
    assert everything.put(PAUSE, {"reason": "once more"}).status == 200
    assert sorted(Pause.objects.values_list("reason", flat=True)) == ["maintenance", "once more"]

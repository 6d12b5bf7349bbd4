"""Asking for a run over HTTP: the fields, the spellings, and everything that is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from runbell.domain.tasks import Overlap, TaskDefinition
from runbell.models import AuditEntry, Run
from runbell.testing import FakeDispatcher
from tests.api.conftest import API, Caller, by_token

pytestmark = pytest.mark.django_db(transaction=True)

Declare = Callable[..., TaskDefinition]
TRIGGER = "monitoring/manual-trigger/"


def test_the_answer_has_the_fields_that_older_clients_read(everything: Caller, tidy_up: TaskDefinition) -> None:
    answer = everything.post(TRIGGER, {"task_name": "tidy_up", "params": {"days": 3}, "reason": "inspection"})
    run = Run.objects.get()
    assert answer.status == 202
    assert datetime.fromisoformat(answer.json["execution_time"]) == run.requested_at
    assert answer.json | {"execution_time": ""} == {
        "success": True,
        "task_name": "tidy_up",
        "task_display_name": "Tidy up",
        "task_id": run.task_id,
        "execution_time": "",
        "status": "queued",
        "message": "Task queued successfully. Check status in task list.",
        "executed_by": "everything",
        "dry_run": False,
        "waits_for": None,
        "paused": False,
        "links": {"run": f"{API}runs/{run.task_id}/"},
    }
    assert answer.headers["Location"] == f"{API}runs/{run.task_id}/"
    assert (run.params, run.reason, run.actor) == ({"days": 3}, "inspection", "user:everything")


def test_the_full_name_is_who_did_it(people: dict[str, Any], tidy_up: TaskDefinition) -> None:
    people["everything"].first_name, people["everything"].last_name = "Quality", "Manager"
    people["everything"].save()
    assert (
        by_token(people["everything"]).post(TRIGGER, {"task_name": "tidy_up"}).json["executed_by"] == "Quality Manager"
    )


def test_a_broker_that_is_down_makes_it_accepted(
    everything: Caller, tidy_up: TaskDefinition, dispatcher: FakeDispatcher
) -> None:
    dispatcher.down = True
    answer = everything.post(TRIGGER, {"task_name": "tidy_up"})
    assert (answer.status, answer.json["status"]) == (202, "accepted")


@pytest.mark.parametrize("spelling", ["tidy_up", "tidy-up", "Tidy-Up", " tidy_up ", "app.tasks.tidy_up"])
def test_every_spelling_works(everything: Caller, tidy_up: TaskDefinition, spelling: str) -> None:
    assert everything.post(TRIGGER, {"task_name": spelling}).json["task_name"] == "tidy_up"
    assert everything.get(f"tasks/{spelling.strip()}/").json["name"] == "tidy_up"
    assert len(everything.get(f"runs/?task={spelling.strip()}").json["items"]) == 1


def test_a_dry_run_is_said_to_be_one(everything: Caller, tidy_up: TaskDefinition) -> None:
    assert everything.post(TRIGGER, {"task_name": "tidy_up", "dry_run": True}).json["dry_run"] is True
    assert Run.objects.get().dry_run


def test_the_same_key_gives_the_same_run(everything: Caller, tidy_up: TaskDefinition) -> None:
    first, again = (
        everything.post(TRIGGER, {"task_name": "tidy_up"}, headers={"Idempotency-Key": "k"}) for _ in range(2)
    )
    assert first.json["task_id"] == again.json["task_id"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    other = everything.post(TRIGGER, {"task_name": "tidy_up", "reason": "x"}, headers={"Idempotency-Key": "k"})
    assert (other.status, other.json["conflicting_run"]) == (422, first.json["task_id"])


@pytest.mark.parametrize("key", ["", "x" * 256, "caf\u00e9"])
def test_a_key_that_is_no_key_is_refused(everything: Caller, tidy_up: TaskDefinition, key: str) -> None:
    assert everything.post(TRIGGER, {"task_name": "tidy_up"}, headers={"Idempotency-Key": key}).status == 400
    assert not Run.objects.exists()


def test_an_unknown_task_is_answered_with_those_there_are(everything: Caller, tidy_up: TaskDefinition) -> None:
    answer = everything.post(TRIGGER, {"task_name": "tidy_down"})
    assert (answer.status, answer.json["available_tasks"]) == (404, ["tidy_up"])
    assert everything.get("tasks/tidy_down/").json["available_tasks"] == ["tidy_up"]


def test_an_overlap_names_the_run_in_the_way(everything: Caller, dispatcher: Any, exclusive: Any) -> None:
    first = everything.post(TRIGGER, {"task_name": "one_at_a_time"}).json
    second = everything.post(TRIGGER, {"task_name": "one_at_a_time"})
    assert (second.status, second.json["conflicting_run"]) == (409, first["task_id"])
    assert second.json["links"]["run"] == first["links"]["run"]


def test_bad_parameters_are_named_field_by_field(everything: Caller, tidy_up: TaskDefinition) -> None:
    answer = everything.post(TRIGGER, {"task_name": "tidy_up", "params": {"days": 0}})
    assert (answer.status, [error["field"] for error in answer.json["errors"]]) == (422, ["days"])


def test_a_dry_run_of_a_task_without_one_is_refused(everything: Caller, dispatcher: Any, declare: Any) -> None:
    declare("send_mail")
    answer = everything.post(TRIGGER, {"task_name": "send_mail", "dry_run": True})
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "dry_run")


def test_too_many_triggers_are_refused_where_a_limit_is_set(
    everything: Caller, tidy_up: TaskDefinition, settings: Any
) -> None:
    settings.RUNBELL = settings.RUNBELL | {"TRIGGERS_PER_MINUTE": 2}
    statuses = [everything.post(TRIGGER, {"task_name": "tidy_up"}).status for _ in range(3)]
    assert statuses == [202, 202, 429]


def test_it_is_known_where_the_request_came_from(everything: Caller, tidy_up: TaskDefinition) -> None:
    everything.post(TRIGGER, {"task_name": "tidy_up"}, REMOTE_ADDR="192.0.2.9", headers={"User-Agent": "a" * 400})
    entry = AuditEntry.objects.get(action="TASK_EXECUTION_STARTED")
    assert (entry.ip_address, len(entry.user_agent)) == ("192.0.2.9", 255)


def test_nothing_is_read_before_the_run_is_written(people: dict[str, Any], tidy_up: TaskDefinition) -> None:
    people["everything"].is_superuser = True
    people["everything"].save()
    caller = by_token(people["everything"])
    caller.post(TRIGGER, {"task_name": "tidy_up"})
    with CaptureQueriesContext(connection) as queries:
        caller.post(TRIGGER, {"task_name": "tidy_up"})
    statements = [query["sql"] for query in queries]
    written = next(index for index, sql in enumerate(statements) if "INSERT" in sql)
    reads = [sql for sql in statements[:written] if sql.startswith("SELECT")]
    assert not reads, "the token was read a moment ago"


def test_a_second_run_of_a_task_that_queues_says_for_which_it_waits(
    everything: Caller, dispatcher: FakeDispatcher, declare: Declare
) -> None:
    declare("one_by_one", overlap=Overlap.QUEUE)
    first, second = (everything.post(TRIGGER, {"task_name": "one_by_one"}).json for _ in range(2))
    assert (first["status"], first["waits_for"]) == ("queued", None)
    assert (second["status"], second["waits_for"]) == ("waiting", first["task_id"])
    assert second["message"] == "Task accepted. It starts when the run before it has ended."
    status = everything.get("monitoring/status/").json
    task = next(task for task in status["tasks"] if task["name"] == "one_by_one")
    assert (task["waiting"], task["accepted"]) == (2, 0)


def test_a_full_line_is_429_and_names_the_run_in_the_way(
    everything: Caller, declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runbell.actions.submit.MAX_IN_LINE", 0)
    declare("one_by_one", overlap=Overlap.QUEUE)
    first, answer = (everything.post(TRIGGER, {"task_name": "one_by_one"}) for _ in range(2))
    assert (answer.status, answer.json["type"]) == (429, "urn:runbell:problem:line-full")
    assert answer.json["conflicting_run"] == first.json["task_id"]


def test_a_run_of_a_paused_task_goes_and_says_that_it_is_paused(everything: Caller, declare: Declare) -> None:
    declare("hourly", interval=3600)
    everything.put("tasks/hourly/pause/", {"reason": "maintenance"})
    answer = everything.post(TRIGGER, {"task_name": "hourly"}).json
    assert (answer["status"], answer["paused"]) == ("queued", True)
    assert answer["message"].endswith("Its schedule is paused; this run goes all the same.")
    everything.delete("tasks/hourly/pause/")
    assert everything.post(TRIGGER, {"task_name": "hourly"}).json["paused"] is False

"""The overview, workers and queues: what they say, and that they cost the same for many tasks as for few."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from runbell.actions.sync_schedules import sync_schedules
from runbell.api import remembered
from runbell.api.schemas.monitoring import OutcomeOut, StatusOut
from runbell.domain.outcome import Backlog
from runbell.domain.states import State
from runbell.domain.tasks import TaskDefinition
from runbell.models import BacklogSample, Run, Worker
from runbell.queries import latest, statistics
from runbell.queries.task_rows import Mark
from runbell.testing import FakeDispatcher
from tests.api.conftest import Caller, add_run

pytestmark = pytest.mark.django_db(transaction=True)

STATUS = "monitoring/status/"
Declare = Callable[..., TaskDefinition]


def add_worker(name: str = "celery@one", **columns: Any) -> Worker:
    """Write a live worker into the ledger."""
    now = timezone.now()
    defaults = {
        "instance": name, "pid": 1, "pool": "prefork", "slots": 4, "queues": ["scheduler"],
        "tasks": ["app.tasks.tidy_up"], "started_at": now, "heartbeat_at": now,
    }  # fmt: skip
    return Worker.objects.create(name=name, **defaults | columns)


def _task(caller: Caller, name: str = "tidy_up") -> Any:
    return next(task for task in caller.get(STATUS).json["tasks"] if task["name"] == name)


def _rules(caller: Caller) -> list[str]:
    return [finding["rule"] for finding in caller.get(STATUS).json["findings"]]


@pytest.fixture
def hourly(dispatcher: FakeDispatcher, declare: Declare) -> TaskDefinition:
    """A task with a schedule and a probe, and a worker that knows it."""
    task = declare(
        "tidy_up", interval=3600, celery_name="app.tasks.tidy_up", queue="scheduler", backlog=lambda: Backlog(0)
    )
    sync_schedules()
    add_worker()
    return task


def test_all_is_well(everything: Caller, hourly: TaskDefinition) -> None:
    run = add_run(worker="celery@one", processed=3)
    status = everything.get(STATUS).json
    task = status["tasks"][0]
    StatusOut.model_validate(status)
    assert (status["verdict"], status["sentence"], status["findings"]) == ("healthy", "All 1 tasks healthy", [])
    assert status["counts"] | {"slots": 0} == {
        "tasks": 1, "healthy": 1, "warning": 0, "critical": 0, "paused": 0, "workers": 1, "slots": 0, "waiting": 0,
        "running": 0,
    }  # fmt: skip
    assert (task["last_run"]["id"], task["last_run"]["seconds_ran"], task["last_run"]["worker"]) == (
        run.task_id, 1.0, "celery@one",
    )  # fmt: skip
    assert task["schedules"][0]["words"] == "Every hour"
    assert task["next_due_at"] > status["at"]
    assert (task["registered"], task["queue_consumed"]) == (True, True)
    assert task["statistics"] | {"counted_at": ""} == {
        "counted_at": "", "finished": 1, "states": {"SUCCESS": 1}, "success_rate": 1.0,
    }  # fmt: skip


def test_the_latest_twenty_outcomes_are_in_order_and_without_rehearsals(
    everything: Caller, hourly: TaskDefinition
) -> None:
    now = timezone.now()
    runs = [add_run(at=now - timedelta(minutes=number // 2)) for number in range(30)]
    add_run(at=now + timedelta(minutes=1), state=State.FAILURE, dry_run=True)
    newest = sorted(runs, key=lambda run: (run.requested_at, run.pk), reverse=True)[:20]
    assert [mark["id"] for mark in _task(everything)["outcomes"]] == [run.task_id for run in newest]


def test_a_skipped_occurrence_does_not_hide_the_last_run(everything: Caller, hourly: TaskDefinition) -> None:
    run = add_run(at=timezone.now() - timedelta(hours=1))
    add_run(state=State.SKIPPED)
    assert _task(everything)["last_run"]["id"] == run.task_id


def test_what_happens_to_the_last_run_shows_and_what_is_over_is_read_once(
    everything: Caller, hourly: TaskDefinition
) -> None:
    run = add_run(state=State.STARTED, started_at=timezone.now())
    assert _task(everything)["last_run"]["state"] == "STARTED"
    Run.objects.filter(pk=run.pk).update(state=State.PARTIAL, finished_at=timezone.now(), processed=7)
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            task = _task(everything)
        assert (task["last_run"]["state"], task["last_run"]["processed"]) == ("PARTIAL", 7)
        assert task["outcomes"][0]["state"] == "PARTIAL"
    assert not [query for query in queries.captured_queries if '"processed"' in query["sql"]]
    later = add_run(at=timezone.now() + timedelta(seconds=1))
    assert _task(everything)["last_run"]["id"] == later.task_id
    Run.objects.all().delete()
    assert (_task(everything)["last_run"], _task(everything)["outcomes"]) == (None, [])


def test_yesterday_is_not_counted(everything: Caller, hourly: TaskDefinition) -> None:
    now = timezone.now()
    add_run(at=now - timedelta(hours=25), state=State.FAILURE)
    add_run(at=now - timedelta(hours=23), state=State.PARTIAL)
    add_run(at=now - timedelta(hours=22), state=State.REVOKED)
    add_run(at=now - timedelta(hours=1), state=State.QUEUED)
    counted = _task(everything)["statistics"]
    assert (counted["states"], counted["success_rate"]) == ({"PARTIAL": 1, "REVOKED": 1}, 0.0)


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        (State.FAILURE, "critical"), (State.LOST, "critical"), (State.EXPIRED, "critical"),
        (State.MISSED, "critical"), (State.PARTIAL, "warning"), (State.REVOKED, "healthy"),
        (State.SKIPPED, "healthy"), (State.SUCCESS, "healthy"),
    ],
)  # fmt: skip
def test_the_last_run_decides(everything: Caller, hourly: TaskDefinition, state: State, verdict: str) -> None:
    add_run(at=timezone.now() - timedelta(minutes=1))
    add_run(state=state)
    assert everything.get(STATUS).json["verdict"] == verdict


def test_without_a_worker_that_is_the_finding(everything: Caller, hourly: TaskDefinition) -> None:
    Worker.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=1))
    assert _rules(everything) == ["no_worker"]
    Worker.objects.update(heartbeat_at=timezone.now(), stopped_at=timezone.now())
    assert _rules(everything) == ["no_worker"]


def test_a_task_that_no_worker_knows_is_found(everything: Caller, hourly: TaskDefinition) -> None:
    Worker.objects.update(tasks=["app.tasks.other"])
    assert _rules(everything) == ["not_registered"]


def test_a_queue_that_nobody_consumes_is_found(everything: Caller, hourly: TaskDefinition) -> None:
    Worker.objects.update(queues=["celery"])
    assert _rules(everything) == ["queue_not_consumed"]


def test_a_schedule_that_nobody_fires_is_found(everything: Caller, hourly: TaskDefinition) -> None:
    from runbell.models import Schedule  # noqa: PLC0415

    Schedule.objects.update(next_due_at=timezone.now() - timedelta(minutes=5))
    assert _rules(everything) == ["schedule_overdue"]


def test_work_that_waits_too_long_is_found_whatever_celery_says(everything: Caller, hourly: TaskDefinition) -> None:
    now = timezone.now()
    add_run()
    sample = BacklogSample.objects.create(
        task_name="tidy_up", count=2, oldest_at=now - timedelta(hours=1), measured_at=now
    )
    assert _rules(everything) == []
    sample.oldest_at = now - timedelta(days=2)
    sample.save()
    assert _rules(everything) == ["backlog_old"]
    assert "2 days" in everything.get(STATUS).json["sentence"]
    sample.error = "ZeroDivisionError"
    sample.save()
    assert everything.get(STATUS).json["verdict"] == "warning"


def test_runs_that_wait_are_found(everything: Caller, hourly: TaskDefinition) -> None:
    add_run(at=timezone.now() - timedelta(minutes=3), state=State.ACCEPTED)
    add_run(at=timezone.now(), state=State.STARTED)
    task = _task(everything)
    assert (task["waiting"], task["running"], task["accepted"]) == (1, 1, 1)
    assert _rules(everything) == ["run_waiting", "run_waiting"]


def test_the_overview_costs_the_same_for_many_tasks(
    everything: Caller, dispatcher: FakeDispatcher, declare: Declare, settings: Any
) -> None:
    settings.RUNBELL = settings.RUNBELL | {"TOKEN_MEMORY": 0.0}

    def count() -> int:
        statistics.forget()
        latest.forget()
        with CaptureQueriesContext(connection) as queries:
            assert everything.get(STATUS).status == 200
        return len(queries)

    def fill(numbers: range) -> None:
        for number in numbers:
            declare(f"task_{number}", interval=60, backlog=lambda: 0)
            add_run(f"task_{number}")
        sync_schedules()

    fill(range(20))
    count()
    few = count()
    fill(range(20, 200))
    assert count() == few <= 12


def test_an_outcome_goes_out_as_it_is_documented() -> None:
    assert set(OutcomeOut.model_fields) == set(Mark.__slots__)


def test_workers_say_what_each_does_now(everything: Caller, hourly: TaskDefinition) -> None:
    run = add_run(state=State.STARTED, started_at=timezone.now())
    Worker.objects.update(active=[run.task_id, "unknown"], reserved=["r"], versions={"celery": "5.6"})
    (worker,) = everything.get("workers/").json["items"]
    assert [active["task_title"] for active in worker["active"]] == ["Tidy up", None]
    assert (worker["queues"], worker["slots"], worker["reserved"]) == (["scheduler"], 4, ["r"])
    assert 0 <= worker["seconds_since_heartbeat"] < 5


def test_queues_show_depth_consumers_and_oldest(
    everything: Caller, hourly: TaskDefinition, dispatcher: FakeDispatcher
) -> None:
    everything.post("monitoring/manual-trigger/", {"task_name": "tidy_up"})
    add_run(state=State.QUEUED, queue="elsewhere", at=timezone.now() - timedelta(minutes=1))
    elsewhere, scheduler = everything.get("queues/").json["items"]
    assert (scheduler["name"], scheduler["depth"], scheduler["waiting"], scheduler["consumers"]) == (
        "scheduler", 1, 1, ["celery@one"],
    )  # fmt: skip
    assert elsewhere["consumers"] == []
    assert elsewhere["seconds_oldest_waits"] > 59


def test_a_broker_that_is_away_leaves_the_ledger_to_answer(
    everything: Caller, hourly: TaskDefinition, dispatcher: FakeDispatcher
) -> None:
    dispatcher.down = True
    (queue,) = everything.get("queues/").json["items"]
    assert (queue["depth"], queue["depth_error"], queue["waiting"]) == (None, "the broker cannot be reached", 0)


def test_the_catalogue_tells_what_a_task_takes(everything: Caller, hourly: TaskDefinition) -> None:
    (task,) = everything.get("tasks/").json["items"]
    assert task["params_schema"]["properties"]["days"]["maximum"] == 30
    assert everything.get("tasks/tidy-up/").json == task


def test_the_answer_is_kept_while_nothing_happens_and_made_anew_when_something_does(
    everything: Caller, tidy_up: TaskDefinition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "MAX_AGE", 60.0)
    first = everything.get(STATUS).json
    assert everything.get(STATUS).json == first
    run_id = everything.post("monitoring/manual-trigger/", {"task_name": "tidy_up"}).json["task_id"]
    (task,) = everything.get(STATUS).json["tasks"]
    assert task["last_run"]["id"] == run_id

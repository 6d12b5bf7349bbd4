"""``runbell runs``, ``show``, ``workers``, ``queues`` and ``audit``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from runbell.actions import record
from runbell.actions.heartbeat import Pulse, Registration, beat
from runbell.actions.record import Ending
from runbell.actions.seal_audit import seal_audit
from runbell.domain.states import Fact
from runbell.domain.tasks import TaskDefinition
from runbell.queries.runs import get_run
from runbell.testing import FakeDispatcher
from tests.cli.conftest import Runbell
from tests.support.audit import audit_guard_lifted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("dispatcher")]
Declare = Callable[..., TaskDefinition]


@pytest.fixture(autouse=True)
def _tasks(declare: Declare) -> None:
    declare("tidy_up", rehearsal=True)
    declare("send_report", queue="reports")


def started_worker(**changes: Any) -> None:
    registration = Registration(
        instance="instance",
        name="celery@test",
        pid=1,
        pool="prefork",
        slots=2,
        queues=["celery"],
        tasks=["tests.tasks.tidy_up"],
        versions={},
        started_at=timezone.now(),
    )
    beat(registration, Pulse(**{"queues": ["celery"], "active": [], "reserved": []} | changes))


def test_tasks_with_what_is_wrong(runbell: Runbell) -> None:
    shown = runbell("tasks").out
    for expected in ("tidy_up", "send_report", "by hand", "never run", "No worker is alive"):
        assert expected in shown
    document = runbell("tasks", "--json").document
    assert [task["name"] for task in document["tasks"]] == ["send_report", "tidy_up"]
    assert document["verdict"]["status"] == "critical"
    assert {finding["rule"] for finding in document["verdict"]["findings"]} >= {"no_worker"}


@pytest.mark.usefixtures("worker")
def test_a_task_shows_its_latest_run(runbell: Runbell) -> None:
    run_id = runbell("trigger", "tidy_up", "--json").document["task_id"]
    tasks = {task["name"]: task for task in runbell("tasks", "--json").document["tasks"]}
    assert tasks["tidy_up"]["last_run"]["id"] == run_id
    assert [mark["state"] for mark in tasks["tidy_up"]["outcomes"]] == ["SUCCESS"]


def test_without_runs_a_sentence(runbell: Runbell) -> None:
    assert runbell("runs").out == "There are no such runs.\n"
    assert runbell("runs", "--json").document == {"runs": [], "next_cursor": None}


def test_runs_are_filtered_and_paged(runbell: Runbell) -> None:
    ids = [runbell("trigger", name, "--json").document["task_id"] for name in ("tidy_up", "send_report", "tidy_up")]
    tidied = runbell("runs", "--task", "tidy-up", "--state", "queued", "--since", "1h", "--json").document["runs"]
    assert [run["id"] for run in tidied] == [ids[2], ids[0]]
    first = runbell("runs", "--limit", "2", "--json").document
    second = runbell("runs", "--limit", "2", "--cursor", first["next_cursor"], "--json").document
    assert [run["id"] for run in first["runs"] + second["runs"]] == ids[::-1]
    assert second["next_cursor"] is None


def test_a_page_that_goes_on_says_so_beside_the_table(runbell: Runbell) -> None:
    for _ in range(2):
        runbell("trigger", "tidy_up")
    result = runbell("runs", "--limit", "1")
    assert "--cursor" in result.err
    assert len(result.out.splitlines()) == 2


@pytest.mark.parametrize(
    "arguments", [("--state", "BROKEN"), ("--trigger", "nobody"), ("--task", "nothing"), ("--cursor", "no")]
)
def test_a_filter_that_cannot_be_read_is_a_usage_error(runbell: Runbell, arguments: tuple[str, str]) -> None:
    result = runbell("runs", *arguments, "--json")
    assert (result.code, result.document["error"]) == (2, "invalid-filter")


@pytest.mark.usefixtures("worker")
def test_one_run_with_its_events(runbell: Runbell) -> None:
    run_id = runbell("trigger", "tidy_up", "--reason", "inspection", "--json").document["task_id"]
    shown = runbell("show", run_id)
    for expected in (run_id, "SUCCESS", "inspection", "ACCEPTED", "QUEUED", "STARTED", "celery@test"):
        assert expected in shown.out
    document = runbell("show", run_id, "--json").document
    assert [event["kind"] for event in document["events"]] == ["ACCEPTED", "QUEUED", "STARTED", "SUCCESS"]
    assert document["run"]["processed"] == 3


def test_a_rehearsal_shows_what_would_have_happened(runbell: Runbell, worker: Callable[[Ending], None]) -> None:
    nothing = {"count": 0, "keys": [], "cut": False}
    changes = [
        {
            "model": "notes.Note",
            "created": nothing,
            "updated": {"count": 7, "keys": [12, 13], "cut": True},
            "deleted": nothing,
        }
    ]
    mails = {"count": 3, "listed": [{"to": ["ada@example.org"], "subject": "Reminder"}]}
    report = {"changes": changes, "mails": mails, "tasks": {"count": 0, "listed": []}, "hooks_after_commit": 0}
    worker(Ending(Fact.SUCCESS, timezone.now(), rehearsal=report))
    shown = runbell("trigger", "tidy_up", "--dry-run", "--wait").out
    for expected in ("rolled back", "notes.Note", "12, 13, …", "mail to ada@example.org: Reminder", "and 2 more"):
        assert expected in shown


def test_log_lines_are_shown_and_cannot_drive_the_terminal(runbell: Runbell, dispatcher: FakeDispatcher) -> None:
    run_id = runbell("trigger", "tidy_up", "--json").document["task_id"]
    claim = record.claim(
        record.Stray(run_id, "", get_run(run_id).celery_name, "", {}, ""), record.Claimant("celery@test", "i", 1)
    )
    assert claim is not None
    line = {"number": 1, "at": timezone.now(), "level": "INFO", "logger": "x", "message": "one\x1b[2Jtwo"}
    record.keep_log(claim, [line], 5)
    shown = runbell("show", run_id).out
    assert "one [2Jtwo" in shown
    assert "(5 more lines were not kept)" in shown


def test_workers(runbell: Runbell) -> None:
    assert runbell("workers").out == "No worker is alive.\n"
    run_id = runbell("trigger", "tidy_up", "--json").document["task_id"]
    started_worker(active=[run_id])
    assert run_id in runbell("workers").out
    (worker,) = runbell("workers", "--json").document["workers"]
    assert (worker["name"], worker["queues"], worker["slots"]) == ("celery@test", ["celery"], 2)


def test_a_queue_that_nobody_consumes_says_so(runbell: Runbell) -> None:
    started_worker()
    runbell("trigger", "send_report")
    lines = {line.split()[0]: line for line in runbell("queues").out.splitlines()[1:]}
    assert "nobody" in lines["reports"]
    assert "celery@test" in lines["celery"]
    queues = {queue["name"]: queue for queue in runbell("queues", "--json").document["queues"]}
    assert (queues["reports"]["depth"], queues["reports"]["consumers"]) == (1, [])


def test_without_a_broker_the_queues_are_shown_and_the_exit_code_is_5(
    runbell: Runbell, dispatcher: FakeDispatcher
) -> None:
    dispatcher.down = True
    result = runbell("queues", "--json")
    assert result.code == 5
    assert {queue["depth"] for queue in result.document["queues"]} == {None}


def test_the_audit_trail_is_filtered(runbell: Runbell) -> None:
    run_id = runbell("trigger", "tidy_up", "--reason", "inspection", "--json").document["task_id"]
    runbell("trigger", "send_report")
    (entry,) = runbell("audit", "--run", run_id, "--json").document["entries"]
    assert (entry["action"], entry["field_changes"]["reason"]) == ("TASK_EXECUTION_STARTED", "inspection")
    assert len(runbell("audit", "--action", "TASK_EXECUTION_STARTED", "--json").document["entries"]) == 2
    assert "inspection" in runbell("audit", "--task", "tidy-up").out


def test_a_chain_that_holds(runbell: Runbell) -> None:
    for _ in range(3):
        runbell("trigger", "tidy_up")
    seal_audit()
    assert runbell("audit", "verify").code == 0
    assert runbell("audit", "verify", "--json").document["checked"] == 3
    assert runbell("audit", "--json", "verify").document["ok"] is True


def test_a_chain_that_was_tampered_with_is_exit_code_1(runbell: Runbell) -> None:
    for _ in range(3):
        runbell("trigger", "tidy_up")
    seal_audit()
    with audit_guard_lifted(), connection.cursor() as cursor:
        cursor.execute("UPDATE runbell_auditentry SET actor = 'user:innocent' WHERE sequence = 2")
    result = runbell("audit", "verify", "--json")
    assert result.code == 1
    assert (result.document["ok"], result.document["first_broken"]["sequence"]) == (False, 2)
    assert "changed" in result.err

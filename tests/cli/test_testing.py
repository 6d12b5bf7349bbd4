"""``runbell.testing``: what projects test their own tasks with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.contrib.auth.models import Group
from django.core import mail

from edms.scheduler.tasks import cleanup_celery_results, run_daily_integrity_check, send_test_email_to_self
from runbell.domain.dispatch import Message
from runbell.domain.errors import BrokerUnavailable, InvalidParams, RehearsalUnavailable
from runbell.domain.tasks import TaskDefinition
from runbell.engine.context import Run
from runbell.testing import FakeDispatcher, run_task

BUDGET = 0.01


@pytest.mark.django_db
def test_a_task_runs_here_and_now_for_whom_the_test_says() -> None:
    finished = run_task(send_test_email_to_self, actor="user:ada", actor_email="ada@example.org")
    assert finished.value.processed == 1
    assert finished.rehearsal is None
    assert [message.to for message in mail.outbox] == [["ada@example.org"]]


@pytest.mark.django_db
def test_a_dry_run_sends_nothing_and_says_what_it_would_have_sent() -> None:
    finished = run_task(send_test_email_to_self, actor_email="ada@example.org", dry_run=True)
    assert finished.value.processed == 1
    assert finished.rehearsal is not None
    assert finished.rehearsal["mails"]["listed"][0]["to"] == ["ada@example.org"]
    assert not mail.outbox


class Declared:
    """Stands for what ``@runbell.task`` returns, around a function of the test's own."""

    name = "tests.tasks.counting"

    @staticmethod
    def run() -> None: ...


@pytest.mark.django_db
def test_progress_and_changes_are_seen(monkeypatch: pytest.MonkeyPatch, rehearsable: TaskDefinition) -> None:
    def counting(run: Run, days: int) -> int:
        Group.objects.create(name="made by the task")
        run.progress(days, 30, "counting")
        return -1 if run.cancel_requested else days

    monkeypatch.setattr(Declared.run, "__wrapped__", counting, raising=False)
    finished = run_task(Declared, days=3, dry_run=True)
    assert (finished.value, finished.progress) == (3, [(3, 30, "counting")])
    assert finished.rehearsal is not None
    assert finished.rehearsal["changes"][0]["created"]["count"] == 1
    assert not Group.objects.exists()
    assert run_task(Declared, days=3, cancel_requested=True).value == -1
    assert Group.objects.count() == 1


@pytest.mark.django_db
def test_parameters_are_validated_as_a_triggers_are() -> None:
    with pytest.raises(InvalidParams):
        run_task(cleanup_celery_results, days_to_keep=0)


def test_a_task_without_a_dry_run_has_none() -> None:
    with pytest.raises(RehearsalUnavailable):
        run_task(run_daily_integrity_check, dry_run=True)


@pytest.fixture
def rehearsable(declare: Callable[..., TaskDefinition]) -> TaskDefinition:
    return declare("counting", rehearsal=True)


@pytest.fixture
def reports() -> list[str]:
    return []


@pytest.fixture
def fake(reports: list[str]) -> FakeDispatcher:
    def report(run_ids: list[str], _: datetime) -> None:
        reports.extend(run_ids)

    return FakeDispatcher(report)


def message(run_id: str, queue: str = "celery") -> Message:
    return Message(run_id=run_id, celery_name="tests.tasks.add", queue=queue)


def test_messages_wait_in_order_queue_by_queue(fake: FakeDispatcher, reports: list[str]) -> None:
    for run_id, queue in (("1", "celery"), ("2", "reports"), ("3", "celery")):
        fake.publish(message(run_id, queue), budget=BUDGET)
    assert fake.depths(["celery", "reports", "empty"], budget=BUDGET) == {"celery": 2, "reports": 1, "empty": 0}
    assert reports == ["1", "2", "3"]
    taken = [fake.take("celery"), fake.take("celery"), fake.take("celery")]
    assert [each and each.run_id for each in taken] == ["1", "3", None]


def test_a_broker_that_is_down_keeps_nothing(fake: FakeDispatcher, reports: list[str]) -> None:
    fake.down = True
    with pytest.raises(BrokerUnavailable):
        fake.publish(message("1"), budget=BUDGET)
    with pytest.raises(BrokerUnavailable):
        fake.depths(["celery"], budget=BUDGET)
    fake.down = False
    assert (fake.arrive(), fake.messages, reports) == (0, [], [])


def test_what_a_slow_broker_could_not_confirm_arrives_later(fake: FakeDispatcher, reports: list[str]) -> None:
    fake.slow = True
    with pytest.raises(BrokerUnavailable):
        fake.publish(message("1"), budget=BUDGET)
    assert (fake.messages, reports) == ([], [])
    fake.slow = False
    assert fake.arrive() == 1
    assert ([each.run_id for each in fake.messages], reports) == (["1"], ["1"])


def test_clearing_forgets_everything(fake: FakeDispatcher) -> None:
    fake.publish(message("1"), budget=BUDGET)
    fake.down = True
    fake.clear()
    fake.ping(budget=BUDGET)
    assert fake.messages == []

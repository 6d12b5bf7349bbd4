"""Overlap is obeyed: one run of a task at a time, the others in line, in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from runbell.actions.cancel import cancel
from runbell.actions.fire_due import fire_due
from runbell.actions.reap import reap
from runbell.actions.release import release
from runbell.actions.retry import retry
from runbell.actions.submit import MAX_IN_LINE
from runbell.actions.sync_schedules import sync_schedules
from runbell.actions.trigger import trigger
from runbell.diagnosis.waiting.sentence import waiting_for
from runbell.domain.actors import Actor
from runbell.domain.errors import LineFull
from runbell.domain.states import Fact
from runbell.domain.tasks import Overlap, TaskDefinition
from runbell.models import Run, Schedule
from runbell.queries.waiting import what_keeps
from runbell.testing import FakeDispatcher

from .one_place import end, published, start, state

pytestmark = pytest.mark.django_db(transaction=True)
Declare = Callable[..., TaskDefinition]


def test_a_second_run_waits_in_the_ledger_and_starts_when_the_first_has_ended(
    dispatcher: FakeDispatcher, one_after_another: TaskDefinition, anna: Actor
) -> None:
    first = trigger("tidy-up", actor=anna)
    second = trigger("tidy-up", actor=anna)
    assert (first.status, first.waits_for) == ("queued", "")
    assert (second.status, second.waits_for) == ("waiting", first.run_id)
    assert first.run_id in Run.objects.get(task_id=second.run_id).explanation
    assert Run.objects.get(task_id=second.run_id).publish_after is None
    assert waiting_for(what_keeps(second.run_id)) == (
        f"run {first.run_id} of the same task, which is QUEUED, must end first"
    )
    assert published(dispatcher) == [first.run_id]

    end(start(first.run_id))
    assert published(dispatcher) == [first.run_id, second.run_id]
    run = Run.objects.get(task_id=second.run_id)
    assert (run.state, run.explanation) == ("QUEUED", "")
    assert [event.kind for event in run.events.order_by("id")] == ["ACCEPTED", "RELEASED", "QUEUED"]


def test_those_in_line_start_one_after_the_other_in_the_order_in_which_they_came(
    dispatcher: FakeDispatcher, one_after_another: TaskDefinition, anna: Actor
) -> None:
    runs = [trigger("tidy-up", actor=anna).run_id for _ in range(5)]
    for number, run_id in enumerate(runs, start=1):
        assert published(dispatcher) == runs[:number]
        end(start(run_id))
    assert {state(run_id) for run_id in runs} == {"SUCCESS"}


def test_the_time_in_line_counts_for_the_expiry_and_the_reason_names_the_run_in_the_way(
    dispatcher: FakeDispatcher, declare: Declare, anna: Actor
) -> None:
    declare(overlap=Overlap.QUEUE, expires=timedelta(hours=1))
    first, second, third = (trigger("tidy-up", actor=anna).run_id for _ in range(3))
    claim = start(first)
    Run.objects.filter(task_id=second).update(expires_at=timezone.now() - timedelta(seconds=1))
    end(claim)
    assert published(dispatcher) == [first, third]
    assert reap() == 1
    run = Run.objects.get(task_id=second)
    assert run.state == "EXPIRED"
    assert f"still waiting for run {third}" in run.explanation


def test_somebody_who_leaves_the_line_is_not_waited_for(
    dispatcher: FakeDispatcher, one_after_another: TaskDefinition, anna: Actor
) -> None:
    first, second, third = (trigger("tidy-up", actor=anna).run_id for _ in range(3))
    cancel(second, actor=anna)
    end(start(first))
    assert state(second) == "REVOKED"
    assert not Run.objects.exclude(in_line=None).exists()
    assert published(dispatcher) == [first, third]


def test_a_schedule_and_a_retry_wait_in_the_same_line(
    dispatcher: FakeDispatcher, one_after_another: TaskDefinition, anna: Actor
) -> None:
    failed = trigger("tidy-up", actor=anna).run_id
    end(start(failed), Fact.FAILURE)
    sync_schedules()
    Schedule.objects.update(next_due_at=timezone.now().replace(second=0, microsecond=0))
    assert fire_due() == 1
    fired = Run.objects.latest("id")
    again = retry(failed, actor=anna)
    assert (again.status, again.waits_for) == ("waiting", fired.task_id)
    assert published(dispatcher) == [failed, fired.task_id]
    end(start(fired.task_id))
    assert published(dispatcher)[-1] == again.run_id


def test_a_rehearsal_waits_for_nobody(dispatcher: FakeDispatcher, declare: Declare, anna: Actor) -> None:
    declare(overlap=Overlap.QUEUE, rehearsal=True)
    trigger("tidy-up", actor=anna)
    assert trigger("tidy-up", actor=anna, dry_run=True).status == "queued"


def test_the_same_request_again_gives_the_run_that_waits(
    dispatcher: FakeDispatcher, one_after_another: TaskDefinition, anna: Actor
) -> None:
    first = trigger("tidy-up", actor=anna)
    second, again = (trigger("tidy-up", actor=anna, idempotency_key="k") for _ in range(2))
    assert (again.run_id, again.status, again.waits_for) == (second.run_id, "waiting", first.run_id)
    assert again.replayed
    assert Run.objects.count() == 2


def test_a_line_has_an_end(
    dispatcher: FakeDispatcher, one_after_another: TaskDefinition, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runbell.actions.submit.MAX_IN_LINE", 2)
    assert MAX_IN_LINE == 100
    first, *_ = (trigger("tidy-up", actor=anna).run_id for _ in range(3))
    with pytest.raises(LineFull) as caught:
        trigger("tidy-up", actor=anna)
    assert caught.value.details["conflicting_run"] == first
    sync_schedules()
    Schedule.objects.update(next_due_at=timezone.now().replace(second=0, microsecond=0))
    fire_due()
    skipped = Run.objects.latest("id")
    assert (skipped.state, skipped.in_line, first in skipped.explanation) == ("SKIPPED", None, True)


def test_a_line_outlives_the_declaration_that_made_it(
    dispatcher: FakeDispatcher, one_after_another: TaskDefinition, declare: Declare, anna: Actor
) -> None:
    first, second = (trigger("tidy-up", actor=anna).run_id for _ in range(2))
    declare(overlap=Overlap.ALLOW)
    end(start(first))
    release()
    assert published(dispatcher) == [first, second]


def test_a_tick_asks_once_however_many_lines_there_are(
    dispatcher: FakeDispatcher, declare: Declare, anna: Actor, django_assert_num_queries: Any
) -> None:
    for number in range(5):
        declare(f"task_{number}", overlap=Overlap.QUEUE)
        for _ in range(2):
            trigger(f"task_{number}", actor=anna)
    with django_assert_num_queries(1):
        assert release() == 0


def test_a_task_that_may_overlap_runs_as_often_at_once_as_it_is_asked_for(
    dispatcher: FakeDispatcher, declare: Declare, anna: Actor
) -> None:
    declare(overlap=Overlap.ALLOW)
    asked = [trigger("tidy-up", actor=anna) for _ in range(3)]
    assert [triggered.status for triggered in asked] == ["queued"] * 3
    claims = [start(triggered.run_id) for triggered in asked]
    assert [state(triggered.run_id) for triggered in asked] == ["STARTED"] * 3
    for claim in claims:
        end(claim)
    assert [state(triggered.run_id) for triggered in asked] == ["SUCCESS"] * 3

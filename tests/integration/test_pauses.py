"""Pausing is honest: nothing fires meanwhile, and every moment that fell due is accounted for as was chosen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from unittest.mock import patch

import pytest

from runbell.actions.fire_due import fire_due
from runbell.actions.pause import pause_many, pause_task
from runbell.actions.resume import resume_many, resume_task
from runbell.actions.sync_schedules import sync_schedules
from runbell.actions.trigger import trigger
from runbell.domain.actors import Actor
from runbell.domain.errors import InvalidParams, NotPaused, NotPossible, PermissionDenied, RunbellError
from runbell.domain.pauses import Missed
from runbell.domain.schedules import every
from runbell.domain.tasks import ScheduleDefinition, TaskDefinition
from runbell.models import AuditEntry, Pause, Run, Schedule
from runbell.testing import FakeDispatcher
from tests.support.together import die, in_processes, together

from .conftest import NOON, Clock

pytestmark = pytest.mark.django_db(transaction=True)
Declare = Callable[..., TaskDefinition]
WHY = "the disk is being replaced"


def rows(task: str = "tidy_up") -> list[tuple[str, str]]:
    runs = Run.objects.filter(task_name=task).exclude(due_at=None).order_by("due_at")
    return [(f"{run.due_at:%H:%M}", run.state) for run in runs if run.due_at]


def audited() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.filter(action__contains="PAUSED").values_list("action", "actor")) + list(
        AuditEntry.objects.filter(action="TASK_RESUMED").values_list("action", "actor")
    )


def test_a_paused_task_does_not_fire_and_resumed_skips_what_fell_due_with_the_reason(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock, anna: Actor
) -> None:
    declare(interval=600)
    sync_schedules()
    pause_task("tidy-up", actor=anna, reason=WHY)
    for _ in range(6):
        clock.advance(minutes=10, seconds=1)
        assert fire_due() == 0
    assert rows() == []
    resume_task("tidy-up", actor=anna)
    assert fire_due() == 0
    assert rows() == [(f"12:{minute}0", "SKIPPED") for minute in range(1, 6)] + [("13:00", "SKIPPED")]
    assert all(WHY in run.explanation for run in Run.objects.all())
    assert not dispatcher.messages
    clock.advance(minutes=10)
    assert fire_due() == 1
    assert rows()[-1] == ("13:10", "QUEUED")
    assert not Pause.objects.exists()


def test_resumed_with_catching_up_runs_what_the_window_reaches_and_skips_the_rest(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock, anna: Actor
) -> None:
    declare(interval=600, catch_up=timedelta(minutes=25))
    sync_schedules()
    pause_task("tidy-up", actor=anna, reason=WHY)
    clock.advance(minutes=61)
    resume_task("tidy-up", actor=anna, missed=Missed.CATCH_UP)
    assert fire_due() == 1
    assert rows() == [
        ("12:10", "SKIPPED"),
        ("12:20", "SKIPPED"),
        ("12:30", "SKIPPED"),
        ("12:40", "SKIPPED"),
        ("12:50", "SKIPPED"),
        ("13:00", "QUEUED"),
    ]
    explanations = list(Run.objects.filter(state="SKIPPED").order_by("due_at").values_list("explanation", flat=True))
    assert [WHY in explanation for explanation in explanations] == [True, True, True, False, False]
    assert "caught up by the run due at" in explanations[-1]


def test_a_pause_with_an_end_ends_by_itself_and_the_moment_at_its_end_fires(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock, anna: Actor
) -> None:
    declare(interval=600)
    sync_schedules()
    pause_task("tidy-up", actor=anna, reason=WHY, until=NOON + timedelta(minutes=30))
    clock.advance(minutes=29, seconds=59)
    assert fire_due() == 0
    clock.advance(seconds=2)
    assert fire_due() == 1
    assert rows() == [("12:10", "SKIPPED"), ("12:20", "SKIPPED"), ("12:30", "QUEUED")]
    assert audited() == [("TASK_PAUSED", "user:anna"), ("TASK_RESUMED", "system:ticker")]


def test_an_end_that_no_ticker_saw_blames_the_pause_only_for_what_it_held_back(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock, anna: Actor
) -> None:
    declare(interval=600)
    sync_schedules()
    pause_task("tidy-up", actor=anna, reason=WHY, until=NOON + timedelta(minutes=25))
    clock.advance(minutes=45)
    fire_due()
    assert rows() == [("12:10", "SKIPPED"), ("12:20", "SKIPPED"), ("12:30", "MISSED"), ("12:40", "MISSED")]


def test_an_outage_before_the_pause_is_not_called_a_pause(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock, anna: Actor
) -> None:
    declare(interval=600)
    sync_schedules()
    clock.advance(minutes=25)
    pause_task("tidy-up", actor=anna, reason=WHY)
    clock.advance(minutes=10)
    resume_task("tidy-up", actor=anna)
    fire_due()
    assert rows() == [("12:10", "MISSED"), ("12:20", "MISSED"), ("12:30", "SKIPPED")]


def test_a_month_of_minutes_is_accounted_for_within_bounds_and_says_where_it_cuts(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock, anna: Actor
) -> None:
    declare(interval=60)
    sync_schedules()
    pause_task("tidy-up", actor=anna, reason=WHY)
    clock.advance(days=30, seconds=1)
    resume_task("tidy-up", actor=anna)
    fire_due()
    assert Run.objects.filter(state="SKIPPED").count() == Run.objects.count() == 500
    oldest = Run.objects.order_by("due_at")[0]
    assert f"at least {30 * 24 * 60 - 500} earlier moments are not listed" in oldest.explanation


def test_many_tasks_are_paused_at_once_and_others_go_on(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock, anna: Actor
) -> None:
    declare("invoices", interval=60, category="Billing")
    declare("tidy_up", interval=60)
    sync_schedules()
    paused = pause_many("Billing", actor=anna, reason=WHY)
    assert paused.tasks == ("invoices",)
    clock.advance(seconds=61)
    assert fire_due() == 1
    assert Run.objects.get().task_name == "tidy_up"

    pause_many(None, actor=anna, reason="all of it")
    clock.advance(seconds=60)
    assert fire_due() == 0
    resume_many(None, actor=anna, missed=Missed.CATCH_UP)
    assert fire_due() == 1
    resume_many("Billing", actor=anna)
    fire_due()
    assert rows("invoices") == [("12:01", "SKIPPED"), ("12:02", "SKIPPED")]
    assert rows("tidy_up") == [("12:01", "QUEUED"), ("12:02", "QUEUED")]


def test_a_schedule_held_back_takes_no_place_from_those_that_are_not(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock, anna: Actor
) -> None:
    for number in range(3):
        declare(f"held_{number}", interval=60, category="Held")
    declare(interval=60)
    sync_schedules()
    pause_many("Held", actor=anna, reason=WHY)
    Schedule.objects.filter(name__startswith="held").update(next_due_at=NOON - timedelta(days=1))
    clock.advance(seconds=61)
    with patch("runbell.actions.fire_due.MAX_SCHEDULES", 2):
        assert fire_due() == 1


def test_a_second_pause_of_the_same_changes_the_reason_and_the_end_and_each_is_audited(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock, anna: Actor, operator: Actor
) -> None:
    declare(interval=600)
    sync_schedules()
    pause_task("tidy-up", actor=anna, reason=WHY, until=NOON + timedelta(minutes=5))
    clock.advance(minutes=1)
    pause_task("tidy-up", actor=operator, reason="it takes longer")
    pause = Pause.objects.get()
    assert (pause.reason, pause.until, pause.since, pause.actor) == ("it takes longer", None, NOON, "cli:operator")
    assert audited() == [("TASK_PAUSED", "user:anna"), ("TASK_PAUSED", "cli:operator")]
    entry = AuditEntry.objects.order_by("id")[0]
    assert entry.field_changes == {
        "task_name": "tidy_up",
        "scope": "task",
        "target": "tidy_up",
        "reason": WHY,
        "since": NOON.isoformat(),
        "until": (NOON + timedelta(minutes=5)).isoformat(),
    }


def test_who_may_not_pause_pauses_nothing(declare: Declare, stranger: Actor) -> None:
    declare(interval=600)
    for deed in (
        lambda: pause_task("tidy-up", actor=stranger, reason=WHY),
        lambda: pause_many(None, actor=stranger, reason=WHY),
        lambda: resume_task("tidy-up", actor=stranger),
        lambda: resume_many(None, actor=stranger),
    ):
        with pytest.raises(PermissionDenied):
            deed()
    assert not Pause.objects.exists()


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001, "\x00"])
def test_a_pause_says_why(declare: Declare, anna: Actor, reason: str) -> None:
    declare(interval=600)
    with pytest.raises(InvalidParams):
        pause_task("tidy-up", actor=anna, reason=reason)
    assert not Pause.objects.exists()


def test_a_pause_ends_in_the_future(declare: Declare, clock: Clock, anna: Actor) -> None:
    declare(interval=600)
    with pytest.raises(InvalidParams):
        pause_task("tidy-up", actor=anna, reason=WHY, until=NOON)


def test_what_runbell_does_not_fire_it_cannot_hold_back(declare: Declare, anna: Actor) -> None:
    declare(schedules=(ScheduleDefinition("beat:x", every(timedelta(seconds=60)), fires=False),))
    with pytest.raises(NotPossible):
        pause_task("tidy-up", actor=anna, reason=WHY)


def test_resuming_what_is_not_paused_is_refused_and_a_wider_pause_is_named(declare: Declare, anna: Actor) -> None:
    declare(interval=600)
    with pytest.raises(NotPaused):
        resume_task("tidy-up", actor=anna)
    pause_many(None, actor=anna, reason=WHY)
    with pytest.raises(NotPossible, match="all tasks"):
        resume_task("tidy-up", actor=anna)


def test_a_person_may_still_run_a_paused_task(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock, anna: Actor
) -> None:
    declare(interval=600)
    pause_task("tidy-up", actor=anna, reason=WHY)
    assert trigger("tidy-up", actor=anna).status == "queued"


def test_of_many_who_resume_one_does_and_of_many_tickers_one_accounts(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock, anna: Actor
) -> None:
    declare(interval=600, catch_up=timedelta(hours=2))
    sync_schedules()
    pause_task("tidy-up", actor=anna, reason=WHY)
    clock.advance(minutes=61)
    refused: list[RunbellError] = []

    def resume_as(missed: Missed) -> None:
        try:
            resume_task("tidy-up", actor=anna, missed=missed)
        except RunbellError as error:
            refused.append(error)

    together([lambda: resume_as(Missed.SKIP), lambda: resume_as(Missed.CATCH_UP), lambda: resume_as(Missed.SKIP)])
    assert len(refused) == 2
    together([fire_due] * 4)
    assert Run.objects.count() == 6
    assert AuditEntry.objects.filter(action="TASK_RESUMED").count() == 1


def test_many_tickers_end_a_pause_once(dispatcher: FakeDispatcher, declare: Declare, clock: Clock, anna: Actor) -> None:
    declare(interval=600)
    sync_schedules()
    pause_task("tidy-up", actor=anna, reason=WHY, until=NOON + timedelta(minutes=30))
    clock.advance(minutes=31)
    together([fire_due] * 4)
    assert rows() == [("12:10", "SKIPPED"), ("12:20", "SKIPPED"), ("12:30", "QUEUED")]
    assert audited() == [("TASK_PAUSED", "user:anna"), ("TASK_RESUMED", "system:ticker")]


def test_of_many_who_pause_the_same_all_end_in_one_pause(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock, anna: Actor
) -> None:
    declare(interval=600)
    reasons = [f"{WHY}, {number}" for number in range(4)]
    together([partial(pause_task, "tidy-up", actor=anna, reason=reason) for reason in reasons])
    assert Pause.objects.count() == 1


def test_a_ticker_that_is_killed_while_it_accounts_leaves_that_to_the_next(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock, anna: Actor
) -> None:
    declare(interval=600)
    sync_schedules()
    pause_task("tidy-up", actor=anna, reason=WHY)
    clock.advance(minutes=31)
    resume_task("tidy-up", actor=anna)

    def account_and_die() -> None:
        with patch("runbell.actions.fire_due.submit_all", die):
            fire_due()

    assert in_processes([account_and_die]) == [-9]
    assert rows() == []
    fire_due()
    assert rows() == [("12:10", "SKIPPED"), ("12:20", "SKIPPED"), ("12:30", "SKIPPED")]


def test_a_schedule_that_changes_while_it_is_paused_leaves_no_gap(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock, anna: Actor
) -> None:
    declare(interval=600)
    sync_schedules()
    pause_task("tidy-up", actor=anna, reason=WHY)
    clock.advance(minutes=21)
    declare(interval=900)
    assert sync_schedules()
    clock.advance(minutes=10)
    assert fire_due() == 0
    resume_task("tidy-up", actor=anna)
    fire_due()
    assert rows() == [("12:10", "SKIPPED"), ("12:20", "SKIPPED"), ("12:30", "SKIPPED")]
    assert all(WHY in run.explanation for run in Run.objects.all())

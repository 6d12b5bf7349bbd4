"""Overlap is obeyed: one run of a task at a time, the others in line, whichever way the one before them ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from runbell.actions import record
from runbell.actions import release as releasing
from runbell.actions.cancel import cancel
from runbell.actions.fire_due import fire_due
from runbell.actions.reap import bury_lost, reap
from runbell.actions.record import Claim, Claimant, Ending, Stray
from runbell.actions.relay import relay
from runbell.actions.release import release
from runbell.actions.retry import retry
from runbell.actions.submit import MAX_IN_LINE
from runbell.actions.sync_schedules import sync_schedules
from runbell.actions.tick import STEPS
from runbell.actions.trigger import trigger
from runbell.domain.actors import Actor
from runbell.domain.errors import LineFull
from runbell.domain.states import Fact
from runbell.domain.tasks import Overlap, TaskDefinition
from runbell.models import AuditEntry, Run, Schedule
from runbell.testing import FakeDispatcher

pytestmark = pytest.mark.django_db(transaction=True)
Declare = Callable[..., TaskDefinition]
CLAIMANT = Claimant("celery@one", "instance", 1)


@pytest.fixture
def one_after_another(dispatcher: FakeDispatcher, declare: Declare) -> TaskDefinition:
    return declare(overlap=Overlap.QUEUE, interval=60)


@pytest.fixture
def latest_wins(dispatcher: FakeDispatcher, declare: Declare) -> TaskDefinition:
    return declare(overlap=Overlap.CANCEL_RUNNING, interval=60)


@pytest.fixture
def nobody_hastens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every process that should release a run die before it does."""
    monkeypatch.setattr("runbell.actions.submit.hasten", lambda _: [])
    monkeypatch.setattr("runbell.actions.cancel.hasten", lambda _: None)
    monkeypatch.setattr("runbell.actions.record.hasten", lambda _: None)


def state(run_id: str) -> str:
    return str(Run.objects.get(task_id=run_id).state)


def start(run_id: str) -> Claim | None:
    return record.claim(Stray(run_id, "", "tests.tasks.tidy_up", "celery", {}, ""), CLAIMANT)


def end(claim: Claim | None, fact: Fact = Fact.SUCCESS) -> None:
    assert claim is not None
    assert record.ended(claim, Ending(fact, timezone.now()))


def published(dispatcher: FakeDispatcher) -> list[str]:
    return [message.run_id for message in dispatcher.messages]


def test_a_second_run_waits_in_the_ledger_and_starts_when_the_first_has_ended(
    dispatcher: FakeDispatcher, one_after_another: TaskDefinition, anna: Actor
) -> None:
    first = trigger("tidy-up", actor=anna)
    second = trigger("tidy-up", actor=anna)
    assert (first.status, first.waits_for) == ("queued", "")
    assert (second.status, second.waits_for) == ("waiting", first.run_id)
    assert first.run_id in Run.objects.get(task_id=second.run_id).explanation
    Run.objects.update(publish_after=None)
    assert relay() == 0
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


def test_of_many_who_ask_at_once_one_gets_the_place_and_the_others_wait(
    dispatcher: FakeDispatcher, one_after_another: TaskDefinition, anna: Actor
) -> None:
    together([partial(trigger, "tidy-up", actor=anna) for _ in range(6)])
    assert Run.objects.filter(overlap_key="tidy_up").count() == 1
    assert Run.objects.filter(in_line="tidy_up", publish_after=None).count() == 5
    assert len(dispatcher.messages) == 1


def test_of_many_who_release_at_once_one_does(
    dispatcher: FakeDispatcher, one_after_another: TaskDefinition, anna: Actor, nobody_hastens: None
) -> None:
    runs = [trigger("tidy-up", actor=anna).run_id for _ in range(4)]
    for number, run_id in enumerate(runs, start=1):
        together([release] * 4)
        assert published(dispatcher) == runs[:number]
        end(start(run_id))


def test_a_run_that_ends_while_another_joins_the_line_strands_nobody(
    dispatcher: FakeDispatcher, one_after_another: TaskDefinition, anna: Actor
) -> None:
    for _ in range(10):
        claim = start(trigger("tidy-up", actor=anna).run_id)
        together([partial(end, claim), partial(trigger, "tidy-up", actor=anna)])
        last = Run.objects.latest("id")
        assert (last.in_line, last.overlap_key) == (None, "tidy_up")
        end(start(last.task_id))


def _fail(run_id: str) -> None:
    end(start(run_id), Fact.FAILURE)


def _cancel_before_it_starts(run_id: str) -> None:
    cancel(run_id, actor=Actor("user:x", "X", has_permission=lambda _: True))


def _expire(run_id: str) -> None:
    Run.objects.filter(task_id=run_id).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert reap() == 1


def _lose(run_id: str) -> None:
    assert start(run_id)
    Run.objects.filter(task_id=run_id).update(started_at=timezone.now() - timedelta(minutes=5))
    assert bury_lost() == 1


def _revoke_while_it_runs(run_id: str) -> None:
    assert start(run_id)
    assert record.observed(record.Observation(run_id, Fact.REVOKED, timezone.now()))


ENDINGS: dict[str, Callable[[str], None]] = {
    "SUCCESS": lambda run_id: end(start(run_id)),
    "PARTIAL": lambda run_id: end(start(run_id), Fact.PARTIAL),
    "FAILURE": _fail,
    "REVOKED": _cancel_before_it_starts,
    "EXPIRED": _expire,
    "LOST": _lose,
    "REVOKED while it runs": _revoke_while_it_runs,
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("hastened", [True, False], ids=["hastened", "the releaser died"])
def test_whichever_way_a_run_ends_the_next_one_is_released_within_a_tick(
    request: pytest.FixtureRequest, dispatcher: FakeDispatcher, anna: Actor, ending: str, hastened: bool
) -> None:
    request.getfixturevalue("one_after_another")
    if not hastened:
        request.getfixturevalue("nobody_hastens")
    first, second = (trigger("tidy-up", actor=anna).run_id for _ in range(2))
    STEPS["release"]()
    ENDINGS[ending](first)
    STEPS["release"]()
    assert state(first) == ending.partition(" ")[0]
    assert published(dispatcher) == [first, second]


def test_a_releaser_that_dies_before_it_publishes_leaves_that_to_the_relay(
    dispatcher: FakeDispatcher, one_after_another: TaskDefinition, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (trigger("tidy-up", actor=anna).run_id for _ in range(2))
    claim = start(first)
    with monkeypatch.context() as dying:
        dying.setattr(releasing, "_publish", lambda _: None)
        end(claim)
    assert published(dispatcher) == [first]
    Run.objects.filter(task_id=second).update(publish_after=timezone.now())
    assert relay() == 1
    assert published(dispatcher) == [first, second]


def test_a_release_that_fails_does_not_fail_the_run_that_ended(
    dispatcher: FakeDispatcher, one_after_another: TaskDefinition, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (trigger("tidy-up", actor=anna).run_id for _ in range(2))
    claim = start(first)
    with monkeypatch.context() as broken:
        broken.setattr("runbell.ledger.places.hand_on", lambda *_: 1 / 0)
        end(claim)
    assert (state(first), state(second)) == ("SUCCESS", "ACCEPTED")
    assert release() == 1


def test_while_the_broker_is_down_the_released_run_stays_in_the_ledger(
    dispatcher: FakeDispatcher, one_after_another: TaskDefinition, anna: Actor
) -> None:
    first, second = (trigger("tidy-up", actor=anna).run_id for _ in range(2))
    claim = start(first)
    dispatcher.down = True
    end(claim)
    run = Run.objects.get(task_id=second)
    assert (run.state, run.overlap_key, run.publish_after is None) == ("ACCEPTED", "tidy_up", False)


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
    assert (skipped.state, first in skipped.explanation) == ("SKIPPED", True)


def test_the_newest_cancels_what_runs_and_starts_when_that_has_ended(
    dispatcher: FakeDispatcher, latest_wins: TaskDefinition, anna: Actor, operator: Actor
) -> None:
    first = trigger("tidy-up", actor=anna).run_id
    claim = start(first)
    second = trigger("tidy-up", actor=operator, reason="new data")
    assert (second.status, second.waits_for) == ("waiting", first)
    run = Run.objects.get(task_id=first)
    assert (run.state, run.cancel_requested_by) == ("STARTED", "cli:operator")
    entry = AuditEntry.objects.get(action="TASK_CANCELLATION_REQUESTED")
    assert (entry.actor, entry.task_id, entry.field_changes["reason"]) == ("cli:operator", first, "new data")
    assert second.run_id in run.events.get(kind="CANCEL_REQUESTED").detail
    assert published(dispatcher) == [first]
    end(claim, Fact.REVOKED)
    assert published(dispatcher) == [first, second.run_id]


def test_of_those_that_wait_only_the_newest_starts(
    dispatcher: FakeDispatcher, latest_wins: TaskDefinition, anna: Actor
) -> None:
    first = trigger("tidy-up", actor=anna).run_id
    claim = start(first)
    second, third = (trigger("tidy-up", actor=anna).run_id for _ in range(2))
    run = Run.objects.get(task_id=second)
    assert (run.state, third in run.explanation) == ("REVOKED", True)
    end(claim)
    assert published(dispatcher) == [first, third]


def test_one_that_has_not_started_yet_gives_way_at_once(
    dispatcher: FakeDispatcher, latest_wins: TaskDefinition, anna: Actor
) -> None:
    first, second = (trigger("tidy-up", actor=anna) for _ in range(2))
    assert (state(first.run_id), second.status) == ("REVOKED", "queued")
    assert start(first.run_id) is None


def test_of_many_who_ask_at_once_the_newest_is_left(
    dispatcher: FakeDispatcher, latest_wins: TaskDefinition, anna: Actor
) -> None:
    together([partial(trigger, "tidy-up", actor=anna) for _ in range(6)])
    release()
    newest = Run.objects.latest("id")
    assert newest.overlap_key == "tidy_up"
    assert Run.objects.filter(finished_at=None).count() == 1
    assert Run.objects.filter(state="REVOKED").count() == 5


def test_the_ticker_cancels_for_a_newcomer_that_died_before_it_could(
    dispatcher: FakeDispatcher, latest_wins: TaskDefinition, anna: Actor, nobody_hastens: None
) -> None:
    first = trigger("tidy-up", actor=anna).run_id
    release()
    claim = start(first)
    second = trigger("tidy-up", actor=anna).run_id
    release()
    assert Run.objects.get(task_id=first).cancel_requested_at is not None
    for _ in range(3):
        release()
    assert AuditEntry.objects.filter(action="TASK_CANCELLATION_REQUESTED").count() == 1
    end(claim)
    release()
    assert published(dispatcher) == [first, second]


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


def together(deeds: list[Callable[[], object]]) -> None:
    """Do all at the same moment, each in a thread with a connection of its own."""
    barrier, failures = threading.Barrier(len(deeds)), []

    def do(deed: Callable[[], object]) -> None:
        barrier.wait()
        try:
            deed()
        except Exception as error:  # noqa: BLE001 (told by the thread that waits)
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures

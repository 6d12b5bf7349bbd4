"""What nobody has any more is published again; what somebody has is left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from runbell.actions import record
from runbell.actions.account import Absence, account_for
from runbell.actions.doubt import doubt
from runbell.actions.heartbeat import stopped
from runbell.actions.reap import bury_lost, reap
from runbell.actions.record import Claimant, Ending, Observation
from runbell.actions.relay import relay
from runbell.actions.trigger import trigger
from runbell.diagnosis.waiting.sentence import waiting_for
from runbell.domain.actors import Actor
from runbell.domain.states import Fact
from runbell.domain.tasks import TaskDefinition
from runbell.engine.waiting import explain
from runbell.ledger.marking import PUBLISH_AGAIN_AFTER
from runbell.models import Broker, Run
from runbell.queries.waiting import what_keeps
from runbell.testing import FakeDispatcher
from tests.integration.test_claims import ONE, TWO, alive, state, stray

pytestmark = pytest.mark.django_db
Triggered = Callable[..., list[str]]


@pytest.fixture
def triggered(dispatcher: FakeDispatcher, declare: Callable[..., TaskDefinition], anna: Actor) -> Triggered:
    """Trigger runs of a task that were published ``ago``."""

    def make(number: int = 1, *, ago: timedelta = timedelta(minutes=1), **options: Any) -> list[str]:
        declare(**options)
        run_ids = [trigger("tidy_up", actor=anna).run_id for _ in range(number)]
        Run.objects.update(publish_after=timezone.now())
        while relay():
            pass
        at = timezone.now() - ago
        Run.objects.update(requested_at=at, published_at=at)
        return run_ids

    return make


def look_again() -> int:
    """Have the broker asked as if the last time were long ago; return how many runs were taken back."""
    Broker.objects.update(checked_at=timezone.now() - timedelta(seconds=10))
    return doubt()


def kinds(run_id: str) -> list[str]:
    return list(Run.objects.get(task_id=run_id).events.order_by("id").values_list("kind", flat=True))


def test_what_a_broker_forgot_is_published_again(dispatcher: FakeDispatcher, triggered: Triggered) -> None:
    run_ids = triggered(5)
    doubt()
    dispatcher.clear()
    look_again()
    assert look_again() == 5
    assert {state(run_id) for run_id in run_ids} == {"ACCEPTED"}
    assert relay() == 5
    assert {message.run_id for message in dispatcher.messages} == set(run_ids)
    assert kinds(run_ids[0])[-2:] == ["RETURNED", "QUEUED"]


def test_only_as_many_are_published_again_as_are_missing(dispatcher: FakeDispatcher, triggered: Triggered) -> None:
    run_ids = triggered(5)
    doubt()
    dispatcher.take("celery")
    dispatcher.take("celery")
    look_again()
    assert look_again() == 2
    relay()
    assert [state(run_id) for run_id in run_ids] == ["QUEUED"] * 5
    assert len(dispatcher.messages) == 5


def test_an_honest_backlog_is_not_published_again(dispatcher: FakeDispatcher, triggered: Triggered) -> None:
    triggered(300)
    doubt()
    for _ in range(3):
        assert look_again() == 0
        assert relay() == 0
    assert len(dispatcher.messages) == 300


def test_a_run_that_stays_away_is_sent_again_ever_more_rarely(dispatcher: FakeDispatcher, triggered: Triggered) -> None:
    """Somebody takes the messages and never tells the ledger, as a worker does that cannot reach it."""
    triggered(1)
    doubt()
    dispatcher.clear()
    look_again()
    sent = 0
    for _ in range(5):
        sent += look_again()
        relay()
        dispatcher.clear()
        Run.objects.update(published_at=timezone.now() - timedelta(seconds=20))
    assert sent == 2


def test_one_of_many_tickers_asks_the_broker(dispatcher: FakeDispatcher, triggered: Triggered) -> None:
    triggered(1)
    doubt()
    asked = Broker.objects.get().checked_at
    for _ in range(20):
        doubt()
    assert Broker.objects.get().checked_at == asked


def test_without_any_sign_a_run_is_sent_again_after_a_while_that_doubles(
    dispatcher: FakeDispatcher, triggered: Triggered
) -> None:
    (run_id,) = triggered(1)
    now = timezone.now()
    record.published({run_id: now})
    first = Run.objects.get(task_id=run_id).publish_after
    assert first == now + PUBLISH_AGAIN_AFTER
    Run.objects.update(requested_at=now - timedelta(hours=3), publish_after=now)
    assert relay() == 1
    second = Run.objects.get(task_id=run_id).publish_after
    assert second is not None
    assert second - now >= timedelta(hours=3)


def test_what_a_dead_worker_held_is_published_again(dispatcher: FakeDispatcher, triggered: Triggered) -> None:
    (run_id,) = triggered(1)
    record.received({run_id: timezone.now()}, ONE)
    alive(ONE)
    assert look_again() == 0
    alive(ONE, heard=20)
    assert look_again() == 1
    assert relay() == 1
    assert state(run_id) == "QUEUED"


def test_what_a_worker_holds_when_it_stops_goes_back_at_once(triggered: Triggered) -> None:
    run_id, other = triggered(2)
    alive(ONE)
    record.received({run_id: timezone.now()}, ONE)
    record.received({other: timezone.now()}, TWO)
    stopped(ONE.instance)
    assert (state(run_id), state(other)) == ("ACCEPTED", "RECEIVED")
    assert relay() == 1


def test_what_a_living_worker_lost_goes_back_but_not_at_first_sight(
    triggered: Triggered, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, gone = triggered(2)
    alive(ONE)
    record.received(dict.fromkeys((held, gone), timezone.now()), ONE)
    absence = Absence()
    assert account_for(ONE.instance, {held}, absence) == 0
    monkeypatch.setattr(Absence, "ENOUGH", 0.0)
    assert account_for(ONE.instance, {held}, absence) == 1
    assert (state(held), state(gone)) == ("RECEIVED", "ACCEPTED")


def test_a_run_whose_end_was_never_told_is_lost(triggered: Triggered, monkeypatch: pytest.MonkeyPatch) -> None:
    (run_id,) = triggered(1)
    alive(ONE)
    assert record.claim(stray(run_id), ONE) is not None
    monkeypatch.setattr(Absence, "ENOUGH", 0.0)
    account_for(ONE.instance, {run_id}, Absence())
    assert state(run_id) == "STARTED"
    account_for(ONE.instance, set(), Absence())
    assert state(run_id) == "LOST"


def test_a_retry_whose_message_is_gone_is_published_in_its_time(
    dispatcher: FakeDispatcher, triggered: Triggered
) -> None:
    (run_id,) = triggered(1)
    claim = record.claim(stray(run_id), ONE)
    assert claim is not None
    now = timezone.now()
    record.ended(claim, Ending(Fact.RETRY, now, next_at=now + timedelta(minutes=1)))
    dispatcher.clear()
    assert look_again() == 0
    assert record.claim(stray(run_id), TWO) is None, "a second message must not bring the retry forward"
    assert waiting_for(what_keeps(run_id)) == f"its next attempt is due at {now + timedelta(minutes=1):%H:%M:%S} UTC"
    Run.objects.update(publish_after=now)
    assert look_again() == 1
    assert relay() == 1
    (message,) = dispatcher.messages
    assert (message.retries, message.expires_at) == (1, None)


@pytest.mark.parametrize(("safe", "ended"), [(False, ["LOST"]), (True, ["RETRY", "RETRY", "LOST"])])
def test_a_lost_attempt_is_repeated_where_that_is_safe_and_not_for_ever(
    dispatcher: FakeDispatcher, triggered: Triggered, safe: bool, ended: list[str]
) -> None:
    (run_id,) = triggered(1, safe_to_repeat=safe)
    for number, expected in enumerate(ended, start=1):
        mine = Claimant(f"celery@{number}", str(number) * 32, number)
        alive(mine, heard=60)
        assert record.claim(stray(run_id), mine) is not None
        Run.objects.update(started_at=timezone.now() - timedelta(minutes=1))
        assert bury_lost() == 1
        assert state(run_id) == expected
    assert Run.objects.get(task_id=run_id).attempt == len(ended)


def test_a_child_that_was_killed_is_told_at_once(triggered: Triggered) -> None:
    (run_id,) = triggered(1, safe_to_repeat=True)
    assert record.claim(stray(run_id), ONE) is not None
    killed = Observation(run_id, Fact.LOST, timezone.now(), ONE.worker, "WorkerLostError: signal 9")
    assert record.observed(killed)
    assert state(run_id) == "RETRY"
    assert look_again() == 1
    assert relay() == 1


def test_what_was_cancelled_is_not_repeated(triggered: Triggered) -> None:
    (run_id,) = triggered(1, safe_to_repeat=True)
    assert record.claim(stray(run_id), ONE) is not None
    Run.objects.update(cancel_requested_at=timezone.now())
    record.observed(Observation(run_id, Fact.LOST, timezone.now(), ONE.worker, "killed"))
    assert state(run_id) == "LOST"


def test_an_attempt_that_was_replaced_is_not_called_lost_a_second_time(triggered: Triggered) -> None:
    (run_id,) = triggered(1, safe_to_repeat=True)
    alive(ONE, heard=60)
    first = record.claim(stray(run_id), ONE)
    assert first is not None
    assert record.claim(stray(run_id), TWO) is not None
    late = Observation(run_id, Fact.LOST, timezone.now(), ONE.worker, "gone", attempt=first.attempt)
    assert not record.observed(late)
    assert state(run_id) == "STARTED"


def test_an_expired_run_says_what_it_waited_for(triggered: Triggered) -> None:
    (run_id,) = triggered(1, expires=timedelta(hours=1))
    alive(ONE)
    Run.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    reap(explain)
    run = Run.objects.get(task_id=run_id)
    assert run.state == "EXPIRED"
    assert "no live worker consumes queue celery; worker celery@one consumes nothing" in run.explanation


def test_since_when_the_broker_is_away_is_in_the_ledger(dispatcher: FakeDispatcher, triggered: Triggered) -> None:
    (run_id,) = triggered(1)
    alive(ONE)
    doubt()
    dispatcher.down = True
    look_again()
    since = Broker.objects.get().unreachable_since
    assert since is not None
    look_again()
    assert Broker.objects.get().unreachable_since == since
    assert waiting_for(what_keeps(run_id)) == f"broker unreachable since {since:%H:%M:%S} UTC"
    dispatcher.down = False
    look_again()
    assert Broker.objects.get().unreachable_since is None

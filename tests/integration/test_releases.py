"""A place is handed on once and to one run, whichever way the run before it ended and whoever died meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from unittest.mock import patch

import pytest
from django.utils import timezone

from runbell.actions import record
from runbell.actions.cancel import cancel
from runbell.actions.reap import bury_lost, reap
from runbell.actions.relay import relay
from runbell.actions.release import release
from runbell.actions.tick import STEPS
from runbell.actions.trigger import trigger
from runbell.domain.actors import Actor
from runbell.domain.states import Fact
from runbell.domain.tasks import TaskDefinition
from runbell.models import Run
from runbell.testing import FakeDispatcher
from tests.support.together import die, in_processes, together

from .one_place import end, published, start, state

pytestmark = pytest.mark.django_db(transaction=True)
Declare = Callable[..., TaskDefinition]


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


def test_of_many_processes_that_ask_at_once_one_gets_the_place(one_after_another: TaskDefinition, anna: Actor) -> None:
    assert in_processes([partial(trigger, "tidy-up", actor=anna)] * 4) == [0] * 4
    release()
    assert Run.objects.filter(overlap_key="tidy_up", state="QUEUED").count() == 1
    assert Run.objects.filter(in_line="tidy_up", state="ACCEPTED", publish_after=None).count() == 3


def test_of_many_processes_that_release_at_once_one_does(
    one_after_another: TaskDefinition, anna: Actor, nobody_hastens: None
) -> None:
    runs = [trigger("tidy-up", actor=anna).run_id for _ in range(3)]
    for run_id in runs:
        assert in_processes([release] * 4) == [0] * 4
        assert Run.objects.get(overlap_key="tidy_up").task_id == run_id
        end(start(run_id))


def test_a_process_that_is_killed_before_it_releases_holds_nobody_up(
    dispatcher: FakeDispatcher, one_after_another: TaskDefinition, anna: Actor
) -> None:
    first, second = (trigger("tidy-up", actor=anna).run_id for _ in range(2))

    def end_and_die() -> None:
        with patch("runbell.actions.record.hasten", die):
            end(start(first))

    assert in_processes([end_and_die]) == [-9]
    assert (state(first), state(second)) == ("SUCCESS", "ACCEPTED")
    assert STEPS["release"]() == 1
    assert published(dispatcher) == [first, second]


def test_a_process_that_is_killed_before_it_publishes_leaves_that_to_the_relay(
    dispatcher: FakeDispatcher, one_after_another: TaskDefinition, anna: Actor
) -> None:
    first, second = (trigger("tidy-up", actor=anna).run_id for _ in range(2))

    def release_and_die() -> None:
        with patch("runbell.actions.release._publish", die):
            end(start(first))

    assert in_processes([release_and_die]) == [-9]
    assert published(dispatcher) == [first]
    Run.objects.filter(task_id=second).update(publish_after=timezone.now())
    assert relay() == 1
    assert published(dispatcher) == [first, second]


def test_a_newcomer_that_is_killed_before_it_asks_for_the_place_gets_it(
    dispatcher: FakeDispatcher, one_after_another: TaskDefinition, anna: Actor
) -> None:
    def ask_and_die() -> None:
        with patch("runbell.actions.submit.hasten", die):
            trigger("tidy-up", actor=anna)

    assert in_processes([ask_and_die]) == [-9]
    assert STEPS["release"]() == 1
    assert published(dispatcher) == [Run.objects.get().task_id]

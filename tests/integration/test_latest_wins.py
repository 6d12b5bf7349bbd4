"""The newest run of a task cancels the others, and starts when what ran has ended."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from runbell.actions.release import release
from runbell.actions.trigger import trigger
from runbell.domain.actors import Actor
from runbell.domain.states import Fact
from runbell.domain.tasks import TaskDefinition
from runbell.models import AuditEntry, Run
from runbell.testing import FakeDispatcher
from tests.support.together import together

from .one_place import end, published, start, state

pytestmark = pytest.mark.django_db(transaction=True)
Declare = Callable[..., TaskDefinition]


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

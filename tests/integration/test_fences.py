"""A worker learns which of its attempts no longer count, and what it says of them moves nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.utils import timezone

from runbell.actions import record
from runbell.actions.heartbeat import Pulse, Registration, Running, Stale, Standing, beat
from runbell.actions.record import Claim, Claimant, Ending, Observation, Stray
from runbell.actions.trigger import trigger
from runbell.domain.actors import Actor
from runbell.domain.states import Fact
from runbell.domain.tasks import TaskDefinition
from runbell.engine import attempts, fencing
from runbell.engine.context import Run as RunningRun
from runbell.engine.context import StaleAttempt
from runbell.engine.recorder import Recorder
from runbell.models import Event, Run
from runbell.testing import FakeDispatcher
from tests.support.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

ONE, TWO = Claimant("celery@one", "1" * 32, 11), Claimant("celery@two", "2" * 32, 22)


@pytest.fixture
def run_id(dispatcher: FakeDispatcher, declare: Callable[..., TaskDefinition], anna: Actor) -> str:
    declare(safe_to_repeat=True)
    return trigger("tidy_up", actor=anna).run_id


def claim(run_id: str, claimant: Claimant) -> Claim:
    claimed = record.claim(Stray(run_id, "tidy_up", "tests.tasks.tidy_up", "", {}, ""), claimant)
    assert claimed is not None
    return claimed


def looks(claimant: Claimant, *run_ids: str) -> Standing:
    """Have a worker's heart beat; return what it learns of the runs that it has under way."""
    registration = Registration(claimant.instance, claimant.worker, 1, "prefork", 2, [], [], {}, timezone.now())
    running = [Running(run_id, claimant.pid) for run_id in run_ids]
    return beat(registration, Pulse([], list(run_ids), [], running))


def give_up(run_id: str) -> None:
    """Have the reaper believe the run's worker dead."""
    assert record.observed(Observation(run_id, Fact.LOST, timezone.now(), detail="its worker is gone"))


def test_an_attempt_that_counts_and_one_that_is_yet_to_be_claimed_are_left_alone(run_id: str) -> None:
    assert looks(ONE, run_id) == Standing()
    claim(run_id, ONE)
    assert looks(ONE, run_id) == Standing()


def test_another_delivery_that_is_about_to_be_refused_is_not_an_attempt(run_id: str) -> None:
    claim(run_id, TWO)
    assert looks(ONE, run_id) == Standing()


def test_an_attempt_is_stale_once_the_run_has_another_one(run_id: str) -> None:
    claim(run_id, ONE)
    give_up(run_id)
    assert looks(ONE, run_id).stale == (Stale(run_id, ONE.pid, 1, sure=False),), "it may have ended by itself"
    claim(run_id, TWO)
    assert looks(ONE, run_id).stale == (Stale(run_id, ONE.pid, 1, sure=True),)
    assert looks(TWO, run_id) == Standing()


def test_an_attempt_is_stale_once_the_run_is_lost(run_id: str) -> None:
    claim(run_id, ONE)
    Run.objects.update(cancel_requested_at=timezone.now())  # which is why it is not repeated
    give_up(run_id)
    assert looks(ONE, run_id).stale == (Stale(run_id, ONE.pid, 1, sure=True),)


def test_an_attempt_that_ended_by_itself_is_not_stale(run_id: str) -> None:
    record.ended(claim(run_id, ONE), Ending(Fact.SUCCESS, timezone.now()))
    assert looks(ONE, run_id) == Standing()


@pytest.mark.parametrize("fact", [Fact.LOST, Fact.REVOKED, Fact.FAILURE])
def test_what_a_worker_says_of_a_run_that_another_one_runs_moves_nothing(run_id: str, fact: Fact) -> None:
    claim(run_id, ONE)
    give_up(run_id)
    claim(run_id, TWO)
    assert not record.observed(Observation(run_id, fact, timezone.now(), ONE.worker, "its process died"), ONE)
    assert (Run.objects.get().state, Run.objects.get().attempt) == ("STARTED", 2)
    assert record.observed(Observation(run_id, fact, timezone.now(), TWO.worker, "its process died"), TWO)


def test_the_progress_of_an_attempt_that_no_longer_counts_raises(run_id: str) -> None:
    claimed = claim(run_id, ONE)
    recorder = Recorder(claimed)
    run = RunningRun(claimed, recorder)
    run.progress(1)
    give_up(run_id)
    claim(run_id, TWO)

    def raises() -> bool:
        try:
            run.progress(2)
        except StaleAttempt:
            return True
        return False

    wait_until(raises, 5, "the attempt learns that it no longer counts")
    assert run.cancel_requested
    recorder.close()
    assert Run.objects.get().progress_done is None


def test_a_process_is_asked_to_end_and_then_killed_and_its_end_is_no_fact_about_the_run(run_id: str) -> None:
    claim(run_id, ONE)
    sent: list[tuple[int, signal.Signals]] = []
    fence = fencing.Fence(ONE.worker, lambda pid, number: sent.append((pid, number)))
    unsure, sure = Stale(run_id, 11, 1, sure=False), Stale(run_id, 11, 1, sure=True)
    fence.close([unsure])
    assert sent == []
    for stale in (unsure, sure):
        fence.close([stale])
    assert sent == [(11, signal.SIGTERM), (11, signal.SIGKILL)]
    assert Event.objects.filter(kind="FENCED", attempt=1, worker=ONE.worker).count() == 1
    assert fencing.is_silenced(run_id)
    assert not fencing.is_silenced(run_id)


def test_where_runs_share_a_process_the_attempt_is_told(run_id: str) -> None:
    request = SimpleNamespace(delivery_info={"routing_key": "celery"}, origin="gen1@host")
    task = SimpleNamespace(name="tests.tasks.tidy_up", request=request)
    assert attempts.begin(task, run_id, (), {"days": 7})
    attempt = attempts.current_attempt()
    assert attempt is not None
    fencing.Fence(ONE.worker, None).close([Stale(run_id, os.getpid(), 1, sure=True)])
    with pytest.raises(StaleAttempt):
        RunningRun(attempt.claim, attempt.recorder).progress(1)
    attempts.finish(run_id, "FAILURE", StaleAttempt())

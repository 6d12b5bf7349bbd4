"""One run has one attempt at a time, and only the attempt that counts may end it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection
from django.utils import timezone

from runbell.actions import record
from runbell.actions.cancel import cancel
from runbell.actions.reap import Watch, bury_lost, reap
from runbell.actions.record import Claimant, Ending, Observation, Stray
from runbell.actions.trigger import trigger
from runbell.domain.actors import Actor
from runbell.domain.errors import NotPossible
from runbell.domain.states import Fact
from runbell.domain.tasks import TaskDefinition
from runbell.ledger.repeated import repeated_cursor
from runbell.models import AuditEntry, Run, Worker
from runbell.testing import FakeDispatcher

pytestmark = pytest.mark.django_db
ONE, TWO = Claimant("celery@one", "1" * 32, 101), Claimant("celery@two", "2" * 32, 202)


@pytest.fixture
def run_id(dispatcher: FakeDispatcher, declare: Callable[..., TaskDefinition], anna: Actor) -> str:
    declare(expires=timedelta(hours=1))
    return trigger("tidy_up", actor=anna).run_id


@pytest.fixture
def safe_run_id(dispatcher: FakeDispatcher, declare: Callable[..., TaskDefinition], anna: Actor) -> str:
    declare(safe_to_repeat=True)
    return trigger("tidy_up", actor=anna).run_id


def stray(run_id: str) -> Stray:
    return Stray(run_id, "tidy_up", "tests.tasks.tidy_up", "celery", {"days": 1}, "gen1@host")


def alive(claimant: Claimant, *, heard: float = 0) -> None:
    """Write down a worker that was last heard of ``heard`` seconds ago."""
    at = timezone.now() - timedelta(seconds=heard)
    Worker.objects.update_or_create(
        instance=claimant.instance,
        defaults={
            "name": claimant.worker,
            "pid": claimant.pid,
            "pool": "prefork",
            "slots": 1,
            "started_at": at,
            "heartbeat_at": at,
        },
    )


def state(run_id: str) -> str:
    return Run.objects.get(task_id=run_id).state


def test_a_message_delivered_twice_runs_once(run_id: str) -> None:
    alive(ONE)
    first = record.claim(stray(run_id), ONE)
    assert first is not None
    assert first.attempt == 1
    assert record.claim(stray(run_id), TWO) is None
    kinds = list(Run.objects.get(task_id=run_id).events.values_list("kind", flat=True))
    assert kinds.count("STARTED") == 1
    assert "DUPLICATE_REFUSED" in kinds


def test_a_finished_run_is_not_run_again(run_id: str) -> None:
    claim = record.claim(stray(run_id), ONE)
    assert claim is not None
    assert record.ended(claim, Ending(Fact.SUCCESS, timezone.now(), processed=3, failed=0))
    assert record.claim(stray(run_id), ONE) is None
    assert state(run_id) == "SUCCESS"


def test_a_redelivery_after_the_worker_died_is_a_new_attempt_of_a_task_that_is_safe_to_repeat(safe_run_id: str) -> None:
    alive(ONE, heard=60)
    assert record.claim(stray(safe_run_id), ONE) is not None
    second = record.claim(stray(safe_run_id), TWO)
    assert second is not None
    assert second.attempt == 2


def test_a_redelivery_after_the_worker_died_is_refused_otherwise(run_id: str) -> None:
    alive(ONE, heard=60)
    assert record.claim(stray(run_id), ONE) is not None
    assert record.claim(stray(run_id), TWO) is None


def test_an_attempt_that_was_taken_over_cannot_end_the_run(safe_run_id: str) -> None:
    run_id = safe_run_id
    alive(ONE, heard=60)
    first = record.claim(stray(run_id), ONE)
    second = record.claim(stray(run_id), TWO)
    assert first is not None
    assert second is not None
    assert not record.ended(first, Ending(Fact.FAILURE, timezone.now()))
    assert state(run_id) == "STARTED"
    assert record.ended(second, Ending(Fact.SUCCESS, timezone.now()))
    assert state(run_id) == "SUCCESS"


def test_a_run_whose_time_ran_out_is_not_started_and_says_so(run_id: str) -> None:
    Run.objects.filter(task_id=run_id).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert record.claim(stray(run_id), ONE) is None
    reap()
    run = Run.objects.get(task_id=run_id)
    assert run.state == "EXPIRED"
    assert "its time ran out" in run.explanation
    assert AuditEntry.objects.filter(task_id=run_id, action="TASK_EXECUTION_EXPIRED").exists()


def test_a_cancelled_run_never_starts(run_id: str, anna: Actor) -> None:
    cancellation = cancel(run_id, actor=anna, reason="a mistake")
    assert cancellation.how == "revoked"
    assert record.claim(stray(run_id), ONE) is None
    assert state(run_id) == "REVOKED"
    with pytest.raises(NotPossible):
        cancel(run_id, actor=anna)
    entry = AuditEntry.objects.get(action="TASK_CANCELLATION_REQUESTED")
    assert (entry.actor, entry.field_changes["reason"]) == ("user:anna", "a mistake")


@pytest.mark.parametrize(("pool", "how"), [("prefork", "terminating"), ("threads", "requested")])
def test_cancelling_a_running_run_says_what_its_pool_can_do(run_id: str, anna: Actor, pool: str, how: str) -> None:
    alive(ONE)
    Worker.objects.update(pool=pool)
    claim = record.claim(stray(run_id), ONE)
    assert claim is not None
    assert cancel(run_id, actor=anna).how == how
    assert record.note_progress(claim, 1, 2, "half") == (True, True)


def test_a_run_whose_worker_is_gone_is_lost_and_frees_its_place(
    dispatcher: FakeDispatcher, exclusive: TaskDefinition, anna: Actor
) -> None:
    run_id = trigger("one_at_a_time", actor=anna).run_id
    alive(ONE, heard=60)
    assert record.claim(Stray(run_id, "one_at_a_time", "tests.tasks.one_at_a_time", "", {}, ""), ONE) is not None
    Run.objects.filter(task_id=run_id).update(started_at=timezone.now() - timedelta(minutes=2))
    assert bury_lost() == 1
    assert state(run_id) == "LOST"
    assert trigger("one_at_a_time", actor=anna).run_id


def test_a_run_on_a_living_worker_is_not_lost(run_id: str) -> None:
    alive(ONE)
    assert record.claim(stray(run_id), ONE) is not None
    Run.objects.filter(task_id=run_id).update(started_at=timezone.now() - timedelta(hours=5))
    assert bury_lost() == 0
    assert state(run_id) == "STARTED"


def test_after_a_pause_nobody_is_called_dead_before_the_living_could_speak() -> None:
    watch = Watch()
    assert not watch.look(1000.0)
    assert [watch.look(1000.0 + second) for second in range(1, 10)] == [False] * 7 + [True] * 2
    assert not watch.look(1060.0)
    assert not watch.look(1064.0)


def test_facts_that_come_late_are_kept_and_move_nothing_back(run_id: str) -> None:
    claim = record.claim(stray(run_id), ONE)
    assert claim is not None
    record.ended(claim, Ending(Fact.SUCCESS, timezone.now()))
    record.received({run_id: timezone.now()}, ONE)
    record.published({run_id: timezone.now()})
    assert not record.observed(Observation(run_id, Fact.FAILURE, timezone.now()))
    run = Run.objects.get(task_id=run_id)
    assert run.state == "SUCCESS"
    assert {"RECEIVED", "QUEUED", "FAILURE"} <= set(run.events.values_list("kind", flat=True))


def test_a_task_sent_past_runbell_is_recorded_as_what_it_is(dispatcher: FakeDispatcher) -> None:
    claim = record.claim(stray("my-own-id"), ONE)
    assert claim is not None
    run = Run.objects.get(task_id="my-own-id")
    assert (run.trigger, run.actor, run.params, run.attempt) == ("celery", "celery:gen1@host", {"days": 1}, 1)
    assert record.claim(stray("my-own-id"), TWO) is None or run.attempt == 1


def test_an_end_is_audited_once_with_its_counts(run_id: str) -> None:
    claim = record.claim(stray(run_id), ONE)
    assert claim is not None
    record.ended(claim, Ending(Fact.PARTIAL, timezone.now(), processed=4, failed=2))
    record.ended(claim, Ending(Fact.PARTIAL, timezone.now(), processed=4, failed=2))
    entry = AuditEntry.objects.get(task_id=run_id, action="TASK_EXECUTION_PARTIAL")
    assert (entry.field_changes["processed"], entry.field_changes["failed"]) == (4, 2)


def test_a_message_cannot_put_another_task_under_a_run_s_id(run_id: str) -> None:
    forged = Stray(run_id, "close_books", "tests.tasks.close_books", "celery", {}, "gen1@host")
    assert record.claim(forged, ONE) is None
    assert not record.observed(
        Observation(run_id, Fact.EXPIRED, timezone.now(), celery_name="tests.tasks.close_books", detail="forged")
    )
    run = Run.objects.get(task_id=run_id)
    assert (run.state, run.attempt) == ("ACCEPTED", 0) or run.state == "QUEUED"
    assert "not its task" in run.events.get(kind="DUPLICATE_REFUSED").detail
    assert record.claim(stray(run_id), ONE) is not None


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="the plans are PostgreSQL's")
@pytest.mark.parametrize(("threshold", "kept"), [(0, True), (None, False)])
def test_plans_are_kept_where_the_connection_says_that_they_may(threshold: int | None, kept: bool) -> None:
    connection.ensure_connection()
    raw: Any = connection.connection
    before, raw.prepare_threshold = raw.prepare_threshold, threshold
    try:
        with repeated_cursor(connection) as cursor:
            cursor.execute("SELECT %s::int", [7])
            assert cursor.fetchone() == (7,)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT $1::int'")
            assert bool(cursor.fetchone()[0]) is kept
        with pytest.raises(ProgrammingError), repeated_cursor(connection) as cursor:
            cursor.execute("SELECT nothing")
    finally:
        raw.prepare_threshold = before

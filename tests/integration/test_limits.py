"""What the promises may cost: a bounded number of questions a tick, and an event loop that never waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from celery.exceptions import WorkerLostError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from runbell.actions.heartbeat import Pulse, Registration, Running, beat
from runbell.actions.look import look
from runbell.actions.pause import pause_task
from runbell.actions.relay import relay
from runbell.actions.sync_schedules import sync_schedules
from runbell.actions.tick import Ticker, tick
from runbell.actions.trigger import trigger
from runbell.domain.actors import Actor
from runbell.domain.tasks import Overlap, TaskDefinition
from runbell.engine import signals
from runbell.engine.facts import writer
from runbell.models import AuditEntry, Broker, Pause, Run, Schedule, Worker
from runbell.testing import FakeDispatcher
from tests.support.together import together

pytestmark = pytest.mark.django_db(transaction=True)
Declare = Callable[..., TaskDefinition]
BEA = Actor(name="user:bea", display_name="Bea", has_permission=lambda _: True)


def questions(deed: Callable[[], object]) -> int:
    """Return how many statements something sends to the database."""
    with CaptureQueriesContext(connection) as sent:
        deed()
    return len(sent)


def test_an_idle_tick_asks_as_often_however_many_tasks_there_are(dispatcher: FakeDispatcher, declare: Declare) -> None:
    asked = []
    for many in (range(3), range(3, 100)):
        for number in many:
            declare(f"task_{number}", interval=3600)
        sync_schedules()
        tick()
        asked.append(questions(tick))
    assert asked[0] == asked[1]


def test_a_ticker_with_nothing_to_do_asks_one_question(dispatcher: FakeDispatcher, declare: Declare) -> None:
    declare(interval=3600)
    ticker = Ticker()
    ticker.tick()
    assert questions(ticker.tick) == 1


@pytest.mark.servers
def test_a_look_at_a_ledger_that_has_worked_off_much_reads_no_table_of_it(
    dispatcher: FakeDispatcher, declare: Declare
) -> None:
    """PostgreSQL's statistics still tell of the moment at which everything waited."""
    declare()
    run_id = trigger("tidy_up", actor=BEA).run_id
    row = Run.objects.get(task_id=run_id)
    Run.objects.bulk_create(_copy(row, number) for number in range(5000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE runbell_run")
        Run.objects.update(state="SUCCESS", finished_at=timezone.now(), publish_after=None, in_line=None)
        with CaptureQueriesContext(connection) as sent:
            look()
        cursor.execute(f"EXPLAIN {sent.captured_queries[-1]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan on runbell_run" not in plan, plan


def _copy(run: Run, number: int) -> Run:
    values = {field.attname: getattr(run, field.attname) for field in Run._meta.fields if not field.primary_key}
    return Run(**values | {"task_id": f"{number}", "in_line": "tidy_up"})


def _a_moment_is_due(_: str) -> None:
    Schedule.objects.update(next_due_at=timezone.now())


def _a_pause_is_over(_: str) -> None:
    pause_task("often", actor=BEA, reason="new disks", until=timezone.now() + timedelta(seconds=1))
    Pause.objects.update(until=timezone.now())


def _a_run_is_unpublished(run_id: str) -> None:
    Run.objects.filter(task_id=run_id).update(state="ACCEPTED", publish_after=timezone.now())


def _a_run_has_expired(run_id: str) -> None:
    Run.objects.filter(task_id=run_id).update(expires_at=timezone.now())


def _a_place_is_free(run_id: str) -> None:
    Run.objects.filter(task_id=run_id).update(state="ACCEPTED", in_line="tidy_up", overlap_key=None, publish_after=None)


def _the_broker_was_asked_long_ago(_: str) -> None:
    Broker.objects.update(checked_at=timezone.now() - timedelta(seconds=4))


def _a_worker_is_long_gone(_: str) -> None:
    Run.objects.update(state="REVOKED", finished_at=timezone.now())
    registration = Registration("1" * 32, "celery@one", 1, "prefork", 1, [], [], {}, timezone.now())
    beat(registration, Pulse([], [], []))
    Worker.objects.update(heartbeat_at=timezone.now() - timedelta(days=2))


@pytest.mark.parametrize(
    ("cause", "seen"),
    [
        (_a_moment_is_due, lambda: Run.objects.filter(task_name="often").exists()),
        (_a_pause_is_over, lambda: not Pause.objects.filter(ended_at=None).exists()),
        (_a_run_is_unpublished, lambda: Run.objects.filter(state="QUEUED").exists()),
        (_a_run_has_expired, lambda: Run.objects.filter(state="EXPIRED").exists()),
        (_a_place_is_free, lambda: Run.objects.filter(overlap_key="tidy_up").exists()),
        (lambda _: None, lambda: AuditEntry.objects.exists() and not AuditEntry.objects.filter(sequence=None)),
        (
            _the_broker_was_asked_long_ago,
            lambda: Broker.objects.get().checked_at > timezone.now() - timedelta(seconds=2),
        ),
        (_a_worker_is_long_gone, lambda: not Worker.objects.exists()),
    ],
)
def test_a_ticker_sees_at_once_what_there_is_to_do(
    cause: Callable[[str], None],
    seen: Callable[[], bool],
    dispatcher: FakeDispatcher,
    declare: Declare,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("runbell.actions.tick.PACE", {})
    declare(overlap=Overlap.QUEUE)
    declare("often", interval=3600)
    ticker = Ticker()
    ticker.tick()
    run_id = trigger("tidy_up", actor=BEA).run_id
    cause(run_id)
    ticker.tick()
    assert seen()


def test_a_heart_beats_with_as_many_questions_however_much_its_worker_does(
    dispatcher: FakeDispatcher, declare: Declare, anna: Actor
) -> None:
    declare()
    run_ids = [trigger("tidy_up", actor=anna).run_id for _ in range(50)]
    registration = Registration("1" * 32, "celery@one", 1, "prefork", 50, [], [], {}, timezone.now())
    beat(registration, Pulse([], [], []))

    def with_runs(number: int) -> int:
        active = run_ids[:number]
        return questions(lambda: beat(registration, Pulse([], active, [], [Running(each, 7) for each in active])))

    assert with_runs(1) == with_runs(50)


def test_what_celery_says_in_its_event_loop_asks_nothing_of_the_database() -> None:
    request, sender = SimpleNamespace(id="some-run"), SimpleNamespace(name="tests.tasks.tidy_up")
    told: list[Callable[[], None]] = [
        lambda: signals._on_received(request=request),
        lambda: signals._on_failure(task_id="some-run", exception=WorkerLostError("it died")),
        lambda: signals._on_revoked(sender=sender, request=request, terminated=True),
        lambda: signals._on_revoked(sender=sender, request=request, expired=True),
        lambda: signals._on_unknown(id="some-run", name="tests.tasks.gone"),
        signals._on_worker_shutting_down,
    ]
    assert [questions(each) for each in told] == [0] * len(told)
    assert writer.flush(10)


def test_of_many_relays_each_publishes_others(dispatcher: FakeDispatcher, declare: Declare, anna: Actor) -> None:
    declare()
    dispatcher.down = True
    run_ids = {trigger("tidy_up", actor=anna).run_id for _ in range(40)}
    dispatcher.down = False
    Run.objects.update(publish_after=timezone.now() - timedelta(seconds=1))
    together([relay] * 4)
    assert sorted(message.run_id for message in dispatcher.messages) == sorted(run_ids)

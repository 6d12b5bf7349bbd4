"""Random lives of a whole system against the real ledger: whatever happens, the promises hold after every step.

Hypothesis drives people, tickers, workers, the broker and the clock. What a real system does in processes is done here
in calls of the same actions; a process that is killed is a call that is cut short, or one that is never made.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from runbell.actions import record
from runbell.actions.cancel import cancel
from runbell.actions.fire_due import fire_due
from runbell.actions.heartbeat import Pulse, Registration, Running, beat
from runbell.actions.keep_watch import watch
from runbell.actions.pause import pause_task
from runbell.actions.reap import bury_lost
from runbell.actions.record import Claim, Claimant, Ending, Stray
from runbell.actions.resume import resume_task
from runbell.actions.retry import retry
from runbell.actions.sync_schedules import sync_schedules
from runbell.actions.tick import tick
from runbell.actions.trigger import trigger
from runbell.catalog import catalog
from runbell.conf import get_dispatcher
from runbell.domain.actors import Actor
from runbell.domain.catch_up import CatchUp
from runbell.domain.dispatch import Message
from runbell.domain.errors import RunbellError
from runbell.domain.ids import new_run_id
from runbell.domain.pauses import Missed
from runbell.domain.states import FINISHED, Fact, State
from runbell.domain.tasks import Overlap, TaskDefinition
from runbell.ledger import clock as ledger_clock
from runbell.models import AuditEntry, Broker, Event, LogLine, Pause, Run, Schedule, TickerSpan, Worker
from runbell.testing import FakeDispatcher
from tests.support.audit import audit_guard_lifted

pytestmark = pytest.mark.django_db(transaction=True)
Declare = Callable[..., TaskDefinition]
QUEUE = "celery"
MINUTE = timedelta(minutes=1)
NEVER_RUN = {State.MISSED, State.SKIPPED}
SAYS_WHY = NEVER_RUN | {State.EXPIRED, State.LOST, State.REVOKED}
ANNA = Actor(name="user:anna", display_name="Anna", user_id="1", has_permission=lambda _: True)
TASKS = ["plain", "repeated", "alone", "in_line", "newest", "hasty", "hourly_once", "hourly_each"]
ROUNDS_TO_THE_END = 60


class Killed(BaseException):
    """A process ends here."""


@dataclass
class Hands:
    """A worker as far as the ledger can tell: what it holds and what it runs."""

    claimant: Claimant
    held: list[Message] = field(default_factory=list)
    running: dict[str, Claim] = field(default_factory=dict)


class Life(RuleBasedStateMachine):
    """One system, from its first schedule to the end of its last run."""

    def __init__(self) -> None:
        super().__init__()
        with audit_guard_lifted():
            for model in (Event, LogLine, Run, Schedule, TickerSpan, Worker, Pause, AuditEntry, Broker):
                model.objects.all()._raw_delete("default")
        self.now = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)
        self.patches = ExitStack()
        self.patches.enter_context(patch.object(timezone, "now", self.read_clock))
        self.patches.enter_context(patch.object(ledger_clock, "now", self.read_clock))
        self.patches.enter_context(patch("runbell.actions.reap.Watch.ENOUGH", 0.0))  # the living have just spoken
        self.number_runs()
        watch.noted_at = None
        dispatcher = get_dispatcher()
        assert isinstance(dispatcher, FakeDispatcher)
        self.broker = dispatcher
        self.broker.clear()
        self.broker._report = lambda run_ids, _: record.published(dict.fromkeys(run_ids, self.now))
        self.accepted: set[str] = set()
        self.finished: dict[str, tuple[str, datetime | None]] = {}
        self.delivered: list[Message] = []
        self.dead: list[Claim] = []
        self.asleep: list[Hands] = []
        self.names = itertools.count(1)
        self.workers: list[Hands] = []
        self.start_worker()
        sync_schedules()
        self.first_due = dict(Schedule.objects.values_list("name", "next_due_at"))

    def teardown(self) -> None:
        """Let everything recover, and see that every run ends."""
        try:
            self.all_runs_end()
        finally:
            self.patches.close()

    # What people do

    @rule(task=st.sampled_from(TASKS))
    def somebody_triggers(self, task: str) -> None:
        with suppress(RunbellError):
            self.accepted.add(trigger(task, actor=ANNA).run_id)

    @rule(data=st.data())
    def somebody_cancels(self, data: st.DataObject) -> None:
        with suppress(RunbellError):
            cancel(self.any_run(data), actor=ANNA, reason="not today")

    @rule(data=st.data())
    def somebody_retries(self, data: st.DataObject) -> None:
        with suppress(RunbellError):
            self.accepted.add(retry(self.any_run(data), actor=ANNA).run_id)

    @rule(task=st.sampled_from(TASKS[-2:]), minutes=st.none() | st.integers(1, 100))
    def somebody_pauses(self, task: str, minutes: int | None) -> None:
        until = self.now + minutes * MINUTE if minutes else None
        pause_task(task, actor=ANNA, reason="the disk is being replaced", until=until)

    @rule(task=st.sampled_from(TASKS[-2:]), missed=st.sampled_from(Missed))
    def somebody_resumes(self, task: str, missed: Missed) -> None:
        with suppress(RunbellError):
            resume_task(task, actor=ANNA, missed=missed)

    # What tickers do, and how they die

    @rule()
    def a_ticker_ticks(self) -> None:
        assert None not in tick().values()

    @rule(place=st.sampled_from(["runbell.ledger.runs.open_runs", "runbell.actions.submit_all._publish"]))
    def a_ticker_dies_half_way(self, place: str) -> None:
        with patch(place, side_effect=Killed), suppress(Killed):
            fire_due()

    @rule()
    def a_ticker_buries_the_lost(self) -> None:
        bury_lost()

    @rule()
    def a_ticker_starts_anew(self) -> None:
        watch.noted_at = None
        sync_schedules()

    # What workers do, and how they die

    @rule(data=st.data())
    def a_worker_takes_a_message(self, data: st.DataObject) -> None:
        self.take(data.draw(st.sampled_from(self.workers)))

    @rule(data=st.data())
    def a_worker_starts_what_it_holds(self, data: st.DataObject) -> None:
        worker = data.draw(st.sampled_from(self.workers))
        if worker.held:
            self.start(worker, worker.held.pop(0))

    @precondition(lambda self: self.delivered)
    @rule(data=st.data())
    def a_message_comes_again(self, data: st.DataObject) -> None:
        self.start(data.draw(st.sampled_from(self.workers)), data.draw(st.sampled_from(self.delivered)))

    @rule(data=st.data(), fact=st.sampled_from([Fact.SUCCESS, Fact.PARTIAL, Fact.FAILURE]))
    def an_attempt_ends(self, data: st.DataObject, fact: Fact) -> None:
        worker = data.draw(st.sampled_from(self.workers))
        if worker.running:
            run_id = data.draw(st.sampled_from(list(worker.running)))
            record.ended(worker.running.pop(run_id), Ending(fact, self.now))

    @precondition(lambda self: self.dead)
    @rule(data=st.data())
    def a_dead_attempt_speaks_after_all(self, data: st.DataObject) -> None:
        """Its worker was only stopped for a while."""
        record.ended(data.draw(st.sampled_from(self.dead)), Ending(Fact.SUCCESS, self.now))

    @rule(data=st.data())
    def a_worker_is_killed(self, data: st.DataObject) -> None:
        worker = self.workers.pop(data.draw(st.integers(0, len(self.workers) - 1)))
        self.dead += worker.running.values()
        self.start_worker()

    @rule(data=st.data())
    def a_worker_is_stopped(self, data: st.DataObject) -> None:
        """It is busy, is believed dead, and another one takes what it had."""
        worker = self.workers.pop(data.draw(st.integers(0, len(self.workers) - 1)))
        self.start_all(worker)
        self.asleep.append(worker)
        self.start_worker()
        self.time_passes(31)
        bury_lost()
        tick()
        self.start_all(self.workers[-1])

    @precondition(lambda self: self.asleep)
    @rule(data=st.data())
    def a_stopped_worker_wakes(self, data: st.DataObject) -> None:
        """What no longer counts is not worked for any more; what is unsure is looked at twice, a second apart."""
        self.workers.append(self.asleep.pop(data.draw(st.integers(0, len(self.asleep) - 1))))
        self.beat()
        self.beat()

    # What the broker and the clock do

    @rule()
    def the_broker_goes(self) -> None:
        self.broker.down = True

    @rule()
    def the_broker_comes_back(self) -> None:
        self.broker.down = False

    @rule()
    def the_broker_loses_everything(self) -> None:
        self.broker.clear()

    @rule(seconds=st.sampled_from([1, 7, 30, 61, 600, 2000]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self.beat()

    @rule(seconds=st.integers(1, 5))
    def the_clock_is_put_back(self, seconds: int) -> None:
        self.now -= timedelta(seconds=seconds)

    # What must hold after every step

    @invariant()
    def what_was_accepted_is_kept(self) -> None:
        assert self.accepted <= set(Run.objects.values_list("task_id", flat=True))

    @invariant()
    def every_run_is_in_exactly_one_place(self) -> None:
        """Finished; or in line, or where a relay finds it, or with a worker by name: never two, never none."""
        for run in Run.objects.all():
            places = {
                "finished": run.finished_at is not None,
                "in line": run.in_line is not None,
                "with a relay": run.publish_after is not None,
                "with a worker": run.state in (State.RECEIVED, State.STARTED) and run.worker_instance != "",
            }
            assert sum(places.values()) == 1, (run.task_id, run.state, places)

    @invariant()
    def one_attempt_at_most_is_alive(self) -> None:
        running = [run_id for worker in self.workers for run_id in worker.running]
        assert len(running) == len(set(running))

    @invariant()
    def each_occurrence_has_one_row(self) -> None:
        for name, next_due_at in Schedule.objects.values_list("name", "next_due_at"):
            rows = Run.objects.filter(schedule_name=name).order_by("due_at").values_list("due_at", flat=True)
            assert list(rows) == list(minutes(self.first_due[name], next_due_at))

    @invariant()
    def what_is_finished_stays_as_it_is(self) -> None:
        finished = {run.task_id: (run.state, run.finished_at) for run in Run.objects.filter(finished_at__isnull=False)}
        assert self.finished.items() <= finished.items()
        self.finished = finished

    @invariant()
    def what_did_not_run_says_why(self) -> None:
        states = [state.value for state in SAYS_WHY]
        assert not Run.objects.filter(state__in=states, explanation="").exists()

    @invariant()
    def each_run_has_its_audit_entries(self) -> None:
        entries = AuditEntry.objects.exclude(task_id="")
        counted: dict[str, list[str]] = {}
        for run_id, action in entries.order_by("id").values_list("task_id", "action"):
            if action != "TASK_CANCELLATION_REQUESTED":
                counted.setdefault(run_id, []).append(action)
        for run_id, state in Run.objects.values_list("task_id", "state"):
            ended = State(state) in FINISHED - NEVER_RUN
            assert len(counted[run_id]) == 1 + ended, (run_id, state, counted[run_id])

    # How it is done

    def read_clock(self) -> datetime:
        """No two looks at a clock show the same."""
        self.now += timedelta(microseconds=1)
        return self.now

    def number_runs(self) -> None:
        """Give runs ids that are the same in every life: what follows from their order must be, too."""
        numbers = itertools.count(1)
        self.patches.enter_context(patch("runbell.domain.ids._random_bytes", lambda: next(numbers).to_bytes(16, "big")))
        self.patches.enter_context(patch("runbell.domain.ids.time", SimpleNamespace(time_ns=lambda: 0)))

    def any_run(self, data: st.DataObject) -> str:
        run_ids = list(Run.objects.order_by("id").values_list("task_id", flat=True)[:20])
        return data.draw(st.sampled_from(run_ids)) if run_ids else "none"

    def start_worker(self) -> None:
        name = f"worker{next(self.names)}@host"
        self.workers.append(Hands(Claimant(name, new_run_id().replace("-", ""), 1)))
        self.beat()

    def beat(self) -> None:
        """Have the living say so, as they do once a second; one that is to end a run ends it."""
        for worker in self.workers:
            claimant = worker.claimant
            registration = Registration(claimant.instance, claimant.worker, 1, "prefork", 2, [QUEUE], [], {}, self.now)
            running = [Running(run_id, claimant.pid) for run_id in sorted(worker.running)]
            pulse = Pulse([QUEUE], sorted(worker.running), [message.run_id for message in worker.held], running)
            standing = beat(registration, pulse)
            for stale in standing.stale:
                self.dead.append(worker.running.pop(stale.run_id))
            for run_id in standing.cancelled:
                worker.running.pop(run_id, None)
                seen = record.Observation(run_id, Fact.REVOKED, self.now, detail="ended on request")
                record.observed(seen, claimant)

    def take(self, worker: Hands) -> bool:
        message = self.broker.take(QUEUE)
        if message is None:
            return False
        self.delivered.append(message)
        worker.held.append(message)
        record.received({message.run_id: self.now}, worker.claimant)
        return True

    def start_all(self, worker: Hands) -> None:
        while self.take(worker):
            self.start(worker, worker.held.pop(0))

    def start(self, worker: Hands, message: Message) -> None:
        stray = Stray(message.run_id, "", message.celery_name, QUEUE, {}, "")
        claim = record.claim(stray, worker.claimant)
        if claim is not None:
            worker.running[claim.run_id] = claim

    def all_runs_end(self) -> None:
        self.broker.down = False
        for task in TASKS[-2:]:
            self.somebody_resumes(task, Missed.SKIP)
        for _ in range(ROUNDS_TO_THE_END):
            if not Run.objects.filter(finished_at__isnull=True).exists():
                return
            self.now += timedelta(seconds=5)
            self.beat()
            tick()
            bury_lost()
            self.work_off()
        left = list(Run.objects.filter(finished_at__isnull=True).values_list("task_name", "state", "explanation"))
        raise AssertionError(f"these runs never end: {left}")

    def work_off(self) -> None:
        worker = self.workers[0]
        for each in self.workers:
            while each.held:
                self.start(each, each.held.pop(0))
            for run_id in sorted(each.running):
                record.ended(each.running.pop(run_id), Ending(Fact.SUCCESS, self.now))
        while self.take(worker):
            pass


def minutes(first: datetime, end: datetime) -> Iterator[datetime]:
    """Iterate over the full minutes from ``first`` to before ``end``."""
    while first < end:
        yield first
        first += MINUTE


def test_the_promises_hold_whatever_happens(dispatcher: FakeDispatcher, declare: Declare) -> None:
    declare("plain")
    declare("repeated", safe_to_repeat=True)
    declare("alone", overlap=Overlap.SKIP)
    declare("in_line", overlap=Overlap.QUEUE)
    declare("newest", overlap=Overlap.CANCEL_RUNNING)
    declare("hasty", expires=timedelta(seconds=20))
    declare("hourly_once", interval=60, catch_up=timedelta(minutes=20), expires=timedelta(minutes=30))
    declare("hourly_each", interval=60, catch_up=timedelta(minutes=5), catch_up_mode=CatchUp.EACH)
    assert [task.name for task in catalog if task.name not in TASKS] == []
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=25,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
        ),
    )

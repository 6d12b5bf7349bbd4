"""What a run waits for is said in one sentence, the first cause that it would meet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from runbell.diagnosis.waiting.sentence import waiting_for

NOW = datetime(2026, 3, 1, 12, 4, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Slot:
    task_title: str = "Send report"
    seconds: float | None = 40.0


@dataclass(frozen=True)
class Worker:
    name: str = "a1"
    instance: str = "1" * 32
    queues: tuple[str, ...] = ("scheduler",)
    tasks: tuple[str, ...] = ("edms.tasks.tidy",)
    slots: int = 2
    busy: tuple[Slot, ...] = ()
    seconds_silent: float = 0.5


@dataclass(frozen=True)
class Turn:
    run_id: str = "0198"
    state: str = "STARTED"
    ahead: int = 0


@dataclass(frozen=True)
class Facts:
    at: datetime = NOW
    state: str = "QUEUED"
    queue: str = "scheduler"
    celery_name: str = "edms.tasks.tidy"
    held_by: str = ""
    worker: str = ""
    next_attempt_at: datetime | None = None
    expires_at: datetime | None = None
    broker_unreachable_since: datetime | None = None
    workers: tuple[Worker, ...] = (Worker(),)
    last_heartbeat_at: datetime | None = None
    turn: Turn | None = None


HELD = Facts(state="RECEIVED", held_by="1" * 32, worker="a1")
BUSY = Worker(busy=(Slot(seconds=3.0), Slot("Rebuild index", 40.2)))


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            Facts(workers=(Worker(queues=("celery",)),)),
            "no live worker consumes queue scheduler; worker a1 consumes celery",
        ),
        (Facts(state="ACCEPTED", turn=Turn()), "run 0198 of the same task, which is STARTED, must end first"),
        (
            Facts(state="ACCEPTED", turn=Turn(ahead=2), workers=()),
            "run 0198 of the same task, which is STARTED, must end first; 2 more wait before it",
        ),
        (Facts(state="ACCEPTED", turn=Turn("", "")), "its turn comes with the next tick"),
        (Facts(workers=()), "no live worker consumes queue scheduler; no worker is alive"),
        (
            Facts(workers=(Worker(seconds_silent=7.4),)),
            "no live worker consumes queue scheduler; worker a1 consumes it, and has been silent for 7 s",
        ),
        (
            Facts(state="ACCEPTED", broker_unreachable_since=NOW - timedelta(seconds=50)),
            "broker unreachable since 12:03:10 UTC",
        ),
        (
            Facts(broker_unreachable_since=NOW - timedelta(days=1)),
            "broker unreachable since 2026-02-28 12:04:00 UTC",
        ),
        (Facts(workers=(Worker(tasks=()),)), "task not registered on worker a1"),
        (Facts(workers=(BUSY,)), "2 of 2 slots of worker a1 are busy with Rebuild index since 40 s"),
        (replace(HELD, workers=(BUSY,)), "2 of 2 slots of worker a1 are busy with Rebuild index since 40 s"),
        (
            replace(HELD, workers=()),
            "worker a1 that took it from the broker is silent; it will be handed to another one",
        ),
        (
            Facts(state="RETRY", next_attempt_at=NOW + timedelta(seconds=30)),
            "its next attempt is due at 12:04:30 UTC",
        ),
        (Facts(), "it is in queue scheduler, which worker a1 consumes"),
        (Facts(state="ACCEPTED"), "it is being handed to the broker"),
        (HELD, "worker a1 holds it and starts it next"),
        (
            Facts(expires_at=NOW - timedelta(minutes=5), last_heartbeat_at=NOW - timedelta(hours=1)),
            "no ticker was alive when its time ran out; the last one was heard of at 2026-03-01 11:04:00 UTC",
        ),
    ],
)
def test_the_sentence_names_the_cause(facts: Facts, sentence: str) -> None:
    assert waiting_for(facts) == sentence


def test_a_worker_with_a_free_slot_is_not_busy() -> None:
    free = Worker(name="a2", busy=(Slot(),))
    assert "busy" not in (waiting_for(Facts(workers=(BUSY, free))) or "")


def test_what_a_worker_holds_does_not_wait_for_the_broker() -> None:
    assert "broker" not in (waiting_for(replace(HELD, broker_unreachable_since=NOW)) or "")


def test_a_run_that_does_not_wait_waits_for_nothing() -> None:
    assert waiting_for(None) is None


def test_many_workers_are_not_all_named() -> None:
    workers = tuple(replace(Worker(queues=("celery",)), name=f"a{number}") for number in range(9))
    assert (waiting_for(Facts(workers=workers)) or "").endswith("and 6 more")

"""Which of the attempts that a worker has under way still count, as the ledger knows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from runbell.domain.states import WAITING, Fact, State
from runbell.ledger.attempt import Claimant
from runbell.ledger.opening import DETAIL_LENGTH
from runbell.models import Event, Run


@dataclass(frozen=True)
class Running:
    """A run that a worker has under way, and the process that runs it."""

    run_id: str
    pid: int


@dataclass(frozen=True)
class Stale:
    """An attempt under way that no longer counts.

    Args:
        run_id: its run.
        pid: the process that is at it.
        attempt: its number.
        sure: False if it may also just have ended by itself and not have been put away yet; look again.
    """

    run_id: str
    pid: int
    attempt: int
    sure: bool


@dataclass(frozen=True)
class Standing:
    """What the ledger says of a worker's runs: which somebody asked to stop, and which attempts no longer count."""

    cancelled: tuple[str, ...] = ()
    stale: tuple[Stale, ...] = ()


def standing(worker: str, instance: str, running: Sequence[Running]) -> Standing:
    """Return how the attempts that a worker has under way stand. One query; a second one if some may not count.

    Args:
        worker: its name.
        instance: this start of it.
        running: what it has under way.
    """
    if not running:
        return Standing()
    columns = ("id", "task_id", "state", "attempt", "worker_instance", "worker_pid", "cancel_requested_at")
    found = Run.objects.only(*columns).filter(task_id__in=[each.run_id for each in running])
    runs = {run.task_id: run for run in found}
    known = [(each, runs[each.run_id]) for each in running if each.run_id in runs]
    cancelled = [run.task_id for each, run in known if _counts(run, instance, each.pid) and run.cancel_requested_at]
    doubtful = [(each, run) for each, run in known if not _counts(run, instance, each.pid)]
    return Standing(tuple(cancelled), tuple(_stale(worker, instance, doubtful)) if doubtful else ())


def note(stale: Stale, worker: str, detail: str, at: datetime) -> None:
    """Write down that a worker ends an attempt that no longer counts."""
    run = Run.objects.only("id").get(task_id=stale.run_id)
    Event.objects.create(
        run=run, kind=Fact.FENCED.value, at=at, attempt=stale.attempt, worker=worker, detail=detail[:DETAIL_LENGTH]
    )


def is_elsewhere(run_id: str, instance: str) -> bool:
    """Return whether the attempt of a run that counts is under way in another worker than this one."""
    return Run.objects.filter(task_id=run_id, state=State.STARTED.value).exclude(worker_instance=instance).exists()


def _counts(run: Run, instance: str, pid: int) -> bool:
    return (run.state, run.worker_instance, run.worker_pid) == (State.STARTED.value, instance, pid)


def _stale(worker: str, instance: str, doubtful: Sequence[tuple[Running, Run]]) -> Iterator[Stale]:
    """Yield those of the doubtful that this worker's processes did start; others are yet to be claimed, and refused."""
    starts = Event.objects.filter(
        run__in=[run.pk for _, run in doubtful], kind=Fact.STARTED.value, worker=worker
    ).order_by("attempt")
    started = {(event.run_id, event.detail): event.attempt for event in starts}
    for each, run in doubtful:
        attempt = started.get((run.pk, Claimant(worker, instance, each.pid).process))
        if attempt is not None and (attempt < run.attempt or State(run.state) in WAITING | {State.LOST}):
            sure = attempt < run.attempt or run.state == State.LOST
            yield Stale(each.run_id, each.pid, attempt, sure)

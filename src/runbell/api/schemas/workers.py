"""Wire types of workers and queues."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from runbell.api.schemas.common import Wire
from runbell.queries.queues import QueueInfo
from runbell.queries.workers import WorkerInfo


class ActiveRunOut(Wire):
    """A run that occupies a slot; what the ledger does not know of it is null."""

    id: str = Field(description="The run's id.")
    task_name: str | None = Field(description="Its task.")
    task_title: str | None = Field(description="Its task for people.")
    started_at: datetime | None = Field(description="When it started.")
    seconds_ran: float | None = Field(description="How long it has been running.")


class WorkerOut(Wire):
    """One live worker, by its own last word."""

    instance: str = Field(description="Made anew at every start of the worker.")
    name: str = Field(description="E.g. `celery@host`.")
    pid: int = Field(description="Its process id.")
    pool: str = Field(description="How it runs tasks, e.g. `prefork`.")
    slots: int = Field(description="Runs that it can execute at once.")
    queues: list[str] = Field(description="What it consumes.")
    tasks: list[str] = Field(description="Full Celery paths of the tasks registered on it.")
    active: list[ActiveRunOut] = Field(description="What it does now.")
    reserved: list[str] = Field(description="Ids of runs that it took from the broker and that wait for a slot.")
    versions: dict[str, str] = Field(description="Versions of what it runs on.")
    clock_offset_ms: int = Field(description="The database's clock minus the worker's, milliseconds.")
    started_at: datetime = Field(description="When it started.")
    heartbeat_at: datetime = Field(description="When it was last heard of.")
    seconds_since_heartbeat: float = Field(description="How long ago that was.")


class WorkerList(Wire):
    """The live workers."""

    items: list[WorkerOut] = Field(description="The workers by name.")


class QueueOut(Wire):
    """One queue."""

    name: str = Field(description="Its name.")
    depth: int | None = Field(description="Messages that wait in the broker; null if it did not say.")
    depth_error: str = Field(description="Why it did not say, or empty.")
    waiting: int = Field(description="Runs of the ledger that are not started yet.")
    running: int = Field(description="Runs of the ledger that a worker runs now.")
    oldest_waiting_at: datetime | None = Field(description="When the oldest waiting run was asked for.")
    seconds_oldest_waits: float | None = Field(description="How long ago that was.")
    consumers: list[str] = Field(description="Names of the live workers that consume it.")
    tasks: list[str] = Field(description="Names of the tasks that go to it.")


class QueueList(Wire):
    """The queues that a task, a live worker or an active run names."""

    items: list[QueueOut] = Field(description="The queues by name.")


def worker_list(workers: tuple[WorkerInfo, ...]) -> WorkerList:
    """Return workers on the wire."""
    return WorkerList(items=[WorkerOut.model_validate(worker) for worker in workers])


def queue_list(queues: tuple[QueueInfo, ...]) -> QueueList:
    """Return queues on the wire; why the broker did not answer is for the log, not for callers."""
    unreachable = "the broker cannot be reached"
    return QueueList(
        items=[
            QueueOut.model_validate(vars(queue) | {"depth_error": unreachable if queue.depth_error else ""})
            for queue in queues
        ]
    )

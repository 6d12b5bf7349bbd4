"""``runbell workers``: who lives, and does what."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from runbell.management.cli.console import Console, Subcommand
from runbell.management.cli.text import duration
from runbell.queries.workers import ActiveRun, WorkerInfo, live_workers


def _arguments(_: ArgumentParser) -> None:
    """Take no options of its own."""


def _run(_: Namespace, console: Console) -> None:
    workers = live_workers()
    if console.json:
        console.document({"workers": workers})
        return
    console.table(
        ["worker", "pool", "busy", "slots", "held", "queues", "tasks", "heartbeat", "does"],
        [_row(worker) for worker in workers],
        empty="No worker is alive.",
    )


def _row(worker: WorkerInfo) -> tuple[object, ...]:
    return (
        worker.name,
        worker.pool,
        len(worker.active),
        worker.slots,
        len(worker.reserved),
        worker.queues,
        len(worker.tasks),
        f"{duration(worker.seconds_since_heartbeat)} ago",
        [_activity(run) for run in worker.active],
    )


def _activity(run: ActiveRun) -> str:
    return f"{run.task_name or 'unknown'} {run.id} ({duration(run.seconds_ran)})"


COMMAND = Subcommand("workers", "Show live workers, and what each does now.", _arguments, _run)

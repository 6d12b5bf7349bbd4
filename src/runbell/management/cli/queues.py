"""``runbell queues``: what waits, for how long, and who consumes it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from runbell.management.cli.console import Console, Subcommand
from runbell.management.cli.exit_codes import CommandFailed, ExitCode
from runbell.management.cli.text import duration
from runbell.queries.queues import QueueInfo, queue_overview


def _arguments(_: ArgumentParser) -> None:
    """Take no options of its own."""


def _run(_: Namespace, console: Console) -> None:
    queues = queue_overview()
    if console.json:
        console.document({"queues": queues})
    else:
        console.table(
            ["queue", "depth", "waiting", "running", "oldest waits", "consumers", "tasks"],
            [_row(queue) for queue in queues],
            empty="No task, worker or run names a queue.",
        )
    _complain(queues)


def _row(queue: QueueInfo) -> tuple[object, ...]:
    consumers = queue.consumers or "nobody"
    oldest = duration(queue.seconds_oldest_waits)
    return queue.name, queue.depth, queue.waiting, queue.running, oldest, consumers, len(queue.tasks)


def _complain(queues: tuple[QueueInfo, ...]) -> None:
    error = next((queue.depth_error for queue in queues if queue.depth_error), "")
    if error:
        raise CommandFailed(ExitCode.UNAVAILABLE, f"The broker did not say how deep its queues are: {error}")


COMMAND = Subcommand("queues", "Show each queue's depth, consumers and oldest waiting run.", _arguments, _run)

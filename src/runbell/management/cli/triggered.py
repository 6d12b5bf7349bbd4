"""What ``trigger`` and ``retry`` have in common: say what was made, and wait for it."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from contextlib import suppress
from typing import Any

from runbell.actions.trigger import Triggered
from runbell.conf import get_dispatcher
from runbell.domain.errors import BrokerUnavailable
from runbell.domain.states import FINISHED, State
from runbell.management.cli.console import Console
from runbell.management.cli.exit_codes import CommandFailed, ExitCode
from runbell.management.cli.parsing import seconds
from runbell.management.cli.run_text import run_text
from runbell.queries.pauses import is_paused
from runbell.queries.runs import RunDetail, get_run

CONNECT_WITHIN = 2.0
"""Seconds that a command may take to connect to the broker; a request has no such time."""
POLL_INTERVAL = 0.1
"""Seconds between two looks at the ledger."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of waiting and of saying why."""
    parser.add_argument("--reason", default="", help="why; kept in the audit trail")
    parser.add_argument("--wait", action="store_true", help="wait until the run is finished")
    parser.add_argument(
        "--timeout", type=seconds, metavar="S", help="with --wait: give up after S seconds, exit code 6"
    )


def check_arguments(options: Namespace) -> None:
    """Refuse what makes no sense together, and connect to the broker: a new process is not warm as a server is."""
    if options.timeout is not None and not options.wait:
        raise CommandFailed(ExitCode.USAGE, "--timeout needs --wait")
    with suppress(BrokerUnavailable):
        get_dispatcher().ping(budget=CONNECT_WITHIN)


def finish(triggered: Triggered, options: Namespace, console: Console) -> None:
    """Print what was triggered; with ``--wait``, wait and let the run's end decide on the exit code."""
    if not options.wait:
        _print(triggered, None, console)
        return
    console.note(_sentence(triggered))
    run = _wait(triggered.run_id, options.timeout)
    _print(triggered, run, console)
    _judge(run)


def _print(triggered: Triggered, run: RunDetail | None, console: Console) -> None:
    if console.json:
        console.document(_document(triggered) | ({"run": run} if run else {}))
    else:
        console.text(run_text(run) if run else _sentence(triggered))


def _document(triggered: Triggered) -> dict[str, Any]:
    return {
        "task_id": triggered.run_id,
        "task_name": triggered.task.name,
        "task_display_name": triggered.task.title,
        "status": triggered.status,
        "dry_run": triggered.dry_run,
        "execution_time": triggered.requested_at,
        "executed_by": triggered.actor_name,
        "replayed": triggered.replayed,
        "waits_for": triggered.waits_for or None,
    }


def _sentence(triggered: Triggered) -> str:
    what = f"Dry run of {triggered.task.name}" if triggered.dry_run else triggered.task.name
    where = {
        "queued": "queued",
        "waiting": f"waits for its turn; run {triggered.waits_for} must end first",
    }.get(triggered.status, "accepted; it is published as soon as the broker answers")
    paused = "; its schedule is paused, this run goes all the same" if is_paused(triggered.task) else ""
    return f"{what}: {triggered.run_id} {where}{paused}"


def _wait(run_id: str, timeout: float | None) -> RunDetail:
    give_up = None if timeout is None else time.monotonic() + timeout
    while (run := get_run(run_id)).state not in FINISHED:
        if give_up is not None and time.monotonic() >= give_up:
            break
        time.sleep(POLL_INTERVAL)
    return run


def _judge(run: RunDetail) -> None:
    if run.state not in FINISHED:
        raise CommandFailed(ExitCode.TIMED_OUT, f"run {run.id} is still {run.state}; it goes on")
    if run.state != State.SUCCESS:
        raise CommandFailed(ExitCode.FAILED, f"run {run.id} ended in {run.state}")

"""``runbell tick``: the ticker without a worker."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from runbell.actions.tick import Ticker
from runbell.conf import settings
from runbell.diagnosis.waiting.sentence import sentences
from runbell.management.cli.console import Console, Subcommand
from runbell.management.cli.exit_codes import CommandFailed, ExitCode
from runbell.queries.waiting import what_keeps_each


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="tick once and exit; without it, until interrupted")


def _run(options: Namespace, console: Console) -> None:
    ticker = Ticker(lambda run_ids: sentences(what_keeps_each(run_ids)))
    if options.once:
        _once(ticker, console)
        return
    with _interruption() as interrupted:
        console.note(f"Ticking every {settings().TICK_INTERVAL:g} s; stop with Ctrl-C.")
        while not interrupted.is_set():
            _say(ticker.tick(), console)
            interrupted.wait(settings().TICK_INTERVAL)


def _once(ticker: Ticker, console: Console) -> None:
    done = ticker.tick()
    if console.json:
        console.document(done)
    else:
        console.text(", ".join(_words(done)))
    failed = [step for step, count in done.items() if count is None]
    if failed:
        raise CommandFailed(ExitCode.FAILED, f"failed: {', '.join(failed)}; the log has the reason")


def _say(done: dict[str, int | None], console: Console) -> None:
    worth_saying = {step: count for step, count in done.items() if count != 0}
    if worth_saying:
        console.note(", ".join(_words(worth_saying)))


def _words(done: dict[str, int | None]) -> list[str]:
    return [f"{step} {'failed' if count is None else count}" for step, count in done.items()]


@contextmanager
def _interruption() -> Iterator[threading.Event]:
    """Yield an event that SIGINT and SIGTERM set, so that a tick is finished and never cut."""
    interrupted = threading.Event()

    before = {number: signal.signal(number, lambda *_: interrupted.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


COMMAND = Subcommand("tick", "Fire what is due, relay, reap and seal, without a worker.", _arguments, _run)

"""The systems under test: real processes, with the settings of production."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.peers.django import DjangoPeer
from tests.support.live import ROOT, LiveSystem
from tests.support.stacks import EmbeddedStack, ServersStack, Stack

WITH_WORK = {"DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
"""The reference project with the benchmarks' tasks."""


@contextmanager
def stack(name: str) -> Iterator[Stack]:
    """Start a stack whose commits wait for the disk, and remove it afterwards."""
    started: Stack = EmbeddedStack() if name == EmbeddedStack.name else ServersStack(durable=True)
    try:
        yield started
    finally:
        started.remove()


@contextmanager
def servers() -> Iterator[ServersStack]:
    """Start PostgreSQL and Redis, and remove them afterwards."""
    with stack(ServersStack.name) as started:
        assert isinstance(started, ServersStack)
        yield started


@contextmanager
def system(
    on: Stack, name: str, environment: Mapping[str, str] | None = None, *, concurrency: int = 2
) -> Iterator[LiveSystem]:
    """Prepare a system on a stack, start its web process, and remove it afterwards. Its worker is not started."""
    with tempfile.TemporaryDirectory(prefix="runbell-bench-") as temporary:
        folder = Path(temporary)
        variables = on.environment(folder, name) | dict(environment or {})
        live = LiveSystem(folder, variables, concurrency=concurrency)
        try:
            live.token = script(live, "prepare").strip()
            live.web.start()
            live.wait_for_web()
            yield live
        finally:
            live.stop()


@contextmanager
def peer(
    name: str, on: ServersStack, folder: Path, environment: Mapping[str, str], *, label: str = "", concurrency: int = 2
) -> Iterator[DjangoPeer]:
    """Prepare a peer on the same servers, and end it afterwards. None of its processes is started.

    Args:
        name: its environment.
        on: the servers.
        folder: takes its logs.
        environment: what its settings read beside its database and its broker.
        label: tells two of the same peer apart.
        concurrency: how many processes its worker has.
    """
    label = label or name
    (home := folder / label).mkdir()
    variables = on.environment(home, label.replace("-", "_")) | dict(environment)
    made = DjangoPeer(name, home, variables, concurrency=concurrency)
    try:
        made.prepare()
        yield made
    finally:
        made.stop()


def script(live: LiveSystem, module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """Run a module of the benchmarks in a system's environment and return what it prints."""
    return subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}", *arguments],
        cwd=ROOT,
        env=live.environment | dict(environment or {}),
        text=True,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout

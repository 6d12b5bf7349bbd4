"""The systems under test: real processes, with the settings of production."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.live import LiveSystem
from tests.support.stacks import EmbeddedStack, ServersStack, Stack


@contextmanager
def stack(name: str) -> Iterator[Stack]:
    """Start a stack whose commits wait for the disk, and remove it afterwards."""
    started: Stack = EmbeddedStack() if name == EmbeddedStack.name else ServersStack(durable=True)
    try:
        yield started
    finally:
        started.remove()


@contextmanager
def system(on: Stack, name: str, environment: Mapping[str, str] | None = None) -> Iterator[LiveSystem]:
    """Prepare a system on a stack, start its web process, and remove it afterwards. Its worker is not started."""
    with tempfile.TemporaryDirectory(prefix="runbell-bench-") as temporary:
        folder = Path(temporary)
        live = LiveSystem(folder, on.environment(folder, name) | dict(environment or {}))
        try:
            live.prepare()
            live.web.start()
            live.wait_for_web()
            yield live
        finally:
            live.stop()

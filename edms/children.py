"""Child processes of the launcher: started, listened to, stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import IO, TextIO


class Child:
    """One process, whose output is shown line by line with its name in front.

    It gets a session of its own, so that Ctrl-C in the terminal reaches the launcher alone, which then stops its
    children in order.
    """

    def __init__(self, name: str, command: Sequence[str], *, out: TextIO = sys.stdout) -> None:
        """Start ``command``."""
        self.name = name
        self._out = out
        self._process = subprocess.Popen(  # noqa: S603 (the commands are written in this project)
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
        assert self._process.stdout is not None
        self._reader = threading.Thread(target=self._show, args=(self._process.stdout,), daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """What it ended with, or None while it runs."""
        return self._process.poll()

    def ask_to_stop(self) -> None:
        """Send the signal on which it finishes what it does and ends."""
        if self.exit_code is None:
            self._process.terminate()

    def wait(self, timeout: float) -> None:
        """Wait at most ``timeout`` seconds for its end, then kill it with all that it started."""
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self._out.write(f"[{self.name}] did not stop within {timeout:g} s and is killed\n")
        self._kill_group()
        self._reader.join(1)

    def _kill_group(self) -> None:
        """End what is left of the process and its own children, such as a worker's pool."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self._process.wait()

    def _show(self, stream: IO[str]) -> None:
        for line in stream:
            self._out.write(f"[{self.name}] {line}")
            self._out.flush()

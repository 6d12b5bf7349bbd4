"""Real processes that a test starts, watches, and ends by their id."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from tests.support.waiting import wait_until

_TAIL = 4000


class Process:
    """One process in a group of its own, its output in a file.

    Args:
        name: what errors call it.
        command: program and arguments.
        log: file that takes standard output and standard error; each start appends to it.
        environment: the whole environment; this process's own where it is None.
        folder: working directory.
        user: account to run as, for a program that refuses root; None for the present one.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        user: int | None = None,
    ) -> None:
        self.name = name
        self.log = log
        self._command = [str(part) for part in command]
        self._environment = dict(environment) if environment is not None else None
        self._folder = folder
        self._user = user
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The id of the process, which must have been started."""
        return self._started.pid

    @property
    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._child

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Start it; it leads a process group, so that its children can be ended with it."""
        with self.log.open("ab") as output:
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self._environment,
                cwd=self._folder,
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user is not None else None,
                start_new_session=True,
            )

    def stop(self, number: signal.Signals = signal.SIGTERM, timeout: float = 15) -> int:
        """Ask it to end, wait, and return its exit code; what does not end in time is killed.

        Raises:
            TimeoutError: if it had to be killed.
        """
        if self.running:
            os.kill(self.pid, number)
        return self.wait(timeout)

    def wait(self, timeout: float = 15) -> int:
        """Wait for its end and return its exit code.

        Raises:
            TimeoutError: if it had to be killed.
        """
        try:
            return self._started.wait(timeout)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"{self.name} did not end within {timeout} s\n{self.tail()}") from None
        finally:
            self.kill()

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to it and its children, as a terminal does.

        An id whose process has ended may by now be that of a stranger, whose group it then is too: as long as anybody
        is left in ours, no new process is given its id.
        """
        if self._started.poll() is not None and psutil.pid_exists(self.pid):
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """End it and its children at once."""
        if self._child is not None:
            self.signal_group(signal.SIGKILL)
            self._child.wait()

    def output(self) -> str:
        """Return all that it has printed."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def tail(self) -> str:
        """Return the last of what it has printed, with its name."""
        return f"--- {self.name} ---\n{self.output()[-_TAIL:]}"

    def wait_for_output(self, text: str, timeout: float = 15) -> str:
        """Wait until it has printed ``text``, and return all that it has printed.

        Raises:
            TimeoutError: if it did not in time; the error shows what it printed.
        """
        wait_until(lambda: text in self.output(), timeout, lambda: f"{text!r} in the output of {self.tail()}")
        return self.output()

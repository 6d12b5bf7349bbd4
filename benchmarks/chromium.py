"""A headless Chromium that is spoken to over two pipes, in the protocol of its own developer tools."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

_FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe")
_NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 30.0
"""Seconds until a page must be there."""


class Chromium:
    """A browser that runs inside the block.

    Raises:
        FileNotFoundError: if there is none on this machine.
    """

    def __init__(self) -> None:
        found = next(filter(None, map(shutil.which, _NAMES)), None)
        if found is None:
            raise FileNotFoundError(f"none of {', '.join(_NAMES)} is installed")
        self._program = found
        self._profile = tempfile.mkdtemp(prefix="runbell-chromium-")
        self._number = 0
        self._rest = b""

    def __enter__(self) -> Chromium:
        """Start it."""
        theirs_in, self._to = os.pipe()
        self._from, theirs_out = os.pipe()
        command = [self._program, *_FLAGS, f"--user-data-dir={self._profile}", "about:blank"]
        redirect = f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}'
        self._process = subprocess.Popen(
            ["bash", "-c", redirect, "chromium", *command],
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it with all its processes."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, 9)
        self._process.wait()
        os.close(self._to)
        os.close(self._from)
        shutil.rmtree(Path(self._profile), ignore_errors=True)

    @contextlib.contextmanager
    def fresh_page(self) -> Iterator[str]:
        """Yield the session of a page that has no cache and no cookies."""
        context = self.ask("Target.createBrowserContext")["browserContextId"]
        target = self.ask("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        yield str(self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])
        self.ask("Target.disposeBrowserContext", browserContextId=context)

    def evaluate(self, session: str, expression: str) -> Any:
        """Return the value of a JavaScript expression on a page."""
        answer = self.ask("Runtime.evaluate", session, expression=expression, returnByValue=True)
        return answer["result"].get("value")

    def wait_for(self, session: str, expression: str) -> Any:
        """Return the value of an expression as soon as it is true.

        Raises:
            TimeoutError: if it is not in time; the message has the page's text.
        """
        until = time.monotonic() + PATIENCE
        while not (value := self.evaluate(session, expression)):
            if time.monotonic() > until:
                text = self.evaluate(session, "document.body && document.body.innerText")
                raise TimeoutError(f"{expression} is never true on a page that says: {str(text)[:500]}")
            time.sleep(0.02)
        return value

    def ask(self, method: str, session: str = "", **parameters: Any) -> Any:
        """Send one command and return its answer.

        Raises:
            RuntimeError: if it is refused, or the browser is gone.
        """
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters} | (
            {"sessionId": session} if session else {}
        )
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while (answer := self._read()).get("id") != self._number:
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            more = os.read(self._from, 1 << 16)
            if not more:
                raise RuntimeError("Chromium has ended")
            self._rest += more
        message, _, self._rest = self._rest.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        return answer

"""Browsers that listen to the event stream, all in one process: ``python -m benchmarks.listeners PORT TOKEN COUNT``.

Prints a line when all are connected, listens until its standard input ends, and prints what was heard when: pairs of an
event's id and seconds of the clock that all processes of a machine share.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time

_ID = re.compile(rb"^id: (\d+)$", re.MULTILINE)
PATH = "/api/v1/scheduler/stream/"


class Browser(asyncio.Protocol):
    """One connection."""

    def __init__(self, request: bytes, heard: list[tuple[int, float]]) -> None:
        self.open = asyncio.get_running_loop().create_future()
        self._request, self._heard, self._rest = request, heard, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        assert isinstance(transport, asyncio.Transport)
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Note which events came, and when."""
        now = time.monotonic()
        whole, _, self._rest = (self._rest + data).rpartition(b"\n")
        self._heard += [(int(number), now) for number in _ID.findall(whole)]
        if b"retry:" in whole and not self.open.done():
            self.open.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """A refusal ends the benchmark."""
        if not self.open.done():
            self.open.set_exception(ConnectionError(f"refused: {self._rest[:200]!r} {exc}"))


async def listen(port: int, token: str, count: int) -> list[tuple[int, float]]:
    """Listen until standard input ends."""
    loop = asyncio.get_running_loop()
    heard: list[tuple[int, float]] = []
    request = f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    for _ in range(count):
        _, browser = await loop.create_connection(lambda: Browser(request, heard), "127.0.0.1", port)
        await asyncio.wait_for(browser.open, 30)
    print("open", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    return heard


if __name__ == "__main__":
    print(json.dumps(asyncio.run(listen(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))))

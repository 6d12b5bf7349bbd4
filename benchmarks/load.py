"""A light load generator in a process of its own: keep-alive connections, each with one request at a time.

``python -m benchmarks.load`` reads a :class:`Load` as JSON from standard input and writes a :class:`Sample`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Load:
    """What to send.

    Args:
        port: of a server on 127.0.0.1.
        path: of the requests.
        connections: how many at once.
        seconds: how long.
        expect: the status of a good answer.
        body: of a POST; a GET where it is empty.
        headers: further ones.
        others: further paths, asked for in turn with the first.
    """

    port: int
    path: str
    connections: int
    seconds: float
    expect: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)

    def requests(self) -> list[bytes]:
        """Return the bytes of one request for each path."""
        return [self._request(path) for path in (self.path, *self.others)]

    def _request(self, path: str) -> bytes:
        method = "POST" if self.body else "GET"
        headers = {"Host": f"127.0.0.1:{self.port}", "Content-Type": "application/json"} | self.headers
        lines = [f"{name}: {value}" for name, value in headers.items()]
        head = "\r\n".join([f"{method} {path} HTTP/1.1", *lines, f"Content-Length: {len(self.body.encode())}"])
        return f"{head}\r\n\r\n{self.body}".encode()


@dataclass(frozen=True)
class Sample:
    """What came back: seconds that each good answer took, other answers, and seconds it all took."""

    latencies: list[float]
    bad: list[str]
    seconds: float

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency in seconds that this share of the good answers did not exceed."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Client(asyncio.Protocol):
    """One connection; it sends the next request when the answer to the last one is complete."""

    def __init__(self, load: Load, done: asyncio.Future[None], deadline: float) -> None:
        self.latencies: list[float] = []
        self.bad: list[str] = []
        self._requests = itertools.cycle(load.requests())
        self._expect = f"HTTP/1.1 {load.expect} ".encode()
        self._done = done
        self._deadline = deadline
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        """Note a complete answer and send the next request, or end."""
        self._received += data
        if not _complete(self._received):
            return
        self._note()
        self._received = b""
        if time.perf_counter() < self._deadline:
            self._send()
        else:
            self._transport.close()

    def _note(self) -> None:
        if self._received.startswith(self._expect):
            self.latencies.append(time.perf_counter() - self._sent)
        else:
            self.bad.append(self._received[:300].decode(errors="replace"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Say that it has ended; early is bad."""
        if time.perf_counter() < self._deadline:
            self.bad.append(f"the connection was closed: {exc}")
        self._done.set_result(None)


def _complete(received: bytes) -> bool:
    head, separator, body = received.partition(b"\r\n\r\n")
    if not separator:
        return False
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return len(body) >= int(value)
    return body.endswith(b"0\r\n\r\n")


async def generate(load: Load) -> Sample:
    """Send the load and return what came back."""
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    clients: list[Client] = []
    endings = [loop.create_future() for _ in range(load.connections)]
    for done in endings:
        client = Client(load, done, began + load.seconds)
        clients.append(client)
        await loop.create_connection(lambda client=client: client, "127.0.0.1", load.port)  # type: ignore[misc]
    await asyncio.wait_for(asyncio.gather(*endings), load.seconds + 30)
    seconds = time.perf_counter() - began
    return Sample([one for each in clients for one in each.latencies], [b for e in clients for b in e.bad], seconds)


def send(load: Load) -> Sample:
    """Send the load from a process of its own.

    Raises:
        RuntimeError: if an answer was not what was expected.
    """
    command = [sys.executable, "-m", "benchmarks.load"]
    done = subprocess.run(command, input=json.dumps(asdict(load)), capture_output=True, text=True, check=True)
    sample = Sample(**json.loads(done.stdout))
    if sample.bad or not sample.latencies:
        raise RuntimeError(f"{len(sample.bad)} bad answers from {load.path}, the first: {sample.bad[:1]}")
    return sample


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(generate(Load(**json.load(sys.stdin)))))))

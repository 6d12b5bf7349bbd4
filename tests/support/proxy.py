"""A TCP proxy that a test puts before a server to show what an outage of it looks like."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum

from tests.support.ports import free_port

DELAY = 1.0
"""Seconds by which a slow server's every reply is late."""
LONG = 600
"""Bytes from which on a piece of data is a message; what clients and servers say in greeting is shorter."""


_HandOn = Callable[[bytes, socket.socket], bool]


class Mode(StrEnum):
    """What happens to connections."""

    PASS = "pass"
    """They reach the server."""
    REFUSE = "refuse"
    """Nobody listens."""
    SWALLOW = "swallow"
    """Nobody answers the wish to connect: as with packets that are dropped."""
    SILENT = "silent"
    """They are accepted, and nothing that is said reaches anybody: as with a server that hangs."""
    MUTE = "mute"
    """What is said reaches the server, and none of its answers comes back."""
    SLOW = "slow"
    """Every answer comes a second late."""
    CUT = "cut"
    """They end in the middle of the first long message."""


class Proxy:
    """Listens on a free port of 127.0.0.1 and passes what it receives on to another one.

    Args:
        target: port of the server.
        mode: what happens to connections at first.
    """

    def __init__(self, target: int, mode: Mode = Mode.PASS) -> None:
        self.port = free_port()
        self._target = target
        self._mode = Mode.REFUSE
        self._listener: socket.socket | None = None
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self.switch(mode)

    def switch(self, mode: Mode) -> None:
        """Cut every connection and treat new ones as ``mode`` says."""
        self._stop_listening()
        self._cut()
        self._mode = mode
        if mode is Mode.SWALLOW:
            self._swallow()
        elif mode is not Mode.REFUSE:
            self._listen()

    def turn(self, mode: Mode) -> None:
        """Keep every connection open and treat it as ``mode`` says from now on, like those that come."""
        if {mode, self._mode} & {Mode.REFUSE, Mode.SWALLOW}:
            raise ValueError(f"an open connection cannot be turned from {self._mode} to {mode}")
        self._mode = mode

    def hang(self) -> None:
        """Keep every connection open but pass nothing more in either direction; new ones get no answer either."""
        self.turn(Mode.SILENT)

    def close(self) -> None:
        """Cut every connection and stop listening."""
        self.switch(Mode.REFUSE)

    def _listen(self) -> None:
        listener = self._bound(backlog=64)
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def _swallow(self) -> None:
        """Listen with a queue of one and fill it: the system then drops who else knocks."""
        self._bound(backlog=0)
        for _ in range(3):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
            self._keep(filler)

    def _bound(self, *, backlog: int) -> socket.socket:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(backlog)
        self._listener = listener
        return listener

    def _stop_listening(self) -> None:
        if self._listener is not None:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None

    def _cut(self) -> None:
        with self._lock:
            sockets, self._open = self._open, []
        for connection in sockets:
            _end(connection)
            connection.close()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                self._keep(client)
                if self._mode is not Mode.SILENT:
                    self._connect(client)

    def _connect(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._target), timeout=5)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        self._keep(server)
        for hand_on, source, sink in ((self._ask, client, server), (self._answer, server, client)):
            threading.Thread(target=self._pump, args=(hand_on, source, sink), daemon=True).start()

    def _keep(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.append(connection)

    def _pump(self, hand_on: _HandOn, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if not hand_on(data, sink):
                    break
        for end in (source, sink):
            _end(end)

    def _ask(self, data: bytes, server: socket.socket) -> bool:
        """Pass on what a client said; return whether the connection lives on."""
        if self._mode is Mode.CUT and len(data) > LONG:
            server.sendall(data[: len(data) // 2])
            return False
        if self._mode is not Mode.SILENT:
            server.sendall(data)
        return True

    def _answer(self, data: bytes, client: socket.socket) -> bool:
        """Pass on what the server said; return whether the connection lives on."""
        if self._mode is Mode.SLOW:
            time.sleep(DELAY)
        if self._mode not in {Mode.SILENT, Mode.MUTE}:
            client.sendall(data)
        return True


def _end(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)

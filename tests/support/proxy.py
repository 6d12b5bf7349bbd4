"""A TCP proxy that a test puts before a server to show what an outage of it looks like."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from enum import StrEnum

from tests.support.ports import free_port


class Mode(StrEnum):
    """What happens to connections."""

    PASS = "pass"
    """They reach the server."""
    SILENT = "silent"
    """They are accepted, and nobody ever answers: as with a server that hangs, or packets that are dropped."""
    REFUSE = "refuse"
    """Nobody listens."""


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
        if mode is not Mode.REFUSE:
            self._listen()

    def hang(self) -> None:
        """Keep every connection open but pass nothing more in either direction; new ones get no answer either."""
        self._mode = Mode.SILENT

    def close(self) -> None:
        """Cut every connection and stop listening."""
        self.switch(Mode.REFUSE)

    def _listen(self) -> None:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

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
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                self._keep(client)
                if self._mode is Mode.PASS:
                    self._connect(client)

    def _connect(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._target), timeout=5)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        self._keep(server)
        for source, sink in ((client, server), (server, client)):
            threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _keep(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.append(connection)

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if self._mode is Mode.SILENT:
                    continue
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

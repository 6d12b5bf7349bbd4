"""Each broker seen from its far side: what arrived, and how to make it unreachable."""

from __future__ import annotations

import json
import shutil
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from celery import Celery

from runbell.domain.dispatch import Message
from runbell.engine import filesystem
from runbell.testing import FakeDispatcher
from tests.support.proxy import Mode, Proxy
from tests.support.servers import RabbitMQ, Redis


@dataclass(frozen=True)
class Delivered:
    """What a worker would be told."""

    run_id: str
    celery_name: str
    params: dict[str, Any]
    expires_at: datetime | None
    queue: str


class Broker(Protocol):
    """A broker under test."""

    def take(self, queue: str) -> Delivered | None:
        """Remove the oldest message of a queue, as a worker does; None if there is none."""
        ...

    def break_down(self) -> None:
        """Make it unreachable, and cut every connection to it."""
        ...

    def come_back(self) -> None:
        """Make it reachable again."""
        ...

    def close(self, *queues: str) -> None:
        """Delete what the test left behind: these queues, where there are such things."""
        ...


class CeleryBroker:
    """A broker that Celery reaches; the far side of it is read with a connection of the test's own."""

    def __init__(self, url: str, options: dict[str, Any] | None = None, *, read_url: str = "") -> None:
        self.app = _application(url, options or {})
        self._reader = _application(read_url or url, options or {})

    def take(self, queue: str) -> Delivered | None:
        """Remove the oldest message of a queue; None if there is none."""
        with self._reader.connection_for_read() as connection:
            channel: Any = connection.default_channel
            try:
                message = channel.basic_get(queue, no_ack=True)
            except connection.channel_errors:
                return None
            return _delivered(message, queue) if message else None

    def close(self, *queues: str) -> None:
        """Delete the queues that the test used."""
        with self._reader.connection_for_write() as connection:
            for queue in queues:
                channel: Any = connection.default_channel
                channel.queue_delete(queue)


class FilesystemBroker(CeleryBroker):
    """Messages in a folder; unreachable while a file is where the folder was."""

    def __init__(self, folder: Path) -> None:
        filesystem.register()
        self._folder = folder / "messages"
        self._folder.mkdir()
        options = {
            "data_folder_in": self._folder,
            "data_folder_out": self._folder,
            "control_folder": folder / "control",
        }
        super().__init__("filesystem://", {name: str(path) for name, path in options.items()})

    def break_down(self) -> None:
        """Put a file in the folder's place."""
        shutil.rmtree(self._folder)
        self._folder.touch()

    def come_back(self) -> None:
        """Put the folder back, empty."""
        self._folder.unlink()
        self._folder.mkdir()


class RedisBroker(CeleryBroker):
    """A Redis of the test's own, that is really killed and started again."""

    def __init__(self, server: Redis) -> None:
        self._server = server
        super().__init__(server.url())

    def break_down(self) -> None:
        """Kill the server."""
        self._server.kill()

    def come_back(self) -> None:
        """Start it again, empty."""
        self._server.start()


class RabbitBroker(CeleryBroker):
    """The system's RabbitMQ behind a proxy, for it is not the test's to stop."""

    def __init__(self, server: RabbitMQ) -> None:
        address = urlsplit(server.url())
        self._proxy = Proxy(address.port or 5672)
        super().__init__(_at_port(server.url(), self._proxy.port), read_url=server.url())

    def break_down(self) -> None:
        """Refuse and cut connections."""
        self._proxy.switch(Mode.REFUSE)

    def come_back(self) -> None:
        """Let connections through again."""
        self._proxy.switch(Mode.PASS)

    def close(self, *queues: str) -> None:
        """Delete the queues that the test used, and the proxy."""
        super().close(*queues)
        self._proxy.close()


class FakeBroker:
    """The dispatcher that projects test with is its own broker."""

    def __init__(self) -> None:
        self.dispatcher = FakeDispatcher()

    def take(self, queue: str) -> Delivered | None:
        """Remove the oldest message of a queue; None if there is none."""
        message = self.dispatcher.take(queue)
        return _as_delivered(message) if message else None

    def break_down(self) -> None:
        """Take it down."""
        self.dispatcher.down = True

    def come_back(self) -> None:
        """Have it up again."""
        self.dispatcher.down = False

    def close(self, *queues: str) -> None:
        """Do nothing: it is in memory."""


def drain(broker: Broker, queue: str) -> deque[Delivered]:
    """Take all that waits in a queue."""
    taken: deque[Delivered] = deque()
    while delivered := broker.take(queue):
        taken.append(delivered)
    return taken


def _application(url: str, options: dict[str, Any]) -> Celery:
    app = Celery("conformance", broker=url, set_as_current=False)
    app.conf.broker_transport_options = options
    return app


def _at_port(url: str, port: int) -> str:
    parts = urlsplit(url)
    credentials = f"{parts.username}:{parts.password}@" if parts.username else ""
    return parts._replace(netloc=f"{credentials}{parts.hostname}:{port}").geturl()


def _delivered(message: Any, queue: str) -> Delivered:
    headers = message.headers
    args, params, _embedded = json.loads(message.body)
    assert args == []
    expires = datetime.fromisoformat(headers["expires"]) if headers["expires"] else None
    return Delivered(headers["id"], headers["task"], params, expires, queue)


def _as_delivered(message: Message) -> Delivered:
    return Delivered(message.run_id, message.celery_name, message.params, message.expires_at, message.queue)

"""Brokers of the tests' own, each behind a proxy: what a test may do to them."""

from __future__ import annotations

from typing import Protocol

from tests.support.proxy import Proxy
from tests.support.servers import RabbitMQNode, Redis


class Server(Protocol):
    """A broker's server."""

    port: int

    def start(self) -> None:
        """Start it and wait until it answers."""
        ...

    def kill(self) -> None:
        """End it without a word."""
        ...

    def forget(self) -> None:
        """Delete what the killed server has kept."""
        ...

    def remove(self) -> None:
        """End it and delete its data."""
        ...


class Broker:
    """A server that keeps its data when it is killed, and the proxy through which the system reaches it.

    Args:
        name: ``"redis"`` or ``"rabbitmq"``.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.server: Server = Redis(durable=True) if name == "redis" else RabbitMQNode()
        self.server.start()
        self.proxy = Proxy(self.server.port)

    @property
    def url(self) -> str:
        """Its address, as ``CELERY_BROKER_URL`` takes it."""
        if self.name == "redis":
            return f"redis://127.0.0.1:{self.proxy.port}/0"
        return f"amqp://guest:guest@127.0.0.1:{self.proxy.port}//"

    def restart(self, *, lose_data: bool) -> None:
        """Kill it and start it again."""
        self.server.kill()
        if lose_data:
            self.server.forget()
        self.server.start()

    def remove(self) -> None:
        """End it and delete its data."""
        self.proxy.close()
        self.server.remove()

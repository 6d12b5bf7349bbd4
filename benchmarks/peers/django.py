"""A peer that is a Django app, or the original code: the smallest project with it, on the same servers."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.load import Load
from benchmarks.peers.environment import python_of
from tests.support.live import ROOT, clean_environment
from tests.support.ports import free_port, listens
from tests.support.processes import Process
from tests.support.waiting import wait_until

_PROJECT = "benchmarks.peers.project"
_TOKEN = "benchmarkbenchmarkbenchmarkbench"
"""Any 32 letters are a token against forgery as long as cookie and form agree."""


class DjangoPeer:
    """One peer with a database and a broker of its own.

    Args:
        peer: its name among the peers' environments.
        folder: takes its logs.
        environment: ``DATABASE_URL``, ``CELERY_BROKER_URL``, and what else its settings read.
        concurrency: how many processes its worker has.
    """

    def __init__(self, peer: str, folder: Path, environment: Mapping[str, str], *, concurrency: int = 2) -> None:
        self.name = peer
        self.port = free_port()
        self.environment = clean_environment() | dict(environment)
        self._python, self._folder = python_of(peer), folder
        self._known: dict[str, str] = {}
        serve = ["uvicorn", f"{_PROJECT}.asgi:application", "--port", str(self.port), "--no-access-log"]
        consume = ["worker", "--loglevel", "INFO", "--concurrency", str(concurrency)]
        self.web = self._process("web", [*serve, "--log-level", "warning"])
        self.worker = self._process("worker", ["celery", "-A", _PROJECT, *consume])

    def prepare(self) -> None:
        """Make its tables and what it needs in them."""
        self._known = json.loads(self.script("prepare"))

    def start_web(self) -> None:
        """Start its web process and wait until it listens."""
        self.web.start()
        wait_until(lambda: listens(self.port), 30, lambda: f"{self.name} listens\n{self.web.tail()}")

    def start_worker(self) -> None:
        """Start its worker and wait until it takes tasks."""
        self.worker.start()
        self.worker.wait_for_output(" ready.", 30)

    def stop(self) -> None:
        """End both processes at once."""
        for process in (self.worker, self.web):
            process.kill()

    def script(self, module: str, *arguments: str) -> str:
        """Run a module of the project and return what it prints."""
        command = [self._python, "-m", f"{_PROJECT}.{module}", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, text=True, stdout=subprocess.PIPE, check=True)
        return done.stdout

    def conversation(self, module: str, *arguments: str) -> subprocess.Popen[str]:
        """Start a module of the project that is asked by lines and answers by lines."""
        command = [self._python, "-u", "-m", f"{_PROJECT}.{module}", *arguments]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def admin_action(self, connections: int, seconds: float) -> Load:
        """Return the load of pressing "Run selected tasks" in the admin."""
        form = {"action": "run_tasks", "_selected_action": self._known["task"], "csrfmiddlewaretoken": _TOKEN}
        return Load(
            port=self.port,
            path="/admin/django_celery_beat/periodictask/",
            connections=connections,
            seconds=seconds,
            expect=302,
            body=urlencode(form),
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": f"sessionid={self._known['session']}; csrftoken={_TOKEN}",
            },
        )

    def _process(self, name: str, arguments: list[str]) -> Process:
        command = [self._python, "-m", *arguments]
        log = self._folder / f"{self.name}-{name}.log"
        return Process(f"{self.name}'s {name}", command, log=log, environment=self.environment, folder=ROOT)

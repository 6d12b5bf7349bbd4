"""A system with the workshop's tasks, whose workers a test starts, breaks and stops as it likes."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.acceptance.test_walk_through import finished, trigger
from tests.support.live import ROOT, LiveSystem
from tests.support.processes import Process
from tests.support.waiting import wait_until


class Shop:
    """A web process, and workers by their names.

    Args:
        folder: its state folder.
        environment: what the stack says.
        queue: the queue of the workshop's tasks.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], queue: str = "workshop") -> None:
        ours = {"DJANGO_SETTINGS_MODULE": "tests.acceptance.workshop.settings", "WORKSHOP_QUEUE": queue}
        self.queue = queue
        self.system = LiveSystem(folder, dict(environment) | ours)
        self._workers: list[Process] = []

    def open(self) -> None:
        """Create the tables, and start the web process."""
        self.system.prepare()
        self.system.web.start()
        self.system.wait_for_web()

    def close(self) -> None:
        """End all its processes at once."""
        for worker in self._workers:
            worker.kill()
        self.system.stop()

    def worker(self, name: str, *options: str, queue: str | None = None) -> Process:
        """Start a worker of the workshop's queue and wait until it takes tasks."""
        consume = ["-Q", queue or self.queue, "-n", f"{name}@shop", "--loglevel", "INFO"]
        command = [sys.executable, "-m", "celery", "-A", "edms", "worker", *consume, *(options or ("-c", "1"))]
        log = self.system.folder / f"{name}.log"
        worker = Process(name, command, log=log, environment=self.system.environment, folder=ROOT)
        self._workers.append(worker)
        worker.start()
        worker.wait_for_output(" ready.", 30)
        return worker

    @contextmanager
    def client(self) -> Iterator[httpx.Client]:
        """Give a client of the API that may do everything; at the end the workers are killed that still live."""
        with self.system.client() as client:
            try:
                yield client
            finally:
                for worker in self._workers:
                    worker.kill()

    def trigger(self, client: httpx.Client, task: str, **params: Any) -> str:
        """Trigger a task and return the id of the run."""
        run_id: str = trigger(client, task, params=params)["task_id"]
        return run_id

    def wait_for_state(self, client: httpx.Client, run_id: str, *states: str, timeout: float = 30) -> dict[str, Any]:
        """Wait until a run is in one of these states, and return it."""
        seen: dict[str, Any] = {}

        def there() -> bool:
            seen.update(client.get(f"runs/{run_id}/").raise_for_status().json())
            return seen["state"] in states

        wait_until(there, timeout, lambda: f"run {run_id} is {states}: {seen}\n{self._tails()}")
        return seen

    def finished(self, client: httpx.Client, run_ids: Sequence[str], timeout: float = 60) -> list[str]:
        """Wait until all these runs have ended, and return their states."""
        return [finished(client, run_id, timeout)["state"] for run_id in run_ids]

    def kinds(self, client: httpx.Client, run_id: str) -> list[str]:
        """Return the kinds of a run's events, in order."""
        return [event["kind"] for event in client.get(f"runs/{run_id}/events/?limit=200").json()["items"]]

    def starts(self) -> Counter[str]:
        """Return how often the code of each run was started, as the tasks themselves wrote it down."""
        file = self.system.folder / "starts"
        return Counter(line.split()[0] for line in file.read_text().splitlines()) if file.exists() else Counter()

    def process_of(self, run_id: str) -> int:
        """Return the id of the process that started the code of a run last."""
        lines = (self.system.folder / "starts").read_text().splitlines()
        return [int(pid) for started, _, pid in map(str.split, lines) if started == run_id][-1]

    def traced_at(self, run_id: str, attempt: int) -> float:
        """Return when the code of an attempt of "Watch" ran last, in Unix time; 0 if it never did."""
        file = self.system.folder / f"trace-{run_id}-{attempt}"
        return file.stat().st_mtime if file.exists() else 0.0

    def _tails(self) -> str:
        return "\n".join(worker.tail() for worker in self._workers)

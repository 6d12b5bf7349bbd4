"""Asking for runs at a steady pace, and remembering which requests were answered with 202."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus

import httpx

from tests.support.live import LiveSystem

TRIGGER = "monitoring/manual-trigger/"
TASKS = ("witness", "witness_again")
LONGEST = 0.15
"""Seconds that a run takes at most."""


@dataclass
class Answers:
    """What the callers were told."""

    accepted: dict[str, float] = field(default_factory=dict)
    """Ids of runs whose request was answered with 202, and the seconds that it took."""
    unanswered: int = 0
    """Requests that got no 202: refused, cut off, or answered with an error."""


class Demand:
    """Threads that trigger, together so many times a second.

    Args:
        system: whom they ask.
        rate: triggers a second.
        threads: how many callers share them.
    """

    def __init__(self, system: LiveSystem, rate: float, threads: int = 8) -> None:
        self.answers = Answers()
        self._system = system
        self._pause = threads / rate
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(threads)]

    def start(self) -> None:
        """Begin to ask."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ask no more, and wait for the last answers."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, number: int) -> None:
        chance, next_at = random.Random(number), time.monotonic() + number * self._pause / len(self._threads)
        with self._system.client() as client:
            while not self._over.wait(max(0.0, next_at - time.monotonic())):
                self._trigger(client, chance.choice(TASKS), round(chance.uniform(0, LONGEST), 3))
                next_at = max(next_at + self._pause, time.monotonic() - self._pause)

    def _trigger(self, client: httpx.Client, task: str, seconds: float) -> None:
        began = time.monotonic()
        try:
            answer = client.post(TRIGGER, json={"task_name": task, "params": {"seconds": seconds}})
        except httpx.TransportError:
            answer = None
        took = time.monotonic() - began
        with self._lock:
            if answer is not None and answer.status_code == HTTPStatus.ACCEPTED:
                self.answers.accepted[answer.json()["task_id"]] = took
            else:
                self.answers.unanswered += 1

"""What the tests of the command line share: the command itself, a broker in memory, tasks, and a worker at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from runbell.actions import record
from runbell.actions.record import Claimant, Ending, Stray
from runbell.domain.dispatch import Message
from runbell.domain.states import Fact
from runbell.testing import FakeDispatcher
from tests.integration.conftest import declare, dispatcher

__all__ = ["declare", "dispatcher"]


@dataclass(frozen=True)
class Result:
    """What a call of the command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as the one JSON document that it must be."""
        return json.loads(self.out)


Runbell = Callable[..., Result]


@pytest.fixture
def runbell(monkeypatch: pytest.MonkeyPatch) -> Runbell:
    """Call ``manage.py runbell`` in this process, on a wide terminal."""
    monkeypatch.setenv("COLUMNS", "300")

    def call(*arguments: str) -> Result:
        out, err = StringIO(), StringIO()
        try:
            call_command("runbell", *arguments, stdout=out, stderr=err)
        except CommandError as error:
            return Result(error.returncode, out.getvalue(), f"{err.getvalue()}{error}")
        return Result(0, out.getvalue(), err.getvalue())

    return call


@pytest.fixture
def worker(dispatcher: FakeDispatcher, monkeypatch: pytest.MonkeyPatch) -> Callable[[Ending], None]:
    """Have every message run as soon as it is published; set how with the function that this gives."""
    endings = [Ending(Fact.SUCCESS, timezone.now(), processed=3, failed=0)]
    publish = dispatcher.publish

    def publish_and_run(message: Message, *, budget: float) -> None:
        publish(message, budget=budget)
        stray = Stray(message.run_id, "", message.celery_name, message.queue, {}, "")
        claim = record.claim(stray, Claimant("celery@test", "instance", 1))
        assert claim is not None
        record.ended(claim, replace(endings[-1], at=timezone.now()))

    monkeypatch.setattr(dispatcher, "publish", publish_and_run)
    return endings.append

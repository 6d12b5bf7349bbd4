"""Playing worker for a task whose runs have one place."""

from __future__ import annotations

from django.utils import timezone

from runbell.actions import record
from runbell.actions.record import Claim, Claimant, Ending, Stray
from runbell.domain.states import Fact
from runbell.models import Run
from runbell.testing import FakeDispatcher

CLAIMANT = Claimant("celery@one", "instance", 1)


def state(run_id: str) -> str:
    return str(Run.objects.get(task_id=run_id).state)


def start(run_id: str) -> Claim | None:
    return record.claim(Stray(run_id, "", "tests.tasks.tidy_up", "celery", {}, ""), CLAIMANT)


def end(claim: Claim | None, fact: Fact = Fact.SUCCESS) -> None:
    assert claim is not None
    assert record.ended(claim, Ending(fact, timezone.now()))


def published(dispatcher: FakeDispatcher) -> list[str]:
    return [message.run_id for message in dispatcher.messages]

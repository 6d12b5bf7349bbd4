"""A thousand schedules that fall due in the same second are all with the broker within five."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from runbell.actions.fire_due import fire_due
from runbell.actions.sync_schedules import sync_schedules
from runbell.conf import get_dispatcher
from runbell.domain.schedules import every
from runbell.domain.tasks import Overlap, ScheduleDefinition, TaskDefinition
from runbell.models import Event, Run, Schedule
from tests.support.stacks import Stack
from tests.support.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
Declare = Callable[..., TaskDefinition]
NUMBER = 1000
SECONDS = 5.0


@pytest.mark.parametrize("overlap", [Overlap.ALLOW, Overlap.SKIP])
def test_a_thousand_schedules_due_at_once_are_dispatched_within_five_seconds(
    declare: Declare, stack: Stack, overlap: Overlap, capsys: pytest.CaptureFixture[str]
) -> None:
    if stack.name != "servers":
        pytest.skip("the limit is one for PostgreSQL and Redis")
    queue = f"thousand-{uuid.uuid4().hex}"
    for number in range(NUMBER):
        schedule = ScheduleDefinition(f"task_{number}", every(timedelta(hours=1)))
        declare(f"task_{number}", queue=queue, schedules=(schedule,), overlap=overlap)
    sync_schedules()
    get_dispatcher().ping(budget=5)
    Schedule.objects.update(next_due_at=timezone.now())
    began = time.monotonic()
    assert fire_due() == NUMBER
    fired = time.monotonic() - began
    wait_until(lambda: get_dispatcher().depths([queue], budget=5) == {queue: NUMBER}, 30, "all are with the broker")
    dispatched = time.monotonic() - began
    wait_until(lambda: Run.objects.filter(state="QUEUED").count() == NUMBER, 30, "the ledger knows it of all")
    known = time.monotonic() - began
    with capsys.disabled():
        print(f"\n{NUMBER} due ({overlap}): fired {fired:.2f} s, dispatched {dispatched:.2f} s, known {known:.2f} s")  # noqa: T201
    assert dispatched < SECONDS
    assert Event.objects.filter(kind="QUEUED").count() == NUMBER

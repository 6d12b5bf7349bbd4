"""Every moment at which a schedule was due becomes exactly one row."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from runbell.actions import keep_watch
from runbell.actions.fire_due import fire_due
from runbell.actions.sync_schedules import sync_schedules
from runbell.domain.schedules import cron, every
from runbell.domain.tasks import Overlap, ScheduleDefinition, TaskDefinition
from runbell.ledger import clock as ledger_clock
from runbell.models import Run, Schedule
from runbell.testing import FakeDispatcher

from .conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)
Declare = Callable[..., TaskDefinition]
NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Set Django's and the database's clock: what is tested is what happens at a moment, not that time passes."""
    clock = Clock(NOON, None)
    with (
        patch.object(timezone, "now", lambda: clock.now),
        patch.object(ledger_clock, "now", lambda: clock.now),
        patch.object(keep_watch.watch, "noted_at", None),
    ):
        yield clock


def rows(state: str = "") -> list[tuple[str, str]]:
    runs = Run.objects.exclude(due_at=None).order_by("due_at")
    return [(f"{run.due_at:%H:%M:%S}", run.state) for run in runs if state in ("", run.state) and run.due_at]


def test_a_schedule_fires_at_its_moment_and_not_before(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock
) -> None:
    declare(interval=60)
    sync_schedules()
    clock.advance(seconds=59)
    assert fire_due() == 0
    clock.advance(seconds=1.4)
    assert fire_due() == 1
    assert fire_due() == 0
    run = Run.objects.get()
    assert (run.trigger, run.actor, run.due_at) == ("schedule", "system:ticker", NOON + timedelta(minutes=1))


def test_many_tickers_fire_each_occurrence_once(dispatcher: FakeDispatcher, declare: Declare, clock: Clock) -> None:
    for number in range(5):
        declare(f"task_{number}", interval=60)
    sync_schedules()
    clock.advance(seconds=61)
    barrier = threading.Barrier(4)

    def tick() -> None:
        barrier.wait()
        try:
            fire_due()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tick) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Run.objects.count() == 5


def test_the_database_itself_forbids_a_second_row_for_an_occurrence(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock
) -> None:
    declare(interval=60)
    sync_schedules()
    clock.advance(seconds=61)
    fire_due()
    run = Run.objects.get()
    run.pk, run.task_id = None, "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        run.save(force_insert=True)


def test_after_an_outage_old_occurrences_are_missed_and_one_run_catches_up(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock
) -> None:
    declare(interval=600, catch_up=timedelta(minutes=25))
    sync_schedules()
    clock.advance(minutes=61)
    assert fire_due() == 1
    assert rows() == [
        ("12:10:00", "MISSED"),
        ("12:20:00", "MISSED"),
        ("12:30:00", "MISSED"),
        ("12:40:00", "SKIPPED"),
        ("12:50:00", "SKIPPED"),
        ("13:00:00", "QUEUED"),
    ]
    skipped = Run.objects.filter(state="SKIPPED").first()
    assert skipped is not None
    assert "caught up by the run due at 2026-03-01 13:00:00" in skipped.explanation


def test_an_overlapping_occurrence_is_skipped_and_names_the_run_in_the_way(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock
) -> None:
    declare(interval=60, overlap=Overlap.SKIP)
    sync_schedules()
    clock.advance(seconds=61)
    fire_due()
    clock.advance(seconds=60)
    fire_due()
    first, second = Run.objects.order_by("due_at")
    assert second.state == "SKIPPED"
    assert first.task_id in second.explanation


def test_a_changed_schedule_never_fires_the_past(dispatcher: FakeDispatcher, declare: Declare, clock: Clock) -> None:
    declare("report", schedules=(ScheduleDefinition("report", cron("0 18 * * *")),))
    sync_schedules()
    clock.advance(hours=3)
    declare("report", schedules=(ScheduleDefinition("report", cron("0 14 * * *")),))
    sync_schedules()
    assert fire_due() == 0
    assert Schedule.objects.get(name="report").next_due_at == datetime(2026, 3, 2, 14, tzinfo=UTC)


def test_a_schedule_that_the_code_no_longer_has_stops_firing(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock
) -> None:
    declare(interval=60)
    sync_schedules()
    declare(schedules=())
    sync_schedules()
    clock.advance(minutes=5)
    assert fire_due() == 0


def test_a_schedule_that_celery_beat_fires_is_only_shown(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock
) -> None:
    beat = ScheduleDefinition("beat:x", every(timedelta(seconds=60)), fires=False)
    declare(schedules=(beat,))
    sync_schedules()
    clock.advance(minutes=5)
    assert fire_due() == 0
    assert Schedule.objects.filter(name="beat:x", fires=False).exists()

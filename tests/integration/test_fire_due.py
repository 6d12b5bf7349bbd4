"""Every moment at which a schedule was due becomes exactly one row."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from runbell.actions.fire_due import fire_due
from runbell.actions.keep_watch import Watch, keep_watch
from runbell.actions.relay import relay
from runbell.actions.sync_schedules import sync_schedules
from runbell.actions.tick import Ticker
from runbell.catalog import catalog
from runbell.domain.catch_up import CatchUp
from runbell.domain.schedules import cron, every
from runbell.domain.tasks import Overlap, ScheduleDefinition, TaskDefinition
from runbell.ledger import clock as ledger_clock
from runbell.ledger import schedules, tickers
from runbell.models import Run, Schedule, TickerSpan
from runbell.testing import FakeDispatcher
from tests.support.stacks import Stack

from .conftest import NOON, Clock

MOST_QUERIES = 8
"""How many questions an idle tick asks the database at most."""

pytestmark = pytest.mark.django_db(transaction=True)
Declare = Callable[..., TaskDefinition]


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


def test_a_deploy_that_stops_everything_for_two_minutes_misses_nothing(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock
) -> None:
    declare(interval=600)
    sync_schedules()
    clock.advance(minutes=9, seconds=59)
    assert fire_due() == 0
    clock.advance(minutes=2)
    assert fire_due() == 1
    assert rows() == [("12:10:00", "QUEUED")]


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


def explanations(state: str) -> list[str]:
    return list(Run.objects.filter(state=state).order_by("due_at").values_list("explanation", flat=True))


def test_each_missed_occurrence_inside_the_window_gets_a_run_where_that_is_declared(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock
) -> None:
    declare(interval=600, catch_up=timedelta(minutes=25), catch_up_mode=CatchUp.EACH)
    sync_schedules()
    clock.advance(minutes=61)
    assert fire_due() == 3
    assert rows() == [
        ("12:10:00", "MISSED"),
        ("12:20:00", "MISSED"),
        ("12:30:00", "MISSED"),
        ("12:40:00", "QUEUED"),
        ("12:50:00", "QUEUED"),
        ("13:00:00", "QUEUED"),
    ]
    assert [message.run_id for message in dispatcher.messages] == list(
        Run.objects.filter(state="QUEUED").order_by("due_at").values_list("task_id", flat=True)
    )


def test_a_missed_moment_says_from_when_to_when_no_ticker_was_alive(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock
) -> None:
    declare(interval=3600)
    sync_schedules()
    clock.advance(minutes=10)
    fire_due()
    clock.advance(hours=3, minutes=30)
    fire_due()
    assert explanations("MISSED") == 3 * [
        "no ticker was alive from 12:10 to 15:40 UTC on 2026-03-01; noticed outside its catch-up window"
    ]


def test_a_second_ticker_that_was_alive_leaves_no_silence(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock
) -> None:
    declare(interval=3600)
    sync_schedules()
    for _ in range(16):
        clock.advance(seconds=15)
        keep_watch()
    clock.advance(minutes=-4)
    Schedule.objects.update(next_due_at=clock.now)
    clock.advance(minutes=4)
    fire_due()
    assert explanations("MISSED") == [
        "tickers were alive, but none fired it before 2026-03-01 12:04:00 UTC; noticed outside its catch-up window"
    ]


def test_a_ticker_that_could_not_reach_the_database_is_told_from_one_that_was_dead(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monotonic = 1000.0
    monkeypatch.setattr("runbell.actions.keep_watch.watch", Watch(lambda: monotonic))
    declare(interval=3600)
    sync_schedules()
    clock.advance(minutes=10)
    fire_due()
    with patch.object(ledger_clock, "now", side_effect=OperationalError("the database is down")):
        for _ in range(840):
            monotonic += 15
            with pytest.raises(OperationalError):
                fire_due()
    clock.advance(hours=3, minutes=30)
    fire_due()
    assert explanations("MISSED") == 3 * [
        "no ticker reached the database from 12:10 to 15:40 UTC on 2026-03-01; noticed outside its catch-up window"
    ]


def test_what_tickers_leave_behind_is_bounded(clock: Clock) -> None:
    with patch.object(tickers, "MAX_SPANS", 3):
        for _ in range(6):
            clock.advance(hours=1)
            keep_watch()
    assert [span.since.hour for span in TickerSpan.objects.order_by("since")] == [16, 17, 18]


@pytest.mark.parametrize(
    ("back", "due"),
    [(timedelta(seconds=5), timedelta(minutes=2)), (timedelta(days=30), timedelta(days=-30, minutes=2))],
)
def test_a_clock_put_back_a_little_takes_back_no_moment_and_one_put_right_by_days_silences_none(
    back: timedelta, due: timedelta, dispatcher: FakeDispatcher, declare: Declare, clock: Clock
) -> None:
    declare(interval=60)
    sync_schedules()
    clock.advance(seconds=61)
    assert fire_due() == 1
    clock.now -= back
    sync_schedules()
    assert Schedule.objects.get().next_due_at == NOON + due


def test_a_schedule_changed_after_an_outage_accounts_for_its_past_first(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock
) -> None:
    declare(interval=600, catch_up=timedelta(minutes=5))
    sync_schedules()
    clock.advance(minutes=24)
    declare(interval=900)
    sync_schedules()
    assert rows() == [("12:10:00", "MISSED"), ("12:20:00", "MISSED")]
    assert Schedule.objects.get().next_due_at == NOON + timedelta(minutes=30)
    clock.advance(minutes=7)
    assert fire_due() == 1


def test_a_schedule_changed_a_moment_too_late_still_runs_for_its_last_moment(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock
) -> None:
    declare(interval=600)
    sync_schedules()
    clock.advance(minutes=10, seconds=30)
    declare(interval=900)
    sync_schedules()
    assert rows() == [("12:10:00", "QUEUED")]
    sync_schedules()
    assert fire_due() == 0


def test_the_last_moments_of_a_schedule_that_is_gone_were_missed(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock
) -> None:
    declare(interval=600, catch_up=timedelta(hours=1))
    sync_schedules()
    clock.advance(minutes=21)
    declare(schedules=())
    sync_schedules()
    assert rows() == [("12:10:00", "MISSED"), ("12:20:00", "MISSED")]


def test_a_schedule_synchronised_while_another_ticker_fires_it_is_not_fired_again(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock
) -> None:
    """A process that read the table before another one fired must not put the schedule back."""
    declare(interval=600)
    sync_schedules()
    clock.advance(minutes=10)
    stale = Schedule.objects.get()
    assert fire_due() == 1
    declare(interval=300)
    with patch.object(Schedule.objects, "all", lambda: [stale]):
        assert not schedules.sync(list(catalog.schedules()), clock.now - timedelta(minutes=5), settled=True)
    assert Schedule.objects.get().next_due_at == NOON + timedelta(minutes=20)
    sync_schedules()
    assert fire_due() == 0
    assert rows() == [("12:10:00", "QUEUED")]


def test_an_occurrence_that_has_its_row_is_passed_over(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock
) -> None:
    """The memory of the schedule was put back, by a restored backup of its table for one."""
    declare(interval=600, catch_up=timedelta(hours=1))
    sync_schedules()
    clock.advance(minutes=11)
    fire_due()
    Schedule.objects.update(next_due_at=NOON + timedelta(minutes=10))
    clock.advance(minutes=10)
    assert fire_due() == 1
    assert rows() == [("12:10:00", "QUEUED"), ("12:20:00", "QUEUED")]


def test_a_ticker_that_read_a_schedule_before_another_fired_it_leaves_it_alone(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock
) -> None:
    declare(interval=60)
    sync_schedules()
    clock.advance(seconds=61)
    stale = schedules.due(clock.now, 10)
    for _ in range(2):
        fire_due()
        clock.advance(seconds=60)
    clock.advance(seconds=-120)
    with patch.object(schedules, "due", lambda *_: stale):
        assert fire_due() == 0
    assert Schedule.objects.get().next_due_at == NOON + timedelta(minutes=3)


def test_one_schedule_that_cannot_be_fired_does_not_stop_the_others(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock
) -> None:
    for name in ("first", "second", "third", "fourth"):
        declare(name, interval=60)
    sync_schedules()
    Schedule.objects.filter(name="first").update(expression="every third Tuesday", kind="cron")
    Schedule.objects.filter(name="second").update(task_name="gone")
    clock.advance(seconds=61)
    assert fire_due() == 2


def test_runs_in_the_way_skip_their_own_task_and_no_other(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock
) -> None:
    for number in range(6):
        declare(f"task_{number}", interval=60, overlap=Overlap.SKIP if number % 2 else Overlap.ALLOW)
    sync_schedules()
    clock.advance(seconds=61)
    assert fire_due() == 6
    clock.advance(seconds=60)
    assert fire_due() == 3
    assert Run.objects.filter(state="SKIPPED").count() == 3


def test_while_the_broker_is_away_what_is_due_waits_in_the_ledger(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock
) -> None:
    for number in range(3):
        declare(f"task_{number}", interval=60)
    sync_schedules()
    clock.advance(seconds=61)
    dispatcher.down = True
    assert fire_due() == 3
    dispatcher.down = False
    clock.advance(seconds=5)
    relay()
    assert sorted(state for _, state in rows()) == ["QUEUED"] * 3


def test_tickers_go_by_the_clock_of_the_database(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock, stack: Stack
) -> None:
    """A ticker whose own clock is five seconds ahead fires nothing early."""
    if stack.name != "servers":
        pytest.skip("SQLite has no clock but its process's")
    declare(interval=60)
    sync_schedules()
    clock.advance(seconds=61)
    with patch.object(timezone, "now", lambda: clock.now + timedelta(days=365)):
        assert fire_due() == 1
    assert rows() == [("12:01:00", "QUEUED")]


@pytest.mark.parametrize("number", [10, 1000])
def test_an_idle_tick_asks_as_few_questions_whatever_the_number_of_schedules(
    dispatcher: FakeDispatcher, declare: Declare, clock: Clock, number: int
) -> None:
    declare("many", schedules=tuple(ScheduleDefinition(f"many-{n}", every(timedelta(hours=1))) for n in range(number)))
    sync_schedules()
    clock.advance(seconds=61)
    ticker = Ticker()
    ticker.tick()
    with CaptureQueriesContext(connection) as queries:
        for _ in range(4):
            ticker.tick()
    assert len(queries) <= 4 * MOST_QUERIES

"""When tasks are due next, and the picture of the last and the next 24 hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from runbell.domain.schedules import cron, every
from runbell.domain.states import State
from runbell.domain.tasks import ScheduleDefinition, TaskDefinition
from runbell.models import Run, Schedule
from runbell.queries import lanes
from tests.api.conftest import Caller, add_run, by_token

pytestmark = pytest.mark.django_db(transaction=True)
Declare = Callable[..., TaskDefinition]


@pytest.fixture
def caller(people: dict[str, Any]) -> Caller:
    """Somebody who may read."""
    return by_token(people["viewer"])


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """It is noon, and stays noon."""
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    return moment


def _schedules(**by_name: Any) -> tuple[ScheduleDefinition, ...]:
    return tuple(ScheduleDefinition(name, schedule) for name, schedule in by_name.items())


def _lane(caller: Caller, name: str = "tidy_up") -> Any:
    return next(lane for lane in caller.get("timeline/").json["lanes"] if lane["name"] == name)


def test_the_next_occurrences_of_all_schedules_are_one_list_in_order(
    caller: Caller, dispatcher: Any, declare: Declare, noon: datetime
) -> None:
    declare(schedules=_schedules(nightly=cron("0 2 * * *", "Europe/Berlin"), often=every(timedelta(hours=8))))
    items = caller.get("tasks/tidy-up/occurrences/?limit=4").json["items"]
    assert [(item["at"], item["schedule_name"]) for item in items] == [
        ("2026-03-01T16:00:00Z", "often"),
        ("2026-03-02T00:00:00Z", "often"),
        ("2026-03-02T01:00:00Z", "nightly"),
        ("2026-03-02T08:00:00Z", "often"),
    ]


def test_asking_when_it_is_due_claims_nothing_and_asks_the_ledger_nothing(
    caller: Caller, dispatcher: Any, declare: Declare
) -> None:
    declare(schedules=_schedules(often=every(timedelta(hours=1))))
    with CaptureQueriesContext(connection) as queries:
        assert len(caller.get("tasks/tidy_up/occurrences/").json["items"]) == 10
    assert not [query for query in queries if "runbell_run" in query["sql"] or "runbell_schedule" in query["sql"]]
    assert (Run.objects.count(), Schedule.objects.count()) == (0, 0)


def test_a_task_without_a_schedule_has_no_occurrences(caller: Caller, tidy_up: TaskDefinition) -> None:
    assert caller.get("tasks/tidy_up/occurrences/").json == {"items": []}


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x"])
def test_a_limit_out_of_bounds_is_refused(caller: Caller, tidy_up: TaskDefinition, limit: str) -> None:
    assert caller.get(f"tasks/tidy_up/occurrences/?limit={limit}").status == 422


def test_an_unknown_task_has_no_occurrences(caller: Caller, tidy_up: TaskDefinition) -> None:
    assert caller.get("tasks/nothing/occurrences/").status == 404


def test_a_lane_holds_the_last_day_and_what_is_not_finished(caller: Caller, tidy_up: TaskDefinition) -> None:
    now = timezone.now()
    add_run(at=now - timedelta(hours=25))
    hanging = add_run(at=now - timedelta(hours=30), state=State.STARTED, started_at=now - timedelta(hours=29))
    missed = add_run(at=now - timedelta(hours=1), state=State.MISSED, started_at=None, due_at=now - timedelta(hours=3))
    done = add_run(at=now - timedelta(minutes=5))
    lane = _lane(caller)
    assert [run["id"] for run in lane["runs"]] == [hanging.task_id, missed.task_id, done.task_id]
    assert [run["seconds"] for run in lane["runs"]][1:] == [None, 1.0]
    assert lane["complete_since"] is None


def test_planned_moments_are_those_of_the_next_day(
    caller: Caller, dispatcher: Any, declare: Declare, noon: datetime
) -> None:
    declare(schedules=_schedules(nightly=cron("0 2 * * *"), weekly=cron("0 2 * * 0")))
    assert _lane(caller)["planned"] == ["2026-03-02T02:00:00Z"]


def test_what_is_due_every_second_is_cut_and_says_so(
    caller: Caller, dispatcher: Any, declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "MOST_OF_A_TASK", 5)
    declare(schedules=_schedules(often=every(timedelta(seconds=1))))
    lane = _lane(caller)
    assert (len(lane["planned"]) <= 5, lane["planned_all"]) == (True, False)


def test_the_usual_duration_is_the_middle_of_the_latest_good_runs(caller: Caller, tidy_up: TaskDefinition) -> None:
    at = timezone.now() - timedelta(days=3)
    for seconds in (1, 2, 300):
        add_run(at=at, started_at=at, finished_at=at + timedelta(seconds=seconds))
    add_run(at=at, state=State.FAILURE, started_at=at, finished_at=at + timedelta(seconds=900))
    assert _lane(caller)["usual_seconds"] == 2.0
    assert _lane(caller)["runs"] == []


def test_of_too_many_runs_the_newest_and_the_bad_are_kept(
    caller: Caller, tidy_up: TaskDefinition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "MOST_OF_A_TASK", 3)
    now = timezone.now()
    bad = add_run(at=now - timedelta(hours=20), state=State.FAILURE)
    newest = [add_run(at=now - timedelta(minutes=minute)) for minute in range(1, 6)][:3]
    lane = _lane(caller)
    assert [run["id"] for run in lane["runs"]] == [bad.task_id, *(run.task_id for run in reversed(newest))]
    assert lane["complete_since"] == lane["runs"][1]["at"]


def test_the_picture_takes_the_same_queries_however_many_tasks_there_are(
    caller: Caller, dispatcher: Any, declare: Declare
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            caller.get("timeline/")
        return len(queries)

    declare("first")
    add_run("first")
    asked()  # the token notes its first use
    once = asked()
    for number in range(30):
        declare(f"task_{number}")
        add_run(f"task_{number}")
    assert asked() == once

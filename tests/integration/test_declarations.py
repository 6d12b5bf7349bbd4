"""Declaring tasks: what is wrong is said at start, and what Celery knows is catalogued too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from celery.schedules import BaseSchedule, crontab
from celery.schedules import schedule as celery_schedule

import runbell
from runbell import checks
from runbell.catalog import catalog
from runbell.domain.params import UndeclarableSignature
from runbell.domain.schedules import Cron, Interval, cron, every
from runbell.domain.tasks import ScheduleDefinition, Source, TaskDefinition
from runbell.engine.declare import declarations
from runbell.engine.discovery import as_schedule
from runbell.engine.startup import require_sound_declarations

Declare = Callable[..., TaskDefinition]


@pytest.fixture(autouse=True)
def _forget_declarations() -> Any:
    before = list(declarations)
    yield
    declarations[:] = before


def ids(messages: list[Any]) -> list[str]:
    return [message.id for message in messages]


def test_one_declaration_says_it_all(declare: Declare) -> None:
    @runbell.task(
        title="Import",
        category="Data",
        schedule=runbell.cron("0 * * * *"),
        queue="celery",
        expires=timedelta(hours=1),
        overlap="skip",
        rehearsal="rollback",
    )
    def import_things(run: runbell.Run, day: date, limit: int = 10) -> None:
        """Import what arrived.

        Not shown.
        """

    task = catalog.resolve("import-things")
    assert (task.title, task.category, task.description) == ("Import", "Data", "Import what arrived.")
    assert (task.celery_name, task.rehearsal, task.expires) == (
        f"{__name__}.import_things",
        True,
        timedelta(hours=1),
    )
    assert task.schema["required"] == ["day"]
    assert task.schema["properties"]["limit"] == {"default": 10, "title": "Limit", "type": "integer"}
    assert task.schema["properties"]["day"]["format"] == "date"


def test_a_function_that_does_not_take_the_run_cannot_be_declared() -> None:
    with pytest.raises(UndeclarableSignature, match="must take the run"):

        @runbell.task(title="Wrong")
        def wrong() -> None: ...


def test_a_parameter_without_a_type_cannot_be_declared() -> None:
    with pytest.raises(UndeclarableSignature, match="days has no annotation"):

        @runbell.task(title="Wrong")
        def wrong(run: runbell.Run, days) -> None: ...  # type: ignore[no-untyped-def]


def test_a_name_that_is_no_name_is_refused() -> None:
    with pytest.raises(ValueError, match="no task name"):
        runbell.task(title="Wrong", name="Not A Name")(print)


def test_a_task_called_directly_runs_unrecorded(declare: Declare) -> None:
    @runbell.task(title="Double")
    def double(run: runbell.Run, number: int) -> runbell.Outcome:
        run.progress(1, 1)
        return runbell.Outcome(processed=number * 2, message=run.actor)

    assert double(number=4)["processed"] == 8


def test_two_tasks_with_one_name_stop_the_start(declare: Declare) -> None:
    declare("twin", celery_name="a.twin")
    declare("twin", celery_name="b.twin")
    (message,) = checks.check_catalog()
    assert message.id == "runbell.E002"
    assert "a.twin" in message.msg
    assert "b.twin" in message.msg


@pytest.mark.parametrize("bad", [cron("61 * * * *"), cron("* * * * *", "Mars/Base"), every(timedelta(seconds=0))])
def test_a_schedule_that_cannot_be_computed_stops_the_start(declare: Declare, bad: Cron | Interval) -> None:
    declare("broken", schedules=(ScheduleDefinition("broken", bad),))
    (message,) = checks.check_schedules()
    assert message.id == "runbell.E003"
    assert "broken" in message.msg


def test_a_queue_that_no_route_knows_stops_the_start(declare: Declare) -> None:
    declare("lonely", queue="nowhere")
    (message,) = checks.check_queues()
    assert message.id == "runbell.E004"
    assert "'nowhere'" in message.msg


def test_a_setting_that_does_not_exist_stops_the_start(settings: Any) -> None:
    settings.RUNBELL = {"PUBLISH_BUGET": 1}
    (message,) = checks.check_settings()
    assert message.id == "runbell.E001"
    assert "PUBLISH_BUGET" in message.msg


@pytest.mark.parametrize(
    "wrong",
    [
        {"PUBLISH_BUDGET": "soon"},
        {"TICK_INTERVAL": -1},
        {"MAX_BODY": 0},
        {"SITE_TIME_ZONE": "Mars/Base"},
        {"TRUSTED_PROXIES": "10.0.0.0/8"},
        {"TRUSTED_PROXIES": ["10.0.0.0/99"]},
        {"LOG_LINES": None},
    ],
)
def test_a_setting_with_a_wrong_value_stops_the_start(settings: Any, wrong: dict[str, Any]) -> None:
    settings.RUNBELL = wrong
    (message,) = checks.check_settings()
    assert message.id == "runbell.E001"
    assert next(iter(wrong)) in message.msg


def test_a_dispatcher_that_does_not_exist_stops_the_start(settings: Any) -> None:
    settings.RUNBELL = {"DISPATCHER": "nowhere.Dispatcher"}
    assert ids(checks.check_settings()) == ["runbell.E001"]


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (crontab(minute="*/15"), Cron("*/15 * * * *", "Europe/Paris")),
        (crontab(minute=0, hour="7,19", day_of_week="mon-fri"), Cron("0 7,19 * * mon-fri", "Europe/Paris")),
        (timedelta(minutes=5), Interval(300.0)),
        (30, Interval(30.0)),
        (celery_schedule(run_every=10), Interval(10.0)),
        (BaseSchedule(), None),
    ],
)
def test_the_schedules_of_celery_beat_are_understood(theirs: Any, ours: Any) -> None:
    found = as_schedule(theirs, "Europe/Paris")
    assert found == ours
    if found is not None:
        found.validate()


def test_neither_a_worker_nor_a_server_starts_on_broken_declarations(declare: Declare) -> None:
    require_sound_declarations()
    declare("broken", schedules=(ScheduleDefinition("broken", cron("61 * * * *")),))
    with pytest.raises(SystemExit, match="bad cron expression"):
        require_sound_declarations()


def test_a_short_spelling_resolves_unless_two_tasks_end_in_it(declare: Declare) -> None:
    declare("app.tasks.add", celery_name="app.tasks.add", source=Source.CELERY)
    assert catalog.resolve("add").name == "app.tasks.add"
    declare("other.tasks.add", celery_name="other.tasks.add", source=Source.CELERY)
    with pytest.raises(Exception, match="give the full path"):
        catalog.resolve("add")
    assert catalog.resolve("other.tasks.add").name == "other.tasks.add"

"""Reading runs: filters, pages that stay where they are, one run with its events and its log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from runbell.domain.states import State
from runbell.domain.tasks import TaskDefinition
from runbell.models import LogLine
from tests.api.conftest import API, Caller, add_run, by_token

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def caller(people: dict[str, Any], tidy_up: TaskDefinition) -> Caller:
    """Somebody who may read."""
    return by_token(people["viewer"])


def _ids(caller: Caller, query: str = "") -> list[str]:
    return [run["id"] for run in caller.get(f"runs/{query}").json["items"]]


def _walk(caller: Caller, path: str, between: Callable[[], object] = lambda: None) -> list[str]:
    seen: list[str] = []
    following: str | None = path
    while following:
        page = caller.get(following).json
        seen += [str(item["id"]) for item in page["items"]]
        following = page["next"]
        between()
    return seen


def test_runs_are_listed_newest_first_whatever_their_keys(caller: Caller) -> None:
    old, new = add_run(at=NOON + timedelta(hours=1)), add_run(at=NOON)
    assert _ids(caller) == [old.task_id, new.task_id]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 200])
def test_pages_hold_every_run_once_while_newer_ones_are_added(caller: Caller, limit: int) -> None:
    there = [add_run(at=NOON - timedelta(seconds=number // 3)).task_id for number in range(7)]
    seen = _walk(caller, f"runs/?limit={limit}", between=lambda: add_run(at=timezone.now()))
    assert sorted(seen) == sorted(there)


@pytest.mark.parametrize("states", [("SUCCESS", "FAILURE"), ("LOST",), tuple(State)])
def test_several_states_are_one_list_in_order(caller: Caller, states: tuple[str, ...]) -> None:
    runs = [
        add_run(at=NOON - timedelta(seconds=number // 2), state=list(State)[number % len(State)])
        for number in range(40)
    ]
    wanted = sorted((run for run in runs if run.state in states), key=lambda run: (run.requested_at, run.pk))
    query = "&".join(f"state={state}" for state in states)
    assert _walk(caller, f"runs/?limit=3&{query}") == [run.task_id for run in reversed(wanted)]


def test_filters_narrow_the_list(caller: Caller) -> None:
    run = add_run(at=NOON, trigger="schedule", actor="system:ticker")
    add_run(at=NOON + timedelta(days=1))
    assert _ids(caller, "?trigger=schedule") == [run.task_id]
    assert _ids(caller, "?actor=system:ticker") == [run.task_id]
    assert _ids(caller, "?from=2026-03-01T12:00:00Z&to=2026-03-01T12:00:01Z") == [run.task_id]
    assert _ids(caller, "?to=2026-03-01T12:00:00Z") == []
    assert _ids(caller, "?from=2026-03-01T13:00:00%2B01:00&to=2026-03-02") == [run.task_id]


def test_a_task_that_only_history_knows_can_be_asked_for(caller: Caller) -> None:
    run = add_run("gone_long_ago")
    assert _ids(caller, "?task=gone_long_ago") == [run.task_id]
    assert caller.get(f"runs/{run.task_id}/").json["task_title"] == "gone_long_ago"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=NONSENSE", "state"),
        ("trigger=nonsense", "trigger"),
        ("task=nonsense", "task"),
        ("task=%00", "task"),
        ("actor=%00", "actor"),
        (f"actor={'x' * 300}", "actor"),
        ("from=yesterday", "from"),
        ("from=0001-01-01T00:00:00%2B14:00", "from"),
        ("to=99999-01-01", "to"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=x", "limit"),
        (f"limit={'9' * 5000}", "limit"),
        ("cursor=nonsense", "cursor"),
        ("cursor=%00", "cursor"),
        ("cursor=\u00e9", "cursor"),
        ("cursor=" + "A" * 27, "cursor"),
    ],
)
def test_a_filter_that_cannot_be_read_is_named(caller: Caller, query: str, field: str) -> None:
    answer = caller.get(f"runs/?{query}")
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, field)


def test_a_cursor_that_was_tampered_with_is_refused(caller: Caller) -> None:
    add_run(), add_run()
    following = caller.get("runs/?limit=1").json["next"]
    assert caller.get(following).status == 200
    assert caller.get(following[:-4] + "AAAA").status == 422


def test_a_run_is_shown_with_everything(caller: Caller, everything: Caller) -> None:
    run_id = everything.post(
        "monitoring/manual-trigger/", {"task_name": "tidy_up", "reason": "inspection"}, REMOTE_ADDR="192.0.2.9"
    ).json["task_id"]
    run = caller.get(f"runs/{run_id}/").json
    assert (run["actor"], run["reason"], run["params"], run["state"]) == (
        "user:everything", "inspection", {"days": 7}, "QUEUED",
    )  # fmt: skip
    assert run["links"]["cancellation"] == f"{API}runs/{run_id}/cancellation/"
    assert run["seconds_waited"] >= 0


def test_an_address_is_shown_to_auditors_only(caller: Caller, everything: Caller) -> None:
    run_id = everything.post("monitoring/manual-trigger/", {"task_name": "tidy_up"}, REMOTE_ADDR="192.0.2.9").json[
        "task_id"
    ]
    assert caller.get(f"runs/{run_id}/").json["ip_address"] is None
    assert everything.get(f"runs/{run_id}/").json["ip_address"] == "192.0.2.9"


def test_a_retry_and_the_run_it_repeats_name_one_another(everything: Caller, tidy_up: TaskDefinition) -> None:
    old = add_run(params={"days": 3})
    answer = everything.post(f"runs/{old.task_id}/retry/", {"reason": "again"})
    new_id = answer.json["task_id"]
    assert (answer.status, answer.headers["Location"]) == (202, f"{API}runs/{new_id}/")
    assert everything.get(f"runs/{new_id}/").json["retry_of"] == old.task_id
    assert everything.get(f"runs/{old.task_id}/").json["retries"] == [new_id]


def test_a_cancellation_says_how(everything: Caller, tidy_up: TaskDefinition) -> None:
    run = add_run(state=State.QUEUED)
    answer = everything.post(f"runs/{run.task_id}/cancellation/", {"reason": "wrong day"})
    assert (answer.status, answer.json["how"]) == (202, "revoked")
    assert everything.get(f"runs/{run.task_id}/").json["state"] == "REVOKED"


@pytest.mark.parametrize("limit", [1, 2, 200])
def test_events_carry_the_time_between_them_over_pages(caller: Caller, limit: int) -> None:
    run = add_run(at=NOON)
    for number, seconds in enumerate((0, 0, 3, 10)):
        run.events.create(kind="QUEUED", at=NOON + timedelta(seconds=seconds), detail=str(number))
    path, gaps = f"runs/{run.task_id}/events/?limit={limit}", []
    while path:
        page = caller.get(path).json
        gaps += [event["seconds_since_previous"] for event in page["items"]]
        path = page["next"]
    assert gaps == [None, 0.0, 3.0, 7.0]


def test_a_log_is_followed_by_its_cursor(caller: Caller) -> None:
    run = add_run(log_lines_cut=5)

    def log(attempt: int, *numbers: int) -> None:
        for number in numbers:
            LogLine.objects.create(
                run=run,
                attempt=attempt,
                number=number,
                at=NOON,
                level="INFO",
                logger="x",
                message=f"{attempt}.{number}",
            )

    path = f"runs/{run.task_id}/log/?limit=2"
    empty = caller.get(path).json
    log(1, 0, 1, 2)
    first = caller.get(f"{path}&after={empty['cursor']}").json
    second = caller.get(f"{path}&after={first['cursor']}").json
    log(2, 0)
    third = caller.get(f"{path}&after={second['cursor']}").json
    assert [[line["message"] for line in page["items"]] for page in (empty, first, second, third)] == [
        [], ["1.0", "1.1"], ["1.2"], ["2.0"],
    ]  # fmt: skip
    assert [page["more"] for page in (first, second)] == [True, False]
    assert first["cut"] == 5
    assert caller.get(f"{path}&after=nonsense").status == 422

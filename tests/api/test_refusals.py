"""Addresses, methods, faults, and a database that is away."""

from __future__ import annotations

import logging
from typing import Any
from unittest.mock import patch

import pytest
from django.db import InterfaceError, OperationalError

from runbell.domain.tasks import TaskDefinition
from runbell.testing import FakeDispatcher
from tests.api.conftest import API, Caller, add_run, by_session, by_token

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("path", ["nothing", "nothing/", "", "runs/1/2/3/", "tasks/a/b/", "%00"])
def test_an_unknown_address_is_a_problem_too(everything: Caller, anonymous: Caller, path: str) -> None:
    assert everything.get(path).status == 404
    assert anonymous.post(path, {}).status == 404


def test_a_forgotten_slash_keeps_method_and_query(everything: Caller) -> None:
    answer = everything.get("runs?task=x")
    assert (answer.status, answer.headers["Location"]) == (308, f"{API}runs/?task=x")
    assert everything.post("monitoring/manual-trigger", {}).status == 308


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("DELETE", "runs/", "GET, HEAD"), ("GET", "monitoring/manual-trigger/", "POST"), ("PUT", "docs", None)],
)
def test_another_method_is_405_with_those_there_are(
    everything: Caller, method: str, path: str, allowed: str | None
) -> None:
    answer = everything.call(method, path)
    if allowed:
        assert (answer.status, answer.headers["Allow"]) == (405, allowed)


def test_head_is_answered_like_get(everything: Caller) -> None:
    answer = everything.call("HEAD", "runs/")
    assert (answer.status, answer.response.content) == (200, b"")


@pytest.mark.parametrize("run_id", ["nothing", "%00", "x" * 300, "..%2f", "\u00e9"])
@pytest.mark.parametrize("part", ["", "events/", "log/"])
def test_an_unknown_run_is_404(everything: Caller, run_id: str, part: str) -> None:
    assert everything.get(f"runs/{run_id}/{part}").status == 404


@pytest.mark.parametrize("part", ["cancellation/", "retry/"])
@pytest.mark.parametrize("run_id", ["nothing", "%00"])
def test_an_action_on_an_unknown_run_is_404(everything: Caller, run_id: str, part: str) -> None:
    assert everything.post(f"runs/{run_id}/{part}").status == 404


def test_a_state_that_does_not_allow_it_is_409(everything: Caller, tidy_up: TaskDefinition) -> None:
    from runbell.domain.states import State  # noqa: PLC0415

    assert everything.post(f"runs/{add_run().task_id}/cancellation/").status == 409
    assert everything.post(f"runs/{add_run(state=State.QUEUED).task_id}/retry/").status == 409


@pytest.mark.parametrize("error", [OperationalError("secret"), InterfaceError("secret")])
@pytest.mark.parametrize("path", ["monitoring/status/", "runs/", "tasks/"])
def test_a_ledger_that_is_away_is_503(people: dict[str, Any], tidy_up: Any, error: Exception, path: str) -> None:
    caller = by_token(people["everything"])

    def fail(*_: Any) -> Any:
        raise error

    from django.db import connection  # noqa: PLC0415

    with connection.execute_wrapper(fail):
        answer = caller.get(path)
    assert answer.status == 503
    assert "secret" not in answer.response.content.decode()


def test_a_session_that_cannot_be_looked_up_is_503(people: dict[str, Any], tidy_up: TaskDefinition) -> None:
    caller = by_session(people["everything"])

    def fail(*_: Any) -> Any:
        raise OperationalError("secret")

    from django.db import connection  # noqa: PLC0415

    with connection.execute_wrapper(fail):
        assert caller.post("monitoring/manual-trigger/", {"task_name": "tidy_up"}).status == 503


def test_a_fault_is_logged_under_an_id_and_shown_to_nobody(
    everything: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.ERROR, "runbell.api"),
        patch("runbell.api.routers.runs.list_runs", side_effect=ZeroDivisionError("secret")),
    ):
        answer = everything.get("runs/")
    assert answer.status == 500
    assert "secret" not in answer.response.content.decode()
    assert answer.json["reference"] in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_health_asks_nobody(anonymous: Caller, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert anonymous.get("/healthz").json == {"status": "ok"}


def test_readiness_names_what_is_down_and_says_no_more(anonymous: Caller, dispatcher: FakeDispatcher) -> None:
    assert anonymous.get("/readyz").json["checks"] == {"database": "ok", "broker": "ok"}
    dispatcher.down = True
    with patch("runbell.api.readiness.ping_ledger", side_effect=OperationalError("secret")):
        answer = anonymous.get("readyz")
    assert (answer.status, answer.json["checks"]) == (503, {"database": "unreachable", "broker": "unreachable"})
    assert "secret" not in answer.response.content.decode()

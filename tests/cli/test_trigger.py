"""``runbell trigger``, ``retry`` and ``cancel``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from runbell.actions.record import Ending
from runbell.domain.states import Fact
from runbell.domain.tasks import Overlap, TaskDefinition
from runbell.testing import FakeDispatcher
from tests.cli.conftest import Runbell

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("dispatcher")]
Declare = Callable[..., TaskDefinition]
Worker = Callable[[Ending], None]


@pytest.fixture(autouse=True)
def _tasks(declare: Declare) -> None:
    declare("tidy_up")
    declare("one_at_a_time", overlap=Overlap.SKIP)


def ending(fact: Fact, **columns: Any) -> Ending:
    return Ending(fact, timezone.now(), **columns)


def test_a_trigger_says_what_it_made(runbell: Runbell, dispatcher: FakeDispatcher) -> None:
    result = runbell("trigger", "Tidy-Up", "--param", "days=3", "--reason", "inspection")
    (message,) = dispatcher.messages
    assert result.code == 0
    assert result.out.startswith("tidy_up: ")
    assert message.run_id in result.out
    assert message.params == {"days": 3}


def test_the_json_of_a_trigger_has_the_fields_of_the_api(runbell: Runbell) -> None:
    document = runbell("trigger", "tidy_up", "--json").document
    assert set(document) == {
        "task_id",
        "task_name",
        "task_display_name",
        "status",
        "dry_run",
        "execution_time",
        "executed_by",
        "replayed",
        "waits_for",
    }
    assert document["status"] == "queued"


def test_the_actor_is_the_account_whatever_the_environment_says(
    runbell: Runbell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USER", "somebody")
    monkeypatch.setenv("LOGNAME", "somebody")
    run_id = runbell("trigger", "tidy_up", "--json").document["task_id"]
    actor = runbell("show", run_id, "--json").document["run"]["actor"]
    assert actor.startswith("cli:")
    assert actor != "cli:somebody"


def test_without_a_broker_the_run_is_accepted_and_nothing_is_wrong(
    runbell: Runbell, dispatcher: FakeDispatcher
) -> None:
    dispatcher.down = True
    result = runbell("trigger", "tidy_up")
    assert result.code == 0
    assert "accepted" in result.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("no_such_task",), 3, "Tasks: one_at_a_time, tidy_up"),
        (("tidy_up", "--param", "days=99"), 4, "  days: "),
        (("tidy_up", "--dry-run"), 4, "no dry run"),
        (("tidy_up", "--param", "days"), 2, "name=value"),
        (("tidy_up", "--timeout", "5"), 2, "--timeout needs --wait"),
    ],
)
def test_refusals(runbell: Runbell, arguments: tuple[str, ...], code: int, said: str) -> None:
    result = runbell("trigger", *arguments)
    assert result.code == code
    assert said in result.err
    assert result.out == ""


def test_an_overlap_names_the_run_in_the_way(runbell: Runbell) -> None:
    first = runbell("trigger", "one_at_a_time", "--json").document["task_id"]
    result = runbell("trigger", "one_at_a_time", "--json")
    assert result.code == 4
    assert (result.document["error"], result.document["conflicting_run"]) == ("overlap", first)
    assert first in result.err


def test_the_same_key_makes_one_run(runbell: Runbell, dispatcher: FakeDispatcher) -> None:
    first, second = (runbell("trigger", "tidy_up", "--idempotency-key", "k", "--json").document for _ in range(2))
    assert first["task_id"] == second["task_id"]
    assert (first["replayed"], second["replayed"]) == (False, True)
    assert len(dispatcher.messages) == 1


@pytest.mark.usefixtures("worker")
def test_waiting_ends_with_the_run(runbell: Runbell) -> None:
    result = runbell("trigger", "tidy_up", "--wait")
    assert result.code == 0
    assert "SUCCESS" in result.out
    assert "queued" in result.err


@pytest.mark.parametrize("fact", [Fact.PARTIAL, Fact.FAILURE])
def test_a_run_that_did_not_succeed_is_exit_code_1(runbell: Runbell, worker: Worker, fact: Fact) -> None:
    worker(ending(fact, processed=1, failed=2, error="ValueError: no"))
    result = runbell("trigger", "tidy_up", "--wait", "--json")
    assert result.code == 1
    assert (result.document["run"]["state"], result.document["run"]["failed"]) == (fact.value, 2)
    assert f"ended in {fact}" in result.err


def test_waiting_can_be_given_up(runbell: Runbell) -> None:
    result = runbell("trigger", "tidy_up", "--wait", "--timeout", "0")
    assert result.code == 6
    assert "still QUEUED" in result.err


def test_a_retry_is_a_new_run_that_names_the_old_one(runbell: Runbell, worker: Worker) -> None:
    worker(ending(Fact.FAILURE, error="ValueError: no"))
    old = runbell("trigger", "tidy_up", "--json").document["task_id"]
    worker(ending(Fact.SUCCESS))
    retried = runbell("retry", old, "--wait", "--json")
    assert retried.code == 0
    assert retried.document["run"]["retry_of"] == old


def test_a_run_that_is_not_finished_cannot_be_retried(runbell: Runbell) -> None:
    run_id = runbell("trigger", "tidy_up", "--json").document["task_id"]
    result = runbell("retry", run_id, "--json")
    assert (result.code, result.document["error"]) == (4, "not-possible")


def test_what_waits_is_revoked(runbell: Runbell) -> None:
    run_id = runbell("trigger", "tidy_up", "--json").document["task_id"]
    assert runbell("cancel", run_id, "--reason", "a mistake", "--json").document["how"] == "revoked"
    assert runbell("show", run_id, "--json").document["run"]["state"] == "REVOKED"
    assert runbell("cancel", run_id).code == 4


@pytest.mark.parametrize("verb", ["retry", "cancel", "show"])
def test_a_run_that_is_not_there_is_not_found(runbell: Runbell, verb: str) -> None:
    result = runbell(verb, "no-such-run", "--json")
    assert (result.code, result.document["error"]) == (3, "unknown-run")


def test_a_run_that_waits_in_line_says_for_which(runbell: Runbell, declare: Declare) -> None:
    declare("one_by_one", overlap=Overlap.QUEUE)
    first = runbell("trigger", "one-by-one", "--json").document
    second = runbell("trigger", "one-by-one")
    assert (first["status"], first["waits_for"]) == ("queued", None)
    assert f"waits for its turn; run {first['task_id']} must end first" in second.out


def test_a_run_of_a_paused_task_says_that_it_is_paused(runbell: Runbell, declare: Declare) -> None:
    declare("hourly", interval=3600)
    runbell("pause", "hourly", "--reason", "maintenance")
    assert "its schedule is paused, this run goes all the same" in runbell("trigger", "hourly").out

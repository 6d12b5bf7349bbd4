"""An attempt ends once, as itself, whatever the task leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from runbell.actions.retry import retry
from runbell.actions.trigger import trigger
from runbell.domain.actors import Actor
from runbell.domain.errors import NotPossible
from runbell.domain.outcome import Outcome
from runbell.domain.tasks import TaskDefinition
from runbell.engine import attempts
from runbell.models import Run
from runbell.testing import FakeDispatcher

pytestmark = pytest.mark.django_db(transaction=True)


class Unspeakable:
    """A value whose own code fails."""

    def __repr__(self) -> str:
        raise RuntimeError


class UnspeakableError(Exception):
    """An exception that cannot say what it is."""

    def __str__(self) -> str:
        raise RuntimeError


def celery_task(name: str = "tests.tasks.tidy_up") -> Any:
    request = SimpleNamespace(delivery_info={"routing_key": "celery"}, origin="gen1@host")
    return SimpleNamespace(name=name, request=request)


@pytest.fixture
def run_id(dispatcher: FakeDispatcher, declare: Callable[..., TaskDefinition], anna: Actor) -> Iterator[str]:
    declare()
    run_id = trigger("tidy_up", actor=anna).run_id
    assert attempts.begin(celery_task(), run_id, (), {"days": 7})
    yield run_id
    attempts._current.set(None)


def endless() -> list[Any]:
    circle: list[Any] = []
    circle.append(circle)
    return circle


@pytest.mark.parametrize(
    "value", [{("a", "b"): 1}, endless(), Unspeakable(), {"x": Unspeakable()}, {"n": float("nan")}]
)
def test_a_result_that_cannot_be_kept_does_not_keep_the_run_from_ending(run_id: str, value: Any) -> None:
    attempts.finish(run_id, "SUCCESS", value)
    assert Run.objects.get(task_id=run_id).state == "SUCCESS"


def test_an_error_that_cannot_be_told_is_a_failure_all_the_same(run_id: str) -> None:
    attempts.finish(run_id, "FAILURE", UnspeakableError())
    run = Run.objects.get(task_id=run_id)
    assert (run.state, run.error) == ("FAILURE", "UnspeakableError: (its message cannot be shown)")


def test_a_task_called_inside_another_does_not_end_it(run_id: str) -> None:
    attempts.finish("the-inner-task", "FAILURE", ValueError("inner"))
    assert Run.objects.get(task_id=run_id).state == "STARTED"
    attempts.finish(run_id, "SUCCESS", None)
    assert Run.objects.get(task_id=run_id).state == "SUCCESS"


def test_a_plain_task_is_not_run_with_other_parameters_than_the_ledger_has(
    dispatcher: FakeDispatcher, declare: Callable[..., TaskDefinition], anna: Actor
) -> None:
    declare("plain", params_model=None)
    run_id = trigger("plain", actor=anna, params={"a": 1}).run_id
    assert not attempts.begin(celery_task("tests.tasks.plain"), run_id, (), {"a": 999})
    run = Run.objects.get(task_id=run_id)
    assert run.state == "FAILURE"
    assert "not the ledger's" in run.error


def test_what_was_sent_with_positional_arguments_cannot_be_retried(
    dispatcher: FakeDispatcher, declare: Callable[..., TaskDefinition], anna: Actor
) -> None:
    declare("plain", params_model=None)
    assert attempts.begin(celery_task("tests.tasks.plain"), "my-id", (5,), {})
    attempts.finish("my-id", "SUCCESS", 25)
    with pytest.raises(NotPossible, match="positional"):
        retry("my-id", actor=anna)


def test_counts_larger_than_a_database_keeps_are_refused_where_they_are_made() -> None:
    with pytest.raises(ValueError, match="2\\*\\*63"):
        Outcome(processed=10**30)

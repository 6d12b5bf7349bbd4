"""What a trigger promises: one transaction, never lost, never twice, always somebody's."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction

from runbell.actions.relay import relay
from runbell.actions.trigger import trigger
from runbell.conf import get_dispatcher
from runbell.domain.actors import Actor
from runbell.domain.errors import (
    IdempotencyConflict,
    InvalidParams,
    Overlap,
    PermissionDenied,
    RateLimited,
    RehearsalUnavailable,
    UnknownTask,
)
from runbell.domain.tasks import TaskDefinition
from runbell.ledger import groups
from runbell.models import AuditEntry, Event, Run
from runbell.testing import FakeDispatcher

pytestmark = pytest.mark.django_db(transaction=True)
Declare = Callable[..., TaskDefinition]


def test_a_trigger_writes_a_run_an_event_and_an_audit_entry(
    dispatcher: FakeDispatcher, declare: Declare, anna: Actor
) -> None:
    declare(description="Tidies.")
    triggered = trigger("tidy-up", actor=anna, params={"days": 3}, reason="inspection")

    run = Run.objects.get(task_id=triggered.run_id)
    entry = AuditEntry.objects.get(task_id=triggered.run_id)
    assert (run.task_name, run.params, run.actor, run.reason) == ("tidy_up", {"days": 3}, "user:anna", "inspection")
    assert [event.kind for event in run.events.order_by("at")] == ["ACCEPTED", "QUEUED"]
    assert (entry.action, entry.actor, entry.ip_address) == ("TASK_EXECUTION_STARTED", "user:anna", "192.0.2.7")
    assert entry.field_changes | {"execution_time": ""} == {
        "task_name": "tidy_up",
        "task_description": "Tidies.",
        "dry_run": False,
        "execution_time": "",
        "task_id": triggered.run_id,
        "reason": "inspection",
        "params": '{"days": 3}',
    }


def test_the_broker_gets_the_run_id_and_the_validated_parameters(
    dispatcher: FakeDispatcher, declare: Declare, anna: Actor
) -> None:
    declare(queue="scheduler")
    triggered = trigger("tidy_up", actor=anna)

    (message,) = dispatcher.messages
    assert message.queue == "scheduler"
    assert (message.run_id, message.celery_name, message.params) == (
        triggered.run_id,
        "tests.tasks.tidy_up",
        {"days": 7},
    )
    assert triggered.status == "queued"


@pytest.mark.parametrize("spelling", ["tidy_up", "tidy-up", "TIDY-UP", "tests.tasks.tidy_up"])
def test_every_spelling_means_the_same_task(
    dispatcher: FakeDispatcher, declare: Declare, anna: Actor, spelling: str
) -> None:
    declare()
    assert trigger(spelling, actor=anna).task.name == "tidy_up"


def test_an_unknown_task_names_those_there_are(dispatcher: FakeDispatcher, declare: Declare, anna: Actor) -> None:
    declare()
    with pytest.raises(UnknownTask) as caught:
        trigger("tidy_down", actor=anna)
    assert "tidy_up" in caught.value.details["available_tasks"]
    assert not Run.objects.exists()


def test_while_the_broker_is_down_the_run_is_accepted_and_relayed_later_with_the_same_id(
    dispatcher: FakeDispatcher, declare: Declare, anna: Actor, settings: Any
) -> None:
    declare()
    settings.RUNBELL = settings.RUNBELL | {"RELAY_AFTER": 0.0, "BREAKER_PAUSE": 0.0}
    broker = get_dispatcher()
    assert isinstance(broker, FakeDispatcher)
    broker.down = True
    triggered = trigger("tidy_up", actor=anna)
    assert triggered.status == "accepted"
    assert relay() == 0

    broker.down = False
    assert relay() == 1
    run = Run.objects.get(task_id=triggered.run_id)
    assert [message.run_id for message in broker.messages] == [triggered.run_id]
    assert run.state == "QUEUED"
    assert [event.kind for event in run.events.order_by("at", "id")] == ["ACCEPTED", "PUBLISH_FAILED", "QUEUED"]


def test_a_run_asked_for_in_a_transaction_that_fails_never_was(
    dispatcher: FakeDispatcher, declare: Declare, anna: Actor
) -> None:
    declare()

    def ask_and_fail() -> None:
        with transaction.atomic():
            trigger("tidy_up", actor=anna)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        ask_and_fail()
    assert not Run.objects.exists()
    assert not AuditEntry.objects.exists()
    assert dispatcher.messages == []


def test_a_repeated_request_makes_one_run(dispatcher: FakeDispatcher, declare: Declare, anna: Actor) -> None:
    declare()
    first = trigger("tidy_up", actor=anna, idempotency_key="k1")
    second = trigger("tidy-up", actor=anna, params={"days": 7}, idempotency_key="k1")
    assert (second.run_id, second.replayed) == (first.run_id, True)
    assert Run.objects.count() == AuditEntry.objects.count() == 1
    assert len(dispatcher.messages) == 1


def test_a_key_used_for_another_request_is_refused(dispatcher: FakeDispatcher, declare: Declare, anna: Actor) -> None:
    declare()
    first = trigger("tidy_up", actor=anna, idempotency_key="k1")
    with pytest.raises(IdempotencyConflict) as caught:
        trigger("tidy_up", actor=anna, params={"days": 8}, idempotency_key="k1")
    assert caught.value.details["conflicting_run"] == first.run_id


def test_a_key_belongs_to_who_used_it(
    dispatcher: FakeDispatcher, declare: Declare, anna: Actor, operator: Actor
) -> None:
    declare()
    first = trigger("tidy_up", actor=anna, idempotency_key="k1")
    assert trigger("tidy_up", actor=operator, idempotency_key="k1").run_id != first.run_id


def test_an_overlap_is_refused_and_names_the_run_in_the_way(
    dispatcher: FakeDispatcher, exclusive: TaskDefinition, anna: Actor
) -> None:
    first = trigger("one_at_a_time", actor=anna)
    with pytest.raises(Overlap) as caught:
        trigger("one_at_a_time", actor=anna)
    assert caught.value.details["conflicting_run"] == first.run_id
    assert Run.objects.count() == 1


def test_of_many_who_press_at_once_one_wins(dispatcher: FakeDispatcher, exclusive: TaskDefinition, anna: Actor) -> None:
    results: list[str] = []
    barrier = threading.Barrier(6)

    def press() -> None:
        barrier.wait()
        try:
            results.append(trigger("one_at_a_time", actor=anna).run_id)
        except Overlap:
            results.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results).count("refused") == 5
    assert Run.objects.count() == 1


def test_who_may_not_is_refused_and_that_is_written_down(
    dispatcher: FakeDispatcher, declare: Declare, stranger: Actor
) -> None:
    declare()
    with pytest.raises(PermissionDenied):
        trigger("tidy_up", actor=stranger)
    assert not Run.objects.exists()
    assert AuditEntry.objects.get().action == "TASK_EXECUTION_DENIED"


def test_a_task_may_ask_for_a_permission_of_its_own(dispatcher: FakeDispatcher, declare: Declare) -> None:
    declare(permission="app.special")
    actor = Actor("user:x", "X", user_id="3", has_permission=lambda name: name == "runbell.trigger_run")
    with pytest.raises(PermissionDenied, match=r"app\.special"):
        trigger("tidy_up", actor=actor)


def test_bad_parameters_are_refused_field_by_field(dispatcher: FakeDispatcher, declare: Declare, anna: Actor) -> None:
    declare()
    with pytest.raises(InvalidParams) as caught:
        trigger("tidy_up", actor=anna, params={"days": 31})
    assert [error["field"] for error in caught.value.details["errors"]] == ["days"]
    assert not Run.objects.exists()


@pytest.mark.parametrize("value", ["a\x00b", "\ud800", float("nan")])
def test_what_no_database_can_keep_is_refused(
    dispatcher: FakeDispatcher, declare: Declare, anna: Actor, value: object
) -> None:
    declare(params_model=None)
    with pytest.raises(InvalidParams):
        trigger("tidy_up", actor=anna, params={"x": value})


def test_a_dry_run_of_a_task_that_has_none_is_refused(
    dispatcher: FakeDispatcher, declare: Declare, anna: Actor
) -> None:
    declare()
    with pytest.raises(RehearsalUnavailable):
        trigger("tidy_up", actor=anna, dry_run=True)


def test_a_limit_per_person_says_when_to_come_back(
    dispatcher: FakeDispatcher, declare: Declare, anna: Actor, operator: Actor, settings: Any
) -> None:
    declare()
    settings.RUNBELL = settings.RUNBELL | {"TRIGGERS_PER_MINUTE": 2}
    trigger("tidy_up", actor=anna)
    trigger("tidy_up", actor=anna)
    with pytest.raises(RateLimited) as caught:
        trigger("tidy_up", actor=anna)
    assert 1 <= caught.value.details["retry_after"] <= 60
    assert trigger("tidy_up", actor=operator).run_id


def test_a_broker_that_takes_too_long_does_not_hold_up_the_request(
    dispatcher: FakeDispatcher, declare: Declare, anna: Actor
) -> None:
    declare()
    dispatcher.slow = True
    triggered = trigger("tidy_up", actor=anna)
    assert triggered.status == "accepted"
    dispatcher.slow = False
    dispatcher.arrive()
    assert Event.objects.filter(run__task_id=triggered.run_id, kind="QUEUED").count() == 1


def test_many_triggers_at_once_are_all_opened_and_each_gets_its_own_answer(
    dispatcher: FakeDispatcher, declare: Declare, exclusive: TaskDefinition, anna: Actor
) -> None:
    """On PostgreSQL they share inserts; one that a constraint forbids must not take the others with it."""
    declare()
    answers: dict[int, str] = {}
    barrier = threading.Barrier(12)

    def ask(number: int) -> None:
        barrier.wait()
        try:
            answers[number] = trigger("one_at_a_time" if number % 4 == 0 else "tidy_up", actor=anna).run_id
        except Overlap:
            answers[number] = "refused"
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    accepted = sorted(run_id for run_id in answers.values() if run_id != "refused")
    assert len(accepted) == 10
    assert sorted(Run.objects.values_list("task_id", flat=True)) == accepted
    assert sorted(AuditEntry.objects.values_list("task_id", flat=True)) == accepted
    assert Event.objects.filter(kind="ACCEPTED").count() == 10
    for number, run_id in answers.items():
        if run_id != "refused":
            expected = "one_at_a_time" if number % 4 == 0 else "tidy_up"
            assert Run.objects.get(task_id=run_id).task_name == expected


def test_a_child_never_waits_for_a_thread_that_only_its_parent_has() -> None:
    alias = connections["default"].alias
    ours = groups._group_of(alias, os.getpid())
    ours._led = True  # as at the moment of a fork in the middle of an insert
    try:
        assert not groups._group_of(alias, os.getpid() + 1)._led
    finally:
        ours._led = False

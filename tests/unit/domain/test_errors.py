"""Every refusal carries a sentence for people and details for programs."""

from __future__ import annotations

import json

import pytest

from runbell.domain import errors

ALL = [
    errors.UnknownTask("nope", ["send_report"]),
    errors.AmbiguousTask("add", ["a.tasks.add", "b.tasks.add"]),
    errors.InvalidParams([{"field": "days", "message": "too small"}]),
    errors.RehearsalUnavailable("send_report"),
    errors.PermissionDenied("runbell.trigger_run"),
    errors.Overlap("send_report", "0198"),
    errors.IdempotencyConflict("0198"),
    errors.RateLimited(5, 30),
    errors.RunNotFound("0198"),
    errors.NotPossible("finished already", state="SUCCESS"),
    errors.NotPaused("all tasks"),
    errors.InvalidFilter("from", "not a time"),
    errors.UnknownToken("no such token"),
    errors.UnknownUser("no such user"),
    errors.BrokerUnavailable("connection refused"),
]


@pytest.mark.parametrize("error", ALL, ids=lambda error: error.code)
def test_an_error_has_a_sentence_and_json_ready_details(error: errors.RunbellError) -> None:
    assert error.message == str(error)
    assert json.loads(json.dumps(error.details)) == error.details


def test_every_kind_of_error_has_a_code_of_its_own() -> None:
    kinds = {type(error) for error in ALL}
    assert kinds == set(errors.RunbellError.__subclasses__())
    assert len({error.code for error in ALL}) == len(kinds)


def test_what_was_asked_for_is_repeated_only_in_part() -> None:
    assert len(errors.UnknownTask("x" * 10_000, []).message) < 300
    assert len(errors.RunNotFound("x" * 10_000).message) < 300

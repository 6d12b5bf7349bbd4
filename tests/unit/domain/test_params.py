"""From a signature to typed parameters."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, BeforeValidator, Field, create_model

from runbell.domain.errors import InvalidParams
from runbell.domain.params import (
    MAX_ERRORS,
    UndeclarableSignature,
    is_checked_plainly,
    params_model,
    params_schema,
    typed_params,
    validate_params,
)


def clean_up(run: object, days: Annotated[int, Field(ge=1, le=365)] = 7, remove: bool = True) -> None: ...
def report(run: object, since: date, kind: Literal["short", "long"] = "short") -> None: ...
def nothing(run: object) -> None: ...


def errors_of(function: Any, params: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(InvalidParams) as caught:
        validate_params(params_model(function), params)
    return {error["field"]: error["message"] for error in caught.value.details["errors"]}


def test_defaults_are_filled_in() -> None:
    assert validate_params(params_model(clean_up), {}) == {"days": 7, "remove": True}


def test_values_are_json_ready_for_the_ledger_and_typed_for_the_function() -> None:
    model = params_model(report)
    stored = validate_params(model, {"since": "2026-01-16"})
    assert stored == {"since": "2026-01-16", "kind": "short"}
    assert typed_params(model, stored) == {"since": date(2026, 1, 16), "kind": "short"}


@given(st.integers(1, 365), st.booleans())
def test_what_was_validated_once_is_valid_again(days: int, remove: bool) -> None:
    model = params_model(clean_up)
    stored = validate_params(model, {"days": days, "remove": remove})
    assert validate_params(model, stored) == stored == typed_params(model, stored)


def test_errors_are_told_field_by_field() -> None:
    assert set(errors_of(clean_up, {"days": 0, "remove": "maybe", "force": True})) == {"days", "remove", "force"}


def test_a_required_parameter_is_required() -> None:
    assert set(errors_of(report, {})) == {"since"}


def test_an_unknown_parameter_is_refused() -> None:
    assert set(errors_of(nothing, {"anything": 1})) == {"anything"}


def test_errors_never_repeat_what_was_sent() -> None:
    assert "hunter2" not in str(errors_of(clean_up, {"days": "hunter2"}))


def test_the_number_of_errors_is_bounded() -> None:
    assert len(errors_of(nothing, {f"p{number}": 1 for number in range(500)})) == MAX_ERRORS


def test_typed_params_refuse_what_the_signature_does_not_take() -> None:
    with pytest.raises(InvalidParams):
        typed_params(params_model(clean_up), {"days": "many"})


def test_without_a_model_parameters_pass() -> None:
    assert validate_params(None, {"anything": [1, None]}) == {"anything": [1, None]}
    assert params_schema(None)["additionalProperties"] is True


def test_the_schema_says_what_the_signature_says() -> None:
    schema = params_schema(params_model(clean_up))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["additionalProperties"] is False
    assert schema["properties"]["days"] | {"title": ""} == {
        "title": "",
        "type": "integer",
        "minimum": 1,
        "maximum": 365,
        "default": 7,
    }
    assert params_schema(params_model(report))["required"] == ["since"]


def no_run() -> None: ...
def untyped(run: object, days=7) -> None: ...  # type: ignore[no-untyped-def]
def variadic(run: object, *days: int) -> None: ...
def keywords(run: object, **days: int) -> None: ...
def positional(run: object, days: int, /) -> None: ...


@pytest.mark.parametrize("function", [no_run, untyped, variadic, keywords, positional])
def test_a_signature_that_nobody_could_fill_in_is_refused(function: Any) -> None:
    with pytest.raises(UndeclarableSignature, match=function.__name__):
        params_model(function)


def test_keyword_only_parameters_are_parameters() -> None:
    def function(run: object, *, days: int = 3) -> None: ...

    assert validate_params(params_model(function), {}) == {"days": 3}


@pytest.mark.parametrize(
    ("annotation", "plainly"),
    [
        (int, True),
        (Annotated[int, Field(ge=1, le=30)], True),
        (list[dict[str, date]], True),
        (str | None, True),
        (Annotated[str, AfterValidator(str.upper)], False),
        (list[Annotated[int, BeforeValidator(int)]], False),
    ],
)
def test_code_of_the_project_s_own_in_a_check_is_known(annotation: Any, plainly: bool) -> None:
    fields: dict[str, Any] = {"default": (annotation, ...)}
    assert is_checked_plainly(create_model("Given", **fields)) is plainly


def test_a_task_without_known_parameters_is_checked_plainly() -> None:
    assert is_checked_plainly(None)
    assert not is_checked_plainly(create_model("Made", given=(int, Field(default_factory=lambda: 1))))

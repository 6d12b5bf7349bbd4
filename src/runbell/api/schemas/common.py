"""What all wire types share."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticSerializationError

from runbell.domain.jsonable import clean_text


class Wire(BaseModel):
    """A type that the API sends; it is made from the dataclass that a query returns."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")


class Given(BaseModel):
    """A type that the API takes: every field of exactly the type that the documentation names, and no other field.

    A misspelt ``dry_run`` that is passed over would run for real.
    """

    model_config = ConfigDict(strict=True, extra="forbid")


class PageQuery(Schema):
    """Which page of a list."""

    cursor: str | None = Field(default=None, description="Where the page begins; `next` of the page before holds it.")
    limit: int | None = Field(default=None, description="Items a page, from 1 to the configured largest page.")


class FieldError(Wire):
    """What is wrong with one field."""

    field: str = Field(description="The field, header or parameter.")
    message: str = Field(description="What is wrong with it, for people.")


class ProblemDocument(BaseModel):
    """A refusal (RFC 9457). Members beyond these depend on the type."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Which kind of problem, e.g. `urn:runbell:problem:unknown-task`.")
    title: str = Field(description="The kind in words; the same for every problem of the type.")
    status: int = Field(description="The HTTP status code.")
    detail: str = Field(description="What is wrong this time, for people.")
    instance: str = Field(description="The path that was called.")
    success: bool = Field(description="Always false.")
    error: str = Field(description="The same as `detail`.")
    errors: list[FieldError] = Field(default=[], description="What is wrong, field by field (400, 422).")
    available_tasks: list[str] = Field(default=[], description="The tasks there are (404 for an unknown task).")
    conflicting_run: str | None = Field(default=None, description="The run in the way (409 for an overlap).")


PROBLEM_SUMMARIES = {
    400: "The body or a header cannot be read.",
    401: "Nobody is logged in, or the API token is not valid.",
    403: "The caller may not do this, or the CSRF token is missing.",
    404: "There is no such task or run.",
    409: "Another run, or the run's state, is in the way.",
    413: "The body is larger than the server reads.",
    415: "The body is not JSON.",
    422: "A parameter, a filter or a cursor is refused.",
    429: "More triggers than the configured limit.",
    501: "The server cannot do this.",
    503: "The ledger cannot be reached.",
}


def problems(*statuses: int) -> dict[int, type[BaseModel]]:
    """Return the documentation of refusals, for an operation's ``response``; every operation has 503."""
    return dict.fromkeys((*statuses, 503), ProblemDocument)


READ_PROBLEMS = (401, 403)
WRITE_PROBLEMS = (400, 401, 403, 404, 409, 413, 415, 422)


def reply(content: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """Return a wire type as a JSON response."""
    return json_reply(encode(content), status, headers)


def json_reply(content: bytes, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """Return encoded JSON as a response."""
    return HttpResponse(content, status=status, content_type="application/json", headers=headers or {})


def encode(content: BaseModel) -> bytes:
    """Return a wire type as JSON in UTF-8."""
    try:
        return content.model_dump_json().encode()
    except PydanticSerializationError:
        return type(content).model_validate(_storable(content.model_dump())).model_dump_json().encode()


def _storable(value: Any) -> Any:
    """Return a value without the half characters that a task's result may hold and UTF-8 cannot."""
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item) for item in value]
    return clean_text(value, len(value)) if isinstance(value, str) else value

"""Reading a request's body: its type, its size, its JSON, its fields. Nothing that is sent can break the server."""

from __future__ import annotations

import json
import re
from typing import Any, TypeVar

from django.http import HttpRequest
from pydantic import BaseModel, ValidationError

from runbell.api.problems import Problem, field_problem
from runbell.conf import settings

Model = TypeVar("Model", bound=BaseModel)

MAX_DEPTH = 32
IDEMPOTENCY_KEY = re.compile(r"[\x20-\x7e]{1,255}\Z")
_OPENING = re.compile(rb"[\[{]")


def read(request: HttpRequest, model: type[Model], *, optional: bool = False) -> Model:
    """Return the body as ``model``.

    Args:
        optional: whether a request without a body stands for an empty object.

    Raises:
        Problem: 415 if it is not JSON, 413 if it is too large, 400 if it is malformed or a field is wrong.
    """
    require_json_type(request)
    data = _bytes(request)
    document = {} if optional and not data.strip() else parse(data)
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise _refused_fields(error) from error


def require_json_type(request: HttpRequest) -> None:
    """Return if the body is JSON or there is none.

    Raises:
        Problem: 415 if it is something else.
    """
    kind = request.content_type or ""
    is_json = kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
    if not is_json and _has_body(request):
        raise Problem(
            415,
            "unsupported-media-type",
            f"The body must be application/json, not {kind[:100] or 'untyped'}",
            headers={"Accept-Post": "application/json"} if request.method == "POST" else {},
        )


def parse(data: bytes) -> dict[str, Any]:
    """Return JSON as an object.

    Raises:
        Problem: 400 if it is malformed, too deep, or no object.
    """
    try:
        document = _DECODER.decode(data.decode(json.detect_encoding(data), "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise Problem(400, "malformed-body", "The body is not JSON that can be read") from error
    if not isinstance(document, dict):
        raise Problem(400, "malformed-body", "The body must be a JSON object")
    if len(_OPENING.findall(data)) > MAX_DEPTH and _is_deeper(document, MAX_DEPTH):
        raise Problem(400, "malformed-body", f"The body is nested deeper than {MAX_DEPTH} levels")
    return document


def idempotency_key(request: HttpRequest) -> str | None:
    """Return the header ``Idempotency-Key``, or None.

    Raises:
        Problem: 400 unless it is 1 to 255 printable ASCII characters.
    """
    key: str | None = request.META.get("HTTP_IDEMPOTENCY_KEY")
    return None if key is None else checked_key(key)


def checked_key(key: str) -> str:
    """Return the value of the header ``Idempotency-Key``.

    Raises:
        Problem: 400 unless it is 1 to 255 printable ASCII characters.
    """
    if not IDEMPOTENCY_KEY.match(key):
        raise field_problem(400, "invalid-request", "Idempotency-Key", "must be 1 to 255 printable ASCII characters")
    return key


def _bytes(request: HttpRequest) -> bytes:
    """Read at most one byte more than is allowed, whatever the declared length says."""
    largest = settings().MAX_BODY
    data: bytes = b"" if _declared_length(request) > largest else request.read(largest + 1)
    if len(data) > largest or _declared_length(request) > largest:
        raise Problem(413, "body-too-large", f"The body is larger than {largest} bytes", max_bytes=largest)
    return data


def _declared_length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _has_body(request: HttpRequest) -> bool:
    return _declared_length(request) > 0 or "HTTP_TRANSFER_ENCODING" in request.META


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _is_deeper(document: Any, levels: int) -> bool:
    """Walk level by level, never by recursion."""
    level = [document]
    for _ in range(levels):
        level = [child for node in level for child in _children(node)]
        if not level:
            return False
    return True


def _children(node: Any) -> list[Any]:
    children = node.values() if isinstance(node, dict) else node
    return [child for child in children if isinstance(child, dict | list)]


def _refused_fields(error: ValidationError) -> Problem:
    items = error.errors(include_url=False, include_input=False, include_context=False)[:20]
    problems = [{"field": ".".join(str(part) for part in item["loc"]), "message": item["msg"]} for item in items]
    names = ", ".join(problem["field"][:100] for problem in problems)
    return Problem(400, "malformed-body", f"Fields are missing or wrong: {names}", errors=problems)

"""Values that every database can keep as JSON and give back unchanged."""

from __future__ import annotations

import json
from typing import Any

from runbell.domain.errors import InvalidParams


def require_storable(field: str, value: Any) -> None:
    """Return if ``value`` can be stored as JSON in every database.

    Raises:
        InvalidParams: if it holds NUL characters, lone surrogates, or numbers that JSON does not have.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (TypeError, ValueError) as error:
        raise InvalidParams(
            [{"field": field, "message": "must be JSON: no NaN, no infinity, no half characters"}]
        ) from error
    if "\\u0000" in text:
        raise InvalidParams([{"field": field, "message": "must not contain NUL characters"}])


def clean_text(text: str, limit: int) -> str:
    """Return ``text`` without what a database cannot store, cut to ``limit`` characters with an ellipsis."""
    cleaned = text.replace("\x00", "").encode(errors="replace").decode()
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1] + "…"


def bounded(value: Any, limit: int) -> Any:
    """Return ``value`` as JSON-ready data of at most ``limit`` bytes; else a mapping that says it was cut.

    What JSON has no form for is kept as its ``repr``.
    """
    text = json.dumps(value, default=repr, ensure_ascii=True)
    if len(text) > limit:
        return {"cut": True, "bytes": len(text), "beginning": text[: limit // 2]}
    return json.loads(text.replace("\\u0000", ""), parse_constant=str)

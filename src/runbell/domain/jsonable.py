"""Values that every database can keep as JSON and give back unchanged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from runbell.domain.errors import InvalidParams

_STRICT = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def require_storable(field: str, value: Any) -> None:
    """Return if ``value`` can be stored as JSON in every database.

    Raises:
        InvalidParams: if it holds NUL characters, lone surrogates, or numbers that JSON does not have.
    """
    try:
        _STRICT.encode(value).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidParams(
            [{"field": field, "message": "must be JSON: no NaN, no infinity, no half characters"}]
        ) from error
    if any("\x00" in text for text in _texts(value)):
        raise InvalidParams([{"field": field, "message": "must not contain NUL characters"}])


def clean_text(text: str, limit: int) -> str:
    """Return ``text`` without what a database cannot store, cut to ``limit`` characters with an ellipsis."""
    plain = text.isascii() and "\x00" not in text
    cleaned = text if plain else text.replace("\x00", "").encode(errors="replace").decode()
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1] + "…"


def bounded(value: Any, limit: int) -> Any:
    """Return ``value`` as JSON-ready data of at most ``limit`` bytes; else a mapping that says it was cut.

    What JSON has no form for is kept as its ``repr``; what cannot be written down at all is named by its type.
    """
    try:
        text = json.dumps(_without_nul(value), default=lambda other: clean_text(repr(other), limit), ensure_ascii=True)
    except Exception as error:  # noqa: BLE001 (a value's own code may raise anything; what was done must still be kept)
        return {"cut": True, "unreadable": f"{type(value).__name__}: {type(error).__name__}"}
    if len(text) > limit:
        return {"cut": True, "bytes": len(text), "beginning": text[: limit // 2]}
    return json.loads(text, parse_constant=str)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (*_texts(key), *_texts(item))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value, len(value) + 1)
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(item) for key, item in value.items()}
    return [_without_nul(item) for item in value] if isinstance(value, list | tuple) else value

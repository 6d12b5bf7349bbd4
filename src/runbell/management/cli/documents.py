"""What ``--json`` prints: one document, made from the dataclasses that actions and queries return."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any


def to_document(value: Any) -> Any:
    """Return ``value`` as JSON-ready data: records by field name, times as ISO 8601, durations in seconds."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_document(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return to_document(value._asdict())
    if isinstance(value, Mapping):
        return {str(key): to_document(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_document(item) for item in value]
    return _scalar(value)


def as_text(document: Any) -> str:
    """Return a document as indented JSON."""
    return json.dumps(to_document(document), indent=2, ensure_ascii=False)


def _scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value

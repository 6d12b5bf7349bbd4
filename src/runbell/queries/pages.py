"""Pages by position, never by offset: a page stays where it is while rows are added before it."""

from __future__ import annotations

import base64
import binascii
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from runbell.conf import settings
from runbell.domain.errors import InvalidFilter

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAYOUT = struct.Struct(">qq")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some items of a list, and how to get the next ones.

    Args:
        items: in the list's order.
        next_cursor: what to ask for the following page with, or None if this is the last one.
    """

    items: tuple[Item, ...]
    next_cursor: str | None = None


@dataclass(frozen=True)
class Position:
    """The place of one row in a list: its time and its primary key."""

    at: datetime
    id: int

    def encode(self) -> str:
        """Return the position as a cursor: opaque text that is safe in an address."""
        body = _LAYOUT.pack((self.at - _EPOCH) // timedelta(microseconds=1), self.id)
        return base64.urlsafe_b64encode(body + _checksum(body)).decode().rstrip("=")


def decode(cursor: str) -> Position:
    """Return the position that a cursor means.

    Raises:
        InvalidFilter: if no cursor of ours reads so.
    """
    try:
        data = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        body, checksum = data[: _LAYOUT.size], data[_LAYOUT.size :]
        if len(body) != _LAYOUT.size or checksum != _checksum(body):
            raise InvalidFilter("cursor", "is not one that this list gave out")
        microseconds, identifier = _LAYOUT.unpack(body)
        return Position(_EPOCH + timedelta(microseconds=microseconds), identifier)
    except (binascii.Error, ValueError, OverflowError) as error:
        raise InvalidFilter("cursor", "is not one that this list gave out") from error


def require_limit(limit: int | None) -> int:
    """Return how many items a page holds: ``limit``, or the configured size.

    Raises:
        InvalidFilter: if it is not between 1 and ``MAX_PAGE_SIZE``.
    """
    largest = settings().MAX_PAGE_SIZE
    if limit is None:
        return min(settings().PAGE_SIZE, largest)
    if not 1 <= limit <= largest:
        raise InvalidFilter("limit", f"must be from 1 to {largest}")
    return limit


def require_text(field: str, value: str) -> str:
    """Return ``value`` if a database can compare with it.

    Raises:
        InvalidFilter: if it holds NUL characters or is longer than any value in the ledger.
    """
    if "\x00" in value or len(value) > 255:  # noqa: PLR2004 (the columns' own limit)
        raise InvalidFilter(field, "must be at most 255 characters, without NUL characters")
    return value


def require_time(field: str, value: datetime | None) -> datetime | None:
    """Return a time as UTC; one without a zone is UTC already.

    Raises:
        InvalidFilter: if it lies outside what UTC can express.
    """
    if value is None:
        return None
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise InvalidFilter(field, "lies outside the years 1 to 9999") from error


def newest_first(rows: QuerySet[Row], column: str, cursor: str | None, limit: int) -> list[Row]:
    """Return up to ``limit + 1`` rows behind ``cursor``, newest first by ``column``; the extra one means more."""
    if cursor is not None:
        position = decode(cursor)
        at, before = f"{column}__lt", Q(**{column: position.at}, id__lt=position.id)
        rows = rows.filter(Q(**{f"{column}__lte": position.at}), Q(**{at: position.at}) | before)
    return list(rows.order_by(f"-{column}", "-id")[: limit + 1])


def oldest_first(rows: QuerySet[Row], column: str, cursor: str | None, limit: int) -> list[Row]:
    """Return up to ``limit + 1`` rows behind ``cursor``, oldest first by ``column``; the extra one means more."""
    if cursor is not None:
        position = decode(cursor)
        at, behind = f"{column}__gt", Q(**{column: position.at}, id__gt=position.id)
        rows = rows.filter(Q(**{f"{column}__gte": position.at}), Q(**{at: position.at}) | behind)
    return list(rows.order_by(column, "id")[: limit + 1])


def position_of(row: Model, column: str) -> Position:
    """Return the place of a row in a list that is ordered by ``column``."""
    return Position(getattr(row, column), row.pk)


def cursor_after(rows: Sequence[Model], column: str, limit: int) -> str | None:
    """Return the cursor behind the ``limit``-th of the rows, or None if there are no more than that."""
    return position_of(rows[limit - 1], column).encode() if len(rows) > limit else None


def _checksum(body: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(body))

"""Aligned tables, as wide as the terminal and no wider."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from runbell.management.cli.text import cell, display_width, shorten

GAP = "  "
MIN_WIDTH = 8
"""No column is cut to less, however narrow the terminal."""


def table(headers: Sequence[str], rows: Iterable[Sequence[object]], width: int | None = None) -> str:
    """Return a table as text. Numbers are aligned to the right.

    Args:
        headers: names of the columns.
        rows: one value per column.
        width: columns of the terminal; the widest cells are cut to fit, but for those of the first column, which
            people copy. None for no limit, e.g. into a pipe.
    """
    values = [list(row) for row in rows]
    lines = [[header.upper() for header in headers], *([cell(value) for value in row] for row in values)]
    widths = [max(display_width(line[index]) for line in lines) for index in range(len(headers))]
    right = [_is_numeric(row[index] for row in values) for index in range(len(headers))]
    if width is not None:
        widths = _fit(widths, width - len(GAP) * (len(headers) - 1))
    return "\n".join(_line(line, widths, right) for line in lines)


def pairs(items: Iterable[tuple[str, object]]) -> str:
    """Return named values one a line, the values aligned."""
    listed = [(name, cell(value)) for name, value in items]
    longest = max((len(name) for name, _ in listed), default=0)
    return "\n".join(f"{name:<{longest}}  {value}".rstrip() for name, value in listed)


def _fit(widths: list[int], available: int) -> list[int]:
    first, *others = widths
    while others and first + sum(others) > available and max(others) > MIN_WIDTH:
        others[others.index(max(others))] -= 1
    return [first, *others]


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = [
        _pad(shorten(text, width), width, to_right) for text, width, to_right in zip(cells, widths, right, strict=True)
    ]
    return GAP.join(padded).rstrip()


def _pad(text: str, width: int, to_right: bool) -> str:
    blanks = " " * (width - display_width(text))
    return blanks + text if to_right else text + blanks


def _is_numeric(values: Iterable[object]) -> bool:
    known = [value for value in values if value is not None]
    return bool(known) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in known)

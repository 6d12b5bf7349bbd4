"""Measured figures, their targets, and the table they are printed as."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass
from typing import Any

_HEADER = ("figure", "min", "median", "max", "unit", "target", "")


@dataclass(frozen=True)
class Figure:
    """One figure over several rounds.

    Args:
        name: what was measured.
        values: one for each round.
        unit: of the values.
        at_most: the median must be below this.
        at_least: the median must reach this.
    """

    name: str
    values: list[float]
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def median(self) -> float:
        """The median over the rounds."""
        return statistics.median(self.values)

    @property
    def verdict(self) -> str:
        """``reached``, ``MISSED``, or nothing where there is no target."""
        if self.at_most is None and self.at_least is None:
            return ""
        missed = (self.at_most is not None and self.median >= self.at_most) or (
            self.at_least is not None and self.median < self.at_least
        )
        return "MISSED" if missed else "reached"

    @property
    def target(self) -> str:
        """The target in words."""
        if self.at_most is not None:
            return f"< {self.at_most:g}"
        return f">= {self.at_least:g}" if self.at_least is not None else ""

    def row(self) -> tuple[str, ...]:
        """Return its cells."""
        numbers = (min(self.values), self.median, max(self.values))
        return (self.name, *(f"{number:.2f}" for number in numbers), self.unit, self.target, self.verdict)

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self) | {"median": self.median, "verdict": self.verdict}


def table(figures: list[Figure]) -> str:
    """Return the figures as a table for a terminal."""
    rows = [_HEADER, *(figure.row() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )

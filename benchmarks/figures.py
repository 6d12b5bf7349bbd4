"""Measured figures, their targets, and the table they are printed as."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

HEADER = ("figure", "min", "median", "max", "unit", "target", "")


@dataclass(frozen=True)
class Figure:
    """One figure over several rounds.

    Args:
        name: what was measured.
        values: one for each round.
        unit: of the values.
        at_most: the median must not be above this.
        at_least: the median must reach this.
        plotted: whether it has a bar in the plot; all that have one share one unit.
    """

    name: str
    values: list[float]
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    plotted: bool = False

    @property
    def median(self) -> float:
        """The median over the rounds."""
        return statistics.median(self.values)

    @property
    def verdict(self) -> str:
        """``reached``, ``MISSED``, or nothing where there is no target."""
        if self.at_most is None and self.at_least is None:
            return ""
        missed = (self.at_most is not None and self.median > self.at_most) or (
            self.at_least is not None and self.median < self.at_least
        )
        return "MISSED" if missed else "reached"

    @property
    def target(self) -> str:
        """The target in words."""
        if self.at_most is not None:
            return f"<= {self.at_most:g}"
        return f">= {self.at_least:g}" if self.at_least is not None else ""

    def row(self) -> tuple[str, ...]:
        """Return its cells."""
        numbers = (min(self.values), self.median, max(self.values))
        return (self.name, *(_rounded(number) for number in numbers), self.unit, self.target, self.verdict)

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        values = [float(f"{value:.4g}") for value in self.values]
        return asdict(self) | {"values": values, "median": statistics.median(values), "verdict": self.verdict}

    @classmethod
    def of(cls, document: dict[str, Any]) -> Figure:
        """Return the figure that a JSON document holds."""
        return cls(**{name: value for name, value in document.items() if name not in {"median", "verdict"}})


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a table for a terminal."""
    rows = [HEADER, *(figure.row() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Return ours divided by theirs, round by round."""
    return [one / other for one, other in zip(ours, theirs, strict=True)]


def _rounded(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.2f}"

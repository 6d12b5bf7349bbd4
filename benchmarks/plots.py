"""A plot of figures: one bar each, as long as its median, with a line from its least to its greatest value."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from benchmarks.figures import Figure

ROW, TEXT, BAR, MARGIN = 22, 360, 420, 90
"""Pixels: the height of a bar with its space, and the widths of names, bars and values."""
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#333}.bar{fill:#3b82c4}.ours{fill:#0f766e}.range{stroke:#333}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}.range{stroke:#ddd}}"
)


def plot(figures: Sequence[Figure]) -> str:
    """Return the figures that want to be plotted as SVG; "" if none does."""
    bars = [figure for figure in figures if figure.plotted]
    if not bars:
        return ""
    longest = max(max(figure.values) for figure in bars) or 1.0
    rows = "".join(_bar(figure, number * ROW, BAR / longest) for number, figure in enumerate(bars))
    width, height = TEXT + BAR + MARGIN, ROW * len(bars) + 6
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f"<style>{_STYLE}</style>{rows}</svg>\n"
    )


def _bar(figure: Figure, top: float, scale: float) -> str:
    low, middle, high = min(figure.values) * scale, figure.median * scale, max(figure.values) * scale
    line, kind = top + 11, "ours" if figure.name.startswith("Runbell") else "bar"
    return (
        f'<text x="{TEXT - 8}" y="{top + 15}" text-anchor="end">{escape(figure.name)}</text>'
        f'<rect class="{kind}" x="{TEXT}" y="{top + 4}" width="{middle:.1f}" height="14"/>'
        f'<path class="range" d="M{TEXT + low:.1f} {line}H{TEXT + high:.1f}"/>'
        f'<text x="{TEXT + high + 6:.1f}" y="{top + 15}">{figure.median:,.4g} {escape(figure.unit)}</text>'
    )

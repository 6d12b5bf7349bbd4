"""How long pages of the history take, filtered in every way, the first and one far behind, while the history grows.

Each round asks for the first pages of all filters in turn, then for the thousandth pages (or the last ones, where a
filter finds less), fifty runs a page.
"""

from __future__ import annotations

from benchmarks.figures import Figure
from benchmarks.growth import Visit, grown
from benchmarks.plan import Plan


def measure(plan: Plan) -> list[Figure]:
    """Measure it at every size."""
    return [figure for visit in grown(plan) for figure in _figures(visit, plan)]


def _figures(visit: Visit, plan: Plan) -> list[Figure]:
    name = f"{visit.runs:,} runs"
    first, later = ([sample.percentile(0.95) * 1000 for sample in samples] for samples in (visit.first, visit.later))
    middle = [one.percentile(0.5) / other.percentile(0.5) for one, other in zip(visit.later, visit.first, strict=True)]
    return [
        Figure(f"{name}, first page, p95", first, "ms", at_most=50, plotted=True),
        Figure(f"{name}, page {plan.page:,}, p95", later, "ms", at_most=50, plotted=True),
        Figure(f"{name}, page {plan.page:,} / first page, p50", middle, "x", at_most=1.3),
    ]

"""From the figures that were kept to ``docs/performance.md`` and its plots."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.figures import HEADER, Figure
from benchmarks.machine import LOAD
from benchmarks.plots import plot
from tests.support.live import ROOT

RESULTS = ROOT / "benchmarks" / "results.json"
PAGE = ROOT / "docs" / "performance.md"
PLOTS = ROOT / "docs" / "performance"

_HEAD = """# Performance

What Runbell costs and how its cost grows, beside what people would use instead. `make bench` measures all of it again
on your machine in about fifteen minutes, `make bench ONLY=trigger` one part. Ratios hold from machine to machine,
absolute values do not. What follows from the figures is in [Beyond one machine](scaling.md).

Systems that are compared run on the same machine in the same run, in turn, round by round. Minimum, median and maximum
are over the rounds; targets are for the median. Each peer is installed from the package index at a pinned version into
an environment of its own, with the settings that its documentation gives. PostgreSQL waits for the disk at every
commit. Nothing is set for a benchmark that a user would not get.
"""


def keep(name: str, machine: Mapping[str, str], figures: Sequence[Figure]) -> None:
    """Keep the figures of one benchmark beside those of the others."""
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    kept[name] = {"machine": dict(machine), "figures": [figure.document() for figure in figures]}
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n")


def write(about: Mapping[str, str]) -> None:
    """Write the page from what is kept.

    Args:
        about: what each benchmark measures, by its name, in the order of the page.
    """
    kept: dict[str, Any] = json.loads(RESULTS.read_text())
    PLOTS.mkdir(exist_ok=True)
    names = [name for name in about if name in kept]
    read = {name: [Figure.of(one) for one in kept[name]["figures"]] for name in names}
    machine = kept[names[-1]]["machine"]
    sections = [_section(name, about[name], kept[name]["machine"], read[name]) for name in names]
    parts = [_HEAD, _missed(read), *(f"- {what}: {it}" for what, it in machine.items() if what != LOAD), "", *sections]
    PAGE.write_text("\n".join(parts))


def _missed(figures: Mapping[str, Sequence[Figure]]) -> str:
    with_target = [(name, one) for name, each in figures.items() for one in each if one.verdict]
    missed = [f"- [{name}](#{name}): {one.name}" for name, one in with_target if one.verdict == "MISSED"]
    reached = f"{len(with_target) - len(missed)} of {len(with_target)} targets are reached."
    return "\n".join([reached, *(["Missed:", "", *missed] if missed else []), ""])


def _section(name: str, about: str, machine: Mapping[str, str], figures: Sequence[Figure]) -> str:
    picture = plot(figures)
    lines = [f"## {name}", "", about.strip().replace("``", "`"), ""]
    if picture:
        (PLOTS / f"{name}.svg").write_text(picture)
        lines += [f"![{name}](performance/{name}.svg)", ""]
    lines += [*_table(figures), "", f"`make bench ONLY={name}`; {LOAD}: {machine[LOAD]}", ""]
    return "\n".join(lines)


def _table(figures: Sequence[Figure]) -> list[str]:
    head = ["| " + " | ".join(HEADER) + " |", "|---|---:|---:|---:|---|---|---|"]
    return head + ["| " + " | ".join(figure.row()) + " |" for figure in figures]

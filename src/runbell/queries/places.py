"""Whose end a run waits for where the runs of a task must not overlap."""

from __future__ import annotations

from dataclasses import dataclass

from runbell.models import Run


@dataclass(frozen=True)
class Turn:
    """Where a run stands in the line before its task's place.

    Args:
        run_id, state: the run that has the place, "" in the moment in which nobody has.
        ahead: how many wait before it.
    """

    run_id: str
    state: str
    ahead: int


def turn_of(run: Run) -> Turn | None:
    """Return where a run stands in line; None if it waits in none, which costs no query."""
    if run.in_line is None:
        return None
    holder = Run.objects.filter(overlap_key=run.in_line).values_list("task_id", "state").first()
    ahead = Run.objects.filter(in_line=run.in_line, pk__lt=run.pk).count()
    return Turn(*(holder or ("", "")), ahead)

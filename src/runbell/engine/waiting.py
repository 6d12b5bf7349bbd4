"""What runs wait for, for the ticker to keep with those whose time ran out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from runbell.diagnosis.waiting.sentence import sentences
from runbell.queries.waiting import what_keeps_each


def explain(run_ids: Sequence[str]) -> Mapping[str, str]:
    """Return what each of the runs waits for."""
    return sentences(what_keeps_each(run_ids))

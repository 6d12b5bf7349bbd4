"""The state machine of documents, transition by transition."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import product

import pytest

from edms.documents.lifecycle import TRANSITIONS, ForbiddenTransition, move
from edms.documents.models import Document, State

ALLOWED = {
    ("draft", "pending_review"),
    ("draft", "terminated"),
    ("pending_review", "under_review"),
    ("pending_review", "draft"),
    ("pending_review", "terminated"),
    ("under_review", "review_completed"),
    ("under_review", "draft"),
    ("under_review", "terminated"),
    ("review_completed", "pending_approval"),
    ("review_completed", "draft"),
    ("review_completed", "terminated"),
    ("pending_approval", "approved_pending_effective"),
    ("pending_approval", "draft"),
    ("pending_approval", "terminated"),
    ("approved_pending_effective", "effective"),
    ("approved_pending_effective", "terminated"),
    ("effective", "scheduled_for_obsolescence"),
    ("effective", "superseded"),
    ("scheduled_for_obsolescence", "obsolete"),
    ("scheduled_for_obsolescence", "effective"),
    ("scheduled_for_obsolescence", "superseded"),
}
DATES = {"effective_date": date(2026, 1, 1), "obsolescence_date": date(2026, 2, 1)}


def test_every_state_is_in_the_table() -> None:
    assert set(TRANSITIONS) == set(State)


@pytest.mark.parametrize(("source", "target"), list(product(State, State)))
def test_only_the_allowed_transitions_happen(
    make_document: Callable[..., Document], source: State, target: State
) -> None:
    document = make_document(source, **DATES)
    if (source, target) in ALLOWED:
        move(document, target, by="quality", reason="because")
    else:
        with pytest.raises(ForbiddenTransition):
            move(document, target)
    document.refresh_from_db()
    allowed = (source, target) in ALLOWED
    assert document.state == (target if allowed else source)
    assert list(document.transitions.values_list("source", "target", "by", "reason")) == (
        [(source, target, "quality", "because")] if allowed else []
    )


@pytest.mark.parametrize(
    ("source", "target", "missing"),
    [
        (State.PENDING_APPROVAL, State.APPROVED_PENDING_EFFECTIVE, "effective_date"),
        (State.PENDING_APPROVAL, State.APPROVED_PENDING_EFFECTIVE, "approved_at"),
        (State.APPROVED_PENDING_EFFECTIVE, State.EFFECTIVE, "effective_date"),
        (State.EFFECTIVE, State.SCHEDULED_FOR_OBSOLESCENCE, "obsolescence_date"),
    ],
)
def test_a_state_requires_its_dates(
    make_document: Callable[..., Document], source: State, target: State, missing: str
) -> None:
    document = make_document(source, **(DATES | {missing: None}))
    with pytest.raises(ForbiddenTransition, match=missing):
        move(document, target)


def test_moving_writes_the_state_and_nothing_else(make_document: Callable[..., Document]) -> None:
    document = make_document(State.DRAFT)
    document.title = "Not to be saved"
    move(document, State.PENDING_REVIEW)
    document.refresh_from_db()
    assert document.title == "A procedure"

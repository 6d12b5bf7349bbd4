"""What the demonstration's documents and workflows are: the same on every machine, with dates counted from today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from edms.documents.models import State
from edms.workflows.models import Kind, Status

TYPES = {
    "SOP": "Standard operating procedure",
    "WI": "Work instruction",
    "FRM": "Form",
    "POL": "Policy",
    "SPC": "Specification",
}
SUBJECTS = (
    "Cleaning of production rooms",
    "Calibration of balances",
    "Handling of deviations",
    "Release of finished goods",
    "Training of new staff",
    "Supplier qualification",
    "Change control",
    "Storage of retained samples",
    "Environmental monitoring",
    "Complaint handling",
    "Line clearance",
    "Batch record review",
)

PLAIN = {
    State.DRAFT: 120,
    State.PENDING_REVIEW: 60,
    State.UNDER_REVIEW: 60,
    State.REVIEW_COMPLETED: 40,
    State.PENDING_APPROVAL: 50,
    State.APPROVED_PENDING_EFFECTIVE: 70,
    State.EFFECTIVE: 340,
    State.SCHEDULED_FOR_OBSOLESCENCE: 50,
    State.OBSOLETE: 60,
    State.TERMINATED: 30,
}
"""Documents with one version, by state."""
SUCCEEDED, SUCCESSORS_DUE = 50, 10
"""Pairs of a superseded and an effective version, and of an effective one and one that is due to supersede it."""
EFFECTIVE_DUE, OBSOLETE_DUE, REVIEWS_DUE = 30, 15, 25
AGAIN = {State.APPROVED_PENDING_EFFECTIVE: 20, State.SCHEDULED_FOR_OBSOLESCENCE: 10, State.EFFECTIVE: 10}
"""What one more batch of due work adds."""


@dataclass(frozen=True)
class DocumentPlan:
    """One version of a document; dates are days from today at the site, None for no date."""

    number: str
    version: int
    title: str
    state: State
    effective: int | None = None
    obsolescence: int | None = None
    review: int | None = None


@dataclass(frozen=True)
class WorkflowPlan:
    """One workflow; ``due`` in days from today at the site."""

    kind: Kind
    status: Status
    assignee: str
    due: int


def documents() -> Iterator[DocumentPlan]:
    """Return the plan of all 1,000 documents."""
    names = _names("")
    for state, count in PLAIN.items():
        for index in range(count):
            yield _plain(*next(names), state, index)
    for index in range(SUCCEEDED):
        number, title = next(names)
        yield DocumentPlan(number, 1, title, State.SUPERSEDED, effective=-700 - index)
        yield DocumentPlan(number, 2, title, State.EFFECTIVE, effective=-100 - index, review=600)
    for index in range(SUCCESSORS_DUE):
        number, title = next(names)
        yield DocumentPlan(number, 1, title, State.EFFECTIVE, effective=-400 - index, review=300)
        yield DocumentPlan(number, 2, title, State.APPROVED_PENDING_EFFECTIVE, effective=-(index % 3), review=700)


def documents_again(batch: int) -> Iterator[DocumentPlan]:
    """Return one more batch of documents, all of them due today; ``batch`` counts from 1."""
    names = _names(f"B{batch}-")
    for state, count in AGAIN.items():
        for _ in range(count):
            yield _plain(*next(names), state, 0)


def workflows() -> Iterator[WorkflowPlan]:
    """Return the plan of all 40 workflows: late ones, long overdue ones, ones in time and finished ones."""
    for index in range(12):
        yield WorkflowPlan(Kind.REVIEW, Status.OPEN, ("author", "quality", "viewer")[index % 3], -1 - index % 6)
    for index in range(6):
        yield WorkflowPlan(Kind.REVIEW, Status.OPEN, ("author", "viewer")[index % 2], -7 - index)
    for index in range(12):
        yield WorkflowPlan(Kind.APPROVAL, Status.OPEN, "quality", 2 + index)
    for index in range(8):
        yield WorkflowPlan(Kind.APPROVAL, Status.COMPLETED, "quality", -20 - index)
    for index in range(2):
        yield WorkflowPlan(Kind.REVIEW, Status.CANCELLED, "author", -30 - index)


def _names(prefix: str) -> Iterator[tuple[str, str]]:
    """Return numbers and titles without end."""
    types = list(TYPES)
    index = 0
    while True:
        kind = types[index % len(types)]
        yield f"{kind}-{prefix}{index + 1:04d}", f"{TYPES[kind]}: {SUBJECTS[index % len(SUBJECTS)]}"
        index += 1


def _plain(number: str, title: str, state: State, index: int) -> DocumentPlan:
    """Return a document with the dates that its state needs; the first of each kind are due."""
    effective = obsolescence = review = None
    if state == State.APPROVED_PENDING_EFFECTIVE:
        effective = -(index % 6) if index < EFFECTIVE_DUE else 1 + index % 60
        review = effective + 730
    elif state == State.EFFECTIVE:
        effective = -30 - index
        review = -(index % 14) if index < REVIEWS_DUE else 1 + index
    elif state == State.SCHEDULED_FOR_OBSOLESCENCE:
        effective, review = -900 - index, 200
        obsolescence = -(index % 5) if index < OBSOLETE_DUE else 1 + index
    elif state == State.OBSOLETE:
        effective, obsolescence = -1200 - index, -10 - index
    return DocumentPlan(number, 1, title, state, effective, obsolescence, review)

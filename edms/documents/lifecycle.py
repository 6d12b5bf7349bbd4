"""The one state machine of documents: which state may follow which, and the only function that moves one."""

from __future__ import annotations

from django.utils import timezone

from edms.batches import Fault
from edms.documents.models import Document, State, Transition

TRANSITIONS: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.PENDING_REVIEW, State.TERMINATED}),
    State.PENDING_REVIEW: frozenset({State.UNDER_REVIEW, State.DRAFT, State.TERMINATED}),
    State.UNDER_REVIEW: frozenset({State.REVIEW_COMPLETED, State.DRAFT, State.TERMINATED}),
    State.REVIEW_COMPLETED: frozenset({State.PENDING_APPROVAL, State.DRAFT, State.TERMINATED}),
    State.PENDING_APPROVAL: frozenset({State.APPROVED_PENDING_EFFECTIVE, State.DRAFT, State.TERMINATED}),
    State.APPROVED_PENDING_EFFECTIVE: frozenset({State.EFFECTIVE, State.TERMINATED}),
    State.EFFECTIVE: frozenset({State.SCHEDULED_FOR_OBSOLESCENCE, State.SUPERSEDED}),
    State.SCHEDULED_FOR_OBSOLESCENCE: frozenset({State.OBSOLETE, State.EFFECTIVE, State.SUPERSEDED}),
    State.OBSOLETE: frozenset(),
    State.SUPERSEDED: frozenset(),
    State.TERMINATED: frozenset(),
}
"""For each state, those that may follow it."""

REQUIRED: dict[State, tuple[str, ...]] = {
    State.APPROVED_PENDING_EFFECTIVE: ("approved_at", "effective_date"),
    State.EFFECTIVE: ("approved_at", "effective_date"),
    State.SCHEDULED_FOR_OBSOLESCENCE: ("obsolescence_date",),
    State.OBSOLETE: ("obsolescence_date",),
}
"""What a document must have before it may be in a state."""


class ForbiddenTransition(Fault):
    """A change of state that the life cycle does not allow; the message says why."""


def move(document: Document, to: State, *, by: str = "system", reason: str = "") -> Transition:
    """Move a document into another state and keep that in its history. Writes the state and nothing else.

    Raises:
        ForbiddenTransition: if ``to`` may not follow the document's state, or something it requires is missing.
    """
    source = State(document.state)
    if to not in TRANSITIONS[source]:
        raise ForbiddenTransition(f"{document} is {source.label.lower()} and cannot become {to.label.lower()}")
    missing = [field for field in REQUIRED.get(to, ()) if getattr(document, field) is None]
    if missing:
        raise ForbiddenTransition(f"{document} cannot become {to.label.lower()} without {' and '.join(missing)}")
    document.state = to
    document.save(update_fields=["state"])
    return Transition.objects.create(
        document=document, source=source, target=to, at=timezone.now(), by=by, reason=reason
    )

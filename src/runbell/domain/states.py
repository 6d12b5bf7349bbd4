"""The life of a run: its states, the facts that may arrive about it, and what each fact does.

Facts come from several processes over unreliable paths: late, twice, out of order or never. The one
table below decides what a fact does, and a finished run never goes backwards.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a run stands. Celery's words where Celery has one."""

    ACCEPTED = "ACCEPTED"
    """In the ledger; not known to be with the broker yet."""
    QUEUED = "QUEUED"
    """The broker has it."""
    RECEIVED = "RECEIVED"
    """A worker took it from the broker and holds it for a free slot."""
    STARTED = "STARTED"
    """A worker runs it."""
    RETRY = "RETRY"
    """An attempt ended, another one is to come."""
    SUCCESS = "SUCCESS"
    PARTIAL = "PARTIAL"
    """Finished, but some of its items failed."""
    FAILURE = "FAILURE"
    REVOKED = "REVOKED"
    """Cancelled before or while it ran."""
    EXPIRED = "EXPIRED"
    """Waited past its expiry and was never started."""
    LOST = "LOST"
    """The worker that ran it died."""
    MISSED = "MISSED"
    """An occurrence that nobody was there to fire."""
    SKIPPED = "SKIPPED"
    """An occurrence that was not fired on purpose; the reason says why."""


class Fact(StrEnum):
    """What may be reported about a run. Also the kinds of its events."""

    ACCEPTED = "ACCEPTED"
    RELEASED = "RELEASED"
    """The run before it has ended: its turn has come."""
    QUEUED = "QUEUED"
    RETURNED = "RETURNED"
    """Its message is gone, or its worker gave it back: it is the ledger's to publish again."""
    PUBLISH_FAILED = "PUBLISH_FAILED"
    RECEIVED = "RECEIVED"
    STARTED = "STARTED"
    RETRY = "RETRY"
    SUCCESS = "SUCCESS"
    PARTIAL = "PARTIAL"
    FAILURE = "FAILURE"
    CANCEL_REQUESTED = "CANCEL_REQUESTED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    LOST = "LOST"
    DUPLICATE_REFUSED = "DUPLICATE_REFUSED"
    FENCED = "FENCED"
    """A worker that was believed dead lives, and ends its attempt, which no longer counts."""
    MISSED = "MISSED"
    SKIPPED = "SKIPPED"


WAITING = frozenset({State.ACCEPTED, State.QUEUED, State.RECEIVED, State.RETRY})
"""Not running now, still to be run."""
ACTIVE = WAITING | {State.STARTED}
FINISHED = frozenset(State) - ACTIVE
GOOD = frozenset({State.SUCCESS})
BAD = frozenset({State.PARTIAL, State.FAILURE, State.LOST, State.EXPIRED, State.MISSED})
"""Finished in a way that somebody should look at."""

TRANSITIONS: dict[Fact, tuple[frozenset[State], State]] = {
    Fact.QUEUED: (frozenset({State.ACCEPTED}), State.QUEUED),
    Fact.RETURNED: (frozenset({State.QUEUED, State.RECEIVED, State.RETRY}), State.ACCEPTED),
    Fact.RECEIVED: (frozenset({State.ACCEPTED, State.QUEUED}), State.RECEIVED),
    Fact.STARTED: (WAITING, State.STARTED),
    Fact.RETRY: (frozenset({State.STARTED}), State.RETRY),
    Fact.SUCCESS: (frozenset({State.STARTED}), State.SUCCESS),
    Fact.PARTIAL: (frozenset({State.STARTED}), State.PARTIAL),
    Fact.FAILURE: (ACTIVE, State.FAILURE),
    Fact.REVOKED: (ACTIVE, State.REVOKED),
    Fact.EXPIRED: (WAITING - {State.RETRY}, State.EXPIRED),
    Fact.LOST: (frozenset({State.STARTED}), State.LOST),
}
"""For each fact that moves a run: the states it moves it from, and where to. A fact that is not here,
or that meets a run in another state, is kept as an event and moves nothing."""

ENDINGS = frozenset(fact for fact, (_, target) in TRANSITIONS.items() if target in FINISHED)
"""The facts that end a run."""


def next_state(state: State, fact: Fact) -> State | None:
    """Return the state that ``fact`` moves a run in ``state`` to, or None if it moves nothing."""
    sources, target = TRANSITIONS.get(fact, (frozenset(), state))
    return target if state in sources else None

"""One tick: each step alone, a failing step never stopping the next."""

from __future__ import annotations

import logging
from collections.abc import Callable

from runbell.actions.fire_due import fire_due
from runbell.actions.reap import reap
from runbell.actions.relay import relay
from runbell.actions.seal_audit import seal_audit

logger = logging.getLogger(__name__)

STEPS: dict[str, Callable[[], int]] = {
    "fire_due": fire_due,
    "relay": relay,
    "reap": reap,
    "seal_audit": seal_audit,
}


def tick() -> dict[str, int | None]:
    """Do everything that is due now; return how much each step did, None where it failed (the failure is logged)."""
    return {name: _attempt(name, step) for name, step in STEPS.items()}


def _attempt(name: str, step: Callable[[], int]) -> int | None:
    try:
        return step()
    except Exception:
        logger.exception("the ticker's step %s failed; it is tried again at the next tick", name)
        return None

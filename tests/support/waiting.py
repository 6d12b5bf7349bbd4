"""Waiting for a condition instead of for a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

_FIRST_PAUSE = 0.005
_LONGEST_PAUSE = 0.1


def wait_until(condition: Callable[[], Value], timeout: float, what: str | Callable[[], str]) -> Value:
    """Call ``condition`` until it returns something true, and return that.

    Args:
        condition: called at least once, and once more when the time is over.
        timeout: seconds.
        what: what is waited for, as the error names it; a function is called only when the time is over.

    Raises:
        TimeoutError: if it never became true.
    """
    deadline = time.monotonic() + timeout
    pause = _FIRST_PAUSE
    while True:
        over = time.monotonic() >= deadline
        if value := condition():
            return value
        if over:
            message = what if isinstance(what, str) else what()
            raise TimeoutError(f"Not within {timeout} s: {message}")
        time.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)

"""What happens where a server cannot be had."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


class Unavailable(Exception):
    """A server cannot be had on this machine; the message says why and what to do."""


def required() -> bool:
    """Return whether a missing server is an error: in CI it is."""
    return os.environ.get("CI", "").lower() not in {"", "0", "false"}


def refuse(reason: Unavailable) -> NoReturn:
    """Skip the test with the reason, or fail it in CI."""
    if required():
        pytest.fail(str(reason), pytrace=False)
    pytest.skip(str(reason))

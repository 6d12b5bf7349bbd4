"""What the exit code of ``manage.py runbell`` says. Documented in docs/reference/command-line.md."""

from __future__ import annotations

from enum import IntEnum

from django.core.management.base import CommandError
from django.db import DatabaseError, InterfaceError

from runbell.domain import errors


class ExitCode(IntEnum):
    """Exit codes. 2 is also argparse's own."""

    DONE = 0
    FAILED = 1
    """The command worked, but what it looked at did not: the run it waited for failed, the audit chain is broken."""
    USAGE = 2
    NOT_FOUND = 3
    REFUSED = 4
    """Overlap, permission, parameters, a state that does not allow it."""
    UNAVAILABLE = 5
    """The broker or the ledger cannot be reached."""
    TIMED_OUT = 6
    """``--wait`` gave up; the run goes on."""


class CommandFailed(CommandError):
    """Ends the command with a sentence on standard error and an exit code."""

    def __init__(self, code: ExitCode, message: str) -> None:
        super().__init__(message, returncode=code)


_CODES: dict[type[Exception], ExitCode] = {
    errors.UnknownTask: ExitCode.NOT_FOUND,
    errors.AmbiguousTask: ExitCode.NOT_FOUND,
    errors.RunNotFound: ExitCode.NOT_FOUND,
    errors.UnknownToken: ExitCode.NOT_FOUND,
    errors.UnknownUser: ExitCode.NOT_FOUND,
    errors.NotPaused: ExitCode.NOT_FOUND,
    errors.InvalidFilter: ExitCode.USAGE,
    errors.BrokerUnavailable: ExitCode.UNAVAILABLE,
    errors.RunbellError: ExitCode.REFUSED,
    DatabaseError: ExitCode.UNAVAILABLE,
    InterfaceError: ExitCode.UNAVAILABLE,
}
"""Most special first: the first class that an error is an instance of gives the code."""

EXPECTED_ERRORS = (errors.RunbellError, DatabaseError, InterfaceError)
"""Errors that end in an exit code and one sentence; all others are faults of ours and keep their traceback."""


def exit_code_of(error: Exception) -> ExitCode:
    """Return the exit code for one of ``EXPECTED_ERRORS``."""
    return next(code for kind, code in _CODES.items() if isinstance(error, kind))

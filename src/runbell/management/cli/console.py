"""What every sub-command is given: where to print, how, and on whose behalf it acts."""

from __future__ import annotations

import os
import pwd
import shutil
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.management.base import OutputWrapper

from runbell.domain.actors import Actor, command_line_actor
from runbell.management.cli.documents import as_text
from runbell.management.cli.table import table


@dataclass(frozen=True)
class Console:
    """The two streams, and the form of what goes to the first.

    Args:
        stdout: for what was asked for, and nothing else.
        stderr: for everything that is said about it.
        json: whether standard output is one JSON document.
    """

    stdout: OutputWrapper
    stderr: OutputWrapper
    json: bool

    def document(self, document: Any) -> None:
        """Print the JSON document."""
        self.stdout.write(as_text(document))

    def text(self, text: str) -> None:
        """Print a line or a block for people."""
        self.stdout.write(text)

    def table(self, headers: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
        """Print a table, or the sentence ``empty`` if it has no rows."""
        listed = list(rows)
        self.text(table(headers, listed, _terminal_width(self.stdout)) if listed else empty)

    def note(self, text: str) -> None:
        """Say something beside the result, on standard error."""
        self.stderr.write(text, style_func=str)


@dataclass(frozen=True)
class Subcommand:
    """One sub-command: its name, its options, and what it does."""

    name: str
    help: str
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace, Console], None]
    """Returns if the exit code is 0, raises ``CommandFailed`` or one of ``EXPECTED_ERRORS`` if it is another."""


def current_actor() -> Actor:
    """Return the operating-system account as an actor, e.g. ``cli:root``."""
    return command_line_actor(_account())


def _account() -> str:
    """Return the account that the kernel knows, which the environment cannot invent; its number if it has no name."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _terminal_width(stream: OutputWrapper) -> int | None:
    return shutil.get_terminal_size().columns if stream.isatty() or "COLUMNS" in os.environ else None

"""Options that several sub-commands share."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser

from runbell.management.cli.console import Console
from runbell.management.cli.parsing import parse_moment, positive


def add_json(parser: ArgumentParser, *, to_verb: bool = False) -> None:
    """Add ``--json``. To a verb of a sub-command without a default, which would overrule the one before the verb."""
    default = SUPPRESS if to_verb else False
    parser.add_argument("--json", action="store_true", default=default, help="print one JSON document")


def add_period(parser: ArgumentParser) -> None:
    """Add the options that choose a time."""
    parser.add_argument("--since", type=parse_moment, metavar="TIME", help="2026-01-16T09:00, or an age: 24h")
    parser.add_argument("--until", type=parse_moment, metavar="TIME", help="before; as --since")


def add_paging(parser: ArgumentParser) -> None:
    """Add the options that choose a page."""
    parser.add_argument("--limit", type=positive, metavar="N", help="rows of a page")
    parser.add_argument("--cursor", help="go on where a page ended, as it said")


def say_how_to_go_on(next_cursor: str | None, console: Console) -> None:
    """Say, beside the table, how to get the next page if there is one."""
    if next_cursor:
        console.note(f"There are more: --cursor {next_cursor}")

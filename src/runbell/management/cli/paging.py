"""Lists that are longer than a page."""

from __future__ import annotations

from argparse import ArgumentParser

from runbell.management.cli.console import Console
from runbell.management.cli.parsing import positive


def add_paging(parser: ArgumentParser) -> None:
    """Add the options that choose a page."""
    parser.add_argument("--limit", type=positive, metavar="N", help="rows of a page")
    parser.add_argument("--cursor", help="go on where a page ended, as it said")


def say_how_to_go_on(next_cursor: str | None, console: Console) -> None:
    """Say, beside the table, how to get the next page if there is one."""
    if next_cursor:
        console.note(f"There are more: --cursor {next_cursor}")

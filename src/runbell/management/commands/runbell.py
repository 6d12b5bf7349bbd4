"""``manage.py runbell``: trigger, follow and inspect runs from a shell. See docs/reference/command-line.md."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from runbell.management.cli.console import Console, Subcommand
from runbell.management.cli.exit_codes import EXPECTED_ERRORS
from runbell.management.cli.failures import report
from runbell.management.cli.options import add_json
from runbell.management.cli.registry import SUBCOMMANDS


class Command(BaseCommand):
    """The command with all its sub-commands."""

    help = "Trigger, follow and inspect the runs of background tasks."

    def add_arguments(self, parser: CommandParser) -> None:
        """Give every sub-command a parser of its own."""
        children = parser.add_subparsers(dest="subcommand", metavar="COMMAND", required=True)
        for subcommand in SUBCOMMANDS.values():
            child = children.add_parser(subcommand.name, help=subcommand.help, description=subcommand.help)
            add_json(child)
            subcommand.arguments(child)

    def handle(self, *_: Any, **options: Any) -> None:
        """Run the sub-command; turn what can be expected to go wrong into a sentence and an exit code."""
        console = Console(self.stdout, self.stderr, json=options["json"])
        subcommand: Subcommand = SUBCOMMANDS[options["subcommand"]]
        try:
            subcommand.run(Namespace(**options), console)
        except EXPECTED_ERRORS as error:
            raise report(error, console) from error

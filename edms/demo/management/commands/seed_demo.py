"""``manage.py seed_demo``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from edms.demo import seeding


class Command(BaseCommand):
    """Fills the database with demonstration data."""

    help = "Add the demonstration's people, documents and workflows where they are missing. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--due-again", action="store_true", help="also add a fresh batch of documents that are due today"
        )

    def handle(self, *_: Any, due_again: bool, verbosity: int, **__: Any) -> None:
        """Add what is missing and say how much that was."""
        added = [seeding.seed()] + ([seeding.add_due_work()] if due_again else [])
        if verbosity:
            documents, workflows = (sum(one[kind] for one in added) for kind in ("documents", "workflows"))
            self.stdout.write(f"added {documents} documents and {workflows} workflows")

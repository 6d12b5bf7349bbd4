"""``runbell pauses``: what is paused now."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from runbell.domain.pauses import Scope, Target
from runbell.management.cli.console import Console, Subcommand
from runbell.queries.pauses import PauseInfo, list_pauses


def _arguments(_: ArgumentParser) -> None:
    """Take no options of its own."""


def _run(_: Namespace, console: Console) -> None:
    pauses = list_pauses()
    if console.json:
        console.document({"pauses": pauses})
        return
    console.table(
        ["paused", "since", "until", "by", "reason"], [_row(pause) for pause in pauses], empty="Nothing is paused."
    )


def _row(pause: PauseInfo) -> tuple[object, ...]:
    what = Target(Scope(pause.scope), pause.target).in_words()
    return what, pause.since, pause.until or "resumed", pause.actor, pause.reason


COMMAND = Subcommand("pauses", "Show what is paused: since when, until when, by whom and why.", _arguments, _run)

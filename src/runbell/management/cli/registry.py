"""All sub-commands, in the order in which the help shows them."""

from __future__ import annotations

from runbell.management.cli import (
    audit,
    cancel,
    pause,
    pauses,
    queues,
    resume,
    retry,
    runs,
    show,
    tasks,
    tick,
    token,
    trigger,
    workers,
)
from runbell.management.cli.console import Subcommand

SUBCOMMANDS: dict[str, Subcommand] = {
    module.COMMAND.name: module.COMMAND
    for module in (
        tasks,
        trigger,
        runs,
        show,
        cancel,
        retry,
        pause,
        resume,
        pauses,
        workers,
        queues,
        audit,
        token,
        tick,
    )
}

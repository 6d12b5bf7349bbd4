"""``runbell audit``: who did what, and whether the record of it holds."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from runbell.management.cli.console import Console, Subcommand
from runbell.management.cli.exit_codes import CommandFailed, ExitCode
from runbell.management.cli.options import add_json, add_paging, add_period, say_how_to_go_on
from runbell.queries.audit import AuditFilters, AuditInfo, ChainReport, list_entries, verify_chain


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--actor", help="done by, e.g. user:quality")
    parser.add_argument("--action", help="e.g. TASK_EXECUTION_STARTED")
    parser.add_argument("--task", metavar="NAME", help="about this task")
    parser.add_argument("--run", metavar="ID", help="about this run")
    add_period(parser)
    add_paging(parser)
    verbs = parser.add_subparsers(dest="verb", metavar="verify")
    verify = verbs.add_parser("verify", help="recompute the whole chain; exit code 1 if it does not hold")
    add_json(verify, to_verb=True)


def _run(options: Namespace, console: Console) -> None:
    if options.verb == "verify":
        _verify(console)
    else:
        _list(options, console)


def _list(options: Namespace, console: Console) -> None:
    page = list_entries(_filters(options), options.cursor, options.limit)
    if console.json:
        console.document({"entries": page.items, "next_cursor": page.next_cursor})
        return
    console.table(
        ["no", "at", "action", "actor", "description", "run", "address", "reason"],
        [_row(entry) for entry in page.items],
        empty="There are no such entries.",
    )
    say_how_to_go_on(page.next_cursor, console)


def _filters(options: Namespace) -> AuditFilters:
    return AuditFilters(
        actor=options.actor,
        action=options.action,
        task=options.task,
        task_id=options.run,
        since=options.since,
        until=options.until,
    )


def _row(entry: AuditInfo) -> tuple[object, ...]:
    reason = entry.field_changes.get("reason")
    return (
        entry.sequence,
        entry.at,
        entry.action,
        entry.actor,
        entry.description,
        entry.task_id,
        entry.ip_address,
        reason,
    )


def _verify(console: Console) -> None:
    report = verify_chain()
    if console.json:
        console.document(report)
    else:
        console.text(_verdict(report))
    if report.first_broken:
        raise CommandFailed(ExitCode.FAILED, f"{report.first_broken.kind}: {report.first_broken.message}")


def _verdict(report: ChainReport) -> str:
    holds = "The audit chain holds" if report.ok else "The audit chain is BROKEN"
    return f"{holds}: {report.checked} entries recomputed, {report.unsealed} not sealed yet, head {report.head_hash}"


COMMAND = Subcommand("audit", "Show audit entries, newest first; verify the chain.", _arguments, _run)

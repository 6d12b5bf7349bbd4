"""From an error to a sentence, a JSON document and an exit code."""

from __future__ import annotations

from typing import Any

from runbell.domain.errors import RunbellError
from runbell.management.cli.console import Console
from runbell.management.cli.exit_codes import CommandFailed, exit_code_of


def report(error: Exception, console: Console) -> CommandFailed:
    """Print the document of an expected error if JSON is asked for, and return what ends the command."""
    document = _document(error)
    if console.json:
        console.document(document)
    return CommandFailed(exit_code_of(error), "\n".join([document["message"], *_hints(document)]))


def _document(error: Exception) -> dict[str, Any]:
    if isinstance(error, RunbellError):
        return {"error": error.code, "message": error.message, **error.details}
    return {
        "error": "ledger-unavailable",
        "message": f"The ledger's database refused: {error}. Is it reachable, and migrated (manage.py migrate)?",
    }


def _hints(document: dict[str, Any]) -> list[str]:
    hints = [f"  {problem['field']}: {problem['message']}" for problem in document.get("errors", [])]
    if document.get("available_tasks"):
        hints.append(f"Tasks: {', '.join(document['available_tasks'])}")
    if document.get("conflicting_run"):
        hints.append(f"Run in the way: {document['conflicting_run']}")
    return hints

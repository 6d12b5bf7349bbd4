"""What the database holds, asked past the application."""

from __future__ import annotations

from tests.support.live import LiveSystem


def runs_of(system: LiveSystem, task_name: str) -> list[str]:
    """Return the ids of a task's runs that somebody asked for."""
    statement = "SELECT task_id FROM runbell_run WHERE task_name = %s AND \"trigger\" = 'manual' ORDER BY id"
    return [str(row[0]) for row in system.query(statement, [task_name])]

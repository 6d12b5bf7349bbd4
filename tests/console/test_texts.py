"""The console knows every action that the audit trail can hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once
ROOT = Path(__file__).parents[2]
ACTION = re.compile(r'"((?:TASK|API_TOKEN)_[A-Z_]+[A-Z])"')
FROM_STATES = {"TASK_EXECUTION_MISSED", "TASK_EXECUTION_SKIPPED"}
"""Written by ``ledger.runs``, which makes the name from the state."""


def test_the_console_has_words_for_every_action() -> None:
    written = {
        name
        for path in (ROOT / "src/runbell").rglob("*.py")
        for name in ACTION.findall(path.read_text(encoding="utf-8"))
    }
    words = (ROOT / "frontend/src/lib/text/audit.ts").read_text(encoding="utf-8")
    assert "TASK_EXECUTION_STARTED" in written
    assert {name for name in written | FROM_STATES if f"    {name}: " not in words} == set()

"""Documents go out of force on their date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from edms.documents import obsolescence
from edms.documents.models import Document, State
from edms.site_time import site_today
from tests.edms.conftest import Watched

Make = Callable[..., Document]
SCHEDULED = State.SCHEDULED_FOR_OBSOLESCENCE


def test_what_is_due_at_the_site_becomes_obsolete(
    make_document: Make, at: Callable[[str], datetime], run: Watched
) -> None:
    at("2026-01-31T23:30:00+00:00")
    due = make_document(SCHEDULED, obsolescence_date=date(2026, 2, 1))
    later = make_document(SCHEDULED, obsolescence_date=date(2026, 2, 2))
    assert obsolescence.waiting().count == 1
    assert obsolescence.process(run).processed == 1
    due.refresh_from_db()
    later.refresh_from_db()
    assert (due.state, later.state) == (State.OBSOLETE, SCHEDULED)
    assert due.obsolescence_date == date(2026, 2, 1)
    assert obsolescence.waiting().count == 0


def test_one_that_fails_does_not_stop_the_others(
    make_document: Make, run: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [make_document(SCHEDULED, obsolescence_date=site_today()) for _ in range(3)]
    move = obsolescence.move

    def fail_once(document: Document, to: State, **options: Any) -> Any:
        if document == documents[0]:
            raise ValueError("broken")
        return move(document, to, **options)

    monkeypatch.setattr(obsolescence, "move", fail_once)
    outcome = obsolescence.process(run)
    assert (outcome.processed, outcome.failed) == (2, 1)
    assert outcome.evidence["failures"] == {str(documents[0]): "ValueError: broken"}

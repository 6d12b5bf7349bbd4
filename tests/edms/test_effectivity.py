"""Documents become effective on their date, in the site's time zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from edms.documents import effectivity, files
from edms.documents.models import Document, State
from edms.site_time import site_today
from tests.edms.conftest import Watched

Make = Callable[..., Document]
At = Callable[[str], datetime]
PENDING = State.APPROVED_PENDING_EFFECTIVE


def state_of(document: Document) -> State:
    document.refresh_from_db()
    return State(document.state)


def test_a_document_is_due_at_midnight_of_the_site_while_utc_is_still_yesterday(
    make_document: Make, at: At, run: Watched
) -> None:
    at("2026-07-01T22:30:00+00:00")  # 00:30 on 2 July in Berlin
    today, tomorrow = (make_document(PENDING, effective_date=date(2026, 7, day)) for day in (2, 3))
    assert effectivity.process(run).processed == 1
    assert (state_of(today), state_of(tomorrow)) == (State.EFFECTIVE, PENDING)


def test_a_document_waits_until_the_site_has_midnight(make_document: Make, at: At, run: Watched) -> None:
    at("2026-07-01T21:59:59+00:00")
    document = make_document(PENDING, effective_date=date(2026, 7, 2))
    assert effectivity.process(run).processed == 0
    assert state_of(document) == PENDING


def test_west_of_utc_the_date_begins_later(make_document: Make, at: At, run: Watched, settings: Any) -> None:
    settings.SITE_TIME_ZONE = "America/New_York"
    at("2026-07-02T03:30:00+00:00")
    document = make_document(PENDING, effective_date=date(2026, 7, 2))
    effectivity.process(run)
    assert state_of(document) == PENDING


def test_the_approved_date_stays_and_the_moment_is_kept_beside_it(make_document: Make, at: At, run: Watched) -> None:
    now = at("2026-07-10T08:00:00+00:00")
    document = make_document(PENDING, effective_date=date(2026, 7, 2))
    approved_at = document.approved_at
    effectivity.process(run)
    document.refresh_from_db()
    assert (document.effective_date, document.approved_at) == (date(2026, 7, 2), approved_at)
    assert document.effective_at == now


def test_the_version_before_is_superseded(make_document: Make, run: Watched) -> None:
    first = make_document(State.EFFECTIVE, number="SOP-1", effective_date=date(2026, 1, 1))
    second = make_document(PENDING, number="SOP-1", version=2, effective_date=site_today())
    assert effectivity.process(run).failed == 0
    assert (state_of(first), state_of(second)) == (State.SUPERSEDED, State.EFFECTIVE)
    assert first.transitions.get().reason == "superseded by version 2"


def test_two_versions_due_at_once_take_effect_in_order(make_document: Make, run: Watched) -> None:
    third = make_document(PENDING, number="SOP-1", version=3, effective_date=site_today())
    second = make_document(PENDING, number="SOP-1", version=2, effective_date=site_today())
    assert effectivity.process(run).processed == 2
    assert (state_of(second), state_of(third)) == (State.SUPERSEDED, State.EFFECTIVE)


def test_an_earlier_version_never_replaces_a_later_one(make_document: Make, run: Watched) -> None:
    later = make_document(State.EFFECTIVE, number="SOP-1", version=3, effective_date=date(2026, 1, 1))
    earlier = make_document(PENDING, number="SOP-1", version=2, effective_date=site_today())
    outcome = effectivity.process(run)
    assert (outcome.processed, outcome.failed) == (0, 1)
    assert "SOP-1 v3 is in force already" in outcome.evidence["failures"]["SOP-1 v2"]
    assert (state_of(later), state_of(earlier)) == (State.EFFECTIVE, PENDING)


def test_a_document_that_fails_does_not_stop_the_others_and_is_named(
    make_document: Make, run: Watched, document_root: Any, caplog: pytest.LogCaptureFixture
) -> None:
    documents = [make_document(PENDING, effective_date=site_today()) for _ in range(5)]
    (document_root / documents[2].file_path).unlink()
    before = make_document(State.EFFECTIVE, number=documents[2].number, version=0, effective_date=date(2026, 1, 1))
    outcome = effectivity.process(run)
    assert (outcome.processed, outcome.failed) == (4, 1)
    assert list(outcome.evidence["failures"]) == [str(documents[2])]
    assert str(documents[2]) in caplog.text
    assert state_of(documents[2]) == PENDING
    assert state_of(before) == State.EFFECTIVE
    assert not documents[2].transitions.exists()


def test_what_goes_wrong_unexpectedly_is_undone_whole(
    make_document: Make, run: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = make_document(State.EFFECTIVE, number="SOP-1", effective_date=date(2026, 1, 1))
    after = make_document(PENDING, number="SOP-1", version=2, effective_date=site_today())
    monkeypatch.setattr(effectivity, "_announcement", lambda _: 1 / 0)
    outcome = effectivity.process(run)
    assert outcome.evidence["failures"] == {"SOP-1 v2": "ZeroDivisionError: division by zero"}
    assert (state_of(before), state_of(after)) == (State.EFFECTIVE, PENDING)


def test_the_backlog_counts_what_is_due_and_since_when(make_document: Make, at: At, run: Watched) -> None:
    at("2026-07-10T08:00:00+00:00")
    for day in (2, 9, 11):
        make_document(PENDING, effective_date=date(2026, 7, day))
    backlog = effectivity.waiting()
    assert (backlog.count, backlog.oldest) == (2, datetime(2026, 7, 1, 22, tzinfo=UTC))
    effectivity.process(run)
    assert (effectivity.waiting().count, effectivity.waiting().oldest) == (0, None)


def test_more_documents_than_fit_one_chunk_are_all_done_with_progress(make_document: Make, run: Watched) -> None:
    for _ in range(120):
        make_document(PENDING, effective_date=site_today())
    assert effectivity.process(run).processed == 120
    assert run.seen == [(0, 120), (50, 120), (100, 120), (120, 120)]


def test_a_run_that_is_cancelled_stops_between_chunks(make_document: Make, run: Watched) -> None:
    make_document(PENDING, effective_date=site_today())
    run.cancel_requested = True
    outcome = effectivity.process(run)
    assert (outcome.processed, effectivity.waiting().count) == (0, 1)
    assert "stopped on request" in outcome.message


def test_the_owner_is_told_after_the_commit(
    make_document: Make, run: Watched, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    document = make_document(PENDING, effective_date=site_today())
    with django_capture_on_commit_callbacks(execute=True):
        effectivity.process(run)
        assert not mailoutbox
    assert [(mail.subject, mail.to) for mail in mailoutbox] == [(f"{document} is effective", ["author@edms.example"])]


def test_a_file_of_another_size_is_not_made_effective(make_document: Make, document_root: Any) -> None:
    document = make_document(PENDING, effective_date=site_today())
    (document_root / document.file_path).write_text("something else altogether")
    with pytest.raises(files.FileFault, match="should have"):
        effectivity.make_effective(document)

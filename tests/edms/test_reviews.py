"""Periodic reviews."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import User

from edms.documents.models import Document, State
from edms.site_time import site_today
from edms.workflows import reviews
from edms.workflows.models import Kind, Status, Workflow
from tests.edms.conftest import Watched

Make = Callable[..., Document]


def test_a_document_whose_review_is_due_gets_one_review(  # noqa: PLR0917 (pytest names them)
    make_document: Make,
    author: User,
    manager: User,
    run: Watched,
    mailoutbox: list[Any],
    django_capture_on_commit_callbacks: Any,
) -> None:
    today = site_today()
    document = make_document(State.EFFECTIVE, next_review_date=today, approver=manager)
    make_document(State.EFFECTIVE, next_review_date=today + timedelta(days=1))
    make_document(State.OBSOLETE, next_review_date=today)
    assert reviews.waiting().count == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert reviews.process(run).processed == 1
    workflow = Workflow.objects.get()
    assert (workflow.document, workflow.kind, workflow.assignee, workflow.manager) == (
        document,
        Kind.PERIODIC_REVIEW,
        author,
        manager,
    )
    assert workflow.due_date == today + timedelta(days=30)
    assert [mail.to for mail in mailoutbox] == [["author@edms.example"]]
    document.refresh_from_db()
    assert document.next_review_date == today


def test_no_second_review_is_opened_while_one_is(make_document: Make, run: Watched) -> None:
    make_document(State.EFFECTIVE, next_review_date=date(2026, 1, 1))
    assert [reviews.process(run).processed for _ in range(2)] == [1, 0]
    Workflow.objects.update(status=Status.COMPLETED)
    assert reviews.process(run).processed == 1


def test_an_owner_without_an_address_does_not_stop_the_others(make_document: Make, run: Watched) -> None:
    nobody = User.objects.create_user("nobody")
    make_document(State.EFFECTIVE, next_review_date=date(2026, 1, 1), owner=nobody)
    make_document(State.EFFECTIVE, next_review_date=date(2026, 1, 2))
    outcome = reviews.process(run)
    assert (outcome.processed, outcome.failed) == (1, 1)
    assert list(outcome.evidence["failures"].values()) == ["nobody has no mail address"]
    assert reviews.waiting().count == 1

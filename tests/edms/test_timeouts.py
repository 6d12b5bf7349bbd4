"""Late work: one reminder a day and person, escalation after seven days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from edms.notifications.models import Reminder
from edms.workflows import timeouts
from edms.workflows.models import Status, Workflow
from tests.edms.conftest import Watched

Make = Callable[..., Workflow]
At = Callable[[str], datetime]
pytestmark = pytest.mark.django_db(transaction=True)


def test_one_mail_a_day_lists_all_late_work_of_a_person(
    make_workflow: Make, at: At, run: Watched, mailoutbox: list[Any]
) -> None:
    at("2026-07-03T10:00:00+00:00")
    late = [make_workflow(due_date=date(2026, 7, day)) for day in (1, 2)]
    make_workflow(due_date=date(2026, 7, 3))
    make_workflow(due_date=date(2026, 7, 1), status=Status.COMPLETED)
    assert timeouts.waiting().count == 2
    assert timeouts.process(run).processed == 1
    (mail,) = mailoutbox
    assert mail.to == ["author@edms.example"]
    assert all(str(workflow) in mail.body for workflow in late)
    assert mail.body.count("\n") == 2
    assert timeouts.waiting().count == 0


def test_the_next_reminder_comes_on_the_next_day_of_the_site(
    make_workflow: Make, at: At, run: Watched, mailoutbox: list[Any]
) -> None:
    at("2026-07-03T08:00:00+00:00")
    make_workflow(due_date=date(2026, 7, 2))
    processed = []
    for moment in ("2026-07-03T08:00:00", "2026-07-03T12:00:00", "2026-07-03T21:59:00", "2026-07-03T22:00:00"):
        at(f"{moment}+00:00")
        processed.append(timeouts.process(run).processed)
    assert processed == [1, 0, 0, 1]
    assert len(mailoutbox) == 2
    assert list(Reminder.objects.values_list("day", flat=True)) == [date(2026, 7, 3), date(2026, 7, 4)]


def test_the_database_refuses_a_second_reminder(author: User) -> None:
    Reminder.objects.create(recipient=author, day=date(2026, 7, 3))
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(recipient=author, day=date(2026, 7, 3))


def test_after_seven_days_the_manager_is_told_once(
    make_workflow: Make, at: At, run: Watched, mailoutbox: list[Any]
) -> None:
    at("2026-07-09T08:00:00+00:00")
    six = make_workflow(due_date=date(2026, 7, 3))
    seven = make_workflow(due_date=date(2026, 7, 2))
    outcome = timeouts.process(run)
    assert outcome.evidence["escalations"] == 1
    (told,) = [mail for mail in mailoutbox if mail.to == ["manager@edms.example"]]
    assert str(seven) in told.body
    assert str(six) not in told.body
    seven.refresh_from_db()
    assert seven.escalated_at is not None
    at("2026-07-09T12:00:00+00:00")
    assert timeouts.process(run).processed == 0


def test_work_without_a_manager_fails_by_name(make_workflow: Make, at: At, run: Watched) -> None:
    at("2026-07-20T08:00:00+00:00")
    workflow = make_workflow(due_date=date(2026, 7, 1), manager=None)
    outcome = timeouts.process(run)
    assert (outcome.processed, outcome.failed) == (1, 1)
    assert "has no manager" in outcome.evidence["failures"][str(workflow)]


def test_a_person_without_an_address_does_not_stop_the_others(make_workflow: Make, at: At, run: Watched) -> None:
    at("2026-07-03T08:00:00+00:00")
    make_workflow(due_date=date(2026, 7, 2), assignee=User.objects.create_user("silent"))
    make_workflow(due_date=date(2026, 7, 2))
    outcome = timeouts.process(run)
    assert (outcome.processed, outcome.failed) == (1, 1)
    assert outcome.evidence["failures"] == {"silent": "silent has no mail address"}


def test_a_reminder_that_could_not_be_sent_is_tried_again(
    make_workflow: Make, at: At, run: Watched, mailoutbox: list[Any]
) -> None:
    at("2026-07-20T08:00:00+00:00")
    make_workflow(due_date=date(2026, 7, 2))
    with patch("django.core.mail.EmailMessage.send", side_effect=OSError("refused")):
        outcome = timeouts.process(run)
    assert (outcome.processed, outcome.failed) == (0, 2)
    assert timeouts.waiting().count == 1
    assert timeouts.process(run).processed == 2
    assert len(mailoutbox) == 2

"""The daily report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from edms.documents.models import Document, State
from edms.notifications.people import NoAddress
from edms.scheduler import report
from edms.scheduler.health import Measurement
from edms.site_time import site_today
from tests.edms.conftest import Watched

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Measurement("database", True, "", {"round_trip_ms": 1.5}), Measurement("disk", False, "is full")]
    monkeypatch.setattr(report, "measure_all", lambda: found)


def test_every_member_of_the_staff_gets_a_mail_of_their_own(
    run: Watched, manager: User, author: User, mailoutbox: list[Any], make_document: Callable[..., Document]
) -> None:
    User.objects.create_user("left", "left@edms.example", is_staff=True, is_active=False)
    User.objects.create_user("second", "second@edms.example", is_staff=True)
    make_document(State.APPROVED_PENDING_EFFECTIVE, effective_date=site_today() - timedelta(days=3))
    outcome = report.send(run)
    assert (outcome.processed, outcome.evidence["unhealthy"]) == (2, ["disk"])
    assert [mail.to for mail in mailoutbox] == [["manager@edms.example"], ["second@edms.example"]]
    mail = mailoutbox[0]
    assert mail.subject == f"EDMS on {site_today()}: not healthy: disk"
    assert "database: healthy (round trip ms 1.5)" in mail.body
    assert f"Documents past their effective date: 1, since {site_today() - timedelta(days=3)}" in mail.body
    assert "Approved Pending Effective: 1" in mail.body


def test_without_anybody_to_send_it_to_it_fails(run: Watched, author: User) -> None:
    with pytest.raises(NoAddress):
        report.send(run)


def test_a_mail_that_is_refused_counts_as_failed(run: Watched, manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise OSError("refused")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    outcome = report.send(run)
    assert (outcome.processed, outcome.failed) == (0, 1)
    assert outcome.evidence["failures"] == {"manager": "OSError: refused"}

"""Mail leaves after the commit."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import transaction

from edms.notifications.outbox import send_after_commit
from runbell.engine.rehearsal import Rehearsal

pytestmark = pytest.mark.django_db(transaction=True)
MESSAGE = EmailMessage("Subject", "Text", to=["author@edms.example"])


def test_it_waits_for_the_commit(mailoutbox: list[Any]) -> None:
    with transaction.atomic():
        send_after_commit(MESSAGE)
        assert not mailoutbox
    assert len(mailoutbox) == 1


def test_it_never_leaves_if_the_work_is_rolled_back(mailoutbox: list[Any]) -> None:
    with transaction.atomic():
        send_after_commit(MESSAGE)
        transaction.set_rollback(True)
    assert not mailoutbox


def test_a_rehearsal_keeps_it(mailoutbox: list[Any]) -> None:
    rehearsal = Rehearsal()
    rehearsal.run(lambda: send_after_commit(MESSAGE))
    assert not mailoutbox
    assert rehearsal.report()["mails"]["listed"] == [{"to": ["author@edms.example"], "subject": "Subject"}]


def test_a_server_that_refuses_does_not_undo_the_work(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    errors: list[Exception] = []

    def refuse(self: EmailMessage) -> None:
        raise OSError("refused")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    with transaction.atomic():
        send_after_commit(MESSAGE, on_failure=errors.append)
    assert [str(error) for error in errors] == ["refused"]
    assert "could not be sent" in caplog.text
    assert "author@edms.example" not in caplog.text

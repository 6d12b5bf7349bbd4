"""Asking whether the process can work, while what it needs does not answer."""

from __future__ import annotations

import threading

import pytest

from runbell.api.readiness import Readiness
from runbell.conf import get_dispatcher
from runbell.testing import FakeDispatcher

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_says_what_does_not_answer(dispatcher: FakeDispatcher) -> None:
    readiness = Readiness()
    assert readiness.states() == {"database": True, "broker": True}
    dispatcher.down = True
    assert readiness.states() == {"database": True, "broker": False}


def test_who_asks_while_another_does_is_told_the_last_finding_at_once(
    dispatcher: FakeDispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    readiness = Readiness()
    readiness.states()
    asked, answer = threading.Event(), threading.Event()

    def hang(*, budget: float) -> None:
        asked.set()
        answer.wait(10)

    monkeypatch.setattr(get_dispatcher(), "ping", hang)
    patient = threading.Thread(target=readiness.states)
    patient.start()
    assert asked.wait(10)
    assert readiness.states() == {"database": True, "broker": True}
    answer.set()
    patient.join(10)

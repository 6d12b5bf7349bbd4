"""Pausing at the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from runbell.actions.sync_schedules import sync_schedules
from runbell.domain.tasks import TaskDefinition
from runbell.models import Pause
from runbell.testing import FakeDispatcher
from tests.cli.conftest import Runbell

pytestmark = pytest.mark.django_db(transaction=True)
Declare = Callable[..., TaskDefinition]


@pytest.fixture(autouse=True)
def tasks(dispatcher: FakeDispatcher, declare: Declare) -> None:
    declare(interval=3600)
    declare("invoices", interval=60, category="Billing")
    sync_schedules()


def test_a_task_is_paused_and_resumed(runbell: Runbell) -> None:
    paused = runbell("pause", "tidy-up", "--reason", "maintenance")
    assert (paused.code, paused.out.partition(",")[0]) == (0, "Paused: tidy_up")
    assert "maintenance" in runbell("pauses").out
    lines = runbell("tasks").out.splitlines()
    assert any(line.startswith("tidy_up") and "  paused  " in line for line in lines)
    assert any("1 paused: Tidy up" in line for line in lines)
    assert runbell("resume", "tidy-up", "--missed", "catch_up").code == 0
    assert Pause.objects.get().missed == "catch_up"
    assert runbell("pauses").out.strip() == "Nothing is paused."


def test_a_category_and_all_tasks(runbell: Runbell) -> None:
    assert runbell("pause", "--category", "Billing", "--reason", "closing", "--json").document["tasks"] == ["invoices"]
    assert runbell("pause", "--all", "--reason", "upgrade", "--json").document["tasks"] == ["invoices", "tidy_up"]
    listed = runbell("pauses", "--json").document["pauses"]
    assert {pause["scope"] for pause in listed} == {"category", "all"}
    assert {pause["actor"].partition(":")[0] for pause in listed} == {"cli"}
    assert runbell("resume", "--all", "--json").document["missed"] == "skip"
    assert runbell("resume", "--category", "Billing").code == 0


def test_an_end_is_a_time_or_a_while_from_now(runbell: Runbell) -> None:
    runbell("pause", "tidy-up", "--reason", "maintenance", "--until", "2h")
    until = Pause.objects.get().until
    assert until is not None
    assert timedelta(minutes=119) < until - timezone.now() <= timedelta(hours=2)
    assert "paused until" in runbell("tasks").out


def test_exit_codes_say_what_was_wrong(runbell: Runbell) -> None:
    assert runbell("pause", "nothing", "--reason", "x").code == 3
    assert runbell("resume", "tidy-up").code == 3
    assert runbell("pause", "tidy-up", "--reason", " ").code == 4
    assert runbell("pause", "tidy-up", "--reason", "x", "--until", "2020-01-01").code == 4
    runbell("pause", "--all", "--reason", "x")
    assert runbell("resume", "tidy-up").code == 4

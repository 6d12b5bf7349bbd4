"""The worker is away: the page says what pressing would do, the run what it waits for, and it runs when one is back."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.support.console import standing, task_row
from tests.browser.support.windows import Windows
from tests.support.live import LiveSystem

TITLE = "System health check"


@pytest.fixture
def away(system: LiveSystem) -> Iterator[LiveSystem]:
    """The system without its worker; it has one again afterwards."""
    system.worker.stop()
    yield system
    if not system.worker.running:
        system.worker.start()
    system.wait_for_worker()


def test_a_run_without_a_worker_says_that_it_waits_for_one(windows: Windows, away: LiveSystem) -> None:
    page = windows.open()
    row = task_row(page, TITLE)
    row.get_by_role("button", name=f"Queue a run: {TITLE}").click()
    page.get_by_role("dialog").get_by_role("button", name="Queue a run").click()

    expect(standing(page)).to_have_text("Queued")
    expect(page.get_by_role("main")).to_contain_text(re.compile("no (live )?worker", re.IGNORECASE))
    away.worker.start()
    expect(standing(page)).to_have_text("Succeeded")

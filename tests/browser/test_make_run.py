"""What ``make run`` starts, with the login that it prints, from the first page to a run that succeeded."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.support.console import heading, run_now, standing, task_row
from tests.browser.support.people import sign_in
from tests.browser.support.windows import Windows
from tests.support.live import ROOT, clean_environment
from tests.support.ports import free_port
from tests.support.processes import Process

pytestmark = pytest.mark.once
ANNOUNCED = re.compile(r"Runbell is at (\S+)\s+\(log in as (\S+) / (\S+)\)")


@pytest.fixture
def announcement(browser: Browser, tmp_path: Path) -> Iterator[tuple[str, ...]]:
    """Address, user name and password, as they are printed."""
    environment = clean_environment() | {"RUNBELL_HOME": str(tmp_path / "var"), "PORT": str(free_port())}
    command = [sys.executable, "-m", "edms.launcher"]
    launcher = Process("launcher", command, log=tmp_path / "launcher.log", environment=environment, folder=ROOT)
    launcher.start()
    try:
        said = ANNOUNCED.search(launcher.wait_for_output("Ctrl-C stops everything.", 60))
        assert said, launcher.tail()
        yield said.groups()
    finally:
        launcher.stop(timeout=30)


def test_a_newcomer_signs_in_sees_that_all_is_well_and_runs_a_task(
    announcement: tuple[str, ...], windows: Windows
) -> None:
    address, username, password = announcement
    page = windows.context(address).new_page()
    page.goto("/")
    sign_in(page, username, password)
    expect(heading(page)).to_have_text("Tasks")
    expect(page.get_by_role("region", name="Verdict").get_by_role("status")).to_contain_text("tasks")
    run_now(page, "Document effective dates").get_by_role("button", name="Run now").click()
    expect(standing(page)).to_have_text("Succeeded")
    page.get_by_role("link", name="Tasks", exact=True).click()
    expect(task_row(page, "Document effective dates")).to_contain_text("Succeeded")

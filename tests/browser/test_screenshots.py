"""The pictures of the documentation: taken of the reference project as it is, written when somebody asks for them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.test_walk_through import finished, trigger
from tests.browser.support.people import PASSWORD, People
from tests.browser.support.tour import STOPS, Stop, make_history, open_dialog
from tests.browser.support.watch import Watch
from tests.browser.support.windows import NARROW, WIDE, Windows
from tests.support.live import LiveSystem
from tests.support.stacks import Stack

FOLDER = os.environ.get("RUNBELL_SCREENSHOTS")
pytestmark = [pytest.mark.once, pytest.mark.skipif(not FOLDER, reason="make screenshots writes them")]

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
EVERY_LOOK = {"tasks", "run"}
"""Shown in both themes, wide and narrow; the others are light and wide, to keep the repository small."""
EARLIER = (
    *("perform_system_health_check",) * 6,
    "process_periodic_reviews",
    "process_document_obsoletion_dates",
    "check_workflow_timeouts",
    "send_daily_health_report",
    "run_daily_integrity_check",
    "verify_audit_trail_checksums",
    *("process_document_effective_dates",) * 3,
)
"""What has run before the pictures are taken."""


@pytest.fixture(scope="module")
def showcase(browser: Browser, stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSystem]:
    """The reference project as ``make run`` shows it, after some work."""
    folder = tmp_path_factory.mktemp("showcase")
    system = LiveSystem(folder, stack.environment(folder, "showcase") | {"EDMS_DEMO_PASSWORD": PASSWORD})
    try:
        system.prepare()
        system.manage("collectstatic", "--noinput", "--verbosity", "0")
        system.start()
        yield system
    finally:
        system.stop()


@pytest.fixture(scope="module")
def history(showcase: LiveSystem) -> list[Stop]:
    """The pages of a dry run and of a run, which come first, before there is nothing left to do."""
    stops = list(make_history(showcase))
    with showcase.client() as client:
        for task_name in EARLIER:
            finished(client, trigger(client, task_name)["task_id"])
    return stops


@pytest.mark.parametrize("theme", THEMES)
def test_pictures_are_taken(
    browser: Browser, showcase: LiveSystem, history: list[Stop], watch: Watch, theme: Theme
) -> None:
    windows = Windows(browser, People(browser, showcase.base_url), watch)
    page = windows.open(timezone_id="Europe/Berlin", color_scheme=theme)
    expect(page.get_by_role("region", name="Verdict")).to_contain_text("All 10 tasks healthy")
    for stop in (*STOPS, *history):
        stop.go(page)
        take(page, stop.name, theme)
    open_dialog(page, "Clean-up of old runs")
    take(page, "dialog", theme)
    windows.close(None)


def take(page: Page, name: str, theme: Theme) -> None:
    """Write the pictures of the page that the documentation has."""
    for size in (WIDE, NARROW):
        if name in EVERY_LOOK or (theme, size) == ("light", WIDE):
            page.set_viewport_size(size)
            page.screenshot(path=Path(str(FOLDER)) / f"{name}-{theme}-{size['width']}.png", animations="disabled")
    page.set_viewport_size(WIDE)

"""axe-core finds nothing on any page, in either theme, wide or narrow; and no page is wider than its window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.axe import violations
from tests.browser.support.console import heading
from tests.browser.support.tour import STOPS, Stop, make_history, open_dialog
from tests.browser.support.watch import Watch
from tests.browser.support.windows import NARROW, WIDE, Windows
from tests.support.live import LiveSystem

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def history(system: LiveSystem) -> dict[str, Stop]:
    """The pages of a dry run, of a run that went well, and of one that failed."""
    return {stop.name: stop for stop in make_history(system, failing="close_books")}


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.name)
def test_a_page_is_accessible(windows: Windows, history: dict[str, Stop], stop: Stop) -> None:
    page = windows.open(stop.path)
    stop.go(page)
    assert problems(page) == []


@pytest.mark.parametrize("name", ["rehearsal", "run", "failed run"])
def test_the_page_of_a_run_is_accessible(windows: Windows, history: dict[str, Stop], name: str) -> None:
    page = windows.open()
    history[name].go(page)
    if name == "failed run":
        page.get_by_text("Traceback", exact=True).click()
    assert problems(page) == []


@pytest.mark.parametrize("title", ["Import of a batch", "Clean-up of old runs"])
def test_the_dialog_is_accessible(windows: Windows, watch: Watch, title: str) -> None:
    watch.expect(r"status of 422 .*/manual-trigger/")
    page = windows.open()
    open_dialog(page, title)
    if title == "Import of a batch":
        page.get_by_role("dialog").get_by_role("button", name="Run now").click()
        expect(page.get_by_role("dialog").get_by_label("Site")).to_have_attribute("aria-invalid", "true")
    assert problems(page) == []


def test_what_a_viewer_sees_is_accessible(windows: Windows) -> None:
    page = windows.open(user="viewer")
    expect(heading(page)).to_have_text("Tasks")
    assert problems(page) == []


def test_the_sign_in_page_is_accessible(windows: Windows, system: LiveSystem) -> None:
    page = windows.context(system.base_url).new_page()
    page.goto("/")
    expect(page.get_by_label("User name")).to_be_visible()
    assert problems(page) == []


def problems(page: Page) -> list[str]:
    """Return what is wrong with a page in each of its looks."""
    return [f"{look}: {problem}" for look in looks(page) for problem in (*violations(page), *too_wide(page))]


def looks(page: Page) -> Iterator[str]:
    """Give the page each of its looks in turn, and yield what that is called."""
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            yield f"{size['width']} px, {theme}"


def too_wide(page: Page) -> list[str]:
    """Return a complaint if one must scroll sideways to read the page."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"the page is {wide} px wider than its window"] if wide > 0 else []

"""Every address can be opened, sent to somebody and loaded again."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.test_walk_through import finished, trigger
from tests.browser.support.console import heading
from tests.browser.support.people import HOME
from tests.browser.support.watch import Watch
from tests.browser.support.windows import Windows
from tests.support.live import LiveSystem


def address(page: Page) -> str:
    """Return the page's address below the console's."""
    parts = urlsplit(page.url)
    return f"{parts.path.removeprefix(HOME)}?{parts.query}".rstrip("?")


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("", "Tasks"),
        ("?search=health&category=System", "Tasks"),
        ("tasks/perform_system_health_check", "System health check"),
        ("runs", "Runs"),
        ("runs?state=FAILURE&task=close_books", "Runs"),
        ("timeline", "Timeline"),
        ("workers", "Workers and queues"),
        ("audit?task=close_books", "Audit"),
    ],
)
def test_an_address_shows_the_same_page_again(windows: Windows, path: str, title: str) -> None:
    page = windows.open(path)
    for _ in range(2):
        expect(heading(page)).to_have_text(title)
        assert address(page) == path
        page.reload()


def test_a_run_has_an_address(windows: Windows, system: LiveSystem) -> None:
    with system.client() as client:
        run_id = trigger(client, "perform_system_health_check")["task_id"]
        finished(client, run_id)
    page = windows.open(f"runs/{run_id}")
    expect(heading(page)).to_have_text("System health check")
    page.reload()
    expect(page.get_by_role("main")).to_contain_text(run_id)


def test_filters_are_in_the_address_and_back_leads_back(windows: Windows) -> None:
    page = windows.open()
    page.get_by_label("Search").fill("health")
    expect(page.get_by_role("link", name="System health check", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Periodic reviews", exact=True)).to_be_hidden()
    assert address(page) == "?search=health"
    page.get_by_role("link", name="System health check", exact=True).click()
    expect(heading(page)).to_have_text("System health check")
    page.go_back()
    expect(page.get_by_label("Search")).to_have_value("health")


def test_an_unknown_run_is_said_to_be_unknown(windows: Windows, watch: Watch) -> None:
    watch.expect(r"status of 404 ")
    page = windows.open("runs/01a20bd6-0000-7ecc-88c2-c9eb29836031")
    expect(heading(page)).to_have_text("Unknown run")

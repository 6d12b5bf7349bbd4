"""The server goes away and comes back, and the page says both by itself."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.acceptance.test_walk_through import trigger
from tests.browser.support.console import task_row
from tests.browser.support.watch import Watch
from tests.browser.support.windows import Windows
from tests.support.live import LiveSystem


@pytest.fixture
def mortal(system: LiveSystem) -> Iterator[LiveSystem]:
    """The system, whose web process the story ends; it has one again afterwards."""
    yield system
    if not system.web.running:
        system.web.start()
    system.wait_for_web()


def test_what_was_loaded_stays_and_is_brought_up_to_date(windows: Windows, watch: Watch, mortal: LiveSystem) -> None:
    watch.expect("net::ERR_")  # whatever is on its way is cut
    page = windows.open()
    row = task_row(page, "System health check")
    expect(page.get_by_role("img", name="Live", exact=True)).to_be_visible()
    expect(row).to_be_visible()

    mortal.web.kill()
    banner = page.get_by_role("alert").filter(has_text="The server cannot be reached since")
    expect(banner).to_be_visible()
    expect(row).to_be_visible()
    expect(page.get_by_role("img", name="Not connected")).to_be_visible()

    mortal.web.start()
    mortal.wait_for_web()
    expect(banner).to_be_hidden()
    expect(page.get_by_role("img", name="Live", exact=True)).to_be_visible()
    with mortal.client() as client:
        run_id = trigger(client, "perform_system_health_check")["task_id"]
    expect(row.locator(f'a[href$="{run_id}"]')).to_contain_text("Succeeded")

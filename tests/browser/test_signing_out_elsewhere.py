"""Signing out in one tab leads the other one to the sign-in page, and signing in leads back."""

from playwright.sync_api import expect

from tests.acceptance.test_walk_through import trigger
from tests.browser.support.console import heading
from tests.browser.support.people import HOME, sign_in
from tests.browser.support.watch import Watch
from tests.browser.support.windows import Windows
from tests.support.live import LiveSystem


def test_the_other_tab_asks_to_sign_in_and_comes_back(windows: Windows, watch: Watch, system: LiveSystem) -> None:
    watch.expect(r"status of 401 ")
    context = windows.context(system.base_url)
    page, other = context.new_page(), context.new_page()
    page.goto(f"{HOME}runs?trigger=manual")
    sign_in(page, "quality")
    expect(heading(page)).to_have_text("Runs")
    other.goto(HOME)
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_label("User name")).to_be_visible()

    with system.client() as client:
        trigger(client, "perform_system_health_check")
    expect(page.get_by_label("User name")).to_be_visible()
    sign_in(page, "quality")
    expect(heading(page)).to_have_text("Runs")
    assert page.url.endswith("runs?trigger=manual")

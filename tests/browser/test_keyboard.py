"""A task is run by keyboard alone, and the focus is always where it is expected."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.support.console import heading, standing
from tests.browser.support.windows import Windows

TITLE = "System health check"
MOST_STOPS = 60


def test_a_task_is_run_with_the_keyboard_alone(windows: Windows) -> None:
    page = windows.open()
    button = page.get_by_role("button", name=f"Run now: {TITLE}")
    expect(button).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, button)
    page.keyboard.press("Enter")

    dialog = page.get_by_role("dialog", name=f"Run now: {TITLE}")
    expect(dialog.get_by_role("heading", name=f"Run now: {TITLE}")).to_be_focused()
    expect(dialog.get_by_label("Reason")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()

    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Reason")).to_be_visible()
    for _ in range(10):
        page.keyboard.press("Tab")
        expect(dialog.locator(":focus")).to_have_count(1)
    tab_to(page, dialog.get_by_label("Reason"))
    page.keyboard.type("no mouse today")
    tab_to(page, dialog.get_by_role("button", name="Run now"))
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text(TITLE)
    expect(heading(page)).to_be_focused()
    expect(standing(page)).to_have_text("Succeeded")


def tab_to(page: Page, target: Locator) -> None:
    """Press the tabulator until the target has the focus."""
    for _ in range(MOST_STOPS):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached with {MOST_STOPS} presses of the tabulator")

"""The console's parts in the words of its readers: what has which name on the page."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


def heading(page: Page) -> Locator:
    """Return the heading of the page."""
    return page.get_by_role("heading", level=1)


def standing(page: Page) -> Locator:
    """Return what a run's page says of its state."""
    return page.get_by_role("main").locator("header [data-state]")


def task_row(page: Page, title: str) -> Locator:
    """Return the row of a task on the first page."""
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=title, exact=True))


def run_now(page: Page, title: str) -> Locator:
    """Press a task's button on the first page, and return the dialog that it opens."""
    page.get_by_role("button", name=f"Run now: {title}").click()
    dialog = page.get_by_role("dialog", name=f"Run now: {title}")
    expect(dialog).to_be_visible()
    return dialog

"""A run that goes on is stopped by somebody who watches it."""

import re

from playwright.sync_api import expect

from tests.browser.support.console import run_now, standing
from tests.browser.support.windows import Windows


def test_a_running_task_is_cancelled(windows: Windows) -> None:
    page = windows.open()
    run_now(page, "Export of the archive").get_by_role("button", name="Run now").click()
    expect(standing(page)).to_have_text("Running")
    expect(page.get_by_role("progressbar", name="Progress")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"\d+ of 300"))

    page.get_by_role("button", name="Cancel run").click()
    dialog = page.get_by_role("dialog", name="Cancel run")
    dialog.get_by_label("Reason").fill("the disk is full")
    dialog.get_by_role("button", name="Cancel run").click()
    expect(dialog).to_be_hidden()
    expect(standing(page)).to_have_text("Cancelled")
    expect(page.get_by_role("main")).to_contain_text("System Administrator")
    expect(page.get_by_role("button", name="Run again")).to_be_visible()

    page.get_by_role("link", name="Audit").click()
    expect(page.get_by_role("row").filter(has_text="Cancellation asked for").first).to_contain_text("the disk is full")

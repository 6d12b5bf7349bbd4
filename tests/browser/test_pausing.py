"""A task is paused and resumed by somebody who says why."""

import re

from playwright.sync_api import Page, expect

from tests.browser.support.console import heading, task_row
from tests.browser.support.windows import Windows

TITLE = "Workflow timeouts"


def test_a_task_is_paused_and_resumed(windows: Windows) -> None:
    page = windows.open("tasks/check_workflow_timeouts")
    page.get_by_role("button", name=f"Pause … {TITLE}").click()
    dialog = page.get_by_role("dialog", name=f"Pause: {TITLE}")
    reason = dialog.get_by_label("Reason")
    dialog.get_by_role("button", name="Pause", exact=True).click()
    expect(reason).to_have_accessible_description(re.compile("Say why: others will wonder"))
    reason.fill("the mail server is being moved")
    dialog.get_by_role("button", name="Pause", exact=True).click()
    expect(dialog).to_be_hidden()
    expect_held(page)

    page.get_by_role("link", name="Tasks", exact=True).click()
    expect(heading(page)).to_have_text("Tasks")
    expect_held(page)
    task_row(page, TITLE).get_by_role("button", name=f"Resume … {TITLE}").click()
    dialog = page.get_by_role("dialog", name=f"Resume: {TITLE}")
    dialog.get_by_label("Skip it").check()
    dialog.get_by_role("button", name="Resume", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(task_row(page, TITLE)).not_to_contain_text("Paused")


def expect_held(page: Page) -> None:
    """Expect the page to say who paused the task, and why."""
    said = "Paused by System Administrator until somebody resumes it: the mail server is being moved"
    expect(page.get_by_role("main")).to_contain_text(said)

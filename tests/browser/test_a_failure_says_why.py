"""A task that fails says why: on its run, in its row, and in the verdict."""

from playwright.sync_api import expect

from tests.browser.support.console import run_now, standing, task_row
from tests.browser.support.windows import Windows

WHY = "three entries of October have no counterpart"


def test_a_run_that_fails_shows_the_error_the_log_and_the_traceback(windows: Windows) -> None:
    page = windows.open()
    run_now(page, "Closing of the books").get_by_role("button", name="Run now").click()
    expect(standing(page)).to_have_text("Failed")
    expect(page.get_by_role("main").get_by_text(WHY).first).to_be_visible()
    expect(page.get_by_role("log")).to_contain_text("The month of October is not balanced")

    traceback = page.get_by_role("region", name="Result").get_by_label("Traceback")
    expect(traceback).to_be_hidden()
    page.get_by_text("Traceback", exact=True).click()
    expect(traceback).to_contain_text("raise Unbalanced")

    page.get_by_role("link", name="Tasks", exact=True).click()
    row = task_row(page, "Closing of the books")
    expect(row).to_contain_text("Failed the last time")
    verdict = page.get_by_role("region", name="Verdict")
    expect(verdict.get_by_role("status")).not_to_contain_text("healthy")
    finding = verdict.get_by_role("listitem").filter(has_text="Closing of the books")
    finding.locator("summary").click()
    finding.get_by_role("link", name="Closing of the books", exact=True).click()
    history = page.get_by_role("region", name="Runs")
    expect(history.get_by_role("row").filter(has_text="Failed").first).to_contain_text(WHY)

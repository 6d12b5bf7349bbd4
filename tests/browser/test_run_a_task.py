"""An operator runs a task and watches it succeed."""

import re

from playwright.sync_api import expect

from tests.browser.support.console import heading, run_now, standing
from tests.browser.support.windows import Windows


def test_a_task_is_run_and_watched_until_it_succeeds(windows: Windows) -> None:
    page = windows.open()
    dialog = run_now(page, "Document effective dates")
    dialog.get_by_label("Reason").fill("the auditor is here")
    dialog.get_by_role("button", name="Run now").click()

    expect(heading(page)).to_have_text("Document effective dates")
    expect(dialog).to_be_hidden()
    expect(standing(page)).to_have_text("Succeeded")
    expect(page.get_by_role("region", name="Result")).to_contain_text(re.compile(r"processed\d+"))
    events = page.get_by_role("region", name="Timeline").get_by_role("listitem")
    expect(events).to_have_count(5)
    for event in ("Accepted", "Queued", "Received", "Running", "Succeeded"):
        expect(events.filter(has_text=event)).to_have_count(1)
    asked = page.get_by_role("region", name="Who asked")
    expect(asked).to_contain_text("System Administrator")
    expect(asked).to_contain_text("the auditor is here")

    page.get_by_role("link", name="Tasks", exact=True).click()
    row = page.get_by_role("row").filter(has_text="process_document_effective_dates")
    expect(row).to_contain_text("Succeeded")

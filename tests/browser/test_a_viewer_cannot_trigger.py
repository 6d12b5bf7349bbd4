"""Who may only look meets no dead button but the reason; the server decides."""

from playwright.sync_api import expect

from tests.browser.support.console import heading, task_row
from tests.browser.support.people import HOME
from tests.browser.support.windows import Windows
from tests.support.live import API

REASON = "You may look, but not run tasks. An administrator can grant “trigger run”."


def test_a_viewer_reads_why_there_is_no_button(windows: Windows) -> None:
    page = windows.open(user="viewer")
    row = task_row(page, "System health check")
    expect(row).to_contain_text(REASON)
    expect(page.get_by_role("table").get_by_role("button", name="Run now")).to_have_count(0)

    row.get_by_role("link", name="System health check", exact=True).click()
    expect(heading(page)).to_have_text("System health check")
    expect(page.get_by_role("main")).to_contain_text(REASON)
    expect(page.get_by_role("button", name="Run now")).to_have_count(0)

    page.get_by_role("link", name="Audit").click()
    expect(page.get_by_role("main")).to_contain_text("You may not read the audit trail.")


def test_the_server_refuses_what_the_page_does_not_offer(windows: Windows) -> None:
    page = windows.open(user="viewer")
    token = page.locator("#runbell").get_attribute("data-csrf-token") or ""
    answer = page.request.post(
        f"{API}monitoring/manual-trigger/",
        data={"task_name": "perform_system_health_check"},
        headers={"X-CSRFToken": token, "Referer": page.url},
    )
    assert answer.status == 403
    assert page.url.endswith(HOME)

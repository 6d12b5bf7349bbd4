"""Parameters that a task does not take are refused beside their fields, and no run is made."""

import re

from playwright.sync_api import expect

from tests.browser.support.console import run_now, standing
from tests.browser.support.ledger import runs_of
from tests.browser.support.watch import Watch
from tests.browser.support.windows import Windows
from tests.support.live import LiveSystem


def test_what_the_form_knows_is_refused_before_it_is_sent(windows: Windows, system: LiveSystem) -> None:
    before = runs_of(system, "cleanup_celery_results")
    page = windows.open()
    dialog = run_now(page, "Clean-up of old runs")
    days = dialog.get_by_label("Days to keep")
    expect(days).to_have_value("7")
    days.fill("0")
    dialog.get_by_role("button", name="Run now").click()
    expect(days).to_have_attribute("aria-invalid", "true")
    expect(days).to_have_accessible_description(re.compile("Must be at least 1"))
    assert runs_of(system, "cleanup_celery_results") == before


def test_what_only_the_server_knows_is_refused_beside_the_field_too(
    windows: Windows, watch: Watch, system: LiveSystem
) -> None:
    watch.expect(r"status of 422 .*/manual-trigger/")
    before = runs_of(system, "import_batch")
    page = windows.open()
    dialog = run_now(page, "Import of a batch")
    site = dialog.get_by_label("Site")
    site.fill("Paris")
    dialog.get_by_role("button", name="Run now").click()
    expect(site).to_have_accessible_description(re.compile("there is no site Paris"))
    assert runs_of(system, "import_batch") == before

    site.fill("Madrid")
    dialog.get_by_label("Labels").fill("blue\ngreen")
    dialog.get_by_role("button", name="Run now").click()
    expect(standing(page)).to_have_text("Succeeded")
    expect(page.get_by_role("main")).to_contain_text("10 items of Madrid")
    assert len(runs_of(system, "import_batch")) == len(before) + 1

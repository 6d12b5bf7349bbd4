"""A dry run shows what it would change, and the database is as it was."""

from playwright.sync_api import expect

from tests.acceptance.test_walk_through import make_documents_due
from tests.browser.support.console import run_now, standing
from tests.browser.support.windows import Windows
from tests.support.live import LiveSystem


def test_a_dry_run_shows_its_changes_and_makes_none(windows: Windows, system: LiveSystem) -> None:
    due = make_documents_due(system)
    before = documents(system)
    page = windows.open()
    dialog = run_now(page, "Document effective dates")
    dialog.get_by_label("Dry run").check()
    dialog.get_by_role("button", name="Start dry run").click()

    expect(standing(page)).to_have_text("Succeeded")
    expect(page.get_by_role("main").locator("header")).to_contain_text("Dry run")
    changes = page.get_by_role("region", name="What it would have changed")
    row = changes.get_by_role("row").filter(has_text="documents.document").filter(has_text="Change")
    expect(row).to_contain_text(str(due[0]))
    assert documents(system) == before


def documents(system: LiveSystem) -> list[tuple[object, ...]]:
    """Return the state of every document, and how often any changed."""
    states = system.query("SELECT id, state, effective_at FROM documents_document ORDER BY id")
    return [*states, *system.query("SELECT count(*) FROM documents_transition")]

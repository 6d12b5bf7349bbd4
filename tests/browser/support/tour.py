"""Every page of the console, at its best: with something on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.acceptance.test_walk_through import finished, trigger
from tests.browser.support.console import heading, run_now
from tests.browser.support.people import HOME
from tests.support.live import LiveSystem

TASK, TITLE = "process_document_effective_dates", "Document effective dates"


@dataclass(frozen=True)
class Stop:
    """One page of the tour.

    Args:
        name: what it is called in reports and file names.
        path: below the console's address.
        title: its heading.
    """

    name: str
    path: str
    title: str

    def go(self, page: Page) -> None:
        """Open it, and wait until nothing on it is still being loaded."""
        page.goto(HOME + self.path)
        expect(heading(page)).to_have_text(self.title)
        expect(page.get_by_text("Loading …")).to_have_count(0)


def make_history(system: LiveSystem, failing: str = "") -> Iterator[Stop]:
    """Run a task dry and for good, and one that fails if there is one; yield the stops that show these runs."""
    with system.client() as client:
        rehearsal = finished(client, trigger(client, TASK, dry_run=True)["task_id"])
        done = finished(client, trigger(client, TASK, reason="The auditor is here")["task_id"])
        failed = finished(client, trigger(client, failing)["task_id"]) if failing else None
    yield Stop("rehearsal", f"runs/{rehearsal['id']}", TITLE)
    yield Stop("run", f"runs/{done['id']}", TITLE)
    if failed:
        yield Stop("failed run", f"runs/{failed['id']}", failed["task_title"])


STOPS = (
    Stop("tasks", "", "Tasks"),
    Stop("task", f"tasks/{TASK}", TITLE),
    Stop("runs", "runs", "Runs"),
    Stop("timeline", "timeline", "Timeline"),
    Stop("workers", "workers", "Workers and queues"),
    Stop("audit", "audit", "Audit"),
)


def open_dialog(page: Page, title: str) -> None:
    """Open the dialog that runs a task, with all that is in it."""
    Stop("tasks", "", "Tasks").go(page)
    dialog = run_now(page, title)
    expect(dialog.get_by_label("Reason")).to_be_visible()
    expect(dialog.get_by_role("region", name="What else runs")).to_be_visible()

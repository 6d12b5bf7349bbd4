"""A change shows within a second, over one connection a tab."""

from __future__ import annotations

import statistics
from datetime import datetime
from typing import Any

from playwright.sync_api import Page, Request, expect

from tests.acceptance.test_walk_through import finished, trigger
from tests.browser.support.console import heading
from tests.browser.support.windows import Windows
from tests.support.live import LiveSystem

WITHIN = 1.0
CHANGES = 5
NOTE_WHEN_SEEN = """() => {
  window.seen = {};
  const look = () => {
    for (const link of document.querySelectorAll('td a[href*="/runs/"]')) {
      const key = `${link.href.split('/').pop()} ${link.querySelector('[data-state]').dataset.state}`;
      window.seen[key] ??= Date.now() / 1000;
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
}"""


def test_a_change_shows_within_a_second(windows: Windows, system: LiveSystem) -> None:
    page = windows.open("runs")
    expect(page.get_by_role("img", name="Live", exact=True)).to_be_visible()
    page.evaluate(NOTE_WHEN_SEEN)
    ends: list[float] = []
    for _ in range(CHANGES):
        with system.client() as client:
            run = finished(client, trigger(client, "perform_system_health_check")["task_id"])
        expect(page.locator(f'a[href$="{run["id"]}"]')).to_contain_text("Succeeded")
        ends.append(seen(page, run, "SUCCESS") - seconds(run["finished_at"]))
    assert statistics.median(ends) < WITHIN, f"seconds from the end of a run to its sight: {ends}"


def seen(page: Page, run: dict[str, Any], state: str) -> float:
    """Return when the page first showed a run in that state."""
    at: float = page.evaluate("key => window.seen[key]", f"{run['id']} {state}")
    return at


def seconds(moment: str) -> float:
    """Return an ISO time as seconds since 1970."""
    return datetime.fromisoformat(moment).timestamp()


def test_a_tab_has_one_stream_wherever_it_goes(windows: Windows) -> None:
    page = windows.open()
    expect(page.get_by_role("img", name="Live", exact=True)).to_be_visible()
    streams: list[str] = []
    page.on("request", lambda request: note(request, streams))
    page.reload()
    for name in ("Runs", "Timeline", "Workers", "Audit", "Tasks"):
        page.get_by_role("navigation").get_by_role("link", name=name).click()
        expect(heading(page)).to_contain_text(name)
    expect(page.get_by_role("img", name="Live", exact=True)).to_be_visible()
    assert len(streams) == 1


def note(request: Request, streams: list[str]) -> None:
    """Remember the address if it is a stream's."""
    if request.resource_type == "eventsource":
        streams.append(request.url)

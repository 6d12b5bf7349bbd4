"""How soon somebody who comes for the first time sees whether all is well."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.browser.support.people import HOME, People

NOTE_THE_VERDICT = """new MutationObserver((_, observer) => {
  const verdict = document.querySelector('section[aria-label="Verdict"] [role=status]');
  if (!verdict || !verdict.textContent) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.usefulAt = performance.now(); }));
}).observe(document, { subtree: true, childList: true });"""


def first_useful_paint(browser: Browser, people: People) -> float:
    """Return the seconds from asking for the first page until its verdict is painted, with nothing in any cache.

    Args:
        browser: a context of its own is made in it.
        people: who knows the address, and signs the administrator in.
    """
    context = browser.new_context(base_url=people.base_url, storage_state=people.cookies("admin"))
    try:
        context.add_init_script(NOTE_THE_VERDICT)
        page = context.new_page()
        page.goto(HOME)
        expect(page.get_by_role("region", name="Verdict").get_by_role("status")).to_be_visible()
        page.wait_for_function("window.usefulAt !== undefined")
        milliseconds: float = page.evaluate("window.usefulAt")
        return milliseconds / 1000
    finally:
        context.close()

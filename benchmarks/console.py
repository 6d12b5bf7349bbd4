"""What a first visit of the console downloads, and when it shows something useful, from the embedded server.

A headless Chromium with an empty cache, already signed in, opens the home page. Useful is the first frame that shows
the title of a task. ``npm run size`` says the same of the files as they are built.
"""

from __future__ import annotations

import json
from typing import Any

from benchmarks.chromium import Chromium
from benchmarks.figures import Figure
from benchmarks.plan import Plan
from benchmarks.systems import WITH_WORK, script, stack, system

TITLE = "Document effective dates"
_WATCH = """
    new MutationObserver((_, observer) => {
        if (!document.body || !document.body.textContent.includes(%s)) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => { window.usefulAt = performance.now(); }));
    }).observe(document, { childList: true, subtree: true, characterData: true });
"""
_FOUND = """(() => {
    if (!window.usefulAt) return null;
    const sent = (kind) => performance.getEntriesByType('resource').filter((one) => kind.test(one.name))
        .reduce((sum, one) => sum + one.encodedBodySize, 0);
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    return { useful: window.usefulAt, first: paint ? paint.startTime : window.usefulAt,
             scripts: sent(/\\.js$/), styles: sent(/\\.css$/) };
})()"""


def measure(plan: Plan) -> list[Figure]:
    """Measure it, each round with an empty cache."""
    with stack("embedded") as on, system(on, "console", WITH_WORK) as live, Chromium() as browser:
        live.manage("collectstatic", "--noinput", "--verbosity", "0")
        live.web.stop()
        live.web.start()
        live.wait_for_web()
        session = script(live, "session").strip()
        _visit(browser, live.base_url, session)
        visits = [_visit(browser, live.base_url, session) for _ in range(plan.rounds)]
    return [
        Figure("JavaScript of the first load, as sent", [one["scripts"] / 1000 for one in visits], "kB", at_most=220),
        Figure("style sheets of the first load, as sent", [one["styles"] / 1000 for one in visits], "kB"),
        Figure("first paint", [one["first"] for one in visits], "ms"),
        Figure("first useful paint", [one["useful"] for one in visits], "ms", at_most=1000),
    ]


def _visit(browser: Chromium, address: str, session: str) -> dict[str, Any]:
    with browser.fresh_page() as page:
        browser.ask("Network.setCookie", page, name="sessionid", value=session, url=address)
        browser.ask("Page.enable", page)
        browser.ask("Page.addScriptToEvaluateOnNewDocument", page, source=_WATCH % json.dumps(TITLE))
        browser.ask("Page.navigate", page, url=f"{address}/scheduler/")
        found: dict[str, Any] = browser.wait_for(page, _FOUND)
        return found

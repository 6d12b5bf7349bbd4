"""axe-core, which knows the Web Content Accessibility Guidelines."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.support.live import ROOT
from tests.support.servers import Unavailable
from tests.support.servers.availability import refuse

SCRIPT = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RUN = "() => axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations)"


def violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong on a page, by rule and element: every rule that it has, best practices too.

    Where it is not installed the test is skipped, and fails in CI.
    """
    if page.evaluate("typeof window.axe") == "undefined":
        page.evaluate(_source(SCRIPT))
    return [_words(violation, node) for violation in page.evaluate(RUN) for node in violation["nodes"]]


def _words(violation: dict[str, Any], node: dict[str, Any]) -> str:
    return f"{violation['id']}: {' '.join(map(str, node['target']))}: {' '.join(node['failureSummary'].split())}"


@cache
def _source(script: Path) -> str:
    try:
        return script.read_text()
    except FileNotFoundError:
        refuse(Unavailable("The accessibility tests need axe-core: make console"))

"""Pages for one story."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, ViewportSize

from tests.browser.support.people import HOME, People
from tests.browser.support.watch import Watch

WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 390, "height": 844}


class Windows:
    """Opens pages of the console and watches all of them.

    Args:
        browser: where.
        people: who is signed in.
        watch: what hears the browser's complaints.
    """

    def __init__(self, browser: Browser, people: People, watch: Watch) -> None:
        self._browser = browser
        self._people = people
        self._watch = watch
        self._contexts: list[BrowserContext] = []

    def context(self, base_url: str, **options: Any) -> BrowserContext:
        """Return a new context: cookies and pages of its own. For ``options`` see ``Browser.new_context``."""
        options = {"viewport": WIDE, "reduced_motion": "reduce", "locale": "en-GB"} | options
        context = self._browser.new_context(base_url=base_url, **options)
        context.set_default_timeout(20_000)
        self._watch.over(context)
        self._contexts.append(context)
        return context

    def open(self, path: str = "", *, user: str = "admin", **options: Any) -> Page:
        """Return a page of the console for somebody who is signed in.

        Args:
            path: below the console's address.
            user: who.
            options: see :meth:`context`.
        """
        context = self.context(self._people.base_url, storage_state=self._people.cookies(user), **options)
        page = context.new_page()
        page.goto(HOME + path)
        return page

    def close(self, folder: Path | None) -> None:
        """Close all pages, after a picture of each in ``folder`` if there is one."""
        if folder is not None:
            pages = [page for context in self._contexts for page in context.pages]
            for number, page in enumerate(pages):
                with suppress(Error):  # a page that has crashed has no picture, and the story failed already
                    page.screenshot(path=folder / f"page-{number}.png")
        for context in self._contexts:
            context.close()

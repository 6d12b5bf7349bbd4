"""What the browser complains of while a story is told: its console has nothing to say."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, WebError


class Watch:
    """Hears every message on the browser's console and every error that no script caught.

    A refusal of the Content-Security-Policy is a message as well.
    """

    def __init__(self) -> None:
        self.crashed = False
        """Whether the browser has lost a page's process."""
        self._heard: list[str] = []
        self._expected: list[re.Pattern[str]] = []

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a context, also those that are opened later."""
        context.on("console", self._message)
        context.on("weberror", self._error)
        context.on("page", self._page)

    def expect(self, pattern: str) -> None:
        """Let messages pass that match: those that the browser writes by itself when a request fails as it should."""
        self._expected.append(re.compile(pattern))

    def complaints(self) -> list[str]:
        """Return what was heard and not expected."""
        return [heard for heard in self._heard if not any(pattern.search(heard) for pattern in self._expected)]

    def _page(self, page: Page) -> None:
        page.on("crash", self._crash)

    def _crash(self, _page: Page) -> None:
        self.crashed = True

    def _message(self, message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        self._heard.append(f"{message.type}: {message.text} ({where})")

    def _error(self, error: WebError) -> None:
        self._heard.append(f"uncaught: {error.error}")

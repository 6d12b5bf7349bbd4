"""Signing in as one of the people of the demonstration."""

from __future__ import annotations

from functools import cache
from typing import Any

from playwright.sync_api import Browser, Page, expect

HOME = "/scheduler/"
PASSWORD = "for-the-stories-only"


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in page, which must be shown."""
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


class People:
    """Signs each person in once and keeps their cookies for every later page.

    Args:
        browser: where.
        base_url: of the system.
    """

    def __init__(self, browser: Browser, base_url: str) -> None:
        self._browser = browser
        self.base_url = base_url
        self.cookies = cache(self._cookies)

    def _cookies(self, username: str) -> Any:
        context = self._browser.new_context(base_url=self.base_url)
        try:
            page = context.new_page()
            page.goto(HOME)
            sign_in(page, username)
            expect(page.get_by_role("heading", name="Tasks")).to_be_visible()
            return context.storage_state()
        finally:
            context.close()

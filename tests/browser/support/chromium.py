"""The system's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.support.servers import Unavailable

NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str:
    """Return the path of the browser.

    Raises:
        Unavailable: if there is none.
    """
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise Unavailable("The browser tests need Chromium: apt-get install chromium")


@contextmanager
def running() -> Iterator[Browser]:
    """Start the browser, without a window, and end it afterwards.

    Raises:
        Unavailable: if there is none.
    """
    path = chromium()
    # Chromium refuses to put itself into a sandbox when root starts it.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        try:
            yield browser
        finally:
            browser.close()

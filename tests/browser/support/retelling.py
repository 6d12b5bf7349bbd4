"""Telling a story once more in which the browser itself failed: it lost a page's process."""

from __future__ import annotations

import pytest
from _pytest.runner import runtestprotocol

FAILED = pytest.StashKey[bool]()
"""Of a story: whether it has failed, known before its windows are closed."""
CRASHED = pytest.StashKey[bool]()
"""Of a story: whether one of its pages has crashed."""


def tell(story: pytest.Item, following: pytest.Item | None) -> None:
    """Run a story and report it; what failed with a crashed page is run a second time, and that is what counts."""
    reports = _told(story, following)
    if story.stash[FAILED] and story.stash[CRASHED]:
        story._initrequest()  # type: ignore[attr-defined]  # a second run needs fixtures of its own
        reports = _told(story, following)
        reports[-1].sections.append(("retold", "Chromium had lost a page's process in the first run of this story."))
    for report in reports:
        story.ihook.pytest_runtest_logreport(report=report)


def _told(story: pytest.Item, following: pytest.Item | None) -> list[pytest.TestReport]:
    story.stash[FAILED] = story.stash[CRASHED] = False
    return runtestprotocol(story, nextitem=following, log=False)

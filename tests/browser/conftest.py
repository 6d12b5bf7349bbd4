"""One browser and one system for all stories, and a window of its own for each."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.support.chromium import running
from tests.browser.support.people import PASSWORD, People
from tests.browser.support.retelling import CRASHED, FAILED, tell
from tests.browser.support.watch import Watch
from tests.browser.support.windows import Windows
from tests.support.live import LiveSystem
from tests.support.servers import Unavailable
from tests.support.servers.availability import refuse
from tests.support.stacks import Stack

SETTINGS = "tests.browser.project.settings"
STORIES = Path(__file__).parent
PATIENCE = 20_000
"""Milliseconds that a story waits for what it expects; long, for the machine may be busy."""


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's Chromium. It ends with this package: while Playwright runs, Django takes the thread for a loop's."""
    expect.set_options(timeout=PATIENCE)
    try:
        with running() as browser:
            yield browser
    except Unavailable as reason:
        refuse(reason)


@pytest.fixture(scope="package")
def system(browser: Browser, stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSystem]:
    """A web process and a worker on this stack, with the tasks of the stories beside the reference project's."""
    folder = tmp_path_factory.mktemp("browser")
    mine = {"DJANGO_SETTINGS_MODULE": SETTINGS, "EDMS_DEMO_PASSWORD": PASSWORD}
    system = LiveSystem(folder, stack.environment(folder, folder.name) | mine)
    try:
        system.prepare()
        system.manage("collectstatic", "--noinput", "--verbosity", "0")
        system.start()
        yield system
    finally:
        system.stop()


@pytest.fixture(scope="package")
def people(browser: Browser, system: LiveSystem) -> People:
    """Who may be signed in."""
    return People(browser, system.base_url)


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run the stories here; all other tests are left to pytest."""
    if STORIES not in item.path.parents:
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    tell(item, nextitem)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note that a story has failed."""
    report = yield
    if STORIES in item.path.parents and report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture
def watch(request: pytest.FixtureRequest) -> Iterator[Watch]:
    """Fails the story if the browser's console has said anything that the story does not expect."""
    watch = Watch()
    yield watch
    request.node.stash[CRASHED] = watch.crashed
    assert watch.complaints() == []


@pytest.fixture
def windows(
    browser: Browser, people: People, watch: Watch, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Windows]:
    """Opens pages; closes them when the story is over, with a picture of each if it failed."""
    windows = Windows(browser, people, watch)
    yield windows
    windows.close(tmp_path if request.node.stash[FAILED] else None)

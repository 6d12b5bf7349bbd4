"""Without a stream the pages ask by themselves: under WSGI, and behind a proxy that keeps what the server sends."""

import sys
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.test_walk_through import trigger
from tests.browser.support.console import run_now, standing, task_row
from tests.browser.support.people import HOME, People
from tests.browser.support.windows import Windows
from tests.support.live import ROOT, LiveSystem
from tests.support.ports import free_port
from tests.support.processes import Process
from tests.support.waiting import wait_until

ASKING = "Live, asking every few seconds"


@pytest.fixture
def wsgi(system: LiveSystem) -> Iterator[str]:
    """The address of the project's WSGI application, on a server with threads."""
    address = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "manage.py", "runserver", "--noreload", "--nostatic", address]
    server = Process("wsgi", command, log=system.folder / "wsgi.log", environment=system.environment, folder=ROOT)
    server.start()
    try:
        wait_until(lambda: answers(f"http://{address}/healthz"), 30, server.tail)
        yield f"http://{address}"
    finally:
        server.kill()


def answers(url: str) -> bool:
    """Return whether somebody answers there."""
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def test_a_run_is_watched_under_wsgi(wsgi: str, windows: Windows, people: People) -> None:
    page = windows.context(wsgi, storage_state=people.cookies("admin")).new_page()
    page.goto(HOME)
    expect(page.get_by_role("img", name=ASKING)).to_be_visible()
    run_now(page, "System health check").get_by_role("button", name="Run now").click()
    expect(standing(page)).to_have_text("Succeeded")


def test_a_change_shows_behind_a_proxy_that_keeps_the_stream(windows: Windows, system: LiveSystem) -> None:
    page = windows.open("workers")
    page.context.route("**/stream/", lambda _: None)
    page.goto(HOME)
    expect(page.get_by_role("img", name=ASKING)).to_be_visible()
    appears_in_its_row(page, system)


def appears_in_its_row(page: Page, system: LiveSystem) -> None:
    """Trigger a task elsewhere and see its run in the task's row."""
    with system.client() as client:
        run_id = trigger(client, "perform_system_health_check")["task_id"]
    expect(task_row(page, "System health check").locator(f'a[href$="{run_id}"]')).to_contain_text("Succeeded")

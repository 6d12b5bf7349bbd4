"""What ``make run`` starts: it comes up by itself, keeps its data, and goes when it is told to."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import stat
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.acceptance.test_walk_through import finished
from tests.support.live import API, ROOT, clean_environment
from tests.support.ports import free_port, listens
from tests.support.processes import Process
from tests.support.waiting import wait_until

pytestmark = pytest.mark.once
MANIFEST = ROOT / "src" / "runbell" / "static" / "runbell" / "manifest.json"
READY = "Ctrl-C stops everything."
Launch = Callable[[], Process]


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("launcher") / "var"


@pytest.fixture
def launch(home: Path, port: int, tmp_path: Path) -> Iterator[Launch]:
    """Start the launcher; whatever of it is left after the test is killed."""
    environment = clean_environment() | {"RUNBELL_HOME": str(home), "PORT": str(port)}
    started: list[Process] = []

    def start() -> Process:
        log = tmp_path / f"launcher-{len(started)}.log"
        command = [sys.executable, "-m", "edms.launcher"]
        process = Process("launcher", command, log=log, environment=environment, folder=ROOT)
        process.start()
        started.append(process)
        return process

    yield start
    for process in started:
        for child in children(process) if process.running else []:
            child.kill()
        process.kill()


def children(process: Process) -> list[psutil.Process]:
    found: list[psutil.Process] = psutil.Process(process.pid).children(recursive=True)
    return found


def documents(home: Path) -> int:
    with sqlite3.connect(home / "edms.sqlite3") as connection:
        count: int = connection.execute("SELECT count(*) FROM documents_document").fetchone()[0]
        return count


def the_console_opens(port: int, password: str) -> None:
    """Sign in as a person does; where the console is built, look at its script as well."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True, trust_env=False) as browser:
        form = browser.get("/")
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', form.text)
        assert token
        entry = {"username": "admin", "password": password, "next": "/scheduler/", "csrfmiddlewaretoken": token[1]}
        page = browser.post(str(form.url), data=entry)
        assert page.url.path == "/scheduler/"
        if not MANIFEST.exists():
            assert page.status_code == 503
            return
        assert 'data-stream="/api/v1/scheduler/stream/"' in page.text
        script = browser.get(re.findall(r'<script type="module" src="([^"]+)"', page.text)[0])
        assert (script.status_code, script.headers["Content-Encoding"]) == (200, "gzip")
        assert "immutable" in script.headers["Cache-Control"]


def test_it_prints_a_login_and_a_curl_that_works_and_stops_cleanly(launch: Launch, home: Path, port: int) -> None:
    launcher = launch()
    output = launcher.wait_for_output(READY, 60)
    assert f"http://localhost:{port}" in output
    login = re.search(r"log in as admin / (\S+)\)", output)
    assert login
    the_console_opens(port, login[1])
    assert stat.S_IMODE((home / "token").stat().st_mode) == 0o600

    headers = {"Authorization": f"Bearer {(home / 'token').read_text().strip()}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}{API}", headers=headers, trust_env=False) as client:
        answer = client.post("monitoring/manual-trigger/", json={"task_name": "process_document_effective_dates"})
        assert answer.status_code == 202
        assert finished(client, answer.json()["task_id"])["processed"] > 0

    family = children(launcher)
    assert len(family) >= 2
    launcher.signal_group(signal.SIGINT)
    assert launcher.wait(20) == 0
    assert "Traceback" not in launcher.output()
    wait_until(lambda: not any(child.is_running() for child in family), 5, "every child is gone")
    assert not listens(port)


def test_a_second_start_is_quick_and_keeps_the_data(launch: Launch, home: Path) -> None:
    before, token = documents(home), (home / "token").read_text()
    began = time.monotonic()
    launcher = launch()
    launcher.wait_for_output(READY, 60)
    assert time.monotonic() - began < 15
    assert documents(home) == before > 0
    assert (home / "token").read_text() == token
    os.kill(launcher.pid, signal.SIGTERM)
    assert launcher.wait(20) == 0


def test_a_port_that_is_taken_is_said(launch: Launch) -> None:
    first = launch()
    first.wait_for_output(READY, 60)
    second = launch()
    assert second.wait(20) != 0
    assert "is taken" in second.output()
    assert first.running
    os.kill(first.pid, signal.SIGINT)
    assert first.wait(20) == 0

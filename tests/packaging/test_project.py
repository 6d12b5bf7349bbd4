"""An empty environment with the wheel and the smallest project: the console is served, with and without DEBUG."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.packaging.commands import environment, run
from tests.support.ports import free_port, listens
from tests.support.processes import Process
from tests.support.waiting import wait_until

pytestmark = pytest.mark.once
PROJECT = Path(__file__).with_name("project")
PREFIX = "/ops/scheduler/"
PRODUCTION = "smallest.production"
Serve = Callable[..., httpx.Client]


@pytest.fixture
def project(installed: Path, tmp_path: Path) -> Path:
    """The project with its tables and one person, who may do everything."""
    folder = shutil.copytree(PROJECT, tmp_path / "project")
    run([installed, "manage.py", "migrate", "--verbosity", "0"], folder)
    person = ["createsuperuser", "--no-input", "--username", "admin", "--email", "admin@localhost"]
    run([installed, "manage.py", *person], folder, DJANGO_SUPERUSER_PASSWORD="a good password")
    return folder


@pytest.fixture
def serve(project: Path, installed: Path) -> Iterator[Serve]:
    """Start a server of the project; what it was asked to start is ended after the test."""
    started: list[Process] = []

    def start(*command: str, settings: str = "smallest.settings") -> httpx.Client:
        port = free_port()
        arguments: list[str | Path] = [installed, *(part.format(port=port) for part in command)]
        variables = environment(DJANGO_SETTINGS_MODULE=settings)
        server = Process("server", arguments, log=project / "log", environment=variables, folder=project)
        server.start()
        started.append(server)
        wait_until(lambda: listens(port), 30, server.tail)
        return httpx.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True, timeout=10, trust_env=False)

    yield start
    for server in started:
        server.kill()


def sign_in(client: httpx.Client) -> httpx.Response:
    """Ask for the console, sign in where it sends to, and return what comes after that."""
    form = client.get(f"{PREFIX}runs")
    assert form.url.path == "/admin/login/"
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', form.text)
    assert token
    values = {"username": "admin", "password": "a good password", "csrfmiddlewaretoken": token[1]}
    return client.post(str(form.url), data=values | {"next": f"{PREFIX}runs"})


def files(page: httpx.Response) -> dict[str, str]:
    """Return the addresses of what the page loads, by what it is."""
    script = re.search(r'<script type="module" src="([^"]+)"', page.text)
    style = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.text)
    icon = re.search(r'<link rel="icon" type="image/svg\+xml" href="([^"]+)"', page.text)
    assert script
    assert style
    assert icon
    return {"text/javascript": script[1], "text/css": style[-1], "image/svg+xml": icon[1]}


def the_console_is_whole(client: httpx.Client) -> None:
    """Check the page, all that it loads, and the API it names."""
    page = sign_in(client)
    assert page.url.path == f"{PREFIX}runs"
    assert f'data-api="{PREFIX}api/v1/"' in page.text
    assert "data-stream" not in page.text, "both servers speak WSGI"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    for kind, address in files(page).items():
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (200, kind)
    tasks = client.get(f"{PREFIX}api/v1/tasks/").json()
    assert "count_to_three" in json.dumps(tasks)


def test_the_commands_work_and_nothing_is_complained_of(project: Path, installed: Path) -> None:
    manage: list[str | Path] = [installed, "manage.py"]
    run([*manage, "check", "--fail-level", "WARNING"], project)
    run([*manage, "makemigrations", "--check", "--dry-run"], project)
    assert "count_to_three" in run([*manage, "runbell", "tasks", "--json"], project)


def test_the_console_is_served_while_developing(serve: Serve) -> None:
    the_console_is_whole(serve("manage.py", "runserver", "--noreload", "{port}"))


def test_the_console_is_served_without_debug_from_hashed_and_compressed_files(
    serve: Serve, project: Path, installed: Path
) -> None:
    run([installed, "manage.py", "collectstatic", "--no-input"], project, DJANGO_SETTINGS_MODULE=PRODUCTION)
    client = serve("-m", "smallest.server", "{port}", settings=PRODUCTION)
    the_console_is_whole(client)
    script = client.get(files(client.get(PREFIX))["text/javascript"])
    assert script.headers["Content-Encoding"] == "gzip"
    assert "immutable" in script.headers["Cache-Control"]

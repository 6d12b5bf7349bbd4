"""The launcher's parts; the whole of it is started in the acceptance tests."""

from __future__ import annotations

import io
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from edms import launcher, private_files
from edms.children import Child
from runbell.actions.tokens import authenticate_token
from tests.support.waiting import wait_until


@pytest.fixture(autouse=True)
def signals_untouched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher.signal, "signal", lambda *_: None)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_that_is_taken_is_said_before_anything_is_started(
    taken_port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", str(taken_port))
    monkeypatch.setattr(launcher, "prepare", lambda: pytest.fail("must not be reached"))
    assert launcher.main() == 1
    assert f"port {taken_port} is taken" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(
    port: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", port)
    assert launcher.main() == 1
    assert "PORT must be a number" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_token_is_made_only_where_none_works(settings: Any, tmp_path: Path) -> None:
    settings.RUNBELL_HOME = tmp_path
    User.objects.create_superuser("admin")
    secrets = []
    for _ in range(2):
        launcher.ensure_token()
        secrets.append(private_files.read(launcher.token_file()))
    assert secrets[0] == secrets[1]
    authenticated = authenticate_token(secrets[0])
    assert authenticated is not None
    assert authenticated.user.get_username() == "admin"
    assert launcher.token_file().stat().st_mode & 0o777 == 0o600
    private_files.write(launcher.token_file(), "rb_00000000_" + "x" * 43)
    launcher.ensure_token()
    assert authenticate_token(private_files.read(launcher.token_file())) is not None


def test_the_lines_of_a_child_carry_its_name() -> None:
    out = io.StringIO()
    child = Child("web", [sys.executable, "-c", "print('one'); print('two')"], out=out)
    wait_until(lambda: child.exit_code is not None, 10, "the child to end")
    child.wait(5)
    assert out.getvalue() == "[web] one\n[web] two\n"


def test_a_child_that_does_not_stop_is_killed_with_what_it_started() -> None:
    out = io.StringIO()
    program = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    child = Child("worker", [sys.executable, "-c", program], out=out)
    wait_until(lambda: "[worker]" in out.getvalue(), 10, "the child to start")
    grandchild = int(out.getvalue().split()[1])
    child.ask_to_stop()
    child.wait(0.2)
    assert child.exit_code == -9
    assert "is killed" in out.getvalue()
    wait_until(lambda: not is_running(grandchild), 5, "the grandchild to end")


def test_a_child_that_dies_ends_everything(capsys: pytest.CaptureFixture[str]) -> None:
    child = Child("worker", [sys.executable, "-c", "raise SystemExit(3)"], out=io.StringIO())
    assert launcher._watch([child], lambda: None, "127.0.0.1", 1) == 1
    child.wait(5)
    assert "worker ended with exit code 3" in capsys.readouterr().err


def is_running(pid: int) -> bool:
    """Return whether a process exists and is not merely waiting to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False

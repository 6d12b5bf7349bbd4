"""The command as a process: real streams, real exit codes, real signals."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.support.processes import Process
from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A state folder of its own, with SQLite and the filesystem broker, and nothing in it."""
    home = tmp_path_factory.mktemp("home")
    inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CELERY_BROKER_URL"}}
    return inherited | {"RUNBELL_HOME": str(home), "COLUMNS": "200"}


def _manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def migrated(environment: dict[str, str]) -> Run:
    """Run ``manage.py`` to its end, on a ledger with one user."""
    manage = partial(_manage, environment)
    assert manage("migrate", "--verbosity=0").returncode == 0
    script = "from django.contrib.auth.models import User; User.objects.create_user('deploy')"
    assert manage("shell", "--verbosity=0", "--command", script).returncode == 0
    return manage


def test_a_ledger_without_tables_is_exit_code_5(environment: dict[str, str], tmp_path: Path) -> None:
    result = _manage(environment | {"RUNBELL_HOME": str(tmp_path)}, "runbell", "runs")
    assert result.returncode == 5
    assert "manage.py migrate" in result.stderr
    assert result.stdout == ""


def test_the_token_is_all_that_standard_output_holds(migrated: Run) -> None:
    result = migrated("runbell", "token", "create", "--user", "deploy")
    assert result.returncode == 0
    assert re.fullmatch(r"rb_[0-9a-f]{8}_[\w-]{43}\n", result.stdout)
    assert "deploy" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("runs",), 0),
        ((), 2),
        (("no-such-command",), 2),
        (("runs", "--limit", "none"), 2),
        (("trigger", "no_such_task"), 3),
    ],
)
def test_exit_codes(migrated: Run, arguments: tuple[str, ...], code: int) -> None:
    result = migrated("runbell", *arguments)
    assert result.returncode == code
    assert "Traceback" not in result.stderr


@pytest.fixture
def ticker(migrated: Run, environment: dict[str, str], tmp_path: Path) -> Iterator[Process]:
    command = [sys.executable, ROOT / "manage.py", "runbell", "tick"]
    process = Process("runbell tick", command, log=tmp_path / "tick.log", environment=environment)
    process.start()
    yield process
    process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_ticker_ends_cleanly_when_it_is_asked_to(ticker: Process, number: signal.Signals) -> None:
    wait_until(lambda: "Ticking" in ticker.output(), 30, ticker.output)
    assert ticker.stop(number) == 0
    assert "Traceback" not in ticker.output()

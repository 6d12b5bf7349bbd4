"""What every test may use: the stack, and a database in a file where that is SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tests.support.audit import audit_guard_lifted
from tests.support.live import LiveSystem
from tests.support.plugin import SCRATCH, STACK
from tests.support.stacks import Stack


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Stack:
    """The stack that this run of the tests is on."""
    return request.config.stash[STACK]


@pytest.fixture(scope="session")
def scratch(request: pytest.FixtureRequest) -> Path:
    """A folder for this run of the tests; it is the ``RUNBELL_HOME`` of the process that runs them."""
    return request.config.stash[SCRATCH].folder


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, scratch: Path) -> None:
    """Test SQLite in a file, as it is used: in memory it has other locks and no write-ahead log."""
    from django.conf import settings  # noqa: PLC0415 (the settings must not be read before the stack is chosen)

    default: dict[str, Any] = settings.DATABASES["default"]
    if default["ENGINE"].endswith("sqlite3"):
        default.setdefault("TEST", {})["NAME"] = str(scratch / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def _emptied_audit() -> Iterator[None]:
    """Let Django empty the tables after tests that commit, though the audit table refuses it."""
    from django.test import TransactionTestCase  # noqa: PLC0415

    flush = TransactionTestCase._fixture_teardown

    def unguarded(self: TransactionTestCase) -> None:
        with audit_guard_lifted():
            flush(self)

    with patch.object(TransactionTestCase, "_fixture_teardown", unguarded):
        yield


@pytest.fixture(scope="session")
def live_stack(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSystem]:
    """A system of its own on this stack, seeded, its web process and its worker running; tests share it."""
    folder = tmp_path_factory.mktemp("live")
    system = LiveSystem(folder, stack.environment(folder, "live"))
    try:
        system.prepare()
        system.start()
        yield system
    finally:
        system.stop()


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Keep no answer from one test's database for the next."""
    from runbell.api import remembered  # noqa: PLC0415 (as above)
    from runbell.queries import latest, pauses  # noqa: PLC0415 (as above)

    remembered.forget()
    latest.forget()
    pauses.forget()


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """Hash passwords in no time: that they are hard to guess is Django's to test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

"""Children that were forked at a bad moment: while another thread of their parent held a lock."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from billiard.pool import EX_RECYCLE
from django.db import DEFAULT_DB_ALIAS

from runbell.engine import facts, forked, identity

pytestmark = pytest.mark.once


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An SQLite database in a file, as it is used: with a write-ahead log."""
    file = str(tmp_path / "some.sqlite3")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("CREATE TABLE some (number int)")
    database = SimpleNamespace(vendor="sqlite", is_in_memory_db=lambda: False, settings_dict={"NAME": file})
    monkeypatch.setattr(forked, "connections", {DEFAULT_DB_ALIAS: database})
    monkeypatch.setattr(forked, "PATIENCE", 0.3)
    monkeypatch.setattr(identity._identity, "pid", os.getpid())
    return file


@pytest.fixture
def writing(file: str) -> Iterator[Callable[[], None]]:
    """A thread in the middle of a transaction that writes; call it to let it end."""
    begun, end = threading.Event(), threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            begun.set()
            end.wait(30)
            connection.execute("COMMIT")

    thread = threading.Thread(target=write)
    thread.start()
    assert begun.wait(5)

    def finish() -> None:
        end.set()
        thread.join(5)

    yield finish
    finish()


def forked_child(before_it_looks: Callable[[], None] = lambda: None) -> int:
    """Fork a child that looks whether it is of use once it is told to; return the code that it ends with."""
    told, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.read(told, 1)
        forked.leave_if_forked_while_the_parent_wrote()
        os._exit(0)
    before_it_looks()
    os.write(tell, b"!")
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_a_child_that_was_forked_while_its_parent_wrote_ends(writing: Callable[[], None]) -> None:
    assert forked_child(before_it_looks=writing) == EX_RECYCLE


def test_a_child_puts_facts_down_though_a_thread_of_its_parent_s_did_when_it_was_forked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(facts.FactWriter, "_run", lambda _: None)
    with facts.writer._lock:
        pid = os.fork()
        if pid == 0:
            signal.alarm(5)
            facts.writer.published("some-run")
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_another_child_stays(file: str) -> None:
    assert forked_child() == 0


def test_the_main_process_stays_whatever_is_locked(writing: Callable[[], None]) -> None:
    forked.leave_if_forked_while_the_parent_wrote()

"""Inserting runs that come at the same time with one statement: a group commit, as databases do it for their logs.

Whoever comes while a statement is under way is served by the next one. Threads lead their groups themselves; for those
who do not wait in a thread, a thread of the group's does.
"""

from __future__ import annotations

import os
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cache
from queue import Empty, SimpleQueue

from django.db import Error, connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from runbell.ledger.opening import Opening, in_one_statement, in_transaction
from runbell.models import Run

MAX_GROUP = 32
"""How many runs one statement inserts."""
IDLE = 10.0
"""Seconds without work after which the group's own thread lets go of its connection."""
CHECK_AFTER = 1.0
"""Seconds without work after which that connection is tried before it is used."""


def insert(opening: Opening, committed: Callable[[], None] | None = None) -> int:
    """Insert a run with its event and its audit entry; return the run's primary key.

    Args:
        opening: the rows.
        committed: called once when they are there to stay, by whichever thread brought them there. It must not wait.

    Raises:
        django.db.IntegrityError: if a constraint forbids it; nothing is written then.
    """
    connection = connections[router.db_for_write(Run)]
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        return _group_of(connection.alias).insert(connection, opening, committed)
    key = in_transaction(connection, opening)
    if committed is not None:
        transaction.on_commit(committed, using=connection.alias)
    return key


def can_insert_soon() -> bool:
    """Return whether this database has groups, so that ``insert_soon`` may be called."""
    return _has_groups(router.db_for_write(Run))


def insert_soon(opening: Opening, committed: Callable[[], None], failed: Callable[[BaseException], None]) -> None:
    """Have the rows inserted by another thread, without waiting for it. Only where ``can_insert_soon``.

    Args:
        opening: the rows.
        committed: called once when they are there to stay. It must not wait.
        failed: called instead of it with the reason, if nothing was written or it is not known.
    """
    _group_of(router.db_for_write(Run)).insert_soon(opening, committed, failed)


class _Member(ABC):
    """An opening that waits for its group."""

    def __init__(self, opening: Opening) -> None:
        self.opening = opening

    @abstractmethod
    def succeed(self, key: int) -> None:
        """Take it that the rows are there to stay."""

    @abstractmethod
    def fail(self, error: BaseException) -> None:
        """Take it that they are not, and why."""

    @abstractmethod
    def wake(self) -> None:
        """Go on: it is done, or the next group is to be led."""


class _Sleeper(_Member):
    """One whose thread sleeps meanwhile."""

    def __init__(self, opening: Opening, committed: Callable[[], None] | None) -> None:
        super().__init__(opening)
        self.done = False
        self._committed = committed
        self._key = 0
        self._error: BaseException | None = None
        self._turn = threading.Lock()
        self._turn.acquire()

    def succeed(self, key: int) -> None:
        """Tell whom it concerns at once: its own thread may take a while to wake."""
        self.done, self._key = True, key
        if self._committed is not None:
            try:
                self._committed()
            except Exception as error:  # noqa: BLE001 (it is its own thread's, not that of who leads the group)
                self._error = error

    def fail(self, error: BaseException) -> None:
        self.done, self._error = True, error

    def sleep(self) -> None:
        self._turn.acquire()

    def wake(self) -> None:
        self._turn.release()

    def result(self) -> int:
        if self._error is not None:
            raise self._error
        return self._key


class _Caller(_Member):
    """One that goes on and is called back; the group's thread leads in its place."""

    def __init__(
        self, opening: Opening, committed: Callable[[], None], failed: Callable[[BaseException], None], scribe: _Scribe
    ) -> None:
        super().__init__(opening)
        self._committed, self._failed, self._scribe = committed, failed, scribe
        self._done = False

    def succeed(self, key: int) -> None:  # noqa: ARG002 (nobody asks it for the key)
        self._done = True
        try:
            self._committed()
        except Exception as error:  # noqa: BLE001 (it is the caller's, not that of who leads the group)
            self._failed(error)

    def fail(self, error: BaseException) -> None:
        self._done = True
        self._failed(error)

    def wake(self) -> None:
        if not self._done:
            self._scribe.lead()


class _Group:
    """Whoever comes first inserts for all who came meanwhile. A thread that is alone waits for nobody."""

    def __init__(self, alias: str) -> None:
        self._lock = threading.Lock()
        self._led = False
        self._waiting: list[_Member] = []
        self._scribe = _Scribe(alias, self._lead)

    def insert(self, connection: BaseDatabaseWrapper, opening: Opening, committed: Callable[[], None] | None) -> int:
        mine = _Sleeper(opening, committed)
        if self._join(mine):
            mine.sleep()
        if not mine.done:
            self._lead(connection)
        return mine.result()

    def insert_soon(
        self, opening: Opening, committed: Callable[[], None], failed: Callable[[BaseException], None]
    ) -> None:
        if not self._join(_Caller(opening, committed, failed, self._scribe)):
            self._scribe.lead()

    def _join(self, member: _Member) -> bool:
        """Put it with those who wait; return whether somebody leads them already."""
        with self._lock:
            self._waiting.append(member)
            led, self._led = self._led, True
        return led

    def _lead(self, connection: BaseDatabaseWrapper) -> None:
        """Insert for the first of those who wait, the caller among them, and leave the rest to the next of them."""
        with self._lock:
            group, self._waiting = self._waiting[:MAX_GROUP], self._waiting[MAX_GROUP:]
        try:
            _insert(connection, group)
        finally:
            with self._lock:
                successor = self._waiting[0] if self._waiting else None
                self._led = successor is not None
            for member in group[1:]:
                member.wake()
            if successor is not None:
                successor.wake()


class _Scribe:
    """The group's own thread, which leads where no thread waits. It is started when it is needed."""

    def __init__(self, alias: str, lead: Callable[[BaseDatabaseWrapper], None]) -> None:
        self._alias, self._lead = alias, lead
        self._calls: SimpleQueue[None] = SimpleQueue()
        self._pid = 0

    def lead(self) -> None:
        """Have the thread lead one group."""
        if self._pid != os.getpid():
            self._pid = os.getpid()
            threading.Thread(target=self._run, name="runbell-scribe", daemon=True).start()
        self._calls.put(None)

    def _run(self) -> None:
        connection = connections[self._alias]
        while True:
            began = time.monotonic()
            try:
                self._calls.get(timeout=IDLE)
            except Empty:
                connection.close()
                self._calls.get()
            if time.monotonic() - began > CHECK_AFTER and connection.connection and not connection.is_usable():
                connection.close()
            self._lead(connection)
            connection.close_if_unusable_or_obsolete()


def _insert(connection: BaseDatabaseWrapper, group: list[_Member]) -> None:
    try:
        keys = in_one_statement(connection, [member.opening for member in group])
    except Error as error:
        _insert_one_by_one(connection, group, error)
    except BaseException as error:  # noqa: BLE001 (nobody may be left waiting for an answer)
        for member in group:
            member.fail(error)
    else:
        for member, key in zip(group, keys, strict=True):
            member.succeed(key)


def _insert_one_by_one(connection: BaseDatabaseWrapper, group: list[_Member], error: Error) -> None:
    """One of the group is forbidden, or the connection was lost: find out for each."""
    if len(group) == 1:
        group[0].fail(error)
        return
    for member in group:
        try:
            key = in_one_statement(connection, [member.opening])[0]
        except BaseException as its_own:  # noqa: BLE001 (as above)
            member.fail(its_own)
        else:
            member.succeed(key)


@cache
def _has_groups(alias: str) -> bool:
    return connections[alias].vendor == "postgresql"


@cache
def _group_of(alias: str) -> _Group:
    return _Group(alias)

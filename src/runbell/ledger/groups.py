"""Inserting runs that come at the same time with one statement: a group commit, as databases do it for their logs.

Whoever comes while a statement is under way is served by the next one. Threads lead their groups themselves; for those
who do not wait in a thread, a thread of the group's does.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from functools import cache

from django.db import Error, IntegrityError, connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from runbell.ledger.members import Caller, Member, Sleeper
from runbell.ledger.opening import Opening, in_one_statement, in_transaction
from runbell.ledger.scribe import Scribe
from runbell.models import Run

logger = logging.getLogger(__name__)

MAX_GROUP = 32
"""How many runs one statement inserts."""


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
        return _group_of(connection.alias, os.getpid()).insert(connection, opening, committed)
    key = in_transaction(connection, opening)
    if committed is not None:
        transaction.on_commit(committed, using=connection.alias)
    return key


def can_insert_soon() -> bool:
    """Return whether ``insert_soon`` may be called: this database has groups, and theirs has a thread."""
    alias = router.db_for_write(Run)
    return _has_groups(alias) and _group_of(alias, os.getpid()).has_a_scribe()


def insert_soon(opening: Opening, committed: Callable[[], None], failed: Callable[[BaseException], None]) -> None:
    """Have the rows inserted by another thread, without waiting for it. Only where ``can_insert_soon``.

    Args:
        opening: the rows.
        committed: called once when they are there to stay. It must not wait.
        failed: called instead of it with the reason, if nothing was written or it is not known.
    """
    _group_of(router.db_for_write(Run), os.getpid()).insert_soon(opening, committed, failed)


class _Group:
    """Whoever comes first inserts for all who came meanwhile. A thread that is alone waits for nobody."""

    def __init__(self, alias: str) -> None:
        self._lock = threading.Lock()
        self._led = False
        self._waiting: list[Member] = []
        self._scribe = Scribe(alias, self._lead_all)

    def has_a_scribe(self) -> bool:
        return self._scribe.is_there()

    def insert(self, connection: BaseDatabaseWrapper, opening: Opening, committed: Callable[[], None] | None) -> int:
        mine = Sleeper(opening, committed)
        if self._join(mine):
            mine.sleep()
        if not mine.done:
            successor = self._lead(connection)
            if successor is not None:
                successor.wake()
        return mine.result()

    def insert_soon(
        self, opening: Opening, committed: Callable[[], None], failed: Callable[[BaseException], None]
    ) -> None:
        if not self._join(Caller(opening, committed, failed, self._scribe.lead)):
            self._scribe.lead()

    def _join(self, member: Member) -> bool:
        """Put it with those who wait; return whether somebody leads them already."""
        with self._lock:
            self._waiting.append(member)
            led, self._led = self._led, True
        return led

    def _lead_all(self, connection: BaseDatabaseWrapper) -> None:
        """Insert for all who wait: each change of the leading thread costs some milliseconds under load."""
        while self._lead(connection) is not None:
            pass

    def _lead(self, connection: BaseDatabaseWrapper) -> Member | None:
        """Insert for the first of those who wait, the caller among them; return the next of them, if there is one."""
        with self._lock:
            group, self._waiting = self._waiting[:MAX_GROUP], self._waiting[MAX_GROUP:]
        try:
            _insert(connection, group)
        except Exception:  # whoever leads goes on: nobody else would
            logger.exception("a group of runs could not be told what became of it")
        with self._lock:
            successor = self._waiting[0] if self._waiting else None
            self._led = successor is not None
        for member in group:
            member.wake()
        return successor


def _insert(connection: BaseDatabaseWrapper, group: list[Member]) -> None:
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


def _insert_one_by_one(connection: BaseDatabaseWrapper, group: list[Member], error: Error) -> None:
    """One of the group is forbidden, or the connection was lost: find out for each."""
    if len(group) == 1:
        group[0].fail(error)
        return
    for member in group:
        try:
            key = _insert_again(connection, member.opening)
        except BaseException as its_own:  # noqa: BLE001 (as above)
            member.fail(its_own)
        else:
            member.succeed(key)


def _insert_again(connection: BaseDatabaseWrapper, opening: Opening) -> int:
    """Insert what may have been inserted already, if only the answer was lost."""
    try:
        return in_one_statement(connection, [opening])[0]
    except IntegrityError:
        run = Run.objects.using(connection.alias).filter(task_id=opening.run["task_id"]).only("pk").first()
        if run is None:
            raise
        return run.pk


@cache
def _has_groups(alias: str) -> bool:
    return connections[alias].vendor == "postgresql"


@cache
def _group_of(alias: str, pid: int) -> _Group:  # noqa: ARG001 (a child must not wait for a thread of its parent's)
    return _Group(alias)

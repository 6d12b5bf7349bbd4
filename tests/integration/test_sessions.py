"""What a stopped worker has locked does not stay locked."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from runbell.engine import sessions
from runbell.models import Broker
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]


@pytest.mark.parametrize(("name", "let_go"), [("runbell-ticker", True), ("a task's thread", False)])
def test_a_transaction_of_our_threads_that_says_nothing_is_given_up(
    monkeypatch: pytest.MonkeyPatch, name: str, let_go: bool
) -> None:
    monkeypatch.setattr(sessions, "IDLE_IN_TRANSACTION_MS", 300)
    sessions.leave_no_locks_behind()
    broker, locked, end = (
        Broker.objects.create(name="locked", checked_at=timezone.now()),
        threading.Event(),
        threading.Event(),
    )

    def stop_in_a_transaction() -> None:
        try:
            with transaction.atomic():
                Broker.objects.select_for_update().get(pk=broker.pk)
                locked.set()
                end.wait(20)
                transaction.set_rollback(True)
        except Exception:  # noqa: BLE001 (that it was cut off is what is tested)
            pass
        finally:
            connections.close_all()

    thread = threading.Thread(target=stop_in_a_transaction, name=name)
    thread.start()
    assert locked.wait(10)
    try:
        if let_go:
            wait_until(lambda: is_free(broker), 10, "the lock is let go")
        else:
            assert not is_free(broker)
            with pytest.raises(TimeoutError):
                wait_until(lambda: is_free(broker), 1.0, "the lock is let go")
    finally:
        end.set()
        thread.join(10)


def is_free(broker: Broker) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM {Broker._meta.db_table} WHERE name = %s FOR UPDATE SKIP LOCKED",
            [broker.pk],
        )
        return cursor.fetchone() is not None

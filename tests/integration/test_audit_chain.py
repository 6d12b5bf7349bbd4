"""The audit trail: the database refuses changes, and the chain shows those made behind its back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from runbell.actions.seal_audit import seal_audit
from runbell.actions.trigger import trigger
from runbell.domain import chain
from runbell.domain.actors import Actor
from runbell.domain.tasks import TaskDefinition
from runbell.ledger import audit
from runbell.migrations import _audit_guard
from runbell.models import AuditEntry, AuditHead
from runbell.queries.audit_chain import verify_chain
from runbell.testing import FakeDispatcher

pytestmark = pytest.mark.django_db
Tamper = Callable[[str], None]


@pytest.fixture
def trail(anna: Actor) -> list[AuditEntry]:
    """Six sealed entries."""
    for number in range(6):
        audit.append("TEST", anna, f"entry {number}", {"number": number, "umlaut": "ü"}, at=timezone.now())
    assert seal_audit() == 6
    return list(AuditEntry.objects.order_by("sequence"))


@pytest.fixture
def behind_its_back() -> Iterator[Tamper]:
    """Run SQL as somebody who can drop triggers."""
    _audit_guard.remove(connection)

    def run(sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    yield run
    _audit_guard.install(connection)


def test_a_whole_trail_is_verified_entry_by_entry(trail: list[AuditEntry], anna: Actor) -> None:
    audit.append("TEST", anna, "not sealed yet", {}, at=timezone.now())
    report = verify_chain()
    assert (report.ok, report.checked, report.unsealed, report.first_broken) == (True, 6, 1, None)
    assert report.head_hash == trail[-1].hash


def test_one_call_seals_more_than_one_transaction_takes(
    trail: list[AuditEntry], anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "MAX_SEAL", 2)
    for number in range(5):
        audit.append("TEST", anna, f"later {number}", {}, at=timezone.now())
    assert seal_audit() == 5
    assert verify_chain().ok


def test_each_entry_holds_its_predecessor(trail: list[AuditEntry]) -> None:
    assert trail[0].previous_hash == chain.GENESIS
    assert [entry.previous_hash for entry in trail[1:]] == [entry.hash for entry in trail[:-1]]
    assert [entry.sequence for entry in trail] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE runbell_auditentry SET actor = 'somebody' WHERE sequence = 3",
        "UPDATE runbell_auditentry SET sequence = 99 WHERE sequence = 6",
        "DELETE FROM runbell_auditentry WHERE sequence = 3",
    ],
)
def test_the_database_refuses_to_change_or_delete(trail: list[AuditEntry], sql: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert verify_chain().ok


def test_an_entry_that_is_not_sealed_cannot_be_changed_either(anna: Actor) -> None:
    audit.append("TEST", anna, "fresh", {}, at=timezone.now())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.update(actor="somebody")


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'user:else'",
        "description = 'nothing'",
        "ip_address = '198.51.100.1'",
        "at = '2020-01-01 00:00:00+00:00'",
    ],
)
def test_a_changed_entry_is_named(trail: list[AuditEntry], behind_its_back: Tamper, change: str) -> None:
    behind_its_back(f"UPDATE runbell_auditentry SET {change} WHERE sequence = 3")
    broken = verify_chain().first_broken
    assert broken is not None
    assert (broken.sequence, broken.kind) == (3, "changed")


def test_a_removed_entry_is_named(trail: list[AuditEntry], behind_its_back: Tamper) -> None:
    behind_its_back("DELETE FROM runbell_auditentry WHERE sequence = 4")
    broken = verify_chain().first_broken
    assert broken is not None
    assert (broken.sequence, broken.kind) == (4, "removed")


def test_a_removed_entry_is_named_though_the_others_close_up(trail: list[AuditEntry], behind_its_back: Tamper) -> None:
    behind_its_back("DELETE FROM runbell_auditentry WHERE sequence = 4")
    behind_its_back("UPDATE runbell_auditentry SET sequence = 4 WHERE sequence = 5")
    behind_its_back("UPDATE runbell_auditentry SET sequence = 5 WHERE sequence = 6")
    broken = verify_chain().first_broken
    assert broken is not None
    assert (broken.sequence, broken.kind) == (4, "removed")


def test_entries_cut_off_the_end_are_missed(trail: list[AuditEntry], behind_its_back: Tamper) -> None:
    behind_its_back("DELETE FROM runbell_auditentry WHERE sequence >= 5")
    broken = verify_chain().first_broken
    assert broken is not None
    assert (broken.sequence, broken.kind) == (5, "removed")


def test_a_head_made_to_fit_is_not_believed(trail: list[AuditEntry], behind_its_back: Tamper) -> None:
    behind_its_back("DELETE FROM runbell_auditentry WHERE sequence = 6")
    AuditHead.objects.update(sequence=5, hash=trail[4].hash)
    assert not verify_chain().ok


def test_a_removed_head_is_missed(trail: list[AuditEntry]) -> None:
    AuditHead.objects.all().delete()
    assert not verify_chain().ok


def test_an_entry_inserted_into_the_chain_is_named(trail: list[AuditEntry], behind_its_back: Tamper) -> None:
    """Make room at 4 and put in an entry whose seal is computed as it should be: only its signature is not."""
    for sequence in (6, 5, 4):
        behind_its_back(f"UPDATE runbell_auditentry SET sequence = {sequence + 1} WHERE sequence = {sequence}")
    forged = AuditEntry.objects.get(sequence=3)
    forged.pk, forged.sequence, forged.previous_hash, forged.actor = None, 4, trail[2].hash, "user:forged"
    forged.hash = chain.link(4, forged.previous_hash, chain.canonical(forged.content))
    forged.signature = "f" * 64
    forged.save(force_insert=True)
    broken = verify_chain().first_broken
    assert broken is not None
    assert (broken.sequence, broken.kind) == (4, "inserted")


def test_an_entry_inserted_at_the_end_is_named_even_after_the_ticker_sealed_it(trail: list[AuditEntry]) -> None:
    forged = AuditEntry.objects.get(sequence=3)
    forged.pk, forged.sequence, forged.previous_hash, forged.hash = None, None, "", ""
    forged.actor, forged.signature = "user:forged", "f" * 64
    forged.save(force_insert=True)
    before = verify_chain().first_broken
    assert before is not None
    assert (before.entry_id, before.kind) == (forged.pk, "inserted")
    seal_audit()
    after = verify_chain().first_broken
    assert after is not None
    assert (after.sequence, after.kind) == (7, "inserted")


def test_a_gap_is_not_sealed_over_when_the_end_of_the_chain_is_removed(
    trail: list[AuditEntry], behind_its_back: Tamper
) -> None:
    """Remove an entry, unseal the others, remove the head: the next seal must not make a new one."""
    behind_its_back("DELETE FROM runbell_auditentry WHERE sequence = 4")
    behind_its_back("UPDATE runbell_auditentry SET sequence = NULL, previous_hash = '', hash = ''")
    behind_its_back("DELETE FROM runbell_audithead")
    with pytest.raises(audit.ChainHeadMissing):
        seal_audit()
    audit.begin_chain("default")
    assert not verify_chain().ok


def test_a_run_that_the_trail_says_nothing_of_is_missed(
    dispatcher: FakeDispatcher, declare: Callable[..., TaskDefinition], anna: Actor, behind_its_back: Tamper
) -> None:
    declare()
    run_id = trigger("tidy_up", actor=anna).run_id
    assert verify_chain().ok
    behind_its_back("DELETE FROM runbell_auditentry")
    broken = verify_chain().first_broken
    assert broken is not None
    assert broken.kind == "removed"
    assert run_id in broken.message


def test_a_genuine_entry_cannot_be_put_in_a_second_time(trail: list[AuditEntry]) -> None:
    copy = AuditEntry.objects.get(sequence=3)
    copy.pk, copy.sequence, copy.previous_hash, copy.hash = None, None, "", ""
    with pytest.raises(DatabaseError), transaction.atomic():
        copy.save(force_insert=True)


def test_entries_stay_valid_when_the_secret_key_is_rotated(trail: list[AuditEntry], settings: object) -> None:
    old = settings.SECRET_KEY  # type: ignore[attr-defined]
    settings.SECRET_KEY = "n" * 60  # type: ignore[attr-defined]
    assert not verify_chain().ok
    settings.SECRET_KEY_FALLBACKS = [old]  # type: ignore[attr-defined]
    assert verify_chain().ok

"""Recomputing the audit chain from its first entry to its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from runbell.conf import audit_keys
from runbell.domain import chain
from runbell.models import AuditEntry, AuditHead, Run

CHUNK = 2000
ENDINGS = tuple(f"TASK_EXECUTION_{end}" for end in ("COMPLETED", "PARTIAL", "FAILED", "CANCELLED", "EXPIRED", "LOST"))


@dataclass(frozen=True)
class Break:
    """The first place at which the chain does not hold.

    Args:
        sequence: the place in the chain, or None for an entry that was never sealed.
        entry_id: primary key of the entry, or None where it is gone.
        kind: ``"changed"``, ``"removed"`` or ``"inserted"``.
        message: the same for people.
    """

    sequence: int | None
    entry_id: int | None
    kind: str
    message: str


@dataclass(frozen=True)
class ChainReport:
    """What a verification found.

    Args:
        ok: whether everything holds.
        checked: sealed entries that were recomputed.
        unsealed: entries written but not sealed yet; their signatures were checked.
        first_broken: the first place that does not hold, or None.
        head_hash: hash of the last sealed entry; keep it elsewhere to show later that nothing before it was replaced.
    """

    ok: bool
    checked: int
    unsealed: int
    first_broken: Break | None
    head_hash: str


def verify_chain() -> ChainReport:
    """Recompute every entry's signature and seal, in order, and the end of the chain.

    Reads the end first: entries that are sealed meanwhile lie beyond it and wait for the next verification.
    """
    head = AuditHead.objects.filter(id=1).first()
    end = head.sequence if head else 0
    walk = _Walk(audit_keys())
    broken = _first(walk.check(entry) for entry in _sealed(end)) or walk.check_end(head)
    unsealed = 0
    for entry in AuditEntry.objects.filter(sequence__isnull=True).order_by("id").iterator(CHUNK):
        unsealed += 1
        broken = broken or walk.check_unsealed(entry)
    broken = broken or _run_without_entries()
    return ChainReport(broken is None, walk.checked, unsealed, broken, walk.hash)


class _Walk:
    """The state of one walk along the chain."""

    def __init__(self, keys: list[bytes]) -> None:
        self._keys = keys
        self.hash = chain.GENESIS
        self.sequence = 0
        self.checked = 0

    def check(self, entry: AuditEntry) -> Break | None:
        """Check one sealed entry against its predecessor and go on to it."""
        expected, content = self.sequence + 1, chain.canonical(entry.content)
        assert entry.sequence is not None
        if entry.sequence != expected:
            return Break(expected, None, "removed", f"entry {expected} of the chain is gone")
        genuine = chain.is_signed(self._keys, content, entry.signature)
        sealed_hash = chain.link(entry.sequence, entry.previous_hash, content)
        follows, intact = entry.previous_hash == self.hash, sealed_hash == entry.hash
        self.sequence, self.hash, self.checked = expected, entry.hash, self.checked + 1
        return (
            None if genuine and follows and intact else _verdict(entry, genuine=genuine, follows=follows, intact=intact)
        )

    def check_end(self, head: AuditHead | None) -> Break | None:
        """Check that the chain ends where its head says."""
        if head is None:
            return Break(1, None, "removed", "the head of the chain is gone")
        if not chain.is_signed(self._keys, head.content, head.signature):
            return Break(head.sequence, None, "changed", "the head of the chain was changed")
        if head.sequence > self.sequence:
            return Break(self.sequence + 1, None, "removed", f"entry {self.sequence + 1} of the chain is gone")
        if head.hash != self.hash:
            return Break(head.sequence, None, "changed", "the head of the chain does not match its last entry")
        return self._check_beyond(head)

    def check_unsealed(self, entry: AuditEntry) -> Break | None:
        """Check an entry that is not in the chain yet: the application signed it or it did not."""
        if chain.is_signed(self._keys, chain.canonical(entry.content), entry.signature):
            return None
        return Break(None, entry.pk, "inserted", f"entry id {entry.pk} was not written by the application")

    def _check_beyond(self, head: AuditHead) -> Break | None:
        """An entry beyond the head is one that was sealed since, unless the head never moved."""
        beyond = AuditEntry.objects.filter(sequence__gt=head.sequence).order_by("sequence").first()
        if beyond is None or AuditHead.objects.filter(id=1, sequence__gt=head.sequence).exists():
            return None
        return Break(
            beyond.sequence, beyond.pk, "inserted", f"entry {beyond.sequence} was put in behind the chain's end"
        )


def _verdict(entry: AuditEntry, *, genuine: bool, follows: bool, intact: bool) -> Break:
    """Tell a changed entry from an inserted one and from one whose predecessors were removed."""
    if genuine and not follows:
        return Break(
            entry.sequence, entry.pk, "removed", f"what stood before entry {entry.sequence} of the chain is gone"
        )
    successor = AuditEntry.objects.filter(sequence=(entry.sequence or 0) + 1).values_list("previous_hash", flat=True)
    skipped = successor.first() not in (None, entry.hash)
    if not genuine and (intact or skipped or not follows):
        return Break(entry.sequence, entry.pk, "inserted", f"entry {entry.sequence} was not written by the application")
    return Break(entry.sequence, entry.pk, "changed", f"entry {entry.sequence} of the chain was changed")


def _sealed(end: int) -> Iterator[AuditEntry]:
    return AuditEntry.objects.filter(sequence__lte=end).order_by("sequence").iterator(CHUNK)


def _run_without_entries() -> Break | None:
    """Look for a run that somebody asked for and that the trail says nothing of, or not how it ended.

    Entries are written in one transaction with what they tell of, so one that is missing was removed.
    """
    entries = AuditEntry.objects.filter(task_id=OuterRef("task_id")).exclude(task_id="")
    asked = Run.objects.exclude(trigger="celery").filter(Q(attempt__gt=0) | Q(finished_at__isnull=True))
    started = entries.filter(action="TASK_EXECUTION_STARTED")
    ended = entries.filter(action__in=ENDINGS)
    run = asked.filter(~Exists(started) | Q(finished_at__isnull=False) & ~Exists(ended)).order_by("id").first()
    if run is None:
        return None
    return Break(None, None, "removed", f"an entry about run {run.task_id} is gone")


def _first(verdicts: Iterator[Break | None]) -> Break | None:
    return next((verdict for verdict in verdicts if verdict is not None), None)

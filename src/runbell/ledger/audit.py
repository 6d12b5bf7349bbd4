"""Writing audit entries, and sealing them into the chain."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connections, router, transaction

from runbell.conf import audit_keys
from runbell.domain import chain
from runbell.domain.actors import Actor
from runbell.domain.jsonable import clean_text
from runbell.ledger.records import Record
from runbell.models import AuditEntry, AuditHead
from runbell.models.audit import CONTENT, content_of

MAX_SEAL = 500
"""How many entries one call seals, so that its transaction stays short."""


def append(
    action: str,
    actor: Actor,
    description: str,
    field_changes: Mapping[str, Any],
    *,
    at: datetime,
    task_id: str = "",
) -> None:
    """Write one entry, signed. Call it in the transaction of what it tells of."""
    AuditEntry.objects.create(**entry(action, actor, description, field_changes, at=at, task_id=task_id))


def entry(
    action: str,
    actor: Actor,
    description: str,
    field_changes: Mapping[str, Any],
    *,
    at: datetime,
    task_id: str = "",
) -> Record:
    """Return one entry, signed but not written."""
    unsigned = {
        "at": at,
        "action": action,
        "actor": actor.name,
        "actor_name": clean_text(actor.display_name, 255),
        "task_id": task_id,
        "task_name": str(field_changes.get("task_name", ""))[:255],
        "description": clean_text(description, 200),
        "field_changes": {name: _flat(value) for name, value in field_changes.items()},
        "ip_address": actor.ip_address,
        "user_agent": clean_text(actor.user_agent, 255),
    }
    return unsigned | {"signature": chain.sign(audit_keys()[0], chain.canonical(content_of(unsigned)))}


def seal() -> int:
    """Put the entries that are not in the chain yet at its end, in one short transaction; return how many.

    The lock on the one head row keeps two sealers from giving one place to two entries.
    """
    unsealed = AuditEntry.objects.filter(sequence__isnull=True).order_by("id")
    if not unsealed.exists():
        return 0
    with transaction.atomic():
        head = _locked_head()
        places = []
        for values in unsealed.values("id", *CONTENT)[:MAX_SEAL]:
            sequence, previous = head.sequence + 1, head.hash
            head.sequence, head.hash = sequence, chain.link(sequence, previous, chain.canonical(content_of(values)))
            places.append(_Place(values["id"], sequence, previous, head.hash))
        _write_places(places)
        head.signature = chain.sign(audit_keys()[0], head.content)
        head.save(force_update=True)
    return len(places)


class _Place(NamedTuple):
    """Where an entry stands in the chain."""

    entry: int
    sequence: int
    previous_hash: str
    hash: str


_PLACES = f"""
    UPDATE {AuditEntry._meta.db_table} entry
    SET sequence = place.sequence, previous_hash = place.previous_hash, hash = place.hash
    FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[]) AS place (id, sequence, previous_hash, hash)
    WHERE entry.id = place.id
"""  # noqa: S608 (only the name of a table of the models)


def _write_places(places: list[_Place]) -> None:
    """Write where entries stand in the chain. Django's own statement for it takes ten times as long to compose."""
    connection = connections[router.db_for_write(AuditEntry)]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_PLACES, [list(column) for column in zip(*places, strict=True)])
        return
    for place in places:
        AuditEntry.objects.filter(pk=place.entry).update(
            sequence=place.sequence, previous_hash=place.previous_hash, hash=place.hash
        )


class ChainHeadMissing(Exception):
    """The end of the chain is gone. Nothing is sealed on top of a gap that nobody would see any more."""


def begin_chain(using: str) -> None:
    """Make the end of an empty chain. With any entry there, its end was made before, and is never made again."""
    tables = connections[using].introspection.table_names()
    if using != router.db_for_write(AuditHead) or AuditHead._meta.db_table not in tables:
        return
    if AuditEntry.objects.exists() or AuditHead.objects.exists():
        return
    head = AuditHead(id=1, sequence=0, hash=chain.GENESIS)
    head.signature = chain.sign(audit_keys()[0], head.content)
    head.save(force_insert=True)


def _locked_head() -> AuditHead:
    head = AuditHead.objects.select_for_update().filter(id=1).first()
    if head is None:
        raise ChainHeadMissing("the end of the audit chain is gone: verify the trail, and restore it from a backup")
    return head


def _flat(value: Any) -> Any:
    """Keep what every database gives back exactly; write the rest down as text."""
    if value is None or isinstance(value, bool | int):
        return value
    return clean_text(value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str), 10_000)

"""Writing API tokens."""

from __future__ import annotations

from datetime import datetime

from runbell.ledger.lookups import CompiledLookup
from runbell.models import ApiToken

_by_prefix = CompiledLookup(lambda: ApiToken.objects.select_related("user").filter(prefix="?"))


def add(
    *, user_id: int, name: str, prefix: str, digest: str, created_by: str, at: datetime, expires_at: datetime
) -> None:
    """Keep a new token's digest."""
    ApiToken.objects.create(
        user_id=user_id,
        name=name,
        prefix=prefix,
        digest=digest,
        created_by=created_by,
        created_at=at,
        expires_at=expires_at,
    )


def find(prefix: str) -> ApiToken | None:
    """Return the token with that prefix and its user, in one query, or None."""
    return _by_prefix.find(prefix)


def revoke(prefix: str, at: datetime) -> bool:
    """Make a token useless from now on; False if there is none, or it was revoked before."""
    return ApiToken.objects.filter(prefix=prefix, revoked_at__isnull=True).update(revoked_at=at) == 1


def touch(prefix: str, at: datetime) -> None:
    """Write down when a token was last used."""
    ApiToken.objects.filter(prefix=prefix).update(last_used_at=at)

"""Reading what is known of API tokens; never their secrets, which are kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from runbell.models import ApiToken

MAX_TOKENS = 1000


@dataclass(frozen=True)
class TokenInfo:
    """One API token.

    Args:
        prefix: the part of it that may be shown.
        name: what it is for, or "".
        username: whom it acts as.
    """

    prefix: str
    name: str
    username: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


def list_tokens() -> tuple[TokenInfo, ...]:
    """Return the newest ``MAX_TOKENS`` tokens, newest first."""
    rows = ApiToken.objects.select_related("user").order_by("-id")[:MAX_TOKENS]
    return tuple(
        TokenInfo(
            prefix=row.prefix,
            name=row.name,
            username=row.user.get_username(),
            created_at=row.created_at,
            created_by=row.created_by,
            expires_at=row.expires_at,
            last_used_at=row.last_used_at,
            revoked_at=row.revoked_at,
        )
        for row in rows
    )

"""Make, revoke and recognise API tokens."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from runbell.conf import settings
from runbell.domain.actors import Actor, Permission
from runbell.domain.errors import UnknownToken, UnknownUser
from runbell.domain.jsonable import clean_text
from runbell.domain.memory import ShortMemory
from runbell.ledger import audit, tokens
from runbell.ledger.rows import ApiToken

_FORM = re.compile(r"(rb_[0-9a-f]{8})_[A-Za-z0-9_-]{43}\Z")
_TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class _Read:
    """A token with its user and what that one may do, and until when this process goes by it, monotonic seconds."""

    token: ApiToken
    until: float


_seen: ShortMemory[str, _Read] = ShortMemory(1000)
"""What was read of tokens, by their prefix."""


@dataclass(frozen=True)
class Recognised:
    """Whom a token stands for.

    Args:
        user: the Django user that it acts as.
        prefix: the token's prefix.
        until: how long the process goes by what it read of both, monotonic seconds.
    """

    user: Any
    prefix: str
    until: float


@dataclass(frozen=True)
class NewToken:
    """A token that was just made. ``secret`` is shown here and never again."""

    secret: str
    prefix: str
    expires_at: datetime


def create_token(username: str, *, name: str = "", lifetime_seconds: int | None = None, actor: Actor) -> NewToken:
    """Make a token that acts as ``username``, valid for ``lifetime_seconds`` (the configured lifetime by default).

    Raises:
        PermissionDenied: if the actor may not manage tokens.
        UnknownUser: if there is no such active user.
    """
    actor.require(Permission.MANAGE_TOKENS)
    user = get_user_model()._default_manager.filter(**{get_user_model().USERNAME_FIELD: username}).first()
    if user is None or not user.is_active:
        raise UnknownUser(f"There is no active user {username!r}")
    now = timezone.now()
    prefix = f"rb_{secrets.token_hex(4)}"
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    expires_at = now + timedelta(seconds=lifetime_seconds or settings().TOKEN_LIFETIME)
    with transaction.atomic():
        tokens.add(
            user_id=user.pk,
            name=clean_text(name, 100),
            prefix=prefix,
            digest=_digest(secret),
            created_by=actor.name,
            at=now,
            expires_at=expires_at,
        )
        fields = {"token": prefix, "for": username, "expires_at": expires_at.isoformat()}
        audit.append("API_TOKEN_CREATED", actor, f"API token for {username}", fields, at=now)
    return NewToken(secret=secret, prefix=prefix, expires_at=expires_at)


def revoke_token(prefix: str, *, actor: Actor) -> None:
    """Make a token useless from now on.

    Raises:
        PermissionDenied: if the actor may not manage tokens.
        UnknownToken: if no valid token has that prefix.
    """
    actor.require(Permission.MANAGE_TOKENS)
    now = timezone.now()
    with transaction.atomic():
        if not tokens.revoke(prefix, now):
            raise UnknownToken(f"There is no token {prefix[:40]!r} that could be revoked")
        audit.append("API_TOKEN_REVOKED", actor, f"API token {prefix}", {"token": prefix}, at=now)
    _seen.forget(prefix)


def authenticate_token(secret: str) -> Recognised | None:
    """Return whom a token stands for, or None if it is not valid now.

    What is known of a token, its user and the user's permissions is asked of the database once in
    ``settings().TOKEN_MEMORY`` seconds.
    """
    match = _FORM.match(secret)
    read = _look_up(match[1]) if match else None
    if not _is_valid(read, secret):
        return None
    assert read is not None
    _touch(read.token, timezone.now())  # only now: a prefix is no secret
    return Recognised(read.token.user, read.token.prefix, read.until)


def is_remembered(secret: str) -> bool:
    """Return whether a token is valid by what this process remembers of it, without asking the database."""
    match = _FORM.match(secret)
    return _is_valid(_seen.peek(match[1]) if match else None, secret)


def _is_valid(read: _Read | None, secret: str) -> bool:
    token = read.token if read else None
    matches = hmac.compare_digest(token.digest if token else "0" * 64, _digest(secret))
    if token is None or not matches or token.revoked_at or not token.user.is_active:
        return False
    return token.expires_at > timezone.now()


def _look_up(prefix: str) -> _Read | None:
    read = _seen.get(prefix)
    if read is None:
        seconds = settings().TOKEN_MEMORY
        until = time.monotonic() + seconds
        token = tokens.find(prefix)
        if token is not None:
            read = _Read(token, until)
            _seen.keep(prefix, read, seconds)
    return read


def _touch(token: ApiToken, now: datetime) -> None:
    if token.last_used_at is None or now - token.last_used_at > _TOUCH_EVERY:
        tokens.touch(token.prefix, now)
        token.last_used_at = now


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()

"""Who does something: a person, a machine with a name of its own, never «somebody»."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from runbell.domain.errors import PermissionDenied


class Permission(StrEnum):
    """What may be allowed, as Django permission names. They belong to the ``runbell`` app."""

    VIEW = "runbell.view_run"
    TRIGGER = "runbell.trigger_run"
    CANCEL = "runbell.cancel_run"
    PAUSE = "runbell.pause_task"
    MANAGE_TOKENS = "runbell.manage_tokens"
    VIEW_AUDIT = "runbell.view_auditentry"


def _nobody_may(_permission: str) -> bool:
    return False


def _may_everything(_permission: str) -> bool:
    return True


@dataclass(frozen=True)
class Actor:
    """Somebody or something that acts, with where it acts from.

    Args:
        name: ``"user:quality"``, ``"system:ticker"`` or ``"cli:root"``; unique over all kinds.
        display_name: for people, e.g. ``"Quality Manager"``.
        user_id: primary key of the Django user as text, or "" for a machine.
        email: address of the person, or "".
        token: prefix of the API token that was shown, or "".
        known_until: how long the process goes by what it read of the token and its user, monotonic seconds; 0 if not.
        ip_address: where the call came from, or "".
        user_agent: what made the call, or "".
        has_permission: answers whether a Django permission name is granted.
    """

    name: str
    display_name: str
    user_id: str = ""
    email: str = ""
    token: str = ""
    known_until: float = 0.0
    ip_address: str = ""
    user_agent: str = ""
    has_permission: Callable[[str], bool] = _nobody_may

    def require(self, permission: str) -> None:
        """Return if the permission is granted.

        Raises:
            PermissionDenied: if it is not.
        """
        if not self.has_permission(str(permission)):
            raise PermissionDenied(str(permission))

    @property
    def limit_key(self) -> str:
        """What a rate limit counts by: the token where there is one, else the person."""
        return f"token:{self.token}" if self.token else self.name


def system_actor(part: str) -> Actor:
    """Return the actor for a part of Runbell itself, e.g. ``system_actor("ticker")`` is ``system:ticker``."""
    return Actor(name=f"system:{part}", display_name=f"Runbell {part}", has_permission=_may_everything)


def command_line_actor(account: str) -> Actor:
    """Return the actor for an operating-system account at the command line, which may do everything, named."""
    return Actor(
        name=f"cli:{account}",
        display_name=f"{account} (command line)",
        user_agent="manage.py",
        has_permission=_may_everything,
    )

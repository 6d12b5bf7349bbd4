"""Whom mail goes to."""

from __future__ import annotations

from django.contrib.auth.models import User

from edms.batches import Fault


class NoAddress(Fault):
    """Somebody who should get mail has no address."""


def address_of(user: User) -> str:
    """Return a person's mail address.

    Raises:
        NoAddress: if they have none or their account is not active.
    """
    if not user.is_active:
        raise NoAddress(f"the account of {user.get_username()} is not active")
    if not user.email:
        raise NoAddress(f"{user.get_username()} has no mail address")
    return user.email


def staff_with_address() -> list[User]:
    """Return the active staff who have a mail address, by name."""
    return list(User.objects.filter(is_staff=True, is_active=True).exclude(email="").order_by("username"))

"""The four people of the demonstration, and their password."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Permission, User

from edms import private_files

VIEW, TRIGGER, CANCEL, PAUSE, VIEW_AUDIT = "view_run", "trigger_run", "cancel_run", "pause_task", "view_auditentry"


@dataclass(frozen=True)
class Person:
    """One account.

    Args:
        username, first_name, last_name: as Django has them.
        is_staff: whether they get the daily report and may open Django's admin.
        is_superuser: whether they may do everything.
        may: code names of their permissions in the ``runbell`` app.
    """

    username: str
    first_name: str
    last_name: str
    is_staff: bool = False
    is_superuser: bool = False
    may: tuple[str, ...] = ()


PEOPLE = (
    Person("admin", "System", "Administrator", is_staff=True, is_superuser=True),
    Person("quality", "Quality", "Manager", is_staff=True, may=(VIEW, TRIGGER, CANCEL, PAUSE, VIEW_AUDIT)),
    Person("author", "Document", "Author", may=(VIEW,)),
    Person("viewer", "Read-only", "Viewer", may=(VIEW,)),
)


def password() -> str:
    """Return the people's password: ``EDMS_DEMO_PASSWORD``, or a random one kept in ``RUNBELL_HOME/password``."""
    return os.environ.get("EDMS_DEMO_PASSWORD") or private_files.read_or_create(
        password_file(), lambda: secrets.token_urlsafe(12)
    )


def password_file() -> Path:
    """Return where a random password is kept."""
    return Path(settings.RUNBELL_HOME) / "password"


def seed() -> dict[str, User]:
    """Add the people who are missing and return all of them by name.

    Nobody's password is touched unless nobody could know it any more: the file that told it is gone, or the
    environment names another one. Then all of them get the new one.
    """
    existing = User.objects.in_bulk([person.username for person in PEOPLE], field_name="username")
    if _is_unknown(existing.get("admin")):
        for user in existing.values():
            user.set_password(password())
            user.save(update_fields=["password"])
    return {person.username: existing.get(person.username) or _create(person) for person in PEOPLE}


def _create(person: Person) -> User:
    user = User(
        username=person.username,
        first_name=person.first_name,
        last_name=person.last_name,
        email=f"{person.username}@edms.example",
        is_staff=person.is_staff,
        is_superuser=person.is_superuser,
    )
    user.set_password(password())
    user.save()
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="runbell", codename__in=person.may))
    return user


def _is_unknown(admin: User | None) -> bool:
    given = os.environ.get("EDMS_DEMO_PASSWORD")
    if given:
        return admin is not None and not admin.check_password(given)
    return not private_files.read(password_file())

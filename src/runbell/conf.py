"""Every setting of Runbell with its default, and the one port to the dispatcher.

A project overrides what it wants in its Django settings: ``RUNBELL = {"SITE_TIME_ZONE": "Europe/Berlin"}``.
``runbell.checks`` refuses unknown names and wrong types when the process starts.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from functools import cache
from ipaddress import ip_network
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings as django_settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string
from pydantic import AfterValidator, Field, TypeAdapter

from runbell.domain.dispatch import Dispatcher


def _is_time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"unknown time zone {name!r}") from error
    return name


def _is_network(text: str) -> str:
    ip_network(text)
    return text


Seconds = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=1)]
TimeZone = Annotated[str, AfterValidator(_is_time_zone)]
Network = Annotated[str, AfterValidator(_is_network)]


@dataclass(frozen=True)
class Settings:
    """What can be configured. All durations are in seconds, all sizes in bytes."""

    CELERY_APP: str = ""
    """Dotted path of the Celery application, e.g. ``"edms.celery:app"``; Celery's current one where it is empty."""
    DISPATCHER: str = "runbell.engine.dispatcher.CeleryDispatcher"
    """Dotted path of the class that hands runs to a broker."""
    SITE_TIME_ZONE: TimeZone = "UTC"
    """The zone in which the people who use the console live; times are shown in it beside UTC."""
    LOGOUT_URL: str = ""
    """Where the console signs out by POST: a path or a URL name; ``logout`` or ``admin:logout`` where it is empty."""
    ADOPT_BEAT_SCHEDULE: bool = False
    """Whether the ticker fires the entries of ``CELERY_BEAT_SCHEDULE``; leave it off while ``celery beat`` does."""

    PUBLISH_BUDGET: Seconds = 0.25
    """How long a trigger may wait for the broker before it answers ``accepted``."""
    BREAKER_PAUSE: Seconds = 2.0
    """How long a broker that failed is left alone before it is tried again."""
    RELAY_AFTER: Seconds = 2.0
    """How old an ``ACCEPTED`` run must be before the relay publishes it."""

    TICKER: bool = True
    """Whether workers run the ticker."""
    TICK_INTERVAL: Seconds = 1.0
    """Pause between two ticks."""
    BACKLOG_INTERVAL: Seconds = 5.0
    """How often the ticker calls the backlog probes."""
    WORKER_TIMEOUT: Seconds = 15.0
    """How old a worker's heartbeat may be before the worker counts as gone."""
    LOST_AFTER: Seconds = 25.0
    """How old the heartbeat of a run's worker must be before the run is called lost."""

    LOST_ATTEMPTS: Count = 3
    """How many attempts a run of a task that is ``safe_to_repeat`` has at most when its workers die."""

    MAX_BODY: Count = 64 * 1024
    """The largest request body that the API reads."""
    TRIGGERS_PER_MINUTE: Count | None = None
    """How many triggers one user or token may make a minute; None for no limit."""
    TRUSTED_PROXIES: tuple[Network, ...] = ()
    """Networks, e.g. ``("10.0.0.0/8",)``, whose ``X-Forwarded-For`` is believed."""
    TOKEN_LIFETIME: Count = 90 * 86400
    """How long a new API token is valid unless it is asked otherwise."""
    TOKEN_MEMORY: Seconds = 1.0
    """How long a process goes by what it read of a token, its user and their permissions before it reads them again;
    a revocation is in force everywhere after that time, at once in the process that made it. 0 reads at every request.
    """
    EXPRESS: bool = False
    """Whether a trigger by API token whose client, address and headers are those of one that was answered less than
    ``TOKEN_MEMORY`` seconds ago goes past the project's middleware straight to the action. Under ``runbell.asgi``, on
    PostgreSQL."""
    AUDIT_KEY: str = ""
    """Secret that signs audit entries; derived from Django's ``SECRET_KEY`` where it is empty."""

    PAGE_SIZE: Count = 50
    MAX_PAGE_SIZE: Count = 200

    LOG_LINES: Count = 1000
    """How many log lines are kept with one run."""
    LOG_LINE_LENGTH: Count = 4096
    """How many characters of one log line are kept."""
    RESULT_SIZE: Count = 64 * 1024
    """How large a result may be and still be kept whole."""
    TRACEBACK_SIZE: Count = 64 * 1024
    """How much of a traceback is kept; the end of it, where the error is."""
    REHEARSAL_KEYS: Count = 100
    """How many keys of each kind of change a rehearsal lists; it counts all of them."""
    PROGRESS_INTERVAL: Seconds = 0.5
    """Least time between two writes of a run's progress or log lines."""


_checked = TypeAdapter(Settings)


@cache
def settings() -> Settings:
    """Return the settings in force.

    Raises:
        TypeError: if ``RUNBELL`` names a setting that does not exist.
        ValueError: if a setting has a value that it cannot have.
    """
    configured: dict[str, Any] = getattr(django_settings, "RUNBELL", {})
    unknown = sorted(set(configured) - {field.name for field in fields(Settings)})
    if unknown:
        raise TypeError(f"RUNBELL has settings that do not exist: {', '.join(unknown)}")
    return _checked.validate_python(configured)


@cache
def get_dispatcher() -> Dispatcher:
    """Return this process's dispatcher, made on first use."""
    dispatcher: Dispatcher = import_string(settings().DISPATCHER)()
    return dispatcher


@cache
def audit_keys() -> list[bytes]:
    """Return the keys of audit signatures: the one in force first, then those that Django still accepts."""
    if settings().AUDIT_KEY:
        return [_derive(settings().AUDIT_KEY)]
    return [_derive(secret) for secret in (django_settings.SECRET_KEY, *django_settings.SECRET_KEY_FALLBACKS)]


def _derive(secret: str | bytes) -> bytes:
    material = secret.encode() if isinstance(secret, str) else secret
    return hashlib.sha256(b"runbell.audit\0" + material).digest()


def _forget(*, setting: str, **_: Any) -> None:
    if setting == "RUNBELL":
        settings.cache_clear()
        get_dispatcher.cache_clear()
    if setting in ("RUNBELL", "SECRET_KEY", "SECRET_KEY_FALLBACKS"):
        audit_keys.cache_clear()


setting_changed.connect(_forget, dispatch_uid="runbell.conf")

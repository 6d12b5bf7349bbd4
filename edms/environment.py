"""From environment variables to the values that Django's and Celery's settings take."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
PREPARE_AFTER = 5
"""How often a connection executes a statement before its plan is kept: what psycopg does, unless Django says no."""
POOL = {"min_size": 2, "max_size": 20, "timeout": 3}
_TRUE = {"1", "true", "yes", "on"}


def flag(name: str, *, default: bool = False) -> bool:
    """Return whether a variable says yes: 1, true, yes or on."""
    value = os.environ.get(name, "")
    return value.strip().lower() in _TRUE if value.strip() else default


def words(name: str, default: str = "") -> list[str]:
    """Return the words of a comma-separated variable."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def database(url: str, *, pooled: bool = False, prepared: bool = True) -> dict[str, Any]:
    """Return the ``DATABASES`` entry for a URL.

    Args:
        url: ``sqlite:///relative.db``, ``sqlite:////absolute.db`` or ``postgresql://user:password@host:port/name``;
            a query is passed on as options, e.g. ``?sslmode=require``.
        pooled: whether this process keeps a pool of PostgreSQL connections.
        prepared: whether PostgreSQL may keep the plans of statements; not behind a pooler that changes connections
            between transactions.

    Raises:
        ImproperlyConfigured: if the URL names another database or no database name.
    """
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        return _sqlite(url)
    if scheme in {"postgres", "postgresql"}:
        return _postgresql(url, pooled=pooled, prepared=prepared)
    raise ImproperlyConfigured(f"DATABASE_URL must begin with sqlite:// or postgresql://, not {scheme or 'nothing'}://")


def broker(url: str, folder: Path) -> dict[str, Any]:
    """Return Celery's ``broker_transport_options`` for a broker URL; make the folders that it needs.

    Args:
        url: ``filesystem://``, ``redis://…`` or ``amqp://…``.
        folder: where the filesystem broker keeps its messages.
    """
    if urlsplit(url).scheme != "filesystem":
        return {}
    messages, control = folder / "messages", folder / "control"
    for path in (messages, control):
        path.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
        "polling_interval": 0.05,
    }


def mail(url: str, folder: Path) -> dict[str, Any]:
    """Return Django's ``EMAIL_…`` settings for a URL.

    Args:
        url: ``smtp://user:password@host:port``, ``smtps://…`` or "" for files.
        folder: where mails are put if the URL is empty.

    Raises:
        ImproperlyConfigured: if the URL is of another kind.
    """
    if not url:
        folder.mkdir(parents=True, exist_ok=True)
        backend = "django.core.mail.backends.filebased.EmailBackend"
        return {"EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": str(folder)}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"}:
        raise ImproperlyConfigured(f"EMAIL_URL must begin with smtp:// or smtps://, not {parts.scheme or 'nothing'}://")
    secure = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if secure else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": secure,
    }


def _sqlite(url: str) -> dict[str, Any]:
    path = unquote(urlsplit(url).path).removeprefix("/")
    if not path:
        raise ImproperlyConfigured("DATABASE_URL names no file: write sqlite:///name.db or sqlite:////absolute/name.db")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        # A deferred transaction that turns from reading to writing fails at once where another one writes;
        # an immediate one waits its turn.
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS},
    }


def _postgresql(url: str, *, pooled: bool, prepared: bool) -> dict[str, Any]:
    parts = urlsplit(url)
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        raise ImproperlyConfigured("DATABASE_URL names no database: write postgresql://user:password@host:port/name")
    options: dict[str, Any] = {"connect_timeout": 3} | dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    if pooled:
        options["pool"] = POOL
    if prepared:
        options["prepare_threshold"] = PREPARE_AFTER
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0 if pooled else 60,
        "CONN_HEALTH_CHECKS": True,
    }

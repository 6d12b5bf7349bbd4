"""Whether the parts of the system work: each one is used, and what was measured stands beside its threshold."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil
from django.conf import settings
from django.core import mail
from django.core.mail.backends.filebased import EmailBackend as FileBackend
from django.db import connection

from edms.batches import Watcher
from runbell.conf import get_dispatcher
from runbell.domain.outcome import Outcome

logger = logging.getLogger(__name__)

MAX_DATABASE_MS = 250.0
MAX_BROKER_MS = 1000.0
MAX_STORAGE_MS = 1000.0
MIN_DISK_FREE_PERCENT = 5.0
MIN_MEMORY_AVAILABLE_PERCENT = 5.0


@dataclass(frozen=True)
class Measurement:
    """What was found out about one part.

    Args:
        part: its name.
        healthy: whether it works within its threshold.
        message: one sentence for people, where it does not.
        figures: what was measured; milliseconds end in ``_ms``, shares of a hundred in ``_percent``.
        thresholds: what they are held against.
    """

    part: str
    healthy: bool
    message: str = ""
    figures: dict[str, float] = field(default_factory=dict)
    thresholds: dict[str, float] = field(default_factory=dict)


def check(run: Watcher) -> Outcome:
    """Measure every part; those that are not healthy count as failed."""
    run.progress(0, len(PARTS))
    found = measure_all()
    unhealthy = [measurement for measurement in found if not measurement.healthy]
    return Outcome(
        processed=len(found) - len(unhealthy),
        failed=len(unhealthy),
        message="; ".join(f"{part.part}: {part.message}" for part in unhealthy)
        or f"all {len(found)} parts are healthy",
        evidence={measurement.part: asdict(measurement) for measurement in found},
    )


def measure_all() -> list[Measurement]:
    """Measure the parts one after the other; one that cannot be measured is not healthy."""
    return [_measure(part, measure) for part, measure in PARTS.items()]


def database() -> Measurement:
    """Time one round trip to the database."""
    connection.ensure_connection()

    def round_trip() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()

    return _timed("database", "round_trip_ms", round_trip, MAX_DATABASE_MS)


def broker() -> Measurement:
    """Time one round trip to the broker."""
    return _timed("broker", "ping_ms", lambda: get_dispatcher().ping(budget=MAX_BROKER_MS / 1000), MAX_BROKER_MS)


def disk() -> Measurement:
    """Measure the free space where the documents are."""
    usage = psutil.disk_usage(str(settings.RUNBELL_HOME))
    free = 100.0 * usage.free / usage.total
    return _at_least("disk", "free_percent", free, MIN_DISK_FREE_PERCENT, free_bytes=usage.free)


def memory() -> Measurement:
    """Measure the memory that programs can still have."""
    seen = psutil.virtual_memory()
    available = 100.0 * seen.available / seen.total
    return _at_least(
        "memory", "available_percent", available, MIN_MEMORY_AVAILABLE_PERCENT, available_bytes=seen.available
    )


def storage() -> Measurement:
    """Time writing, reading back and deleting a small file beside the documents."""
    folder = Path(settings.DOCUMENT_ROOT)
    return _timed("storage", "write_and_read_ms", lambda: _write_and_read(folder), MAX_STORAGE_MS)


def mail_server() -> Measurement:
    """Time opening a connection to what takes the mail."""
    return _timed("mail", "open_ms", _open_mail, float(settings.EMAIL_TIMEOUT) * 1000)


PARTS: dict[str, Callable[[], Measurement]] = {
    "database": database,
    "broker": broker,
    "disk": disk,
    "memory": memory,
    "storage": storage,
    "mail": mail_server,
}


def _measure(part: str, measure: Callable[[], Measurement]) -> Measurement:
    try:
        return measure()
    except Exception as error:  # (a part that is broken in any way is what is looked for)
        logger.warning("%s is not healthy", part, exc_info=True)
        return Measurement(part, healthy=False, message=f"{type(error).__name__}: {error}")


def _timed(part: str, name: str, action: Callable[[], object], limit_ms: float) -> Measurement:
    began = time.perf_counter()
    action()
    took = round((time.perf_counter() - began) * 1000, 2)
    healthy = took <= limit_ms
    message = "" if healthy else f"took {took:g} ms, more than {limit_ms:g} ms"
    return Measurement(part, healthy, message, {name: took}, {name: limit_ms})


def _at_least(part: str, name: str, value: float, least: float, **figures: float) -> Measurement:
    healthy = value >= least
    message = "" if healthy else f"{name.replace('_', ' ')} is {value:.1f}, less than {least:g}"
    return Measurement(part, healthy, message, {name: round(value, 1)} | figures, {name: least})


def _write_and_read(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    content = os.urandom(4096)
    with tempfile.NamedTemporaryFile(prefix=".health-", dir=folder) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        if Path(file.name).read_bytes() != content:
            raise OSError(f"what was read back from {folder} is not what was written")


def _open_mail() -> None:
    backend: Any = mail.get_connection()
    if isinstance(backend, FileBackend):  # opening it would leave an empty file behind every time
        _write_and_read(Path(backend.file_path))
        return
    backend.open()
    backend.close()

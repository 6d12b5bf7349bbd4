"""The health check measures; it does not assume."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from edms.scheduler import health
from runbell import conf
from runbell.testing import FakeDispatcher
from tests.edms.conftest import Watched
from tests.support.ports import free_port

pytestmark = pytest.mark.django_db
PARTS = {"database", "broker", "disk", "memory", "storage", "mail"}


@pytest.fixture(autouse=True)
def dispatcher(settings: Any) -> Iterator[FakeDispatcher]:
    settings.RUNBELL = {**settings.RUNBELL, "DISPATCHER": "runbell.testing.FakeDispatcher"}
    fake = conf.get_dispatcher()
    assert isinstance(fake, FakeDispatcher)
    yield fake
    fake.clear()


def test_six_parts_are_measured_with_figures_and_thresholds(run: Watched) -> None:
    outcome = health.check(run)
    assert (outcome.processed, outcome.failed) == (6, 0)
    assert set(outcome.evidence) == PARTS
    for part in outcome.evidence.values():
        assert part["thresholds"]
        assert part["thresholds"].keys() <= part["figures"].keys()


def test_a_broker_that_is_down_is_found(run: Watched, dispatcher: FakeDispatcher) -> None:
    dispatcher.down = True
    outcome = health.check(run)
    assert (outcome.processed, outcome.failed) == (5, 1)
    assert not outcome.evidence["broker"]["healthy"]
    assert outcome.message.startswith("broker: BrokerUnavailable")


def test_storage_that_cannot_be_written_is_found(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "occupied").write_text("a file where a folder should be")
    settings.DOCUMENT_ROOT = tmp_path / "occupied"
    (storage,) = [part for part in health.measure_all() if part.part == "storage"]
    assert not storage.healthy
    assert "FileExistsError" in storage.message


def test_the_storage_check_leaves_nothing_behind(document_root: Path) -> None:
    assert health.storage().healthy
    assert not list(document_root.iterdir())


def test_a_full_disk_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.psutil, "disk_usage", lambda _: SimpleNamespace(free=4, total=100))
    assert health.disk() == health.Measurement(
        "disk",
        healthy=False,
        message="free percent is 4.0, less than 5",
        figures={"free_percent": 4.0, "free_bytes": 4},
        thresholds={"free_percent": 5.0},
    )


def test_a_mail_server_that_refuses_is_found(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    (found,) = [part for part in health.measure_all() if part.part == "mail"]
    assert not found.healthy
    assert "ConnectionRefusedError" in found.message


def test_the_file_backend_is_probed_without_leaving_a_mail(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    assert health.mail_server().healthy
    assert not list((tmp_path / "mail").iterdir())


def test_what_is_too_slow_is_not_healthy() -> None:
    assert not health._timed("part", "took_ms", lambda: None, -1).healthy

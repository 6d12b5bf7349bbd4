"""From environment variables to settings."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from edms import environment, private_files


def test_postgresql_with_everything() -> None:
    url = "postgresql://us%40er:p%2Fw@db.example:5433/na%20me?sslmode=require"
    assert environment.database(url) == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "na me",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"connect_timeout": 3, "sslmode": "require", "prepare_threshold": 5},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def test_postgresql_on_a_socket() -> None:
    entry = environment.database("postgres://user@/name?host=/run/postgresql&port=5434")
    assert (entry["HOST"], entry["PORT"]) == ("/run/postgresql", "5434")


def test_behind_a_pooler_no_plans_are_kept() -> None:
    entry = environment.database("postgresql://user@host/name", prepared=False)
    assert entry["OPTIONS"] == {"connect_timeout": 3}


def test_a_pool_keeps_its_connections_itself() -> None:
    entry = environment.database("postgresql://user@host/name", pooled=True)
    assert entry["OPTIONS"]["pool"] == {"min_size": 2, "max_size": 20, "timeout": 3}
    assert entry["CONN_MAX_AGE"] == 0


def test_sqlite_waits_its_turn_and_keeps_what_it_committed(tmp_path: Path) -> None:
    entry = environment.database(f"sqlite:///{tmp_path}/new/my%20file.db")
    assert entry["NAME"] == f"{tmp_path}/new/my file.db"
    assert (tmp_path / "new").is_dir()
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in entry["OPTIONS"]["init_command"]
    assert "synchronous=FULL" in entry["OPTIONS"]["init_command"]


@pytest.mark.parametrize("url", ["mysql://host/name", "postgresql://host", "sqlite://", "", "nonsense"])
def test_other_databases_are_refused_by_name(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        environment.database(url)


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("Yes", True), ("off", False), ("0", False), (" ", False)]
)
def test_a_flag(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool) -> None:
    monkeypatch.setenv("A_FLAG", value)
    assert environment.flag("A_FLAG") is expected


def test_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_WORDS", " a, b,,c ")
    assert environment.words("SOME_WORDS") == ["a", "b", "c"]
    assert environment.words("NO_WORDS", "x,y") == ["x", "y"]


def test_only_the_filesystem_broker_needs_folders(tmp_path: Path) -> None:
    options = environment.broker("filesystem://", tmp_path / "broker")
    assert options["data_folder_in"] == options["data_folder_out"]
    assert all(Path(options[name]).is_dir() for name in ("data_folder_in", "control_folder"))
    assert environment.broker("redis://localhost", tmp_path) == {}


def test_mail(tmp_path: Path) -> None:
    assert environment.mail("", tmp_path / "mail")["EMAIL_FILE_PATH"] == str(tmp_path / "mail")
    smtp = environment.mail("smtps://me:secret@mail.example", tmp_path)
    assert (smtp["EMAIL_HOST"], smtp["EMAIL_PORT"], smtp["EMAIL_USE_SSL"]) == ("mail.example", 465, True)
    assert (smtp["EMAIL_HOST_USER"], smtp["EMAIL_HOST_PASSWORD"]) == ("me", "secret")
    with pytest.raises(ImproperlyConfigured):
        environment.mail("pop3://host", tmp_path)


def test_a_secret_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "sub" / "secret"
    assert private_files.read_or_create(path, lambda: "first") == "first"
    assert private_files.read_or_create(path, lambda: "second") == "first"
    assert path.stat().st_mode & 0o777 == 0o600
    private_files.write(path, "third")
    assert (private_files.read(path), path.stat().st_mode & 0o777) == ("third", 0o600)
    assert [found.name for found in path.parent.iterdir()] == ["secret"]


def test_an_empty_secret_is_no_secret(tmp_path: Path) -> None:
    (tmp_path / "secret").touch()
    assert private_files.read_or_create(tmp_path / "secret", lambda: "made") == "made"


def test_all_who_start_at_once_get_the_same_secret(tmp_path: Path) -> None:
    together, got = threading.Barrier(8), []

    def ask(number: int) -> None:
        together.wait(5)
        got.append(private_files.read_or_create(tmp_path / "secret", lambda: str(number)))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert len(got) == 8
    assert len(set(got)) == 1

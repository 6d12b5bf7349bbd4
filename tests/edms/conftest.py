"""People, documents and clocks for the tests of the reference project."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest
from django.contrib.auth.models import User

from edms.documents import files
from edms.documents.models import Document, State
from edms.scheduler import tasks
from edms.site_time import site_today, start_of_day
from edms.workflows.models import Kind, Workflow
from runbell.domain.outcome import Outcome


@dataclass
class Watched:
    """A run that remembers its progress and can be asked to stop."""

    cancel_requested: bool = False
    seen: list[tuple[int, int | None]] = field(default_factory=list)

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:  # noqa: ARG002 (as runbell.Run)
        self.seen.append((done, total))


@pytest.fixture
def run() -> Watched:
    return Watched()


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def document_root(tmp_path: Path, settings: Any) -> Path:
    settings.DOCUMENT_ROOT = tmp_path / "files"
    return tmp_path / "files"


def function_of(name: str) -> Callable[..., Outcome]:
    """Return the function behind one of the ten tasks, as it was written."""
    body: Any = inspect.unwrap(getattr(tasks, name).run.__func__)
    return cast(Callable[..., Outcome], body)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], datetime]:
    """Stop the clock at an ISO time with offset."""

    def stop(moment: str) -> datetime:
        now = datetime.fromisoformat(moment)
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)
        return now

    return stop


@pytest.fixture
def author(db: None) -> User:
    return User.objects.create_user("author", "author@edms.example")


@pytest.fixture
def manager(db: None) -> User:
    return User.objects.create_user("manager", "manager@edms.example", is_staff=True)


@pytest.fixture
def make_document(author: User) -> Callable[..., Document]:
    """Make a document with a real file; approved today unless told otherwise."""
    numbers = count(1)

    def make(state: State = State.DRAFT, **fields: Any) -> Document:
        number = fields.pop("number", f"SOP-{next(numbers):04d}")
        version = fields.pop("version", 1)
        stored = files.store(f"{number}/v{version}.txt", f"{number} {version}".encode(), durable=False)
        values = {"approved_at": start_of_day(site_today()), "owner": author, "title": "A procedure"} | fields
        return Document.objects.create(
            number=number,
            version=version,
            state=state,
            file_path=stored.path,
            file_size=stored.size,
            file_sha256=stored.sha256,
            **values,
        )

    return make


@pytest.fixture
def make_workflow(make_document: Callable[..., Document], author: User, manager: User) -> Callable[..., Workflow]:
    """Make an open review of a document of its own."""

    def make(**fields: Any) -> Workflow:
        values = {"kind": Kind.REVIEW, "assignee": author, "manager": manager} | fields
        return Workflow.objects.create(document=make_document(State.UNDER_REVIEW), **values)

    return make

"""The demonstration data."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from edms.demo import people
from edms.documents import effectivity, obsolescence
from edms.documents.models import Document, State
from edms.workflows import reviews, timeouts
from edms.workflows.models import Workflow
from tests.edms.conftest import Watched, function_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.RUNBELL_HOME = tmp_path
    monkeypatch.delenv("EDMS_DEMO_PASSWORD", raising=False)
    return tmp_path


def seed(**options: Any) -> None:
    call_command("seed_demo", verbosity=0, **options)


def test_there_is_something_of_everything(document_root: Path, run: Watched) -> None:
    seed()
    states = Counter(Document.objects.values_list("state", flat=True))
    assert states.total() == 1000
    assert set(states) == set(State)
    assert Workflow.objects.count() == 40
    for document in Document.objects.all()[:20]:
        assert (document_root / document.file_path).stat().st_size == document.file_size
    assert function_of("cleanup_celery_results")(run).processed == 48
    for probe in (effectivity.waiting, obsolescence.waiting, reviews.waiting, timeouts.waiting):
        assert probe().count > 0


def test_the_four_people_may_do_what_they_may() -> None:
    seed()
    may = {
        user.username: {name.removeprefix("runbell.") for name in user.get_all_permissions() if name.startswith("runb")}
        for user in User.objects.all()
    }
    assert may["quality"] == {"view_run", "trigger_run", "cancel_run", "pause_task", "view_auditentry"}
    assert may["author"] == may["viewer"] == {"view_run"}
    assert "manage_tokens" in may["admin"]
    assert set(may) == {"admin", "quality", "author", "viewer"}


def test_repeating_it_changes_nothing(run: Watched) -> None:
    seed()
    effectivity.process(run)
    before = list(Document.objects.values_list()), list(Workflow.objects.values_list()), list(User.objects.values())
    seed()
    after = list(Document.objects.values_list()), list(Workflow.objects.values_list()), list(User.objects.values())
    assert before == after


def test_due_work_can_be_added_again(run: Watched) -> None:
    seed()
    for batch in range(2):
        effectivity.process(run)
        seed(due_again=True)
        assert effectivity.waiting().count == 20
        assert Document.objects.count() == 1000 + 40 * (batch + 1)


def test_the_password_is_random_kept_and_private(home: Path) -> None:
    seed()
    kept = (home / "password").read_text().strip()
    assert User.objects.get(username="quality").check_password(kept)
    assert (home / "password").stat().st_mode & 0o777 == 0o600


def test_a_password_that_somebody_chose_is_left_alone() -> None:
    seed()
    viewer = User.objects.get(username="viewer")
    viewer.set_password("chosen")
    viewer.save()
    seed()
    viewer.refresh_from_db()
    assert viewer.check_password("chosen")


def test_a_password_that_nobody_knows_any_more_is_replaced(home: Path) -> None:
    seed()
    (home / "password").unlink()
    seed()
    assert User.objects.get(username="admin").check_password(people.password())


def test_the_environment_may_name_the_password(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seed()
    monkeypatch.setenv("EDMS_DEMO_PASSWORD", "from the environment")
    seed()
    assert User.objects.get(username="author").check_password("from the environment")

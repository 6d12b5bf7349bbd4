"""A dry run of any task changes no row, sends no mail, and still says what it would have done."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command

from edms.documents import effectivity, obsolescence
from edms.workflows import reviews, timeouts
from runbell.catalog import catalog
from runbell.engine.rehearsal import Rehearsal
from tests.edms.conftest import function_of

RUN = SimpleNamespace(
    actor_email="quality@edms.example", actor_name="Quality", cancel_requested=False, progress=lambda *_: None
)
REHEARSED = sorted(task.name for task in catalog if task.celery_name.startswith("edms.") and task.rehearsal)


def everything() -> dict[str, list[Any]]:
    """Return every row of every table."""
    return {
        model._meta.db_table: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_models(include_auto_created=True)
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", REHEARSED)
def test_a_rehearsal_changes_nothing(name: str, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDMS_DEMO_PASSWORD", "a password of the tests")
    call_command("seed_demo", verbosity=0)
    before, rehearsal = everything(), Rehearsal()
    outcome = rehearsal.run(lambda: function_of(name)(RUN))
    assert everything() == before
    assert not mailoutbox
    report = rehearsal.report()
    assert outcome.processed > 0
    assert outcome.failed == 0
    assert report["changes"] or report["mails"]["count"]


@pytest.mark.django_db(transaction=True)
def test_a_rehearsal_names_what_would_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDMS_DEMO_PASSWORD", "a password of the tests")
    call_command("seed_demo", verbosity=0)
    rehearsal = Rehearsal()
    rehearsal.run(lambda: effectivity.process(RUN))
    changes = {change["model"]: change for change in rehearsal.report()["changes"]}
    assert changes["documents.Document"]["updated"]["count"] == 50
    assert changes["documents.Transition"]["created"]["count"] == 50
    waiting = [
        probe().count for probe in (effectivity.waiting, obsolescence.waiting, reviews.waiting, timeouts.waiting)
    ]
    assert waiting == [40, 15, 25, 18]

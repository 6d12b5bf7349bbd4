"""The ten tasks as they are declared, and those that do their work themselves."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core.management import call_command

from edms.notifications.people import NoAddress
from edms.scheduler import tasks
from runbell.catalog import catalog
from runbell.domain.errors import InvalidParams
from runbell.domain.params import validate_params
from tests.edms.conftest import function_of

SITE = django_settings.SITE_TIME_ZONE
HOUR = timedelta(hours=1)
TABLE = {
    "process_document_effective_dates": ("0 * * * *", "UTC", "scheduler", HOUR, "skip", True),
    "process_document_obsoletion_dates": ("15 * * * *", "UTC", "scheduler", HOUR, "skip", True),
    "check_workflow_timeouts": ("0 */4 * * *", "UTC", "scheduler", 2 * HOUR, "allow", True),
    "perform_system_health_check": ("*/30 * * * *", "UTC", "scheduler", HOUR / 2, "allow", False),
    "process_periodic_reviews": ("0 9 * * *", SITE, "scheduler", 2 * HOUR, "skip", True),
    "send_daily_health_report": ("0 7 * * *", SITE, "scheduler", HOUR, "allow", True),
    "cleanup_celery_results": ("0 3 * * *", "UTC", "celery", HOUR, "skip", True),
    "run_daily_integrity_check": ("0 2 * * *", "UTC", "celery", HOUR, "skip", False),
    "verify_audit_trail_checksums": ("0 1 * * 0", "UTC", "celery", 2 * HOUR, "skip", False),
    "send_test_email_to_self": (None, None, "scheduler", None, "allow", True),
}
WITH_BACKLOG = {
    "process_document_effective_dates",
    "process_document_obsoletion_dates",
    "check_workflow_timeouts",
    "process_periodic_reviews",
}


@pytest.mark.parametrize("name", TABLE)
def test_a_task_is_declared_as_the_table_says(name: str) -> None:
    task = catalog.resolve(name)
    schedule = task.schedules[0].schedule if task.schedules else SimpleNamespace(expression=None, time_zone=None)
    declared = (schedule.expression, schedule.time_zone, task.queue, task.expires, str(task.overlap), task.rehearsal)
    assert declared == TABLE[name]
    assert task.celery_name == f"edms.scheduler.tasks.{name}"
    assert (task.backlog is not None) == (name in WITH_BACKLOG)
    assert task.description


def test_there_are_no_others() -> None:
    assert {task.name for task in catalog if task.celery_name.startswith("edms.")} == set(TABLE)


def test_the_clean_up_takes_one_to_3650_days() -> None:
    model = catalog.resolve("cleanup_celery_results").params_model
    assert validate_params(model, {}) == {"days_to_keep": 7, "remove_revoked": True}
    for days in (0, 3651, "many"):
        with pytest.raises(InvalidParams):
            validate_params(model, {"days_to_keep": days})


def test_the_test_mail_goes_to_who_asked_and_to_nobody_else(
    db: None, author: User, manager: User, mailoutbox: list[Any]
) -> None:
    run = SimpleNamespace(actor_email="quality@edms.example", actor_name="Quality Manager")
    assert function_of("send_test_email_to_self")(run).processed == 1
    assert [mail.recipients() for mail in mailoutbox] == [["quality@edms.example"]]


def test_the_test_mail_fails_where_there_is_nobody_to_send_it_to(mailoutbox: list[Any]) -> None:
    run = SimpleNamespace(actor_email="", actor_name="root (command line)")
    with pytest.raises(NoAddress, match="root"):
        function_of("send_test_email_to_self")(run)
    assert not mailoutbox


@pytest.mark.django_db
def test_the_audit_verification_names_what_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    from runbell.queries.audit_chain import Break, ChainReport  # noqa: PLC0415

    broken = Break(3, 7, "changed", "entry 3 of the chain was changed")
    monkeypatch.setattr(tasks, "verify_chain", lambda: ChainReport(False, 5, 0, broken, "abc"))
    outcome = function_of("verify_audit_trail_checksums")(SimpleNamespace())
    assert (outcome.processed, outcome.failed, outcome.message) == (4, 1, "entry 3 of the chain was changed")
    assert outcome.evidence["first_broken"] == {
        "sequence": 3,
        "entry_id": 7,
        "kind": "changed",
        "message": "entry 3 of the chain was changed",
    }


@pytest.mark.django_db
def test_the_audit_verification_is_content_with_a_whole_chain() -> None:
    outcome = function_of("verify_audit_trail_checksums")(SimpleNamespace())
    assert (outcome.failed, "first_broken" in outcome.evidence) == (0, False)


def test_migrations_are_complete(db: None) -> None:
    call_command("makemigrations", "documents", "workflows", "notifications", check=True, dry_run=True, verbosity=0)

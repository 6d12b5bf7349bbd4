"""Putting the demonstration's plan into the database and onto the disk."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from edms.demo import history, people, plan
from edms.documents import files
from edms.documents.models import IN_FORCE, Document, State, Transition
from edms.site_time import site_today, start_of_day
from edms.workflows.models import Status, Workflow

APPROVED_BEFORE = timedelta(days=14)
"""How long before it takes effect a document of the demonstration was approved."""
WAS_EFFECTIVE = frozenset({*IN_FORCE, State.OBSOLETE, State.SUPERSEDED})
_BATCH = re.compile(r"-B(\d+)-")


def seed() -> dict[str, int]:
    """Add everything that is missing, and return how much of each was added."""
    with transaction.atomic():
        staff = people.seed()
        documents = _add_documents(plan.documents(), staff)
        workflows = _add_workflows(staff) if documents else 0
        if documents:
            history.add()
    return {"documents": len(documents), "workflows": workflows}


def add_due_work() -> dict[str, int]:
    """Add one more batch of documents that are due today."""
    with transaction.atomic():
        staff = people.seed()
        numbers = Document.objects.filter(number__contains="-B").values_list("number", flat=True)
        batches = [int(match[1]) for number in numbers if (match := _BATCH.search(number))]
        documents = _add_documents(plan.documents_again(max(batches, default=0) + 1), staff)
        history.add()
    return {"documents": len(documents), "workflows": 0}


def _add_documents(plans: Iterable[plan.DocumentPlan], staff: dict[str, User]) -> list[Document]:
    existing = set(Document.objects.values_list("number", flat=True))
    missing = [planned for planned in plans if planned.number not in existing]
    today = site_today()
    documents = Document.objects.bulk_create([_document(planned, today, staff) for planned in missing])
    Transition.objects.bulk_create([_first_transition(document) for document in documents])
    return documents


def _document(planned: plan.DocumentPlan, today: date, staff: dict[str, User]) -> Document:
    stored = files.store(f"{planned.number}/v{planned.version}.txt", _content(planned), durable=False)
    effective = _day(today, planned.effective)
    return Document(
        number=planned.number,
        version=planned.version,
        title=planned.title,
        state=planned.state,
        owner=staff["author"],
        approver=staff["quality"],
        file_path=stored.path,
        file_size=stored.size,
        file_sha256=stored.sha256,
        approved_at=start_of_day(effective - APPROVED_BEFORE) + timedelta(hours=10) if effective else None,
        effective_date=effective,
        effective_at=_became_effective(planned, effective),
        obsolescence_date=_day(today, planned.obsolescence),
        next_review_date=_day(today, planned.review),
    )


def _first_transition(document: Document) -> Transition:
    return Transition(
        document=document,
        source=State.DRAFT,
        target=document.state,
        at=timezone.now(),
        by="seed_demo",
        reason="Demonstration data",
    )


def _add_workflows(staff: dict[str, User]) -> int:
    """Put each planned workflow on a document of its own."""
    if Workflow.objects.exists():
        return 0
    today, now = site_today(), timezone.now()
    documents = Document.objects.filter(state__in=(State.UNDER_REVIEW, State.PENDING_APPROVAL)).order_by("pk")
    workflows = [
        Workflow(
            document=document,
            kind=planned.kind,
            status=planned.status,
            assignee=staff[planned.assignee],
            manager=staff["admin"],
            due_date=today + timedelta(days=planned.due),
            completed_at=None if planned.status == Status.OPEN else now,
        )
        for planned, document in zip(plan.workflows(), documents, strict=False)
    ]
    return len(Workflow.objects.bulk_create(workflows))


def _content(planned: plan.DocumentPlan) -> bytes:
    lines = [planned.title, f"{planned.number}, version {planned.version}", ""]
    lines += [f"{step}. Step {step} of {planned.number}." for step in range(1, 21)]
    return "\n".join(lines).encode()


def _day(today: date, offset: int | None) -> date | None:
    return None if offset is None else today + timedelta(days=offset)


def _became_effective(planned: plan.DocumentPlan, effective: date | None) -> datetime | None:
    return start_of_day(effective) if effective and planned.state in WAS_EFFECTIVE else None

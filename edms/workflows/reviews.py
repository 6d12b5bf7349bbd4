"""Documents in force are reviewed again when their next review date comes."""

from __future__ import annotations

from datetime import timedelta

from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef, QuerySet

from edms.backlogs import backlog_by_date
from edms.batches import Watcher, for_each
from edms.documents.models import IN_FORCE, Document
from edms.notifications.outbox import send_after_commit
from edms.notifications.people import address_of
from edms.site_time import site_today
from edms.workflows.models import Kind, Status, Workflow
from runbell.domain.outcome import Backlog, Outcome

TIME_TO_REVIEW = timedelta(days=30)


def due() -> QuerySet[Document]:
    """Return the documents in force whose review date has come and for which no periodic review is open."""
    under_review = Workflow.objects.filter(document=OuterRef("pk"), kind=Kind.PERIODIC_REVIEW, status=Status.OPEN)
    return (
        Document.objects.filter(~Exists(under_review), state__in=IN_FORCE, next_review_date__lte=site_today())
        .select_related("owner")
        .order_by("next_review_date", "number", "version")
    )


def waiting() -> Backlog:
    """Count the documents that should be under periodic review and are not."""
    return backlog_by_date(due(), "next_review_date")


def process(run: Watcher) -> Outcome:
    """Open a periodic review for every document that is due."""
    return for_each(due(), open_review, run).outcome("periodic reviews opened", site_date=site_today().isoformat())


def open_review(document: Document) -> Workflow:
    """Give the document's owner 30 days to review it, and tell them.

    Raises:
        NoAddress: if the owner cannot be told.
    """
    address = address_of(document.owner)
    workflow = Workflow.objects.create(
        document=document,
        kind=Kind.PERIODIC_REVIEW,
        assignee=document.owner,
        manager_id=document.approver_id,
        due_date=site_today() + TIME_TO_REVIEW,
    )
    send_after_commit(_assignment(workflow, address))
    return workflow


def _assignment(workflow: Workflow, address: str) -> EmailMessage:
    document = workflow.document
    return EmailMessage(
        subject=f"Please review {document} by {workflow.due_date}",
        body=f"{document.title}\n\nIts periodic review was due on {document.next_review_date}.\n",
        to=[address],
    )

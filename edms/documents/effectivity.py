"""Approved documents become effective on their date; the version before them is superseded."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.utils import timezone

from edms.backlogs import backlog_by_date
from edms.batches import Watcher, for_each
from edms.documents import files
from edms.documents.lifecycle import ForbiddenTransition, move
from edms.documents.models import IN_FORCE, Document, State
from edms.notifications.outbox import send_after_commit
from edms.site_time import site_today
from runbell.domain.outcome import Backlog, Outcome


def due() -> QuerySet[Document]:
    """Return the approved documents whose effective date has come, in the order in which they take effect."""
    return (
        Document.objects.filter(state=State.APPROVED_PENDING_EFFECTIVE, effective_date__lte=site_today())
        .select_related("owner")
        .order_by("effective_date", "number", "version")
    )


def waiting() -> Backlog:
    """Count the documents that should be effective and are not; the oldest waits since its date began at the site."""
    return backlog_by_date(due(), "effective_date")


def process(run: Watcher) -> Outcome:
    """Make every document effective that is due."""
    tally = for_each(due(), make_effective, run)
    return tally.outcome("documents became effective", site_date=site_today().isoformat())


def make_effective(document: Document) -> None:
    """Make one document effective now, supersede the version before it, and tell its owner.

    Raises:
        FileFault: if its file is missing or has another size.
        ForbiddenTransition: if a later version is in force already, or the life cycle does not allow it.
    """
    files.check_present(document.file_path, document.file_size)
    _supersede_earlier(document)
    move(document, State.EFFECTIVE, reason=f"effective date {document.effective_date}")
    document.effective_at = timezone.now()
    document.save(update_fields=["effective_at"])
    if document.owner.email:
        send_after_commit(_announcement(document))


def _supersede_earlier(document: Document) -> None:
    others = Document.objects.select_for_update().filter(number=document.number, state__in=IN_FORCE)
    for other in others:
        if other.version > document.version:
            raise ForbiddenTransition(f"{document} cannot become effective: {other} is in force already")
        move(other, State.SUPERSEDED, reason=f"superseded by version {document.version}")


def _announcement(document: Document) -> EmailMessage:
    return EmailMessage(
        subject=f"{document} is effective",
        body=f"{document.title}\n\n{document} is effective since {document.effective_date}.\n",
        to=[document.owner.email],
    )

"""Documents go out of force on their obsolescence date."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.db.models import QuerySet

from edms.backlogs import backlog_by_date
from edms.batches import Watcher, for_each
from edms.documents.lifecycle import move
from edms.documents.models import Document, State
from edms.notifications.outbox import send_after_commit
from edms.site_time import site_today
from runbell.domain.outcome import Backlog, Outcome


def due() -> QuerySet[Document]:
    """Return the documents whose obsolescence date has come, earliest first."""
    return (
        Document.objects.filter(state=State.SCHEDULED_FOR_OBSOLESCENCE, obsolescence_date__lte=site_today())
        .select_related("owner")
        .order_by("obsolescence_date", "number", "version")
    )


def waiting() -> Backlog:
    """Count the documents that should be obsolete and are not; the oldest waits since its date began at the site."""
    return backlog_by_date(due(), "obsolescence_date")


def process(run: Watcher) -> Outcome:
    """Make every document obsolete that is due."""
    tally = for_each(due(), make_obsolete, run)
    return tally.outcome("documents became obsolete", site_date=site_today().isoformat())


def make_obsolete(document: Document) -> None:
    """Take one document out of force and tell its owner.

    Raises:
        ForbiddenTransition: if the life cycle does not allow it.
    """
    move(document, State.OBSOLETE, reason=f"obsolescence date {document.obsolescence_date}")
    if document.owner.email:
        send_after_commit(_announcement(document))


def _announcement(document: Document) -> EmailMessage:
    return EmailMessage(
        subject=f"{document} is obsolete",
        body=f"{document.title}\n\n{document} is obsolete since {document.obsolescence_date}. Do not work by it.\n",
        to=[document.owner.email],
    )

"""Work that is late: one reminder a day to whom it is assigned, and after seven days a word to the manager."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial

from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from edms.backlogs import backlog_by_date
from edms.batches import Tally, Watcher
from edms.notifications.models import Reminder
from edms.notifications.outbox import send_after_commit
from edms.notifications.people import NoAddress, address_of
from edms.site_time import site_today
from edms.workflows.models import Status, Workflow
from runbell.domain.outcome import Backlog, Outcome

ESCALATE_AFTER = timedelta(days=7)
"""How many days past its due date work may be before the manager is told."""
MAX_LISTED = 100
"""How many workflows one mail lists."""


def overdue() -> QuerySet[Workflow]:
    """Return the open work whose due date has passed, the oldest first."""
    return (
        Workflow.objects.filter(status=Status.OPEN, due_date__lt=site_today())
        .select_related("document", "assignee", "manager")
        .order_by("due_date", "pk")
    )


def to_remind() -> QuerySet[Workflow]:
    """Return the late work of people who were not reminded today."""
    reminded = Reminder.objects.filter(recipient=OuterRef("assignee"), day=site_today())
    return overdue().filter(~Exists(reminded))


def to_escalate() -> QuerySet[Workflow]:
    """Return the work that is late by seven days or more and that no manager knows of."""
    return overdue().filter(escalated_at__isnull=True, due_date__lte=site_today() - ESCALATE_AFTER)


def waiting() -> Backlog:
    """Count the workflows that somebody should have been told of today and was not."""
    untold = overdue().filter(Q(pk__in=to_remind().values("pk")) | Q(pk__in=to_escalate().values("pk")))
    return backlog_by_date(untold, "due_date", late_after=timedelta(days=1))


def process(run: Watcher) -> Outcome:
    """Remind every assignee of late work once today, and tell managers of what is late by seven days."""
    assignees = list(User.objects.filter(workflows__in=to_remind()).distinct().order_by("pk"))
    managers = list(User.objects.filter(managed_workflows__in=to_escalate()).distinct().order_by("pk"))
    reminders, escalations = Tally(), Tally()
    for done, assignee in enumerate(assignees):
        run.progress(done, len(assignees) + len(managers))
        reminders.attempt(assignee, partial(remind, tally=reminders))
    for done, manager in enumerate(managers):
        run.progress(len(assignees) + done, len(assignees) + len(managers))
        escalations.attempt(manager, partial(escalate, tally=escalations))
    for workflow in to_escalate().filter(manager__isnull=True):
        escalations.fail(str(workflow), NoAddress("it is late by seven days and has no manager"))
    return _outcome(reminders, escalations)


def remind(assignee: User, *, tally: Tally) -> None:
    """Send one person one mail with all their late work, unless they had one today.

    Raises:
        NoAddress: if they cannot be reached.
    """
    address = address_of(assignee)
    reminder, is_first = Reminder.objects.get_or_create(recipient=assignee, day=site_today())
    if not is_first:
        return
    late = list(overdue().filter(assignee=assignee)[:MAX_LISTED])
    message = EmailMessage(f"{_count(late)} of yours is late", _listing(late), to=[address])
    send_after_commit(message, on_failure=partial(_unsent_reminder, reminder, tally))


def escalate(manager: User, *, tally: Tally) -> None:
    """Send one manager one mail with all the work that is newly late by seven days.

    Raises:
        NoAddress: if they cannot be reached.
    """
    address = address_of(manager)
    late = list(to_escalate().filter(manager=manager).select_for_update(of=("self",)))
    if not late:
        return
    Workflow.objects.filter(pk__in=[workflow.pk for workflow in late]).update(escalated_at=timezone.now())
    body = f"Nobody acted on this for {ESCALATE_AFTER.days} days or more.\n\n{_listing(late[:MAX_LISTED])}"
    message = EmailMessage(f"Escalation: {_count(late)} is long overdue", body, to=[address])
    send_after_commit(message, on_failure=partial(_unsent_escalation, late, manager, tally))


def _unsent_reminder(reminder: Reminder, tally: Tally, error: Exception) -> None:
    """Forget the reminder, so that the next run tries again."""
    reminder.delete()
    tally.retract(reminder.recipient, error)


def _unsent_escalation(late: Iterable[Workflow], manager: User, tally: Tally, error: Exception) -> None:
    """Forget the escalation, so that the next run tries again."""
    Workflow.objects.filter(pk__in=[workflow.pk for workflow in late]).update(escalated_at=None)
    tally.retract(manager, error)


def _outcome(reminders: Tally, escalations: Tally) -> Outcome:
    return Outcome(
        processed=reminders.processed + escalations.processed,
        failed=reminders.failed + escalations.failed,
        message=f"{reminders.processed} people reminded, {escalations.processed} managers told",
        evidence={"reminders": reminders.processed, "escalations": escalations.processed}
        | {"failures": reminders.failures | escalations.failures, "site_date": site_today().isoformat()},
    )


def _count(late: list[Workflow]) -> str:
    return "1 workflow" if len(late) == 1 else f"{len(late)} workflows"


def _listing(late: Iterable[Workflow]) -> str:
    return "".join(
        f"- {workflow}, due {workflow.due_date}, {_days_late(workflow.due_date)} days late\n" for workflow in late
    )


def _days_late(due_date: date) -> int:
    return (site_today() - due_date).days

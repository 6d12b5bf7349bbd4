"""The daily report to the staff: how the system is, and what waits."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db.models import Count

from edms.batches import Tally, Watcher
from edms.documents import effectivity, obsolescence
from edms.documents.models import Document, State
from edms.notifications.outbox import send_after_commit
from edms.notifications.people import NoAddress, staff_with_address
from edms.scheduler.health import Measurement, measure_all
from edms.site_time import site_today
from edms.workflows import reviews, timeouts
from runbell.domain.outcome import Backlog, Outcome

BACKLOGS = {
    "Documents past their effective date": effectivity.waiting,
    "Documents past their obsolescence date": obsolescence.waiting,
    "Documents past their review date": reviews.waiting,
    "Late workflows nobody was told of": timeouts.waiting,
}


def send(run: Watcher) -> Outcome:
    """Mail the report to every member of the staff, each on their own.

    Raises:
        NoAddress: if nobody of the staff has an address.
    """
    staff = staff_with_address()
    if not staff:
        raise NoAddress("nobody of the staff has a mail address")
    health, tally = measure_all(), Tally()
    subject, body = _subject(health), compose(health)

    def post(person: User) -> None:
        message = EmailMessage(subject, body, to=[person.email])
        send_after_commit(message, on_failure=partial(tally.retract, person))

    for done, person in enumerate(staff):
        run.progress(done, len(staff))
        tally.attempt(person, post)
    return tally.outcome("reports sent", unhealthy=[part.part for part in health if not part.healthy])


def compose(health: Iterable[Measurement]) -> str:
    """Return the text of the report."""
    sections = {
        "Parts": [_health_line(measurement) for measurement in health],
        "Waiting": [_backlog_line(name, probe()) for name, probe in BACKLOGS.items()],
        "Documents": _document_lines(),
    }
    return "\n".join(f"{title}\n" + "".join(f"  {line}\n" for line in lines) for title, lines in sections.items())


def _subject(health: Iterable[Measurement]) -> str:
    broken = [measurement.part for measurement in health if not measurement.healthy]
    verdict = f"not healthy: {', '.join(broken)}" if broken else "all parts are healthy"
    return f"EDMS on {site_today()}: {verdict}"


def _health_line(measurement: Measurement) -> str:
    figures = ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in measurement.figures.items())
    return f"{measurement.part}: {'healthy' if measurement.healthy else measurement.message} ({figures})"


def _backlog_line(name: str, backlog: Backlog) -> str:
    since = f", since {backlog.oldest:%Y-%m-%d}" if backlog.oldest else ""
    return f"{name}: {backlog.count}{since}"


def _document_lines() -> list[str]:
    counted = dict(Document.objects.order_by().values_list("state").annotate(Count("pk")))
    return [f"{state.label}: {counted.get(state, 0)}" for state in State]

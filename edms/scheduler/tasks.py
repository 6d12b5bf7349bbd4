"""The ten tasks: what each is called, when it is due, and where its work is done."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from django.conf import settings
from django.core.mail import EmailMessage
from pydantic import Field

import runbell
from edms.documents import effectivity, integrity, obsolescence
from edms.notifications.people import NoAddress
from edms.scheduler import health, report
from edms.workflows import reviews, timeouts
from runbell import Outcome, Run, cron
from runbell.actions.prune import prune
from runbell.queries.audit_chain import verify_chain

DOCUMENTS, WORKFLOWS, SYSTEM = "Document life cycle", "Workflows", "System"
MINUTES_30, HOUR, TWO_HOURS = timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2)
HALF_A_DAY, A_DAY, A_WEEK = timedelta(hours=12), timedelta(days=1), timedelta(days=7)


@runbell.task(
    title="Document effective dates",
    category=DOCUMENTS,
    schedule=cron("0 * * * *"),
    expires=HOUR,
    catch_up=A_DAY,
    queue="scheduler",
    overlap="skip",
    rehearsal="rollback",
    backlog=effectivity.waiting,
)
def process_document_effective_dates(run: Run) -> Outcome:
    """Make approved documents effective on their date, and supersede the versions before them."""
    return effectivity.process(run)


@runbell.task(
    title="Document obsolescence dates",
    category=DOCUMENTS,
    schedule=cron("15 * * * *"),
    expires=HOUR,
    catch_up=A_DAY,
    queue="scheduler",
    overlap="skip",
    rehearsal="rollback",
    backlog=obsolescence.waiting,
)
def process_document_obsoletion_dates(run: Run) -> Outcome:
    """Take documents out of force on their obsolescence date."""
    return obsolescence.process(run)


@runbell.task(
    title="Workflow timeouts",
    category=WORKFLOWS,
    schedule=cron("0 */4 * * *"),
    expires=TWO_HOURS,
    catch_up=HALF_A_DAY,
    queue="scheduler",
    rehearsal="rollback",
    backlog=timeouts.waiting,
)
def check_workflow_timeouts(run: Run) -> Outcome:
    """Remind people of their late work once a day, and tell their managers after seven days."""
    return timeouts.process(run)


@runbell.task(
    title="System health check",
    category=SYSTEM,
    schedule=cron("*/30 * * * *"),
    expires=MINUTES_30,
    queue="scheduler",
)
def perform_system_health_check(run: Run) -> Outcome:
    """Measure database, broker, disk, memory, storage and mail by using each of them.

    It has no rehearsal: it writes a file and opens connections, which no rollback undoes.
    """
    return health.check(run)


@runbell.task(
    title="Periodic reviews",
    category=DOCUMENTS,
    schedule=cron("0 9 * * *", time_zone=settings.SITE_TIME_ZONE),
    expires=TWO_HOURS,
    catch_up=HALF_A_DAY,
    queue="scheduler",
    overlap="skip",
    rehearsal="rollback",
    backlog=reviews.waiting,
)
def process_periodic_reviews(run: Run) -> Outcome:
    """Open a review for every document in force whose next review date has come."""
    return reviews.process(run)


@runbell.task(
    title="Daily health report",
    category=SYSTEM,
    schedule=cron("0 7 * * *", time_zone=settings.SITE_TIME_ZONE),
    expires=HOUR,
    catch_up=HOUR,
    queue="scheduler",
    rehearsal="rollback",
)
def send_daily_health_report(run: Run) -> Outcome:
    """Mail the staff how the system is and what waits."""
    return report.send(run)


@runbell.task(
    title="Clean-up of old runs",
    category=SYSTEM,
    schedule=cron("0 3 * * *"),
    expires=HOUR,
    catch_up=HALF_A_DAY,
    queue="celery",
    overlap="skip",
    rehearsal="rollback",
)
def cleanup_celery_results(
    run: Run,  # noqa: ARG001 (every task takes the run)
    days_to_keep: Annotated[int, Field(ge=1, le=3650)] = 7,
    remove_revoked: bool = True,
) -> Outcome:
    """Delete finished runs older than so many days. Audit entries and missed occurrences stay."""
    pruned = prune(older_than=timedelta(days=days_to_keep), remove_revoked=remove_revoked)
    return Outcome(
        processed=pruned.runs,
        message=f"{pruned.runs} runs older than {days_to_keep} days deleted",
        evidence={"events": pruned.events, "log_lines": pruned.log_lines}
        | {"kept_for_evidence": pruned.kept_for_evidence, "complete": pruned.complete},
    )


@runbell.task(
    title="Daily integrity check",
    category=DOCUMENTS,
    schedule=cron("0 2 * * *"),
    expires=HOUR,
    catch_up=HALF_A_DAY,
    queue="celery",
    overlap="skip",
)
def run_daily_integrity_check(run: Run) -> Outcome:
    """Compare every document's file with the SHA-256 that was kept when it was stored.

    It has no rehearsal: it only reads, for as long as the disk takes.
    """
    return integrity.check_all(run)


@runbell.task(
    title="Audit trail verification",
    category=SYSTEM,
    schedule=cron("0 1 * * 0"),
    expires=TWO_HOURS,
    catch_up=A_WEEK,
    queue="celery",
    overlap="skip",
)
def verify_audit_trail_checksums(run: Run) -> Outcome:  # noqa: ARG001 (every task takes the run)
    """Recompute the whole chain of audit entries and name the first one that was changed, removed or inserted.

    It has no rehearsal: it only reads.
    """
    chain = verify_chain()
    broken, failed = chain.first_broken, 0 if chain.ok else 1
    return Outcome(
        processed=max(0, chain.checked + chain.unsealed - failed),
        failed=failed,
        message=broken.message if broken else f"{chain.checked} audit entries are as they were written",
        evidence={"checked": chain.checked, "unsealed": chain.unsealed, "head_hash": chain.head_hash}
        | ({"first_broken": vars(broken)} if broken else {}),
    )


@runbell.task(title="Test mail to yourself", category=SYSTEM, queue="scheduler", rehearsal="rollback")
def send_test_email_to_self(run: Run) -> Outcome:
    """Send a short mail to the person who asked for it, and to nobody else."""
    if not run.actor_email:
        raise NoAddress(f"{run.actor_name} has no mail address that a test mail could be sent to")
    body = f"This mail shows that mail leaves the system. {run.actor_name} asked for it.\n"
    EmailMessage("Test mail from the EDMS scheduler", body, to=[run.actor_email]).send()
    return Outcome(processed=1, message=f"one mail handed over for {run.actor_name}")

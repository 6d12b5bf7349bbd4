"""One requested execution."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q

from runbell.domain.states import FINISHED, State


class Trigger(models.TextChoices):
    """What made a run."""

    MANUAL = "manual"
    SCHEDULE = "schedule"
    RETRY = "retry"
    CELERY = "celery"
    """Sent by the application itself, past Runbell, and recorded when a worker started it."""


ASKED = Func(
    F("trigger"), F("actor"), template="(%(expressions)s)", arg_joiner=" || ' ' || ", output_field=models.TextField()
)
"""What made a run and who asked for it, as one text.

The one mostly follows from the other, which no planner knows: of two conditions it would take an index for one and
look through a million runs for the other.
"""


def asked_text(trigger: str, actor: str) -> str:
    """Return ``ASKED`` of what was made so and asked for by that actor."""
    return f"{trigger} {actor}"


class Run(models.Model):
    """One requested execution of a task, or one occurrence that was missed or skipped."""

    id = models.BigAutoField(primary_key=True)
    task_id = models.CharField(max_length=255, unique=True)
    """The Celery task id; what everybody outside the database calls the run's id."""
    task_name = models.CharField(max_length=255)
    celery_name = models.CharField(max_length=255)
    queue = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in State])
    explanation = models.TextField(blank=True, default="")
    """Why it is in that state, where that is not obvious: one sentence."""
    trigger = models.CharField(max_length=10, choices=Trigger.choices)
    params = models.JSONField(default=dict)
    dry_run = models.BooleanField(default=False)

    actor = models.CharField(max_length=255)
    actor_name = models.CharField(max_length=255)
    actor_email = models.CharField(max_length=254, blank=True, default="")
    limit_key = models.CharField(max_length=255, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    retry_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="retries", db_index=False)
    schedule_name = models.CharField(max_length=255, blank=True, default="")
    due_at = models.DateTimeField(null=True)
    idempotency_key = models.CharField(max_length=255, null=True)  # noqa: DJ001 (null keys do not collide)
    request_hash = models.CharField(max_length=64, blank=True, default="")
    overlap_key = models.CharField(max_length=255, null=True)  # noqa: DJ001 (as above)
    """The task's name while this run must be the only active one, which is unique; null otherwise and when finished."""
    in_line = models.CharField(max_length=255, null=True)  # noqa: DJ001 (null where it does not wait in a line)
    """The task's name while this run waits for the place that another one holds; it is not published meanwhile."""

    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    publish_attempts = models.PositiveIntegerField(default=0)
    publish_after = models.DateTimeField(null=True)
    """When the relay publishes it, or publishes it again if it still waits then. Null while a worker has it."""
    published_at = models.DateTimeField(null=True)
    """When the broker last took it."""

    attempt = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=255, blank=True, default="")
    worker_instance = models.CharField(max_length=32, blank=True, default="")
    worker_pid = models.PositiveIntegerField(null=True)
    cancel_requested_at = models.DateTimeField(null=True)
    cancel_requested_by = models.CharField(max_length=255, blank=True, default="")

    progress_done = models.PositiveBigIntegerField(null=True)
    progress_total = models.PositiveBigIntegerField(null=True)
    progress_message = models.CharField(max_length=255, blank=True, default="")
    processed = models.PositiveBigIntegerField(null=True)
    failed = models.PositiveBigIntegerField(null=True)
    result = models.JSONField(null=True)
    error = models.TextField(blank=True, default="")
    traceback = models.TextField(blank=True, default="")
    rehearsal = models.JSONField(null=True)
    log_lines_cut = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ("view",)
        permissions = (
            ("trigger_run", "Can trigger a run"),
            ("cancel_run", "Can cancel a run"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["schedule_name", "due_at"], condition=Q(due_at__isnull=False), name="runbell_run_one_occurrence"
            ),
            models.UniqueConstraint(
                fields=["actor", "idempotency_key"],
                condition=Q(idempotency_key__isnull=False),
                name="runbell_run_idempotent",
            ),
            models.UniqueConstraint(
                fields=["overlap_key"], condition=Q(overlap_key__isnull=False), name="runbell_run_one_place"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="runbell_run_state_known"
            ),
            models.CheckConstraint(condition=Q(trigger__in=Trigger.values), name="runbell_run_trigger_known"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in sorted(FINISHED)], finished_at__isnull=False)
                | (~Q(state__in=[state.value for state in sorted(FINISHED)]) & Q(finished_at__isnull=True)),
                name="runbell_run_finished",
            ),
        )
        indexes = (
            models.Index(F("requested_at").desc(), F("id").desc(), name="runbell_run_recent"),
            models.Index(
                F("task_name"),
                F("requested_at").desc(),
                F("id").desc(),
                F("dry_run"),
                F("state"),
                F("task_id"),
                F("trigger"),
                F("actor"),
                name="runbell_run_of_task",
            ),
            models.Index(
                F("task_name"),
                F("state"),
                F("requested_at").desc(),
                F("id").desc(),
                F("dry_run"),
                name="runbell_run_task_state",
            ),
            models.Index(F("state"), F("requested_at").desc(), F("id").desc(), name="runbell_run_state"),
            models.Index(ASKED, F("requested_at").desc(), F("id").desc(), name="runbell_run_asked"),
            models.Index(F("trigger"), F("requested_at").desc(), F("id").desc(), name="runbell_run_trigger"),
            models.Index(F("publish_after"), condition=Q(publish_after__isnull=False), name="runbell_run_relay"),
            models.Index(F("worker_instance"), condition=Q(state=State.STARTED.value), name="runbell_run_started"),
            models.Index(
                F("queue"), F("requested_at"), condition=Q(finished_at__isnull=True), name="runbell_run_active"
            ),
            models.Index(F("in_line"), F("id"), condition=Q(in_line__isnull=False), name="runbell_run_line"),
            models.Index(F("retry_of"), condition=Q(retry_of__isnull=False), name="runbell_run_retries"),
            models.Index(F("limit_key"), F("requested_at"), condition=~Q(limit_key=""), name="runbell_run_limit"),
        )

    def __str__(self) -> str:
        return f"{self.task_name}[{self.task_id}]"

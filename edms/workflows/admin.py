"""Workflows in Django's admin."""

from __future__ import annotations

from django.contrib import admin

from edms.workflows.models import Workflow


@admin.register(Workflow)
class WorkflowAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic when it runs
    """Workflows by due date, filtered by status."""

    list_display = ("document", "kind", "status", "assignee", "manager", "due_date", "escalated_at")
    list_filter = ("status", "kind", "assignee")
    list_select_related = ("document", "assignee", "manager")
    raw_id_fields = ("document",)

"""Documents in Django's admin, to be looked at: only the life cycle moves them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from edms.documents.models import Document, Transition


class ReadOnly:
    """Nothing is added, changed or deleted by hand."""

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Return False."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Return False."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Return False."""
        return False


class TransitionInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg] # not generic when it runs
    """The history below a document."""

    model = Transition


@admin.register(Document)
class DocumentAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg] # not generic when it runs
    """Documents by number, filtered by state."""

    list_display = ("number", "version", "title", "state", "effective_date", "obsolescence_date", "next_review_date")
    list_filter = ("state",)
    search_fields = ("number", "title")
    inlines = (TransitionInline,)

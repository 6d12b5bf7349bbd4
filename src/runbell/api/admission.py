"""What the view of a trigger tells the server in front of it: that this caller was let in, and to what."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from runbell.actions.tokens import remembered_until
from runbell.api.links import Links
from runbell.domain.actors import Actor

ADMITTED = "runbell.admitted"
"""The name under which it stands in the scope of an ASGI request."""


@dataclass(frozen=True)
class Admission:
    """A caller with an API token that was let trigger a task.

    Args:
        actor: the caller.
        task_name: the task's immutable name.
        links: where its request found the API.
        until: how long the process goes by what it knows of the caller, monotonic seconds; 0 for not at all.
    """

    actor: Actor
    task_name: str
    links: Links
    until: float


def note_admission(request: HttpRequest, actor: Actor, task_name: str) -> None:
    """Leave word in the request's ASGI scope, if it has one and the caller an API token."""
    scope = getattr(request, "scope", None)
    if scope is not None and actor.token:
        scope[ADMITTED] = Admission(actor, task_name, Links(), remembered_until(actor.token))

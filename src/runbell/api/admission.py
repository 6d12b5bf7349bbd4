"""What the view of a trigger tells the server in front of it: that this caller was let in, and to what."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

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
        content: the body of the view's answer, before any middleware changed it.
    """

    actor: Actor
    task_name: str
    links: Links
    content: bytes


def note_admission(request: HttpRequest, actor: Actor, task_name: str, content: bytes) -> None:
    """Leave word in the request's ASGI scope, if it has one and the process goes by what it knows of the caller."""
    scope = getattr(request, "scope", None)
    if scope is not None and actor.known_until:
        scope[ADMITTED] = Admission(actor, task_name, Links(), content)

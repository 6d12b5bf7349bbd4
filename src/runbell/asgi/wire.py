"""A trigger as it stands on the wire of ASGI: reading it without Django's request, answering without its response."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from pydantic import ValidationError

from runbell.api import body
from runbell.api.errors import respond
from runbell.api.problems import Problem
from runbell.api.schemas.triggers import TriggerIn
from runbell.catalog import catalog
from runbell.conf import settings
from runbell.domain.errors import RunbellError
from runbell.domain.tasks import TaskDefinition

VARYING = frozenset({b"content-length", b"idempotency-key"})
"""Headers of requests that say something of the body, not of the caller."""
OF_ITS_OWN = frozenset({b"content-length", b"content-type", b"location", b"idempotency-replayed"})
"""Headers of answers that say something of the run, not of the server."""
MADE_FOR_ONE = frozenset({b"set-cookie", b"content-encoding", b"transfer-encoding"})
"""Headers of answers that hold for no other answer."""
BEARER = "bearer"
ACCEPTED = 202

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class TriggerRequest:
    """A trigger by API token.

    Args:
        caller: digest of all that middleware and guards could look at: requests alike in it are let in alike.
        task: what it asks for.
        given: its body.
        secret: the API token.
        idempotency_key: its header, or None.
    """

    caller: bytes
    task: TaskDefinition
    given: TriggerIn
    secret: str
    idempotency_key: str | None

    @property
    def key(self) -> tuple[bytes, str]:
        """What an admission holds for: this caller, and this task."""
        return self.caller, self.task.name


@dataclass
class Overheard:
    """An answer of the ordinary way."""

    status: int = 0
    headers: Headers = field(default_factory=list)
    content: bytes = b""

    def note(self, message: Any) -> None:
        """Take in one more message of it."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = [(bytes(name).lower(), bytes(value)) for name, value in message.get("headers", ())]
        else:
            self.content += message.get("body", b"")

    def is_as_made(self, content: bytes) -> bool:
        """Return whether it is what the view answered, with nothing in it for its caller alone."""
        names = {name for name, _ in self.headers}
        return self.status == ACCEPTED and self.content == content and not names & MADE_FOR_ONE


async def take(receive: Any) -> list[Any]:
    """Return the messages of a request's body, at most as many as hold the largest one that the API reads."""
    messages, left = [await receive()], settings().MAX_BODY
    while messages[-1].get("more_body") and (left := left - len(messages[-1].get("body", b""))) >= 0:
        messages.append(await receive())
    return messages


def read_trigger(scope: Any, messages: list[Any]) -> TriggerRequest | None:
    """Return what an ASGI scope and its messages ask for; None if it is no plain trigger by token, whole."""
    if messages[-1]["type"] != "http.request" or messages[-1].get("more_body"):
        return None
    content = b"".join(message.get("body", b"") for message in messages)
    headers = dict(scope["headers"])
    scheme, _, secret = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if scheme.lower() != BEARER or len(content) > settings().MAX_BODY or len(headers) < len(scope["headers"]):
        return None  # what to make of a header that comes twice is not decided here
    try:
        given = TriggerIn.model_validate(body.parse(content))
        key = headers.get(b"idempotency-key")
        return TriggerRequest(
            caller=_caller(scope),
            task=catalog.resolve(given.task_name),
            given=given,
            secret=secret.strip(),
            idempotency_key=body.checked_key(key.decode("latin-1")) if key is not None else None,
        )
    except (Problem, ValidationError, RunbellError):
        return None


def _caller(scope: Any) -> bytes:
    """Digest it: it holds the token, and is as long as its caller likes."""
    parts = [scope.get(name) for name in ("scheme", "http_version", "server", "root_path", "path", "query_string")]
    address = scope["client"][0] if scope.get("client") else ""
    headers = [header for header in scope["headers"] if header[0] not in VARYING]
    return hashlib.sha256(repr((address, parts, scope.get("extensions"), headers)).encode()).digest()


def replaying(messages: list[Any], receive: Any) -> Any:
    """Return a ``receive`` that gives the messages that were taken already, and then goes on."""
    taken = iter(messages)

    async def replay() -> Any:
        message = next(taken, None)
        return message if message is not None else await receive()

    return replay


def problem_of(scope: Any, error: Exception) -> HttpResponse:
    """Return the problem document of an exception."""
    request = HttpRequest()
    request.method, request.path = scope["method"], scope["path"]
    return respond(request, error)


def headers_of(response: HttpResponse) -> Headers:
    """Return a response's own headers."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.items()]


async def send_answer(send: Any, status: int, headers: Headers, content: bytes) -> None:
    """Send a whole answer."""
    headers.append((b"content-length", str(len(content)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})

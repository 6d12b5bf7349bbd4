"""What the tests of the API share: people with tokens and sessions, tasks, runs, clients that check every answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission as DjangoPermission
from django.test import Client
from django.utils import timezone
from django.utils.encoding import escape_uri_path

from runbell.actions.tokens import create_token
from runbell.api import remembered
from runbell.domain.actors import Permission, command_line_actor
from runbell.domain.ids import new_run_id
from runbell.domain.states import FINISHED, State
from runbell.domain.tasks import TaskDefinition
from runbell.models import Run
from runbell.queries import statistics
from tests.integration.conftest import declare, dispatcher, exclusive

__all__ = ["declare", "dispatcher", "exclusive"]

API = "/api/v1/scheduler/"
PROBLEM = "application/problem+json"
ROLES: dict[str, tuple[Permission, ...]] = {
    "nobody": (),
    "viewer": (Permission.VIEW,),
    "starter": (Permission.TRIGGER,),
    "canceller": (Permission.CANCEL,),
    "pauser": (Permission.PAUSE,),
    "auditor": (Permission.VIEW_AUDIT,),
    "everything": tuple(Permission),
}


@dataclass(frozen=True)
class Answer:
    """A response that was checked for what every response promises."""

    response: Any
    status: int
    headers: Any

    @property
    def json(self) -> Any:
        return json.loads(self.response.content)


@dataclass(frozen=True)
class Caller:
    """Somebody who calls the API; every refusal is checked to be a problem document."""

    client: Client

    def get(self, path: str, **options: Any) -> Answer:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Answer:
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        options.setdefault("content_type", "application/json")
        return self.call("POST", path, data=data, **options)

    def put(self, path: str, body: Any) -> Answer:
        return self.call("PUT", path, data=json.dumps(body).encode(), content_type="application/json")

    def delete(self, path: str) -> Answer:
        return self.call("DELETE", path)

    def call(self, method: str, path: str, **options: Any) -> Answer:
        address = path if path.startswith("/") else API + path
        response = self.client.generic(method, address, **options)
        answer = Answer(response, response.status_code, response.headers)
        if answer.status >= 400:
            check_problem(answer, address)
        return answer


def check_problem(answer: Answer, address: str) -> None:
    """Fail unless the answer is a problem document that also says what older clients read."""
    assert answer.headers["Content-Type"] == PROBLEM
    document = answer.json
    assert document["status"] == answer.status
    assert document["type"].startswith("urn:runbell:problem:")
    assert document["title"]
    assert document["detail"] == document["error"]
    assert document["success"] is False
    assert document["instance"] == escape_uri_path(unquote(address.partition("?")[0]))
    assert "Traceback" not in answer.response.content.decode()
    if answer.status in {429, 503}:
        assert int(answer.headers["Retry-After"]) >= 1
    if answer.status == 401:
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.fixture
def people(db: None) -> dict[str, Any]:
    """One user for each role."""
    return {role: make_user(role, permissions) for role, permissions in ROLES.items()}


def make_user(name: str, permissions: tuple[str, ...] = (), **fields: Any) -> Any:
    """Return a new user with some permissions."""
    user = get_user_model().objects.create_user(name, email=f"{name}@example.com", **fields)
    codenames = [str(permission).partition(".")[2] for permission in permissions]
    user.user_permissions.set(DjangoPermission.objects.filter(codename__in=codenames))
    return user


def token_of(user: Any) -> str:
    """Return a new API token of a user."""
    return create_token(user.get_username(), actor=command_line_actor("tests")).secret


def by_token(user: Any, **options: Any) -> Caller:
    """Return a caller with an API token, with every CSRF check on."""
    headers = {"Authorization": f"Bearer {token_of(user)}", **options.pop("headers", {})}
    return Caller(Client(enforce_csrf_checks=True, raise_request_exception=False, headers=headers, **options))


def by_session(user: Any, *, csrf: bool = True) -> Caller:
    """Return a caller who is logged in, with or without the CSRF token."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(user)
    if csrf:
        client.cookies["csrftoken"] = "a" * 32
        client.defaults["HTTP_X_CSRFTOKEN"] = "a" * 32
    return Caller(client)


@pytest.fixture
def anonymous() -> Caller:
    """Nobody."""
    return Caller(Client(enforce_csrf_checks=True, raise_request_exception=False))


@pytest.fixture
def everything(people: dict[str, Any]) -> Caller:
    """Somebody with a token who may do everything."""
    return by_token(people["everything"])


@pytest.fixture(autouse=True)
def _counted_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Look at the database at every request: the tests change rows that no event tells of."""
    monkeypatch.setattr(remembered, "MAX_AGE", 0.0)
    statistics.forget()
    yield
    statistics.forget()


@pytest.fixture
def tidy_up(dispatcher: Any, declare: Callable[..., TaskDefinition]) -> TaskDefinition:
    """A task with a parameter and a dry run."""
    return declare("tidy_up", rehearsal=True, celery_name="app.tasks.tidy_up", queue="scheduler")


def add_run(task_name: str = "tidy_up", state: State = State.SUCCESS, at: datetime | None = None, **fields: Any) -> Run:
    """Write a run into the ledger as if it had happened."""
    at = at or timezone.now()
    finished = {"finished_at": at + timedelta(seconds=2), "started_at": at + timedelta(seconds=1)}
    defaults = {
        "task_id": new_run_id(),
        "celery_name": f"app.tasks.{task_name}",
        "queue": "scheduler",
        "trigger": "manual",
        "actor": "user:anna",
        "actor_name": "Anna",
        "requested_at": at,
        **(finished if state in FINISHED else {}),
    }
    return Run.objects.create(task_name=task_name, state=state.value, **defaults | fields)

"""The short way of triggers that come in numbers: who may take it, and that nothing else is different there."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Callable
from typing import Annotated, Any
from unittest.mock import patch

import httpx
import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from pydantic import AfterValidator, BaseModel

from runbell.actions.pause import pause_task
from runbell.actions.tokens import is_remembered, revoke_token
from runbell.actions.trigger import draft_for
from runbell.asgi import ThreadedHandler
from runbell.asgi.express import Express
from runbell.asgi.wire import _caller
from runbell.conf import get_dispatcher
from runbell.domain.actors import Actor, Permission
from runbell.domain.tasks import Overlap, TaskDefinition
from runbell.ledger import groups, runs
from runbell.ledger.members import Caller
from runbell.models import AuditEntry, Run
from runbell.queries import pauses
from runbell.testing import FakeDispatcher
from tests.api.conftest import API, make_user, token_of
from tests.support.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

PATH = f"{API}monitoring/manual-trigger/"
BODY = {"task_name": "tidy_up"}
seen: list[str] = []


def counting(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Stand for a project's middleware: it sees who takes the ordinary way, and adds a header to every answer."""

    def count(request: HttpRequest) -> HttpResponse:
        seen.append(request.path)
        response = get_response(request)
        response["X-Project"] = "ours"
        wants = request.headers.get("X-Wants", "")
        if wants == "cookie":
            response.set_cookie("a", "b")
        elif wants == "gzip":
            response["Content-Encoding"] = "identity"
        elif wants == "other words":
            response.content += b" "
        return response

    return count


class Site:
    """A project under Runbell's ASGI application, asked over HTTP by one caller with a token."""

    def __init__(self, user: Any) -> None:
        self.app = Express(ThreadedHandler(threads=2))
        self.secret = token_of(user)
        self.headers = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"}

    def post(self, body: Any, *, headers: Any = None, at_once: int = 1) -> list[httpx.Response]:
        """Send the same trigger so many times at once, on an event loop of its own."""

        async def send() -> list[httpx.Response]:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                content = body if isinstance(body, bytes) else json.dumps(body).encode()
                sent = headers if isinstance(headers, list) else self.headers | (headers or {})
                return await asyncio.gather(*(client.post(PATH, content=content, headers=sent) for _ in range(at_once)))

        return asyncio.run(send())

    def trigger(self, **fields: Any) -> httpx.Response:
        return self.post({"task_name": "tidy_up"} | fields)[0]

    def warm(self, **fields: Any) -> None:
        """Be known: once to learn the address, once to learn the caller."""
        for _ in range(2):
            assert self.trigger(**fields).status_code == 202
        seen.clear()


on_postgresql = pytest.mark.skipif(
    "connections['default'].vendor != 'postgresql'", reason="the short way is PostgreSQL's"
)


@pytest.fixture
def user(db: None) -> Any:
    return make_user("starter", (Permission.TRIGGER,))


@pytest.fixture
def site(
    user: Any, dispatcher: FakeDispatcher, declare: Callable[..., TaskDefinition], settings: Any, monkeypatch: Any
) -> Site:
    declare("tidy_up", rehearsal=True)
    settings.RUNBELL = settings.RUNBELL | {"EXPRESS": True, "TOKEN_MEMORY": 60.0}
    settings.MIDDLEWARE = [f"{__name__}.counting", *settings.MIDDLEWARE]
    # Threads outlive the test; their connections to its database must not.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    pauses.forget()
    seen.clear()
    return Site(user)


def fake() -> FakeDispatcher:
    dispatcher = get_dispatcher()
    assert isinstance(dispatcher, FakeDispatcher)
    return dispatcher


@on_postgresql
def test_a_known_caller_goes_past_the_middleware_and_is_answered_and_written_down_the_same(site: Site) -> None:
    site.post({"task_name": "tidy_up"})
    ordinary = site.trigger(params={"days": 3}, reason="inspection")
    seen.clear()
    short = site.trigger(params={"days": 3}, reason="inspection")

    assert not seen
    its_own = {"task_id": "", "execution_time": "", "links": ""}
    assert short.status_code == ordinary.status_code == 202
    assert short.json() | its_own == ordinary.json() | its_own
    assert {name: value for name, value in short.headers.items() if name != "location"} == {
        name: value for name, value in ordinary.headers.items() if name != "location"
    }
    assert short.headers["Location"] == f"{API}runs/{short.json()['task_id']}/"

    first, second = (Run.objects.get(task_id=each.json()["task_id"]) for each in (ordinary, short))
    same = ("task_name", "params", "reason", "actor", "actor_name", "actor_email", "limit_key", "trigger", "state")
    assert [getattr(first, name) for name in same] == [getattr(second, name) for name in same]
    assert [event.kind for event in second.events.order_by("id")] == ["ACCEPTED", "QUEUED"]
    entries = [AuditEntry.objects.get(task_id=run.task_id) for run in (first, second)]
    assert entries[0].ip_address == entries[1].ip_address == "127.0.0.1"
    assert entries[0].user_agent == entries[1].user_agent != ""


@on_postgresql
def test_many_at_once_are_each_written_once_and_handed_over_once(site: Site) -> None:
    site.warm()
    answers = site.post({"task_name": "tidy_up"}, at_once=50)
    ids = {answer.json()["task_id"] for answer in answers}
    assert not seen
    assert {answer.status_code for answer in answers} == {202}
    assert len(ids) == 50
    assert ids <= set(Run.objects.values_list("task_id", flat=True))
    assert ids <= {message.run_id for message in fake().messages}


def test_everybody_takes_the_ordinary_way_unless_the_project_asked_for_the_short_one(site: Site, settings: Any) -> None:
    settings.RUNBELL = settings.RUNBELL | {"EXPRESS": False}
    for _ in range(4):
        assert site.trigger().status_code == 202
    assert len(seen) == 4


def test_who_is_not_known_by_every_header_takes_the_ordinary_way(site: Site) -> None:
    site.warm()
    site.post({"task_name": "tidy_up"}, headers={"X-Forwarded-For": "192.0.2.1"})
    assert len(seen) == 1
    assert site.post({"task_name": "tidy_up"}, headers={"Authorization": "Bearer rb_nobody"})[0].status_code == 401
    assert len(seen) == 2


def test_a_token_that_was_revoked_is_refused_at_once(site: Site, user: Any, operator: Actor) -> None:
    site.warm()
    prefix = "_".join(site.headers["Authorization"].removeprefix("Bearer ").split("_")[:2])
    revoke_token(prefix, actor=operator)
    assert site.trigger().status_code == 401


def test_a_permission_that_was_taken_away_is_missed_when_the_memory_of_it_ends(
    site: Site, user: Any, settings: Any
) -> None:
    settings.RUNBELL = settings.RUNBELL | {"TOKEN_MEMORY": 0.4}
    site.warm()
    user.user_permissions.clear()
    wait_until(lambda: site.trigger().status_code == 403, 5, "the caller may not any more")
    assert AuditEntry.objects.filter(action="TASK_EXECUTION_DENIED").exists()


def test_being_let_trigger_one_task_lets_nobody_trigger_another(
    site: Site, declare: Callable[..., TaskDefinition]
) -> None:
    declare("guarded", permission="runbell.manage_tokens")
    site.warm()
    assert site.post({"task_name": "guarded"})[0].status_code == 403
    assert not Run.objects.filter(task_name="guarded").exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"task_name": "tidy_up", "params": {"days": 0}}, 422),
        ({"task_name": "tidy_up", "dry-run": True}, 400),
        ({"task_name": "tidy_down"}, 404),
        (b"{", 400),
        (b'"' + b"x" * 70_000 + b'"', 413),
    ],
)
def test_what_is_refused_is_refused_as_ever(site: Site, body: Any, status: int) -> None:
    site.warm()
    before = Run.objects.count()
    answer = site.post(body)[0]
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Project"] == "ours"
    assert Run.objects.count() == before


@pytest.mark.parametrize("overlap", [Overlap.SKIP, Overlap.QUEUE])
def test_an_overlap_is_found_out_as_ever(site: Site, declare: Callable[..., TaskDefinition], overlap: Overlap) -> None:
    declare("alone", overlap=overlap)
    first = site.post({"task_name": "alone"})[0].json()
    for _ in range(2):
        Run.objects.update(state="SUCCESS", finished_at=timezone.now(), overlap_key=None)
        first = site.post({"task_name": "alone"})[0].json()
    second = site.post({"task_name": "alone"})[0]
    if overlap is Overlap.SKIP:
        assert (second.status_code, second.json()["conflicting_run"]) == (409, first["task_id"])
    else:
        assert (second.status_code, second.json()["status"]) == (202, "waiting")


def test_the_same_key_gives_the_same_run(site: Site) -> None:
    site.warm()
    key = {"Idempotency-Key": "k"}
    first, again = (site.post({"task_name": "tidy_up"}, headers=key)[0] for _ in range(2))
    assert first.json()["task_id"] == again.json()["task_id"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert site.post({"task_name": "tidy_up"}, headers={"Idempotency-Key": "\x00"})[0].status_code == 400
    assert Run.objects.count() == 3


def test_a_dry_run_is_one_here_too(site: Site) -> None:
    site.warm()
    answer = site.trigger(dry_run=True).json()
    assert answer["dry_run"] is True
    assert Run.objects.get(task_id=answer["task_id"]).dry_run


def test_a_limit_is_kept(site: Site, settings: Any) -> None:
    settings.RUNBELL = settings.RUNBELL | {"TRIGGERS_PER_MINUTE": 3}
    assert [site.trigger().status_code for _ in range(5)] == [202, 202, 202, 429, 429]


@pytest.mark.parametrize("fault", ["down", "slow"])
def test_a_broker_that_is_away_leaves_the_run_in_the_ledger(site: Site, fault: str) -> None:
    site.warm()
    setattr(fake(), fault, True)
    answer = site.trigger()
    assert (answer.status_code, answer.json()["status"]) == (202, "accepted")
    assert Run.objects.get(task_id=answer.json()["task_id"]).state == "ACCEPTED"


def test_a_pause_is_said(site: Site, operator: Actor, declare: Callable[..., TaskDefinition]) -> None:
    declare("every_minute", interval=60)
    for _ in range(3):
        assert site.post({"task_name": "every_minute"})[0].json()["paused"] is False
    pause_task("every_minute", reason="stocktaking", actor=operator)
    pauses.forget()
    assert site.post({"task_name": "every_minute"})[0].json()["paused"] is True


@on_postgresql
def test_a_ledger_that_fails_is_a_problem_document_and_never_a_second_try(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.warm()
    tries: list[int] = []
    really = groups.in_one_statement

    def lose_the_answer(*args: Any) -> list[int]:
        tries.append(len(really(*args)))
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(groups, "in_one_statement", lose_the_answer)
    before = Run.objects.count()
    answer = site.trigger()
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:runbell:problem:ledger-unavailable"
    assert int(answer.headers["Retry-After"]) >= 1
    assert (tries, Run.objects.count()) == ([1], before + 1)


def test_an_answer_with_a_cookie_of_its_own_makes_nobody_known(site: Site) -> None:
    for _ in range(4):
        site.post({"task_name": "tidy_up"}, headers={"X-Wants": "cookie"})
    assert len(seen) == 4


def test_no_more_than_so_many_are_on_the_short_way_at_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.warm()
    monkeypatch.setattr("runbell.asgi.express.MAX_UNDER_WAY", 0)
    assert site.trigger().status_code == 202
    assert len(seen) == 1


@on_postgresql
def test_one_request_renews_what_is_known_while_the_others_go_on(site: Site, settings: Any) -> None:
    settings.RUNBELL = settings.RUNBELL | {"TOKEN_MEMORY": 1.0}
    site.warm()
    wait_until(lambda: bool(site.trigger() and seen), 5, "one takes the ordinary way again")
    seen.clear()
    assert site.trigger().status_code == 202
    assert not seen


class Slowly(BaseModel):
    """Parameters whose check runs code of the project's own, which asks the database."""

    who: Annotated[str, AfterValidator(lambda name: name if get_user_model().objects.exists() else "")] = "me"


def test_parameters_that_the_project_checks_itself_are_not_checked_on_the_event_loop(
    site: Site, declare: Callable[..., TaskDefinition]
) -> None:
    declare("checked", params_model=Slowly)
    for number in range(1, 5):
        assert site.post({"task_name": "checked"})[0].status_code == 202
        assert len(seen) == number


@pytest.mark.parametrize(("wants", "header"), [("gzip", "Content-Encoding"), ("other words", "X-Project")])
def test_an_answer_that_middleware_changed_is_nobody_else_s(site: Site, wants: str, header: str) -> None:
    for number in range(1, 5):
        answer = site.post({"task_name": "tidy_up"}, headers={"X-Wants": wants})[0]
        assert header in answer.headers
        assert len(seen) == number


@on_postgresql
def test_a_slow_answer_lets_nobody_in_again(site: Site, user: Any, settings: Any) -> None:
    settings.RUNBELL = settings.RUNBELL | {"TOKEN_MEMORY": 0.3}
    site.warm()
    outcome: list[int] = []

    def ask() -> httpx.Response:
        return site.post(BODY, headers={"X-New": "1"})[0]

    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("LOCK TABLE runbell_run IN EXCLUSIVE MODE")
        waiting = threading.Thread(
            target=lambda: outcome.append(site.post(BODY, headers={"X-New": "1"})[0].status_code)
        )
        waiting.start()
        wait_until(lambda: bool(seen), 5, "it takes the ordinary way, and waits for the lock")
        type(user).objects.filter(pk=user.pk).update(is_active=False)
        wait_until(lambda: not is_remembered(site.secret), 5, "what was known of the caller is over")
    waiting.join(10)
    assert outcome == [202]
    assert ask().status_code == 401


@pytest.mark.parametrize("name", ["Idempotency-Key", "X-Anything"])
def test_a_header_that_comes_twice_takes_the_ordinary_way(site: Site, name: str) -> None:
    site.warm()
    twice = [*site.headers.items(), (name, "a"), (name, "b")]
    for number in range(1, 4):
        site.post(BODY, headers=twice)
        assert len(seen) == number


@on_postgresql
def test_without_its_thread_everybody_takes_the_ordinary_way(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    group = groups._group_of("default", os.getpid())
    monkeypatch.setattr(group._scribe, "_thread", None)

    def cannot(self: Any) -> None:
        raise RuntimeError("can't start new thread")

    site.warm()
    with patch.object(threading.Thread, "start", cannot):
        assert group.has_a_scribe() is False
    assert group.has_a_scribe() is True


@on_postgresql
def test_the_host_that_was_asked_is_part_of_who_asks(site: Site) -> None:
    scope = {"scheme": "http", "path": PATH, "query_string": b"", "headers": [], "client": ("192.0.2.1", 1)}
    here, there = (_caller(scope | {"server": (host, 80)}) for host in ("127.0.0.1", "127.0.0.2"))
    assert here != there


@on_postgresql
def test_a_run_whose_answer_got_lost_is_found_when_it_is_tried_again(
    site: Site, anna: Actor, declare: Callable[..., TaskDefinition], monkeypatch: pytest.MonkeyPatch
) -> None:
    task = declare("lost_answer")
    drafts = [draft_for(task, anna, {}, dry_run=False, reason="") for _ in range(2)]
    really, lost = groups.in_one_statement, []

    def lose_the_first_answer(connection: Any, openings: Any) -> list[int]:
        keys = really(connection, openings)
        if len(openings) > 1:
            lost.extend(keys)
            raise OperationalError("server closed the connection unexpectedly")
        return keys

    monkeypatch.setattr(groups, "in_one_statement", lose_the_first_answer)
    told: list[Any] = []
    members = [
        Caller(runs._opening(draft), lambda: told.append("there"), told.append, lambda: None) for draft in drafts
    ]
    groups._insert(connections["default"], list(members))
    assert told == ["there", "there"]
    assert Run.objects.filter(task_name="lost_answer").count() == len(lost) == 2


@on_postgresql
def test_of_many_that_come_at_once_one_is_let_in_the_ordinary_way_and_the_others_after_it(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runbell.asgi.express.PATIENCE", 5.0)
    site.post(BODY)
    seen.clear()
    answers = site.post(BODY, at_once=30)
    assert {answer.status_code for answer in answers} == {202}
    assert len(seen) == 1


@on_postgresql
def test_nobody_waits_for_long_for_who_is_let_in_first(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runbell.asgi.express.PATIENCE", 0.0)
    site.post(BODY)
    seen.clear()
    assert {answer.status_code for answer in site.post(BODY, at_once=5)} == {202}
    assert len(seen) == 5

"""The event stream: what happens is told within a second, by one query a look however many listen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from runbell.actions.tokens import create_token
from runbell.actions.trigger import trigger
from runbell.api import broadcast
from runbell.asgi import ThreadedHandler
from runbell.domain.actors import Actor
from runbell.domain.tasks import TaskDefinition
from runbell.queries import feed
from runbell.queries.feed import Feed
from runbell.testing import FakeDispatcher
from tests.support.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
Declare = Callable[..., TaskDefinition]


@pytest.fixture
def token(django_user_model: Any, operator: Actor) -> str:
    django_user_model.objects.create_superuser("watcher")
    return create_token("watcher", actor=operator).secret


@pytest.fixture(autouse=True)
def _settled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The watcher's thread and the pool's must not hold the test's database."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    monkeypatch.setattr(broadcast, "LOOK_EVERY", 0.02)
    yield
    wait_until(lambda: not broadcast.broadcast._watching, 5, "the watcher has stopped")


class Browser:
    """Listens as a browser does, until it has heard enough."""

    def __init__(self, token: str, enough: int, counted: bytes = b"event: change") -> None:
        self.status = 0
        self.heard: list[bytes] = []
        self.open = asyncio.Event()
        self._enough, self._counted = enough, counted
        self._left = asyncio.Event()
        self._asked = False
        self._scope = {
            "type": "http",
            "method": "GET",
            "path": "/api/v1/scheduler/stream/",
            "query_string": b"",
            "headers": [(b"host", b"localhost"), (b"authorization", f"Bearer {token}".encode())],
            "client": ("127.0.0.1", 1),
        }

    async def listen(self, handler: ThreadedHandler) -> list[dict[str, Any]]:
        await asyncio.wait_for(handler(self._scope, self._receive, self._send), 20)
        frames = b"".join(self.heard).decode().split("\n\n")
        data = [line for frame in frames for line in frame.splitlines() if line.startswith("data:")]
        return [json.loads(line.removeprefix("data:")) for line in data if line != "data: {}"]

    def leave(self) -> None:
        """Close the tab."""
        self._left.set()

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        self.status = message.get("status", self.status)
        self.heard.append(message.get("body", b""))
        if b"retry" in self.heard[-1]:
            self.open.set()
        if b"".join(self.heard).count(self._counted) >= self._enough:
            self._left.set()


def test_every_browser_hears_of_a_run_as_it_happens(
    dispatcher: FakeDispatcher, declare: Declare, anna: Actor, token: str
) -> None:
    declare()

    async def watch() -> tuple[str, list[list[dict[str, Any]]]]:
        handler = ThreadedHandler(threads=2)
        browsers = [Browser(token, enough=2) for _ in range(3)]
        listening = [asyncio.ensure_future(browser.listen(handler)) for browser in browsers]
        for browser in browsers:
            await browser.open.wait()
        await asyncio.sleep(0.1)
        run_id = await asyncio.to_thread(ask)
        return run_id, await asyncio.gather(*listening)

    def ask() -> str:
        try:
            return trigger("tidy_up", actor=anna).run_id
        finally:
            connections.close_all()

    run_id, heard = asyncio.run(watch())
    expected = [{"run": run_id, "task": "tidy_up", "kind": kind} for kind in ("ACCEPTED", "QUEUED")]
    assert heard == [expected] * 3


def test_a_look_is_one_query(dispatcher: FakeDispatcher, declare: Declare, anna: Actor) -> None:
    declare()
    feed = Feed()
    trigger("tidy_up", actor=anna)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        changes, _ = feed.look()
    assert [change.kind for change in changes] == ["ACCEPTED", "QUEUED"]
    assert len(queries) == 1
    assert feed.look() == ([], False)


def test_too_many_events_are_said_to_be_many(
    dispatcher: FakeDispatcher, declare: Declare, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare()
    monkeypatch.setattr(feed, "MAX_EVENTS", 3)
    follower = Feed()
    for _ in range(3):
        trigger("tidy_up", actor=anna)
    assert follower.look() == ([], True)
    assert follower.look() == ([], False)


def test_the_first_thing_heard_is_a_sign_of_life_and_silence_brings_another(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcast, "KEEP_ALIVE", 0.01)
    browser = Browser(token, enough=3, counted=b"event: alive")
    asyncio.run(browser.listen(ThreadedHandler(threads=1)))
    first = next(body for body in browser.heard if body)
    assert first.endswith(b"event: alive\ndata: {}\n\n")


def test_one_person_cannot_take_the_stream_from_the_others(
    django_user_model: Any, operator: Actor, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcast, "MAX_EACH", 2)
    django_user_model.objects.create_superuser("other")
    other = create_token("other", actor=operator).secret

    async def watch() -> tuple[Browser, Browser]:
        handler = ThreadedHandler(threads=2)
        greedy = [Browser(token, enough=1) for _ in range(2)]
        listening = [asyncio.ensure_future(browser.listen(handler)) for browser in greedy]
        for browser in greedy:
            await browser.open.wait()
        third, somebody_else = Browser(token, 1, b"too-many-streams"), Browser(other, 1, b"event: alive")
        await third.listen(handler)
        await somebody_else.listen(handler)
        for browser in greedy:
            browser.leave()
        await asyncio.gather(*listening)
        return third, somebody_else

    third, somebody_else = asyncio.run(watch())
    assert (third.status, somebody_else.status) == (503, 200)


def test_under_wsgi_there_is_no_stream(token: str) -> None:
    answer = Client().get("/api/v1/scheduler/stream/", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 501
    assert answer.json()["success"] is False


def test_nobody_listens_without_a_name() -> None:
    assert Client().get("/api/v1/scheduler/stream/").status_code == 401

"""Django behind Runbell's ASGI handler: requests on threads, streams on the event loop."""

from __future__ import annotations

import asyncio
import io
import threading
import warnings
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import path

from runbell.asgi import ThreadedHandler

pytestmark = pytest.mark.django_db(transaction=True)

left = threading.Event()
closed = threading.Event()


def whoami(request: HttpRequest) -> HttpResponse:
    """Tell the thread, and use the database on it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    body = request.body.decode()
    return HttpResponse(f"{threading.current_thread().name} {request.method} {body} {request.path}")


def broken(request: HttpRequest) -> HttpResponse:
    raise LookupError("not for callers' eyes")


async def asynchronous(request: HttpRequest) -> HttpResponse:
    await asyncio.sleep(0)
    return HttpResponse("awaited")


def stream(request: HttpRequest) -> StreamingHttpResponse:
    async def endless() -> AsyncIterator[bytes]:
        try:
            while True:
                yield threading.current_thread().name.encode()
                await asyncio.sleep(0.01)
        finally:
            left.set()

    return StreamingHttpResponse(endless())


def file(request: HttpRequest) -> FileResponse:
    content = io.BytesIO(b"0123456789" * 30_000)
    content.close = closed.set  # type: ignore[method-assign]
    return FileResponse(content)


urlpatterns = [
    path("file/", file),
    path("whoami/", whoami),
    path("broken/", broken),
    path("asynchronous/", asynchronous),
    path("stream/", stream),
]


@pytest.fixture(autouse=True)
def _addresses(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    left.clear()
    closed.clear()
    # The pool's threads outlive the test; their connections to its database must not.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    with override_settings(ROOT_URLCONF=__name__, DEBUG=False, ALLOWED_HOSTS=["here"]):
        yield


async def call(handler: ThreadedHandler, target: str, *bodies: bytes, host: str = "here", stop_after: int = 0) -> Any:
    """Send one request as a server would; leave after ``stop_after`` pieces of the answer, if there are so many."""
    pieces = list(bodies) or [b""]
    sent: list[dict[str, Any]] = []
    gone = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if pieces:
            return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)
        if stop_after and len(sent) > stop_after:
            gone.set()

    scope = {
        "type": "http",
        "method": "POST" if bodies else "GET",
        "path": target,
        "query_string": b"",
        "headers": [(b"host", host.encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "scheme": "http",
        "http_version": "1.1",
    }
    await handler(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]).decode()


def served(*args: Any, **options: Any) -> Any:
    return asyncio.run(call(ThreadedHandler(threads=2), *args, **options))


def test_a_request_is_served_on_a_thread_of_the_pool() -> None:
    status, body = served("/whoami/")
    assert status == 200
    assert body.startswith("request-1 GET")


def test_a_body_that_comes_in_pieces_is_put_together() -> None:
    with override_settings(MIDDLEWARE=[]):
        assert served("/whoami/", b"in ", b"two")[1] == "request-1 POST in two /whoami/"


def test_an_error_in_a_view_is_an_answer_without_its_reason() -> None:
    status, body = served("/broken/")
    assert status == 500
    assert "eyes" not in body


def test_a_host_that_is_not_allowed_is_refused() -> None:
    assert served("/whoami/", host="elsewhere")[0] == 400


def test_an_asynchronous_view_still_works() -> None:
    assert served("/asynchronous/") == (200, "awaited")


def test_requests_are_served_at_once_up_to_the_number_of_threads() -> None:
    async def both() -> Any:
        handler = ThreadedHandler(threads=2)
        return await asyncio.gather(*(call(handler, "/whoami/") for _ in range(6)))

    assert [status for status, _ in asyncio.run(both())] == [200] * 6


def test_a_stream_runs_on_the_event_loop_and_ends_when_the_browser_leaves() -> None:
    status, body = served("/stream/", stop_after=3)
    assert status == 200
    assert "MainThread" in body
    assert left.is_set()


def test_a_file_is_sent_whole_in_parts_without_a_word() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        status, body = served("/file/")
    assert (status, body) == (200, "0123456789" * 30_000)
    assert closed.is_set()


def test_a_browser_that_leaves_in_the_middle_of_a_file_lets_go_of_it() -> None:
    status, body = served("/file/", stop_after=1)
    assert status == 200
    assert len(body) < 300_000
    assert closed.is_set()


def test_what_is_not_http_is_refused() -> None:
    with pytest.raises(ValueError, match="websocket"):
        asyncio.run(ThreadedHandler()({"type": "websocket"}, None, None))


def test_a_body_without_end_is_refused_before_it_fills_the_disk() -> None:
    handler = ThreadedHandler(threads=1, max_body=100)
    status, _ = asyncio.run(call(handler, "/whoami/", *[b"x" * 60] * 3))
    assert status == 413

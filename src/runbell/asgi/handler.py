"""Django under ASGI with one change of thread a request instead of fifteen.

Django's own handler runs every synchronous middleware in a thread and comes back to the event loop between any two of
them, on a thread made for that request alone, with a database connection of its own. Here a request is served from
end to end by one of a few threads, which keeps its connection, and asynchronous streams go to the event loop as ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from typing import Any

from django.core import signals
from django.core.exceptions import RequestAborted, RequestDataTooBig
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import HttpResponse, HttpResponseBase
from django.urls import set_script_prefix

from runbell.asgi.threads import RequestThreads

MAX_BODY = 10 * 1024 * 1024
"""The largest request body that is read, in bytes."""
CLOSE = {"Connection": "close"}
THREADS = 16
"""How many requests are served at once; each thread may hold one database connection."""


PIECES = 16
"""How many pieces of a file are read at once, of 4 KiB by default."""


class ThreadedHandler(ASGIHandler):
    """Serves each request on one thread of a pool."""

    def __init__(self, threads: int = THREADS, max_body: int = MAX_BODY) -> None:
        super().__init__()
        self._max_body = max_body
        self._threads = RequestThreads(threads)

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002 (Django asks for an asynchronous one)
        """Build the synchronous chain: it has no reason to leave its thread."""
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one HTTP request.

        Raises:
            ValueError: for a connection that is not HTTP.
        """
        if scope["type"] != "http":
            raise ValueError(f"Django serves HTTP, not {scope['type']}")
        try:
            body = await self.read_body(_bounded(receive, self._max_body))
        except RequestAborted:
            return
        except RequestDataTooBig:
            await self.send_response(HttpResponse("The request is too large.", status=413, headers=CLOSE), send)
            return
        try:
            response = await self._threads.call(self._respond, scope, body)
            await self._send(response, receive, send)
        finally:
            body.close()

    def _respond(self, scope: Any, body: Any) -> HttpResponseBase:
        """Do all that Django does for a request, and let go of what it used unless the response is a stream."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=type(self), scope=scope)
        request, refusal = self.create_request(scope, body)
        response: Any = refusal if request is None else self.get_response(request)
        response._handler_class = type(self)  # noqa: SLF001 (tells whose signals to send)
        if not response.streaming:
            response.close()
        served: HttpResponseBase = response
        return served

    async def _send(self, response: HttpResponseBase, receive: Any, send: Any) -> None:
        if not response.streaming:
            await self.send_response(response, send)
            return
        content: Any = response
        if not content.is_async:
            content.streaming_content = self._read(content.streaming_content)
        try:
            await self._send_until_disconnect(response, receive, send)
        finally:
            await self._threads.call(response.close)

    async def _read(self, pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
        """Read a file on the threads of requests and a part at a time; Django reads all of it before it sends any."""
        while part := await self._threads.call(list, islice(pieces, PIECES)):
            yield b"".join(part)

    async def _send_until_disconnect(self, response: HttpResponseBase, receive: Any, send: Any) -> None:
        sending = asyncio.ensure_future(self.send_response(response, send))
        leaving = asyncio.ensure_future(self.listen_for_disconnect(receive))
        done, pending = await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(sending, leaving, return_exceptions=True)  # both: who left may have been served as well
        if sending in done:
            sending.result()


def _bounded(receive: Any, limit: int) -> Any:
    """Return a ``receive`` that stops at so many bytes of body: they are kept before it is known who sends them."""
    taken = 0

    async def bounded() -> Any:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise RequestDataTooBig(f"the body is larger than {limit} bytes")
        return message

    return bounded

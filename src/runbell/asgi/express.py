"""A short way for triggers that come in numbers.

A trigger by API token whose client, address and headers are those of one that was answered less than ``TOKEN_MEMORY``
seconds ago would pass the same middleware, the same guard and the same permission again. It goes straight to the
action, on the event loop: its token is compared, its body is checked, and its run, event and audit entry are written as
ever. Whatever cannot plainly be done goes the ordinary way, and is answered there.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import IntegrityError

from runbell.actions.tokens import is_remembered
from runbell.actions.trigger import Triggered
from runbell.actions.trigger_soon import Submission, can_trigger_soon, trigger_soon
from runbell.api.admission import ADMITTED, Admission
from runbell.api.schemas.triggers import triggered_document
from runbell.asgi.mailbox import Mailbox
from runbell.asgi.wire import (
    OF_ITS_OWN,
    Headers,
    Overheard,
    TriggerRequest,
    headers_of,
    problem_of,
    read_trigger,
    replaying,
    send_answer,
    take,
)
from runbell.conf import settings
from runbell.queries.pauses import was_paused

MAX_UNDER_WAY = 500
"""How many triggers are on the short way at once; further ones take the ordinary one, which lets them queue."""
MAX_KNOWN = 1000
"""How many callers with their tasks, and how many addresses, are remembered."""
PATIENCE = 0.1
"""Seconds for which a request waits for another one that is alike to be let in before it."""
RENEW_AFTER = 0.8
"""The share of its time after which one request takes the ordinary way, to renew what is known for the others."""

JSON = (b"content-type", b"application/json")


@dataclass
class _Known:
    """A caller that was let trigger a task, and what the server says with every answer."""

    admission: Admission
    headers: Headers
    renew_at: float


class Express:
    """The ASGI application in front of the ordinary one.

    Args:
        ordinary: serves everything that does not take the short way.
    """

    def __init__(self, ordinary: Any) -> None:
        self._ordinary = ordinary
        self._known: dict[Hashable, _Known] = {}
        self._addresses: set[str] = set()
        self._learning: dict[Hashable, asyncio.Future[None]] = {}
        self._under_way = 0
        self._mailbox: Mailbox | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "POST" or not settings().EXPRESS:
            await self._ordinary(scope, receive, send)
        elif scope["path"] not in self._addresses:
            await self._learn(None, scope, receive, send)
        else:
            await self._try(scope, receive, send)

    async def _try(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a request the short way if that can be, else the ordinary one."""
        messages = await take(receive)
        request = read_trigger(scope, messages)
        if request is not None and self._known_still(request) is None:
            await self._wait_for_who_learns(request)
        known = self._recall(request) if request is not None else None
        if request is None or known is None or not await self._serve(request, known, scope, send):
            await self._learn(request, scope, replaying(messages, receive), send)

    def _known_still(self, request: TriggerRequest) -> _Known | None:
        """Return what is known of the caller, None where nothing is or its time is over."""
        known = self._known.get(request.key)
        return known if known is not None and time.monotonic() < known.admission.actor.known_until else None

    async def _wait_for_who_learns(self, request: TriggerRequest) -> None:
        """Let one of those that come at the same time go first, so that the others need not take the ordinary way."""
        learning = self._learning.get(request.key)
        if learning is not None and can_trigger_soon(request.task):
            await asyncio.wait({learning}, timeout=PATIENCE)

    def _recall(self, request: TriggerRequest) -> _Known | None:
        """Return what is known of the caller; None where nothing is, or this request is to learn it anew."""
        known = self._known_still(request)
        if known is None or self._under_way >= MAX_UNDER_WAY:
            return None
        if time.monotonic() >= known.renew_at:
            known.renew_at = math.inf
            return None
        return known if is_remembered(request.secret) and can_trigger_soon(request.task) else None

    async def _serve(self, request: TriggerRequest, known: _Known, scope: Any, send: Any) -> bool:
        """Trigger and answer; return False if nothing was written and it is to go the ordinary way."""
        paused = was_paused(request.task)
        outcome = await self._trigger(request, known) if paused is not None else None
        if outcome is None:
            return False
        if isinstance(outcome, Triggered):
            links = known.admission.links
            content = triggered_document(outcome, links, paused=bool(paused))
            own = [JSON, (b"location", links.run(outcome.run_id).encode())]
            await send_answer(send, 202, [*known.headers, *own], content)
        else:
            problem = problem_of(scope, outcome)
            await send_answer(send, problem.status_code, [*known.headers, *headers_of(problem)], problem.content)
        return True

    async def _trigger(self, request: TriggerRequest, known: _Known) -> Triggered | Exception | None:
        """Return what became of it, the exception that kept it out of the ledger, or None if it may be tried anew."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Triggered | Exception] = loop.create_future()
        post, given = self._post(loop), request.given
        try:
            submission = trigger_soon(
                request.task,
                actor=known.admission.actor,
                params=given.params or {},
                dry_run=given.dry_run,
                reason=given.reason,
                idempotency_key=request.idempotency_key,
                settled=lambda outcome: post(partial(_settle, answer, outcome)),
            )
        except Exception:  # noqa: BLE001 (nothing was handed over yet: the ordinary way finds out what it is, and says so)
            return None
        outcome = await self._wait(answer, submission, loop)
        anew = isinstance(outcome, IntegrityError) and submission.may_be_tried_anew
        return None if anew else outcome

    async def _wait(
        self, answer: asyncio.Future[Triggered | Exception], submission: Submission, loop: asyncio.AbstractEventLoop
    ) -> Triggered | Exception:
        self._under_way += 1
        timer = loop.call_later(settings().PUBLISH_BUDGET, _give_up, answer, submission, loop)
        try:
            return await answer
        finally:
            timer.cancel()
            self._under_way -= 1

    def _post(self, loop: asyncio.AbstractEventLoop) -> Any:
        if self._mailbox is None or self._mailbox.loop is not loop:
            self._mailbox = Mailbox(loop)
        return self._mailbox.post

    async def _learn(self, request: TriggerRequest | None, scope: Any, receive: Any, send: Any) -> None:
        """Serve a request the ordinary way, and remember its caller if it was let trigger what it asked for."""
        heard = Overheard()

        async def overheard(message: Any) -> None:
            if ADMITTED in scope:
                heard.note(message)
            await send(message)

        with self._said_to_learn(request):
            await self._ordinary(scope, receive, overheard)
            self._take_in(request, scope, heard)

    @contextmanager
    def _said_to_learn(self, request: TriggerRequest | None) -> Iterator[None]:
        """Have those that come meanwhile and are alike know of it, unless they know of another one."""
        key = request.key if request is not None else None
        if key is None or key in self._learning:
            yield
            return
        self._learning[key] = asyncio.get_running_loop().create_future()
        try:
            yield
        finally:
            self._learning.pop(key).set_result(None)

    def _take_in(self, request: TriggerRequest | None, scope: Any, heard: Overheard) -> None:
        admission: Admission | None = scope.get(ADMITTED)
        if admission is None or not heard.is_as_made(admission.content):
            return
        self._addresses = self._addresses | {scope["path"]} if len(self._addresses) < MAX_KNOWN else {scope["path"]}
        if request is not None and request.task.name == admission.task_name:
            self._remember(request.key, admission, heard.headers)

    def _remember(self, key: Hashable, admission: Admission, headers: Headers) -> None:
        now, until = time.monotonic(), admission.actor.known_until
        if len(self._known) >= MAX_KNOWN:
            self._known = {key: known for key, known in self._known.items() if now < known.admission.actor.known_until}
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        always = [header for header in headers if header[0] not in OF_ITS_OWN]
        self._known[key] = _Known(admission, always, now + (until - now) * RENEW_AFTER)


def _settle(answer: asyncio.Future[Any], outcome: Triggered | BaseException) -> None:
    if not answer.done():
        answer.set_result(outcome)


def _give_up(answer: asyncio.Future[Any], submission: Submission, loop: asyncio.AbstractEventLoop) -> None:
    if not answer.done() and (left := submission.give_up()) > 0:
        loop.call_later(left, _give_up, answer, submission, loop)

"""A connection to the broker that never makes its caller wait longer than it is told to.

One thread owns the connection. A caller hands it a job and waits for the answer as long as its budget allows; a slow
broker holds up the thread, never the caller.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from celery import Celery
from kombu import Connection, Producer
from kombu.transport.virtual import Channel as VirtualChannel

from runbell.conf import settings
from runbell.domain.errors import BrokerUnavailable
from runbell.domain.ids import new_tag
from runbell.engine.quiet import QuietThread

Answer = TypeVar("Answer")

SOCKET_TIMEOUT = 1.5
"""Seconds for connecting, reading and writing: what bounds the thread itself. Callers are bound by their budgets; a
broker that takes a second for each reply gets its messages all the same."""
MAX_BATCH = 100
"""How many messages are sent together."""
MAX_WAITING = 1000
"""How many jobs may wait for the thread; further ones are refused at once."""


@dataclass(frozen=True)
class _Job:
    do: Callable[[Connection, Producer], Any]
    future: Future[Any]
    then: Callable[[], None] | None


class Pending(Generic[Answer]):
    """A job that was put down, and its answer to come."""

    def __init__(self, future: Future[Answer], give_up: Callable[[str], None]) -> None:
        self._future, self._give_up = future, give_up

    def wait(self, budget: float) -> Answer:
        """Return the answer within ``budget`` seconds.

        Raises:
            BrokerUnavailable: if the broker failed, failed a moment ago, or did not answer in time.
        """
        try:
            return self._future.result(budget)
        except FutureTimeout as error:
            breakage = f"the broker did not answer {f'within {budget:g} s' if budget else 'in time'}"
            self._give_up(breakage)
            raise BrokerUnavailable(breakage) from error

    def when_settled(self, call: Callable[[], None]) -> None:
        """Have ``call`` called once when the answer has come or there will be none. It must not wait."""
        self._future.add_done_callback(lambda _: call())


class Line:
    """The one connection and its thread. Safe to use from any thread, and after a fork."""

    def __init__(self, app: Callable[[], Celery]) -> None:
        self._app = app
        self._thread: threading.Thread | None = None
        self._connection: Connection | None = None
        self._producer: Producer | None = None
        self._forget()

    def call(self, job: Callable[[Connection, Producer], Answer], budget: float) -> Answer:
        """Have the thread do ``job`` with a live connection and return its answer within ``budget`` seconds.

        Raises:
            BrokerUnavailable: if the broker failed, failed a moment ago, or did not answer in time.
        """
        return self.begin(job).wait(budget)

    def begin(
        self, job: Callable[[Connection, Producer], Answer], *, then: Callable[[], None] | None = None
    ) -> Pending[Answer]:
        """Put a job down for the thread, without waiting for it.

        Jobs that only publish give ``then``, what is to be done once the broker has the message, however late. Those
        that wait at the same time are sent together.
        """
        future: Future[Answer] = Future()
        try:
            self._submit(_Job(job, future, then))
        except BrokerUnavailable as error:
            future.set_exception(error)
        return Pending(future, self._pause)

    def close(self) -> None:
        """End the thread and let go of the connection; the next call starts both again."""
        with self._lock:
            thread, self._thread = self._thread, None
            self._closing = True
            self._wake.notify_all()
        if thread is not None and thread is not threading.current_thread():
            thread.join(2)
        self._forget()

    def _forget(self) -> None:
        """Begin anew, without touching what a parent process may own."""
        self._jobs: deque[_Job] = deque()
        self._lock = threading.Lock()
        self._wake = threading.Condition(self._lock)
        self._thread = self._connection = self._producer = None
        self._pid = os.getpid()
        self._closing = False
        self._broken_until = 0.0
        self._breakage = ""

    def _submit(self, job: _Job) -> None:
        if self._pid != os.getpid():
            self._forget()
        with self._lock:
            if time.monotonic() < self._broken_until:
                raise BrokerUnavailable(self._breakage)
            if len(self._jobs) >= MAX_WAITING:
                raise BrokerUnavailable(f"{MAX_WAITING} messages wait for the broker already")
            if self._thread is None:
                self._thread = QuietThread(target=self._run, name="runbell-broker", daemon=True)
                self._thread.start()
            self._jobs.append(job)
            self._wake.notify()

    def _run(self) -> None:
        while True:
            with self._lock:
                while not self._jobs and not self._closing:
                    self._wake.wait()
                if self._closing:
                    self._disconnect()
                    return
                jobs = self._next_jobs()
            self._do(jobs)

    def _next_jobs(self) -> list[_Job]:
        """Take one job, or all messages that wait to be published up to the first job of another kind."""
        jobs = [self._jobs.popleft()]
        while jobs[0].then and self._jobs and self._jobs[0].then and len(jobs) < MAX_BATCH:
            jobs.append(self._jobs.popleft())
        return jobs

    def _do(self, jobs: list[_Job]) -> None:
        try:
            answers = self._with_connection(lambda connection, producer: _together(jobs, connection, producer))
        except Exception as error:  # noqa: BLE001 (every transport has exceptions of its own; all mean the same here)
            self._break(error)
            for job in jobs:
                job.future.set_exception(_unavailable(error))
            return
        for job, answer in zip(jobs, answers, strict=True):
            if job.then is not None:
                job.then()
            job.future.set_result(answer)

    def _with_connection(self, job: Callable[..., Any]) -> Any:
        """Do the job; if a connection that had gone stale fails, do it once more on a new one."""
        fresh = self._connection is None
        try:
            return job(*self._connected())
        except Exception:
            self._disconnect()
            if fresh:
                raise
        return job(*self._connected())

    def _connected(self) -> tuple[Connection, Producer]:
        if self._connection is None or self._producer is None:
            connection = _impatient_connection(self._app())
            try:
                connection.ensure_connection(max_retries=0, timeout=1)
                _keep_redis_client(connection.default_channel)
                _take_tags_from_stock(connection.default_channel)
                self._producer = self._app().amqp.Producer(connection.default_channel, auto_declare=False)
            except Exception:
                connection.release()
                raise
            self._connection = connection
        return self._connection, self._producer

    def _disconnect(self) -> None:
        connection, self._connection, self._producer = self._connection, None, None
        if connection is not None:
            with suppress(Exception):  # it is thrown away because it is broken
                connection.release()

    def _break(self, error: Exception) -> None:
        """Leave the broker alone for a moment, and refuse what waits for it: it would only wait in vain."""
        self._disconnect()
        self._pause(str(_unavailable(error)))
        with self._lock:
            waiting, self._jobs = self._jobs, deque()
        for job in waiting:
            job.future.set_exception(BrokerUnavailable(self._breakage))

    def _pause(self, breakage: str) -> None:
        with self._lock:
            self._breakage = breakage
            self._broken_until = time.monotonic() + settings().BREAKER_PAUSE


def _together(jobs: list[_Job], connection: Connection, producer: Producer) -> list[Any]:
    """Do several jobs; where the transport can, their messages go in one round trip."""
    if len(jobs) == 1:
        return [jobs[0].do(connection, producer)]
    batching: Any = producer  # the stubs do not know of batches yet
    with batching.batch(max_size=MAX_BATCH):
        return [job.do(connection, producer) for job in jobs]


def depths_of(queues: Iterable[str]) -> Callable[[Connection, Producer], dict[str, int]]:
    """Return a job that counts the messages in each queue; a queue that does not exist holds none."""
    names = list(queues)

    def job(connection: Connection, producer: Producer) -> dict[str, int]:
        if isinstance(producer.channel, VirtualChannel):
            return {name: _depth_of(name, producer.channel, connection) for name in names}
        return {name: _depth_apart(name, connection) for name in names}

    return job


def _depth_apart(name: str, connection: Connection) -> int:
    """Count on a channel made for it: a real broker closes the channel on which a queue is missing."""
    channel: Any = connection.channel()
    try:
        return _depth_of(name, channel, connection)
    finally:
        channel.close()


def _depth_of(name: str, channel: Any, connection: Connection) -> int:
    try:
        return int(channel.queue_declare(name, passive=True).message_count)
    except connection.channel_errors:
        return 0


def _impatient_connection(app: Celery) -> Connection:
    """Return a connection with time-outs of its own, whatever the worker's settings are."""
    conf = app.conf
    options = dict(conf.broker_transport_options or {})
    options |= {
        "socket_connect_timeout": SOCKET_TIMEOUT,
        "socket_timeout": SOCKET_TIMEOUT,
        "retry_on_timeout": False,
        "read_timeout": SOCKET_TIMEOUT,
        "write_timeout": SOCKET_TIMEOUT,
        "connect_timeout": SOCKET_TIMEOUT,
        "confirm_publish": True,
        "max_retries": 0,
    }
    return app.connection_for_write(connect_timeout=SOCKET_TIMEOUT, transport_options=options, heartbeat=0)


def _keep_redis_client(channel: Any) -> None:
    """Have a channel of kombu's Redis transport publish with the client that it has greeted the server with.

    It makes one anew for every message, a third of the cost of publishing, and keeps a second connection for them,
    which takes the seven round trips of a greeting once more. One thread uses the channel, and never consumes.
    """
    if hasattr(channel, "_create_client"):
        client = channel.client
        channel._create_client = lambda asynchronous=False: client  # noqa: ARG005, SLF001 (kombu's names)


def _take_tags_from_stock(channel: Any) -> None:
    """Have a channel of kombu's virtual transports take the tags of its messages from our stock of random bytes.

    It asks the operating system for each, and every time lets the other threads of the process go first.
    """
    if hasattr(channel, "_next_delivery_tag"):
        channel._next_delivery_tag = new_tag  # noqa: SLF001


def _unavailable(error: Exception) -> BrokerUnavailable:
    """Name the kind of failure and nothing else: a message may hold an address with a password."""
    return BrokerUnavailable(f"the broker cannot be reached ({type(error).__name__})")

"""Everything on one machine: ``python -m edms.launcher`` prepares the data, starts web and worker, and stops them."""

from __future__ import annotations

import getpass
import os
import shlex
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from edms import private_files
from edms.children import Child

START_TIMEOUT = 60.0
"""Seconds that web and worker may take until they answer."""
STOP_TIMEOUT = 20.0
"""Seconds that they may take to finish what they do."""
DEMO_USER = "admin"
MAX_PORT = 65535

stopping = threading.Event()


def main() -> int:
    """Run until somebody asks to stop; return the exit code."""
    os.umask(0o077)  # what is written holds documents, mail, messages and secrets; the children inherit it
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    host, port = os.environ.get("HOST") or "127.0.0.1", _port()
    if port is None:
        return _complain(f"PORT must be a number from 1 to {MAX_PORT}, not {os.environ.get('PORT')!r}")
    if not _is_free(host, port):
        return _complain(f"port {port} is taken; stop what uses it, or choose another one: PORT={port + 1} make run")
    password = prepare()
    children = start(host, port)
    try:
        return _watch(children, lambda: announce(port, password), host, port)
    finally:
        stop(children)


def prepare() -> str:
    """Bring database, static files, demonstration data and token up to date; return the people's password."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "edms.settings")
    django.setup()
    os.environ["RUNBELL_HOME"] = str(settings.RUNBELL_HOME)
    _say(f"Preparing {settings.RUNBELL_HOME} ...")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("seed_demo", verbosity=0)
    ensure_token()

    from edms.demo import people  # noqa: PLC0415 (models exist only once Django is set up)

    connections.close_all()
    return people.password()


def ensure_token() -> None:
    """Write the administrator's API token where programs find it, unless the one that is there still works."""
    from runbell.actions.tokens import authenticate_token, create_token  # noqa: PLC0415 (as above)
    from runbell.domain.actors import command_line_actor  # noqa: PLC0415

    secret = private_files.read(token_file())
    known = authenticate_token(secret) if secret else None
    if known is None or known.user.get_username() != DEMO_USER:
        actor = command_line_actor(getpass.getuser())
        private_files.write(token_file(), create_token(DEMO_USER, name="make run", actor=actor).secret)


def token_file() -> Path:
    """Return where the token is kept."""
    return Path(settings.RUNBELL_HOME) / "token"


def start(host: str, port: int) -> list[Child]:
    """Start web and worker."""
    web = ["uvicorn", "edms.asgi:application", "--host", host, "--port", str(port)]
    web += ["--no-access-log", "--lifespan", "off", "--timeout-graceful-shutdown", "5", "--no-proxy-headers"]
    worker = ["celery", "-A", "edms", "worker", "-Q", "celery,scheduler", "--concurrency", "2", "--loglevel", "INFO"]
    worker += ["--without-gossip", "--without-mingle"]
    return [
        Child("web", [sys.executable, "-m", *web]),
        Child("worker", [sys.executable, "-m", *worker]),
    ]


def stop(children: list[Child]) -> None:
    """Ask all to stop, give them time to finish, then end what is left."""
    _say("Stopping ...")
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + STOP_TIMEOUT
    for child in children:
        child.wait(max(0.0, deadline - time.monotonic()))
    _say("Stopped.")


def announce(port: int, password: str) -> None:
    """Print where it is, how to get in, and what to try first."""
    address = f"http://localhost:{port}"
    _say(
        f"\nRunbell is at {address}  (log in as {DEMO_USER} / {password})\n\n"
        f"Trigger a task:\n\n"
        f"curl -X POST {address}/api/v1/scheduler/monitoring/manual-trigger/ \\\n"
        f'  -H "Authorization: Bearer $(cat {shlex.quote(str(token_file()))})" \\\n'
        f'  -H "Content-Type: application/json" \\\n'
        f'  -d \'{{"task_name": "process_document_effective_dates"}}\' \\\n'
        f'  -w "\\nTime: %{{time_total}}s\\n"\n\n'
        f"Ctrl-C stops everything.\n"
    )


def _watch(children: list[Child], on_ready: Callable[[], None], host: str, port: int) -> int:
    """Return 0 once somebody asked to stop, 1 once a child died or none was ready in time."""
    deadline, ready = time.monotonic() + START_TIMEOUT, False
    while not stopping.wait(0.1):
        for child in children:
            if child.exit_code is not None:
                return _complain(f"{child.name} ended with exit code {child.exit_code}")
        if not ready and _answers(host, port) and _beats(children):
            ready = True
            on_ready()
        if not ready and time.monotonic() > deadline:
            return _complain(f"web and worker were not ready within {START_TIMEOUT:g} s; their output above says why")
    return 0


def _answers(host: str, port: int) -> bool:
    connection = HTTPConnection("127.0.0.1" if host in {"0.0.0.0", "::"} else host, port, timeout=2)  # noqa: S104
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _beats(children: list[Child]) -> bool:
    """Return whether the worker that was started has said that it lives."""
    from runbell.queries.workers import live_workers  # noqa: PLC0415 (as above)

    try:
        return bool({child.pid for child in children} & {worker.pid for worker in live_workers()})
    finally:
        connections.close_all()


def _port() -> int | None:
    text = os.environ.get("PORT") or "8000"
    return int(text) if text.isdecimal() and 0 < int(text) <= MAX_PORT else None


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 (this program talks to a person)


def _complain(text: str) -> int:
    print(f"runbell: {text}", file=sys.stderr, flush=True)  # noqa: T201 (as above)
    return 1


if __name__ == "__main__":
    sys.exit(main())

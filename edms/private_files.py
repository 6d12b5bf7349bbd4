"""Small secrets in files that only their owner may read."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def read_or_create(path: Path, make: Callable[[], str]) -> str:
    """Return the secret in ``path``; one made by ``make`` is written there first if the file is missing or empty.

    When several processes start at once, all of them get the same secret.
    """
    secret = read(path)
    if secret:
        return secret
    aside = _write_aside(path, make())
    try:
        os.link(aside, path)
    except FileExistsError:
        if not read(path):
            os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    return read(path)


def read(path: Path) -> str:
    """Return the secret in ``path``, or "" if there is none."""
    return path.read_text().strip() if path.exists() else ""


def write(path: Path, secret: str) -> None:
    """Put ``secret`` into ``path``, whole or not at all."""
    os.replace(_write_aside(path, secret), path)


def _write_aside(path: Path, secret: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # made readable to its owner only
    with os.fdopen(handle, "w") as file:
        file.write(f"{secret}\n")
    return Path(aside)

"""The documents' files on disk, below ``settings.DOCUMENT_ROOT``."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from edms.batches import Fault

BLOCK = 1024 * 1024


class FileFault(Fault):
    """A file that is missing or not what was approved; the message says which of the two."""


@dataclass(frozen=True)
class StoredFile:
    """A file that was stored.

    Args:
        path: relative to the documents' root.
        size: in bytes.
        sha256: of its content, hexadecimal.
    """

    path: str
    size: int
    sha256: str


def store(path: str, content: bytes, *, durable: bool = True) -> StoredFile:
    """Write a file, whole or not at all.

    Args:
        path: relative to the documents' root.
        content: what it holds.
        durable: whether to wait until the disk has it.

    Raises:
        FileFault: if the path leads out of the root.
    """
    target = _locate(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        if durable:
            file.flush()
            os.fsync(file.fileno())
    os.replace(aside, target)
    return StoredFile(path, len(content), hashlib.sha256(content).hexdigest())


def check_present(path: str, size: int) -> None:
    """Return if the file is there with the size it should have: cheap, for use inside a transaction.

    Raises:
        FileFault: if it is not.
    """
    try:
        found = _locate(path).stat().st_size
    except OSError as error:
        raise FileFault(f"the file {path} cannot be read: {error.strerror}") from error
    if found != size:
        raise FileFault(f"the file {path} has {found} bytes and should have {size}")


def check_content(path: str, sha256: str) -> int:
    """Read the whole file, block by block, and return its size in bytes if it is what it should be.

    Raises:
        FileFault: if it is missing or was changed.
    """
    digest, size = hashlib.sha256(), 0
    try:
        with _locate(path).open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
                size += len(block)
    except OSError as error:
        raise FileFault(f"the file {path} cannot be read: {error.strerror}") from error
    if digest.hexdigest() != sha256:
        raise FileFault(f"the file {path} was changed: its SHA-256 is {digest.hexdigest()}, not {sha256}")
    return size


def _locate(path: str) -> Path:
    root = Path(settings.DOCUMENT_ROOT).resolve()
    target = (root / path).resolve()
    if not target.is_relative_to(root):
        raise FileFault(f"the path {path} leads out of the documents' folder")
    return target

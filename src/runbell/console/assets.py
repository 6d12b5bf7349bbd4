"""The built console: which files its page loads, as the manifest of the build says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

BUILT = Path(__file__).resolve().parent.parent / "static" / "runbell"
"""Where the build puts the console."""
MANIFEST = "manifest.json"
ENTRY = "src/main.tsx"


class NotBuilt(Exception):
    """The console's files are not there."""


@dataclass(frozen=True)
class Assets:
    """What the page loads, as paths in the folder of static files.

    Args:
        script: the entry, a JavaScript module.
        preloads: the modules that the entry imports at once.
        styles: the style sheets of all of them.
    """

    script: str
    preloads: tuple[str, ...]
    styles: tuple[str, ...]


def built_assets() -> Assets:
    """Return what the page loads; read once, and anew for each page where ``DEBUG`` is on.

    Raises:
        NotBuilt: if the console has not been built.
    """
    return _read(BUILT) if settings.DEBUG else _read_once(BUILT)


def address(path: str) -> str:
    """Return the address of a file of the build; no storage is asked for it, for names hold a hash already."""
    return f"{settings.STATIC_URL}runbell/{path}"


def page_files() -> dict[str, str]:
    """Return the addresses on every page: the icon, and the style of the pages that stand in for the console."""
    return {"icon": address("icon.svg"), "notice_style": f"{settings.STATIC_URL}runbell-notices/notice.css"}


def _read(folder: Path) -> Assets:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError as error:
        raise NotBuilt(folder / MANIFEST) from error
    chunks = [manifest[key] for key in _imported(manifest, ENTRY)]
    return Assets(
        script=chunks[0]["file"],
        preloads=tuple(chunk["file"] for chunk in chunks[1:]),
        styles=tuple(dict.fromkeys(style for chunk in reversed(chunks) for style in chunk.get("css", ()))),
    )


_read_once = cache(_read)


def _imported(manifest: dict[str, Any], key: str, seen: dict[str, None] | None = None) -> dict[str, None]:
    """Return the keys of a chunk and of all that it imports at once, in the order in which they are met."""
    seen = {} if seen is None else seen
    if key not in seen:
        seen[key] = None
        for imported in manifest[key].get("imports", ()):
            _imported(manifest, imported, seen)
    return seen

"""The peers' environments: pinned, made once, kept in ``benchmarks/.venvs``.

What a peer shares with us (Celery, kombu, Django, the drivers) has the version that we run with ourselves.
"""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path

from tests.support.live import ROOT

FOLDER = Path(__file__).parents[1] / ".venvs"
CONSTRAINTS = ROOT / "constraints.txt"
_CELERY = ("celery[redis]==5.7.0",)
_DJANGO = (*_CELERY, "django==5.2.19", "psycopg[binary]==3.3.9", "uvicorn==0.54.0")
REQUIREMENTS: dict[str, tuple[str, ...]] = {
    "flower": ("flower==2.2.0", *_CELERY),
    "django-celery-results": ("django-celery-results==2.6.0", *_DJANGO),
    "django-celery-beat": ("django-celery-beat==2.9.0", *_DJANGO),
    "seed": _DJANGO,
}
"""What is installed for each peer; the last is the original code's request that waits, which needs no package more."""

NOT_SHARED = ("cron-descriptor", "cron_descriptor")
"""What a peer needs an older one of."""


def python_of(peer: str) -> str:
    """Return the interpreter of a peer's environment, made first where it is missing or out of date."""
    folder, wanted = FOLDER / peer, "\n".join(REQUIREMENTS[peer])
    python, stamp = folder / "bin" / "python", folder / "requirements"
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"Installing {peer} into {folder.relative_to(ROOT)} ...", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        shared = folder / "constraints.txt"
        shared.write_text("".join(line for line in CONSTRAINTS.open() if not line.startswith(NOT_SHARED)))
        install = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "-qq", "-c", str(shared)]
        subprocess.run([*install, *REQUIREMENTS[peer]], check=True)
        stamp.write_text(wanted)
    return str(python)

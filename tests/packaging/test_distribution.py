"""What is published is what a project needs, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.once
ROOT = Path(__file__).parents[2]
PROJECT = Path(__file__).with_name("project")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution, and the wheel built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT])
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    return next(built.glob("runbell-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds the wheel and what it requires, and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    constraints = ROOT / "constraints.txt"
    run([sys.executable, "-m", "pip", "--python", python, "install", "-qq", "--constraint", constraints, wheel])
    return python


def run(command: list[str | Path], folder: Path = ROOT) -> str:
    """Run a command without this process's settings and return its standard output."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "CELERY"))}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=environment)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def contents(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    source = ROOT / "src"
    expected = {
        str(path.relative_to(source))
        for path in (source / "runbell").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert expected <= contents(wheel)
    assert {"runbell/py.typed", "runbell/migrations/0001_initial.py"} <= contents(wheel)


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in contents(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"runbell"}


def test_the_wheel_carries_its_licence(wheel: Path) -> None:
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in contents(wheel))


def test_the_source_distribution_leaves_the_workshop_at_home(built: Path) -> None:
    with tarfile.open(next(built.glob("runbell-*.tar.gz"))) as archive:
        tops = {name.split("/")[1] for name in archive.getnames() if "/" in name}
    assert {"src", "pyproject.toml", "README.md", "LICENSE", "PKG-INFO"} <= tops
    assert tops.isdisjoint({"edms", "tests", "benchmarks", "var", ".ci", ".venv"})


def test_an_empty_environment_with_the_wheel_runs_a_project(installed: Path, tmp_path: Path) -> None:
    project = shutil.copytree(PROJECT, tmp_path / "project")
    manage: list[str | Path] = [installed, "manage.py"]
    run([*manage, "check", "--fail-level", "WARNING"], project)
    run([*manage, "migrate", "--verbosity", "0"], project)
    run([*manage, "makemigrations", "--check", "--dry-run"], project)
    tasks = json.loads(run([*manage, "runbell", "tasks", "--json"], project))
    assert "count_to_three" in json.dumps(tasks)

"""What is published is what a project needs, and nothing else."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.packaging.commands import ROOT

pytestmark = pytest.mark.once
CONSOLE = "src/runbell/static/runbell"


def contents(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def paths(source_distribution: Path) -> set[str]:
    with tarfile.open(source_distribution) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


def test_the_wheel_holds_every_file_of_the_package_and_the_built_console(wheel: Path) -> None:
    source = ROOT / "src"
    expected = {
        str(path.relative_to(source))
        for path in (source / "runbell").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert expected <= contents(wheel)
    assert {"runbell/py.typed", "runbell/migrations/0001_initial.py"} <= contents(wheel)
    assert {"runbell/static/runbell/manifest.json", "runbell/console/templates/console.html"} <= contents(wheel)


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in contents(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"runbell"}


def test_the_wheel_carries_its_licence(wheel: Path) -> None:
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in contents(wheel))


def test_the_source_distribution_holds_the_console_and_what_it_is_built_from(source_distribution: Path) -> None:
    expected = {f"{CONSOLE}/manifest.json", "frontend/package-lock.json", "frontend/src/main.tsx", "tools/backend.py"}
    assert expected <= paths(source_distribution)


def test_the_source_distribution_leaves_the_workshop_at_home(source_distribution: Path) -> None:
    tops = {path.split("/")[0] for path in paths(source_distribution)}
    assert {"src", "pyproject.toml", "README.md", "LICENSE", "PKG-INFO"} <= tops
    assert tops.isdisjoint({"edms", "tests", "benchmarks", "var", ".ci", ".venv"})
    assert not any("node_modules" in path for path in paths(source_distribution))

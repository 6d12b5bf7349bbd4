"""Whoever has the sources can build: with Node from PyPI where the console is missing, without it otherwise."""

from __future__ import annotations

import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.packaging.commands import run

pytestmark = pytest.mark.once


@pytest.fixture
def source(source_distribution: Path, tmp_path: Path) -> Path:
    """The unpacked source distribution without the built console."""
    with tarfile.open(source_distribution) as archive:
        archive.extractall(tmp_path, filter="data")
    folder = next(tmp_path.glob("runbell-*"))
    shutil.rmtree(folder / "src" / "runbell" / "static")
    return folder


def test_a_wheel_from_source_builds_the_console_with_node_from_pypi(source: Path, without_node: str) -> None:
    run([sys.executable, "-m", "pip", "wheel", "-qq", "--no-deps", "--wheel-dir", source, source], PATH=without_node)
    with zipfile.ZipFile(next(source.glob("*.whl"))) as wheel:
        assert "runbell/static/runbell/manifest.json" in wheel.namelist()


def test_an_editable_installation_leaves_the_console_alone(source: Path, without_node: str) -> None:
    program = "import backend; print(backend.get_requires_for_build_editable()); backend.build_editable('.')"
    required = run([sys.executable, "-c", program], source, PYTHONPATH="tools", PATH=without_node)
    assert "node" not in required
    assert list(source.glob("*.whl"))
    assert not (source / "src" / "runbell" / "static").exists()

"""The page of promises names tests and mechanisms that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "explanation" / "guarantees.md").read_text()
TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))
MECHANISMS = sorted(set(re.findall(r"`((?:actions|domain|engine|ledger)/\w+\.py)(?::([\w.]+))?`", PAGE)))
PROMISES = re.split(r"^## (?=\d)", PAGE.partition("## All of them")[0], flags=re.MULTILINE)[1:]
pytestmark = pytest.mark.once


@pytest.mark.parametrize(("file", "name"), TESTS)
def test_the_named_test_exists(file: str, name: str) -> None:
    assert name in _names(ROOT / file)


@pytest.mark.parametrize(("file", "name"), MECHANISMS)
def test_the_named_mechanism_exists(file: str, name: str) -> None:
    assert {*name.split(".")} - {""} <= _names(ROOT / "src" / "runbell" / file)


def test_each_of_nine_promises_names_its_mechanism_its_test_and_what_fails_without() -> None:
    assert len(PROMISES) == 9
    for promise in PROMISES:
        assert "- Kept by `" in promise, promise
        assert "- Shown by" in promise, promise
        assert re.search(r"Taken out: .*?, fails:\s+`tests/", promise, re.DOTALL), promise


def _names(file: Path) -> set[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, kinds)}

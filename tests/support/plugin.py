"""Chooses the stack before Django reads its settings: ``RUNBELL_TEST_STACK=embedded`` (default) or ``servers``.

A pytest plugin and not a ``conftest.py``, because pytest-django loads the settings before any ``conftest.py`` is read.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.support.servers import Unavailable
from tests.support.servers.availability import required
from tests.support.stacks import EmbeddedStack, Scratch, Stack, make_stack

UNIT = Path(__file__).parents[1] / "unit"
"""What is tested here depends on no stack."""
STACK = pytest.StashKey[Stack]()
SCRATCH = pytest.StashKey[Scratch]()
MISSING = pytest.StashKey[str]()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Start the stack and put its addresses into the environment."""
    scratch = early_config.stash[SCRATCH] = Scratch()
    early_config.add_cleanup(scratch.remove)
    stack = early_config.stash[STACK] = _start(early_config)
    early_config.add_cleanup(stack.remove)
    os.environ.update(stack.environment(scratch.folder, "runbell"))
    return (yield)


def _start(config: pytest.Config) -> Stack:
    try:
        return make_stack(os.environ.get("RUNBELL_TEST_STACK", EmbeddedStack.name))
    except Unavailable as error:
        if required():
            raise pytest.UsageError(str(error)) from error
        config.stash[MISSING] = str(error)
        return EmbeddedStack()
    except ValueError as error:
        raise pytest.UsageError(str(error)) from error


def pytest_report_header(config: pytest.Config) -> str:
    """Say which stack the tests run on."""
    missing = config.stash.get(MISSING, None)
    return f"stack: {missing or config.stash[STACK].name}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip everything where the stack's servers cannot be had, and on either stack what is the other's alone."""
    if reason := config.stash.get(MISSING, None):
        for item in items:
            item.add_marker(pytest.mark.skip(reason=reason))
    embedded = config.stash[STACK].name == EmbeddedStack.name
    left_out = [item for item in items if (_is_of_the_servers(item) if embedded else _needs_no_stack(item))]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def _is_of_the_servers(item: pytest.Item) -> bool:
    return item.get_closest_marker("servers") is not None


def _needs_no_stack(item: pytest.Item) -> bool:
    return UNIT in item.path.parents or item.get_closest_marker("once") is not None

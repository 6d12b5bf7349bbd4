"""What a project forgot is said when it starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.urls import clear_script_prefix, set_script_prefix

from runbell.console import assets
from runbell.console.checks import check_build, check_site


def problems() -> list[str]:
    return [f"{message.id}: {message.msg}" for message in (*check_build(), *check_site())]


def test_the_reference_project_lacks_nothing() -> None:
    assert problems() == []


def test_a_console_that_was_not_built(built: Path) -> None:
    (built / assets.MANIFEST).unlink()
    assert problems() == [f"runbell.W002: the console is not built: {built / assets.MANIFEST} is missing"]


def test_a_project_that_mounts_the_api_alone_needs_no_console(settings: Any, built: Path) -> None:
    (built / assets.MANIFEST).unlink()
    settings.ROOT_URLCONF = "runbell.api.urls"
    assert problems() == []


def test_files_without_an_address(settings: Any) -> None:
    settings.STATIC_URL = None
    assert problems() == ["runbell.W003: the console's files have no address"]


def test_a_console_without_its_api(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.console.urls_alone"
    settings.LOGIN_URL = "https://login.example.org/"
    assert problems() == ["runbell.W003: the console finds no API"]


@pytest.mark.parametrize("login", ["/nowhere/", "no-such-name"])
def test_no_page_to_sign_in(settings: Any, login: str) -> None:
    settings.LOGIN_URL = login
    assert problems() == [f"runbell.W003: the console sends people to sign in to {login}, where there is no page"]


def test_a_page_to_sign_in_below_a_prefix(settings: Any) -> None:
    settings.LOGIN_URL = "admin:login"
    set_script_prefix("/intranet/")
    try:
        assert problems() == []
    finally:
        clear_script_prefix()

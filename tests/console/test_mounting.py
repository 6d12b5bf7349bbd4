"""Wherever it is mounted, the console finds itself and its API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import set_script_prefix

from tests.console.test_page import Elements

pytestmark = pytest.mark.django_db


@pytest.fixture
def _together(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.console.urls_together"
    settings.LOGIN_URL = "/elsewhere/"


@pytest.mark.usefixtures("_together")
def test_at_the_root_with_the_api_below(browser: Client) -> None:
    root = Elements(browser.get("/runs")).root()
    assert (root["data-base"], root["data-api"]) == ("/", "/api/v1/")
    assert browser.get("/api/v1/tasks/").status_code == 200
    assert "data-logout" not in root


@pytest.mark.usefixtures("_together")
def test_an_address_without_its_slash_is_the_apis_and_not_the_consoles(browser: Client) -> None:
    assert browser.get("/api/v1/nothing").headers["Content-Type"] == "application/problem+json"


@pytest.fixture
def _stripped() -> Iterator[None]:
    set_script_prefix("/intranet/")
    yield
    set_script_prefix("/")


@pytest.mark.usefixtures("_stripped")
def test_below_a_prefix_that_the_server_strips(browser: Client) -> None:
    root = Elements(browser.get("/scheduler/")).root()
    assert root["data-base"] == "/intranet/scheduler/"
    assert root["data-api"] == "/intranet/api/v1/scheduler/"


@pytest.mark.parametrize(("setting", "expected"), [("/bye/", "/bye/"), ("admin:logout", "/admin/logout/")])
def test_signing_out_where_the_project_says(browser: Client, settings: Any, setting: str, expected: str) -> None:
    settings.RUNBELL = settings.RUNBELL | {"LOGOUT_URL": setting}
    assert Elements(browser.get("/scheduler/")).root()["data-logout"] == expected

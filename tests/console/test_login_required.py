"""A project may ask for a session everywhere: what has guards of its own is not sent to sign in."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _everywhere(settings: Any) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.contrib.auth.middleware.LoginRequiredMiddleware"]


def test_the_api_answers_programs_in_its_own_words(client: Client) -> None:
    answer = client.get("/api/v1/scheduler/tasks/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert client.get("/api/v1/scheduler/nowhere").status_code == 404


def test_probes_need_no_session(client: Client) -> None:
    assert client.get("/healthz").status_code == 200


def test_the_console_sends_to_sign_in_and_back(client: Client) -> None:
    assert client.get("/scheduler/audit").headers["Location"] == "/accounts/login/?next=/scheduler/audit"

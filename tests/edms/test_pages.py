"""The pages around the API: addresses, headers, logging in."""

from __future__ import annotations

import asyncio

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.test import Client

from edms import csp

pytestmark = pytest.mark.django_db


def test_the_front_door_leads_to_the_console(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/scheduler/"
    assert client.get("/api/v1/scheduler/docs").status_code == 200


def test_every_page_carries_the_strict_policy(client: Client) -> None:
    for path in ("/accounts/login/", "/healthz", "/nowhere", "/admin/login/"):
        policy = client.get(path).headers[csp.HEADER]
        assert policy == csp.STRICT
        assert "unsafe" not in policy


def test_the_documentation_may_use_inline_styles_but_no_inline_script(client: Client) -> None:
    page = client.get("/api/v1/scheduler/docs")
    assert "style-src 'self' 'unsafe-inline'" in page.headers[csp.HEADER]
    assert "script-src 'self';" in page.headers[csp.HEADER]
    scripts = [part.partition(">")[0] for part in page.content.decode().split("<script")[1:]]
    assert all("src=" in script or "application/json" in script for script in scripts)


def test_a_policy_that_a_view_set_stays() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={csp.HEADER: "default-src 'self'"})

    async def view_async(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    request = HttpRequest()
    assert csp.content_security_policy(view)(request).headers[csp.HEADER] == "default-src 'self'"
    answered = asyncio.run(csp.content_security_policy(view_async)(request))
    assert answered.headers[csp.HEADER] == csp.STRICT


def test_security_headers(client: Client) -> None:
    headers = client.get("/accounts/login/").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_logging_in_and_out() -> None:
    client = Client(enforce_csrf_checks=True)
    User.objects.create_user("quality", password="a good password")
    page = client.get("/accounts/login/")
    assert b"<script" not in page.content
    form = {"username": "quality", "csrfmiddlewaretoken": page.context["csrf_token"]}
    refused = client.post("/accounts/login/", form | {"password": "wrong"})
    assert b'role="alert"' in refused.content
    assert b"wrong" not in refused.content
    entered = client.post("/accounts/login/", form | {"password": "a good password"})
    assert (entered.status_code, entered.headers["Location"]) == (302, "/")
    for cookie in ("sessionid", "csrftoken"):
        assert entered.cookies[cookie]["httponly"]
        assert entered.cookies[cookie]["samesite"] == "Lax"


def test_a_login_without_a_csrf_token_is_refused() -> None:
    form = {"username": "quality", "password": "a good password"}
    assert Client(enforce_csrf_checks=True).post("/accounts/login/", form).status_code == 403


def test_the_administrators_pages_open(client: Client) -> None:
    client.force_login(User.objects.create_superuser("admin"))
    for page in ("documents/document/", "workflows/workflow/"):
        assert client.get(f"/admin/{page}").status_code == 200
    assert client.get("/admin/documents/document/add/").status_code == 403


def test_an_address_that_leads_nowhere_leads_back(client: Client) -> None:
    page = client.get("/scheduler/nowhere")
    assert page.status_code == 404
    assert b'<a href="/">' in page.content

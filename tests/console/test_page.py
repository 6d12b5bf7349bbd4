"""The page around the console: who gets it, what it says, what it loads, and what it forbids."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.http import HttpResponse
from django.test import AsyncRequestFactory, Client

from runbell.console import assets
from runbell.console.views import console

pytestmark = pytest.mark.django_db
PAGES = ["", "runs", "runs/", "runs/01a2", "tasks/archive", "tasks/a.b/c", "timeline", "workers", "audit"]
POLICY = "Content-Security-Policy"


class Elements(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(response.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))

    def root(self) -> dict[str, str | None]:
        return next(attributes for _, attributes in self.all if attributes.get("id") == "runbell")

    def links(self, rel: str) -> list[str | None]:
        return [attributes["href"] for tag, attributes in self.all if tag == "link" and attributes["rel"] == rel]


@pytest.mark.parametrize("address", PAGES)
def test_every_address_gets_the_page(browser: Client, address: str) -> None:
    page = browser.get(f"/scheduler/{address}")
    assert page.status_code == 200
    assert Elements(page).root()["data-base"] == "/scheduler/"


def test_an_address_that_is_none_of_the_consoles_is_not_found(browser: Client) -> None:
    assert browser.get("/scheduler/nothing").status_code == 404


def test_the_page_says_where_the_api_is_and_who_looks_at_it(browser: Client) -> None:
    root = Elements(browser.get("/scheduler/")).root()
    assert len(root.pop("data-csrf-token") or "") == 64
    assert root == {
        "id": "runbell",
        "data-base": "/scheduler/",
        "data-api": "/api/v1/scheduler/",
        "data-login": "/accounts/login/",
        "data-logout": "/accounts/logout/",
        "data-user": "Vera O'Hara",
        "data-permissions": "view_run",
        "data-time-zone": "Europe/Berlin",
    }


def test_the_page_names_the_stream_where_the_server_can_stream(viewer: User) -> None:
    request = AsyncRequestFactory().get("/scheduler/")
    request.user = viewer
    assert Elements(console(request)).root()["data-stream"] == "/api/v1/scheduler/stream/"


def test_the_page_loads_the_entry_and_what_it_imports(browser: Client) -> None:
    page = Elements(browser.get("/scheduler/"))
    scripts = [attributes for tag, attributes in page.all if tag == "script"]
    assert scripts == [{"type": "module", "src": "/static/runbell/assets/main-1a.js"}]
    assert page.links("modulepreload") == ["/static/runbell/assets/client-2b.js"]
    assert page.links("stylesheet") == ["/static/runbell/assets/client-4d.css", "/static/runbell/assets/main-3c.css"]
    assert page.links("icon") == ["/static/runbell/icon.svg"]


def test_the_page_holds_nothing_inline(browser: Client) -> None:
    for tag, attributes in Elements(browser.get("/scheduler/")).all:
        assert tag != "style"
        assert not any(name == "style" or name.startswith("on") for name in attributes)


def test_the_page_brings_its_policy_along(browser: Client, settings: Any) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "csp" not in name and "clickjacking" not in name]
    headers = browser.get("/scheduler/").headers
    assert "default-src 'none'; script-src 'self'; style-src 'self';" in headers[POLICY]
    assert "unsafe" not in headers[POLICY]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_files_from_another_site_are_allowed_from_there_only(browser: Client, settings: Any) -> None:
    settings.STATIC_URL = "https://files.example.org/v1/"
    page = browser.get("/scheduler/")
    assert Elements(page).links("icon") == ["https://files.example.org/v1/runbell/icon.svg"]
    assert "script-src 'self' https://files.example.org;" in page.headers[POLICY]
    assert "connect-src 'self';" in page.headers[POLICY]


def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(client: Client) -> None:
    away = client.get("/scheduler/runs?state=FAILURE&task=archive")
    assert away.status_code == 302
    assert away.headers["Location"] == "/accounts/login/?next=/scheduler/runs%3Fstate%3DFAILURE%26task%3Darchive"


def test_who_may_see_nothing_is_told_what_is_missing_and_may_leave(client: Client) -> None:
    client.force_login(User.objects.create_user("<b>author"))
    page = client.get("/scheduler/")
    assert page.status_code == 403
    assert b"runbell.view_run" in page.content
    assert b"&lt;b&gt;author" in page.content
    assert ("form", {"method": "post", "action": "/accounts/logout/"}) in Elements(page).all
    assert "unsafe" not in page.headers[POLICY]


def test_an_auditor_sees_the_console(client: Client) -> None:
    auditor = User.objects.create_user("auditor")
    auditor.user_permissions.add(Permission.objects.get(codename="view_auditentry"))
    client.force_login(auditor)
    assert Elements(client.get("/scheduler/audit")).root()["data-permissions"] == "view_auditentry"


def test_signing_out_with_the_pages_token() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("admin"))
    root = Elements(client.get("/scheduler/")).root()
    token = {"csrfmiddlewaretoken": root["data-csrf-token"] or ""}
    assert client.post(str(root["data-logout"]), token).status_code == 302
    assert client.get("/scheduler/").status_code == 302


def test_a_console_that_was_not_built_says_how_to_build_it(browser: Client, built: Path) -> None:
    (built / assets.MANIFEST).unlink()
    page = browser.get("/scheduler/")
    assert page.status_code == 503
    assert b"make console" in page.content
    assert browser.get("/api/v1/scheduler/tasks/").status_code == 200


def test_only_reading_is_possible(browser: Client) -> None:
    assert browser.head("/scheduler/").status_code == 200
    assert browser.post("/scheduler/").status_code == 405

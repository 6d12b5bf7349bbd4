"""Every operation of the API's document, for every role, by token and by session."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from runbell.actions.tokens import revoke_token
from runbell.conf import settings
from runbell.domain.actors import Permission, command_line_actor
from runbell.domain.tasks import TaskDefinition
from runbell.models import ApiToken, AuditEntry, Pause, Run
from tests.api.conftest import API, ROLES, Caller, add_run, by_session, by_token, token_of
from tests.support.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

RULES: dict[str, str] = {
    "trigger_task": Permission.TRIGGER,
    "get_status": Permission.VIEW,
    "list_tasks": Permission.VIEW,
    "get_task": Permission.VIEW,
    "list_pauses": Permission.VIEW,
    "pause_task": Permission.PAUSE,
    "resume_task": Permission.PAUSE,
    "pause_tasks": Permission.PAUSE,
    "resume_tasks": Permission.PAUSE,
    "list_occurrences": Permission.VIEW,
    "get_timeline": Permission.VIEW,
    "list_runs": Permission.VIEW,
    "get_run": Permission.VIEW,
    "list_run_events": Permission.VIEW,
    "list_run_log": Permission.VIEW,
    "stream_changes": Permission.VIEW,
    "cancel_run": Permission.CANCEL,
    "retry_run": Permission.TRIGGER,
    "list_workers": Permission.VIEW,
    "list_queues": Permission.VIEW,
    "list_audit_entries": Permission.VIEW_AUDIT,
    "healthz": "",
    "readyz": "",
}
"""Who may call what. An operation that is missing here fails the tests."""
NO_STREAM = ("stream_changes", 501)
"""Django's test client is a WSGI server, which cannot stream."""
OK = dict([NO_STREAM])
PAUSE = {"reason": "maintenance"}
BODIES: dict[str, Any] = {"trigger_task": {"task_name": "tidy_up"}, "pause_task": PAUSE, "pause_tasks": PAUSE}


@pytest.fixture
def operations(anonymous: Caller, tidy_up: TaskDefinition) -> list[tuple[str, str, str, str]]:
    """Name, method, path and permission of every operation."""
    run_id = add_run().task_id
    paths = anonymous.get("openapi.json").json["paths"]
    return [
        (details["operationId"], method.upper(), _fill(path, run_id), details["x-permission"])
        for path, methods in paths.items()
        for method, details in methods.items()
    ]


def _fill(path: str, run_id: str) -> str:
    return path.replace("{run_id}", run_id).replace("{name}", "tidy-up")


def _call(caller: Caller, name: str, method: str, path: str) -> int:
    calls = {
        "POST": lambda: caller.post(path, BODIES.get(name)),
        "PUT": lambda: caller.put(path, BODIES.get(name)),
        "DELETE": lambda: caller.delete(path),
    }
    return calls.get(method, lambda: caller.get(path))().status


def test_every_operation_has_a_rule_and_declares_it(operations: list[tuple[str, str, str, str]]) -> None:
    assert {name: permission for name, _, _, permission in operations} == RULES


def test_nobody_may_do_nothing_but_ask_for_health(
    operations: list[tuple[str, str, str, str]], anonymous: Caller
) -> None:
    before = Run.objects.count()
    for name, method, path, permission in operations:
        assert _call(anonymous, name, method, path) == (401 if permission else 200), name
    assert (Run.objects.count(), AuditEntry.objects.exclude(action__startswith="API_TOKEN").count()) == (before, 0)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("way", [by_token, by_session])
def test_a_role_may_call_what_its_permissions_allow(
    operations: list[tuple[str, str, str, str]], people: dict[str, Any], role: str, way: Any
) -> None:
    caller = way(people[role])
    for name, method, path, permission in operations:
        allowed = not permission or permission in ROLES[role]
        status = _call(caller, name, method, path)
        assert (status not in {401, 403}) if allowed else status == 403, (name, status)
        assert status < 500 or (name, status) == NO_STREAM, name


def test_a_session_changes_nothing_without_the_csrf_token(
    operations: list[tuple[str, str, str, str]], people: dict[str, Any]
) -> None:
    caller = by_session(people["everything"], csrf=False)
    before = Run.objects.count()
    for name, method, path, _ in operations:
        assert _call(caller, name, method, path) == (403 if method != "GET" else OK.get(name, 200)), name
    assert (Run.objects.count(), Pause.objects.count()) == (before, 0)


def test_a_missing_csrf_token_is_said_to_be_missing(people: dict[str, Any], tidy_up: TaskDefinition) -> None:
    answer = by_session(people["everything"], csrf=False).post("monitoring/manual-trigger/", {"task_name": "tidy_up"})
    assert answer.json["type"] == "urn:runbell:problem:csrf-failed"


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer rb_00000000_" + "x" * 43, "Basic YTpi", "Bearer \u00e9", "x" * 5000]
)
def test_a_wrong_authorization_never_falls_back_to_the_session(
    people: dict[str, Any], tidy_up: TaskDefinition, header: str
) -> None:
    caller = by_session(people["everything"])
    assert caller.get("runs/", headers={"Authorization": header}).status == 401


def test_an_inactive_person_is_nobody(people: dict[str, Any]) -> None:
    callers = [by_token(people["everything"]), by_session(people["everything"])]
    people["everything"].is_active = False
    people["everything"].save()
    assert [caller.get("runs/").status for caller in callers] == [401, 401]


def test_what_is_taken_away_elsewhere_is_gone_within_the_memory_of_a_token(people: dict[str, Any]) -> None:
    """Another process revokes one token and takes the permissions behind another away."""
    revoked, deprived = by_token(people["everything"]), by_token(people["viewer"])
    assert [caller.get("runs/").status for caller in (revoked, deprived)] == [200, 200]
    ApiToken.objects.filter(user=people["everything"]).update(revoked_at=timezone.now())
    people["viewer"].user_permissions.clear()
    wait_until(lambda: revoked.get("runs/").status == 401, settings().TOKEN_MEMORY + 1, "the token is refused")
    wait_until(lambda: deprived.get("runs/").status == 403, settings().TOKEN_MEMORY + 1, "its user may no longer look")


def test_a_token_that_this_process_revokes_is_refused_at_once(people: dict[str, Any]) -> None:
    caller = by_token(people["everything"])
    assert caller.get("runs/").status == 200
    revoke_token(ApiToken.objects.get(user=people["everything"]).prefix, actor=command_line_actor("root"))
    assert caller.get("runs/").status == 401


def test_a_task_may_ask_for_a_permission_of_its_own(people: dict[str, Any], dispatcher: Any, declare: Any) -> None:
    declare("close_books", permission="auth.change_user")
    answer = by_token(people["everything"]).post("monitoring/manual-trigger/", {"task_name": "close_books"})
    assert (answer.status, answer.json["permission"]) == (403, "auth.change_user")
    assert AuditEntry.objects.get(action="TASK_EXECUTION_DENIED").actor == "user:everything"


def test_who_may_not_trigger_is_not_told_what_there_is(people: dict[str, Any], tidy_up: TaskDefinition) -> None:
    answer = by_token(people["nobody"]).post("monitoring/manual-trigger/", {"task_name": "nothing"})
    assert answer.status == 403
    assert "tidy_up" not in answer.response.content.decode()


def test_the_document_and_its_page_are_open(anonymous: Caller) -> None:
    assert anonymous.get("openapi.json").json["info"]["version"] == "1.0"
    page = anonymous.get(f"{API}docs")
    assert b"swagger" in page.response.content
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]


def test_the_page_never_loads_a_script_from_another_site(anonymous: Caller, settings: Any) -> None:
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "ninja"]
    answer = anonymous.get(f"{API}docs")
    assert (answer.status, "INSTALLED_APPS" in answer.json["detail"]) == (404, True)


def test_the_page_may_load_its_files_from_where_the_static_files_are(anonymous: Caller, settings: Any) -> None:
    settings.STATIC_URL = "https://static.example.com/files/"
    policy = anonymous.get(f"{API}docs").headers["Content-Security-Policy"]
    assert "script-src 'self' https://static.example.com;" in policy


def test_a_guess_at_a_token_is_no_use_of_it(people: dict[str, Any]) -> None:
    token = token_of(people["viewer"])
    guess = token[:12] + "x" * 43
    headers = {"Authorization": f"Bearer {guess}"}
    assert Caller(Client(headers=headers)).get("tasks/").status == 401
    assert ApiToken.objects.get().last_used_at is None
    assert Caller(Client(headers={"Authorization": f"Bearer {token}"})).get("tasks/").status == 200
    assert ApiToken.objects.get().last_used_at is not None

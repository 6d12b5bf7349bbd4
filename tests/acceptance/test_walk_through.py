"""The walk-through of the report that Runbell began with, against real processes."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.support.live import LiveSystem
from tests.support.waiting import wait_until

TRIGGER = "monitoring/manual-trigger/"
TASK = "process_document_effective_dates"
FINISHED = {"SUCCESS", "PARTIAL", "FAILURE", "REVOKED", "EXPIRED", "LOST"}


def trigger(client: httpx.Client, task_name: str = TASK, **fields: Any) -> dict[str, Any]:
    """Trigger a task and return the answer, which must have come at once."""
    began = time.monotonic()
    answer = client.post(TRIGGER, json={"task_name": task_name} | fields)
    assert answer.status_code == 202, answer.text
    assert time.monotonic() - began < 1
    body: dict[str, Any] = answer.json()
    return body


def finished(client: httpx.Client, run_id: str, timeout: float = 30) -> dict[str, Any]:
    """Wait until a run has ended, and return it."""
    seen: dict[str, Any] = {}

    def ended() -> bool:
        seen.update(client.get(f"runs/{run_id}/").raise_for_status().json())
        return seen["state"] in FINISHED

    wait_until(ended, timeout, lambda: f"run {run_id} ends: {seen}")
    return seen


def make_documents_due(system: LiveSystem, count: int = 3) -> list[int]:
    """Approve that many drafts as of yesterday, past the application, and return their ids."""
    statement = """
        UPDATE documents_document SET state = 'approved_pending_effective', approved_at = %s, effective_date = %s
        WHERE id IN (SELECT id FROM documents_document WHERE state = 'draft' ORDER BY id LIMIT %s) RETURNING id
    """
    approved = datetime.now(UTC) - timedelta(days=2)
    rows = system.query(statement, [approved.isoformat(" "), (approved + timedelta(days=1)).date().isoformat(), count])
    return [int(row[0]) for row in rows]


def states(system: LiveSystem, documents: list[int]) -> set[str]:
    """Return the states of documents, past the application."""
    numbers = ", ".join(map(str, documents))
    return {row[0] for row in system.query(f"SELECT state FROM documents_document WHERE id IN ({numbers})")}


def test_a_click_runs_the_task_at_once_and_the_documents_are_effective(live_stack: LiveSystem) -> None:
    documents = make_documents_due(live_stack)
    with live_stack.client() as client:
        answer = trigger(client)
        assert answer["success"] is True
        assert answer["task_name"] == TASK
        assert answer["status"] == "queued"
        run = finished(client, answer["task_id"])

    assert run["state"] in {"SUCCESS", "PARTIAL"}
    log = live_stack.worker.wait_for_output(f"{TASK}[{answer['task_id']}] succeeded")
    assert f"{TASK}[{answer['task_id']}] received" in log
    assert len(documents) == 3
    assert states(live_stack, documents) == {"effective"}


def test_any_spelling_of_the_name_is_the_same_task(live_stack: LiveSystem) -> None:
    with live_stack.client() as client:
        answer = trigger(client, "perform-system-health-check")
        assert answer["task_name"] == "perform_system_health_check"
        assert finished(client, answer["task_id"])["state"] == "SUCCESS"


def test_the_request_does_not_wait_for_a_worker(live_stack: LiveSystem) -> None:
    live_stack.worker.kill()
    try:
        with live_stack.client() as client:
            answer = trigger(client, "perform_system_health_check")
            assert answer["status"] == "queued"
            live_stack.worker.start()
            assert finished(client, answer["task_id"])["state"] == "SUCCESS"
    finally:
        if not live_stack.worker.running:
            live_stack.worker.start()
        live_stack.wait_for_worker()


def test_an_anonymous_call_is_refused_and_changes_nothing(live_stack: LiveSystem) -> None:
    counts = "SELECT (SELECT count(*) FROM runbell_run WHERE actor NOT LIKE %s), (SELECT count(*) FROM auth_user)"
    before = live_stack.query(counts, ["system:%"])
    for headers in ({}, {"Authorization": f"Bearer {uuid.uuid4().hex}"}):
        with live_stack.client("") as nobody:
            answer = nobody.post(TRIGGER, json={"task_name": TASK}, headers=headers)
            assert answer.status_code == 401
            assert answer.json()["success"] is False
    assert live_stack.query(counts, ["system:%"]) == before


def test_an_unknown_task_names_the_known_ones(live_stack: LiveSystem) -> None:
    with live_stack.client() as client:
        answer = client.post(TRIGGER, json={"task_name": "make_coffee"})
    assert answer.status_code == 404
    assert TASK in answer.json()["available_tasks"]

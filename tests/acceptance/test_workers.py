"""What a real worker does beside running tasks: it ends what is cancelled, seals the audit trail, fires and tells."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx

from tests.acceptance.test_walk_through import FINISHED, finished, trigger
from tests.support.live import LiveSystem
from tests.support.waiting import wait_until

SEALED_WITHIN = 2.0


def newest_worker(client: httpx.Client) -> dict[str, Any]:
    """Return the worker that was started last; one that was killed a moment ago is not silent for long enough yet."""
    workers: list[dict[str, Any]] = client.get("workers/").json()["items"]
    return max(workers, key=lambda worker: worker["started_at"])


def test_audit_entries_are_sealed_within_two_seconds(live_stack: LiveSystem) -> None:
    """The time from writing an entry to its place in the chain, by the ticker of the worker that runs."""
    with live_stack.client() as client:
        run_id = trigger(client, "perform_system_health_check")["task_id"]

        def entries() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = client.get("audit/", params={"task_id": run_id}).json()["items"]
            return found

        wait_until(lambda: entries()[0]["sequence"] is not None, SEALED_WITHIN, "the first entry is sealed")
        finished(client, run_id)
        wait_until(lambda: all(entry["sequence"] for entry in entries()), SEALED_WITHIN, "all entries are sealed")
        sealed = sorted(entries(), key=lambda entry: entry["sequence"])
    assert [entry["action"] for entry in sealed] == ["TASK_EXECUTION_STARTED", "TASK_EXECUTION_COMPLETED"]
    assert "audit" in live_stack.manage("runbell", "audit", "verify").lower()


def test_the_worker_says_of_itself_what_the_recipes_asked(live_stack: LiveSystem) -> None:
    with live_stack.client() as client:
        worker = newest_worker(client)
        queues = {queue["name"]: queue for queue in client.get("queues/").json()["items"]}
    assert set(worker["queues"]) == {"celery", "scheduler"}
    assert len(worker["tasks"]) == 10
    assert worker["name"] in queues["scheduler"]["consumers"]
    assert queues["scheduler"]["depth"] == queues["celery"]["depth"] == 0


def test_a_heartbeat_is_younger_than_the_time_after_which_a_worker_is_gone(live_stack: LiveSystem) -> None:
    def beat(client: httpx.Client) -> datetime:
        return datetime.fromisoformat(newest_worker(client)["heartbeat_at"])

    with live_stack.client() as client:
        first = beat(client)
        wait_until(lambda: beat(client) > first, 5, "the heart beats again")


def test_a_run_cancelled_while_it_waits_is_revoked_and_never_starts(live_stack: LiveSystem) -> None:
    with live_stack.client() as client:
        live_stack.worker.stop()
        try:
            run_id = trigger(client, "send_daily_health_report")["task_id"]
            answer = client.post(f"runs/{run_id}/cancellation/", json={"reason": "not today"})
            assert answer.status_code == 202, answer.text
            assert answer.json()["how"] == "revoked"
        finally:
            live_stack.worker.start()
            live_stack.wait_for_worker()
        witness = trigger(client, "send_daily_health_report")["task_id"]
        assert finished(client, witness)["state"] in FINISHED
        cancelled = client.get(f"runs/{run_id}/").json()
    assert (cancelled["state"], cancelled["attempt"]) == ("REVOKED", 0)

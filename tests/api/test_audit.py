"""Reading the audit trail."""

from __future__ import annotations

import pytest

from runbell.domain.tasks import TaskDefinition
from tests.api.conftest import Caller

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run_ids(everything: Caller, tidy_up: TaskDefinition) -> list[str]:
    """Three triggers."""
    return [everything.post("monitoring/manual-trigger/", {"task_name": "tidy_up"}).json["task_id"] for _ in range(3)]


def test_entries_are_listed_newest_first_over_pages(everything: Caller, run_ids: list[str]) -> None:
    seen, path = [], "audit/?limit=2&action=TASK_EXECUTION_STARTED"
    while path:
        page = everything.get(path).json
        seen += [entry["task_id"] for entry in page["items"]]
        path = page["next"]
    assert seen == run_ids[::-1]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("task=tidy-up", 3),
        ("actor=user:everything", 3),
        ("actor=user:nobody", 0),
        ("action=TASK_EXECUTION_STARTED&from=2020-01-01", 3),
        ("to=2020-01-01", 0),
    ],
)
def test_filters_narrow_the_list(everything: Caller, run_ids: list[str], query: str, count: int) -> None:
    assert len(everything.get(f"audit/?{query}").json["items"]) == count


def test_the_entries_of_one_run(everything: Caller, run_ids: list[str]) -> None:
    entries = everything.get(f"audit/?task_id={run_ids[0]}").json["items"]
    assert [entry["field_changes"]["task_id"] for entry in entries] == [run_ids[0]]


@pytest.mark.parametrize("query", ["task=nonsense", "actor=%00", "cursor=x", "limit=0", "from=x", "task_id=%00"])
def test_a_filter_that_cannot_be_read_is_refused(everything: Caller, run_ids: list[str], query: str) -> None:
    assert everything.get(f"audit/?{query}").status == 422

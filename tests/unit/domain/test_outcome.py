"""What a task says of what it did."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbell.domain.outcome import Outcome
from runbell.domain.states import Fact

COUNTS = st.integers(0, 10**9)


@given(COUNTS, COUNTS)
def test_any_failed_item_makes_it_partial(processed: int, failed: int) -> None:
    assert Outcome(processed=processed, failed=failed).fact is (Fact.PARTIAL if failed else Fact.SUCCESS)


@pytest.mark.parametrize("counts", [{"processed": -1}, {"failed": -1}])
def test_counts_cannot_be_negative(counts: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="from 0 to"):
        Outcome(**counts)


def test_as_a_dictionary_it_is_the_celery_result() -> None:
    outcome = Outcome(processed=2, failed=1, message="2 of 3", evidence={"ids": [1, 2]})
    assert outcome.as_dict() == {"processed": 2, "failed": 1, "message": "2 of 3", "evidence": {"ids": [1, 2]}}

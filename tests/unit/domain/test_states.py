"""A run's life: facts may come late, twice, in any order or never."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbell.domain.states import ACTIVE, BAD, FINISHED, GOOD, TRANSITIONS, WAITING, Fact, State, next_state

BORN_FINISHED = {State.MISSED, State.SKIPPED}
"""Occurrences that never were runs: they are written in the state they stay in."""


def live_through(state: State, facts: Iterable[Fact]) -> list[State]:
    """Return every state that a run passes through, the first one included."""
    states = [state]
    for fact in facts:
        states.append(next_state(states[-1], fact) or states[-1])
    return states


def reachable_from(start: State) -> set[State]:
    found, frontier = {start}, [start]
    while frontier:
        state = frontier.pop()
        fresh = {target for fact in Fact if (target := next_state(state, fact))} - found
        found |= fresh
        frontier.extend(fresh)
    return found


@given(st.lists(st.sampled_from(Fact), max_size=40))
def test_a_finished_run_stays_as_it_is(facts: list[Fact]) -> None:
    states = live_through(State.ACCEPTED, facts)
    endings = [state for state in states if state in FINISHED]
    assert len(set(endings)) <= 1
    assert states[len(states) - len(endings) :] == endings


@given(st.sampled_from(sorted(FINISHED)), st.sampled_from(Fact))
def test_no_fact_moves_a_finished_run(state: State, fact: Fact) -> None:
    assert next_state(state, fact) is None


@given(st.lists(st.sampled_from(Fact), max_size=20))
def test_a_fact_told_twice_changes_nothing_more(facts: list[Fact]) -> None:
    once = live_through(State.ACCEPTED, facts)[-1]
    # An attempt that started again is a fact of its own: RETRY and STARTED alternate and are left out.
    doubled = [fact for fact in facts if fact not in (Fact.RETRY, Fact.STARTED)]
    twice = live_through(State.ACCEPTED, [fact for fact in doubled for _ in range(2)])[-1]
    assert twice == live_through(State.ACCEPTED, doubled)[-1]
    assert once in State


@given(st.permutations([Fact.QUEUED, Fact.RECEIVED, Fact.STARTED]))
def test_the_way_to_a_worker_may_be_reported_in_any_order(facts: list[Fact]) -> None:
    assert live_through(State.ACCEPTED, facts)[-1] is State.STARTED


@given(st.permutations([Fact.QUEUED, Fact.RECEIVED]), st.booleans())
def test_confirmations_that_come_after_the_end_are_only_noted(facts: list[Fact], started: bool) -> None:
    beginning = [Fact.STARTED, Fact.SUCCESS] if started else [Fact.REVOKED]
    ending = State.SUCCESS if started else State.REVOKED
    assert live_through(State.ACCEPTED, [*beginning, *facts])[-1] is ending


def test_every_state_is_reachable() -> None:
    assert reachable_from(State.ACCEPTED) == set(State) - BORN_FINISHED


def test_every_active_state_can_still_end() -> None:
    for state in ACTIVE:
        assert reachable_from(state) & FINISHED


def test_every_state_is_active_or_finished() -> None:
    assert set(State) == ACTIVE | FINISHED
    assert not ACTIVE & FINISHED
    assert WAITING < ACTIVE


def test_good_and_bad_endings_are_endings() -> None:
    assert GOOD | BAD <= FINISHED
    assert not GOOD & BAD


def test_partial_is_never_good() -> None:
    assert State.PARTIAL in BAD


@pytest.mark.parametrize(
    ("state", "fact", "expected"),
    [
        (State.ACCEPTED, Fact.PUBLISH_FAILED, None),
        (State.ACCEPTED, Fact.STARTED, State.STARTED),
        (State.RECEIVED, Fact.QUEUED, None),
        (State.STARTED, Fact.RETRY, State.RETRY),
        (State.RETRY, Fact.STARTED, State.STARTED),
        (State.RETRY, Fact.EXPIRED, None),
        (State.QUEUED, Fact.EXPIRED, State.EXPIRED),
        (State.STARTED, Fact.EXPIRED, None),
        (State.STARTED, Fact.LOST, State.LOST),
        (State.QUEUED, Fact.LOST, None),
        (State.RECEIVED, Fact.RETURNED, State.ACCEPTED),
        (State.STARTED, Fact.RETURNED, None),
        (State.STARTED, Fact.STARTED, None),
        (State.STARTED, Fact.CANCEL_REQUESTED, None),
        (State.STARTED, Fact.DUPLICATE_REFUSED, None),
        (State.QUEUED, Fact.SUCCESS, None),
    ],
)
def test_what_single_facts_do(state: State, fact: Fact, expected: State | None) -> None:
    assert next_state(state, fact) == expected


def test_a_fact_that_moves_a_run_leads_where_its_name_says() -> None:
    named = TRANSITIONS.keys() - {Fact.RETURNED}  # it leads back to the beginning
    assert {fact.value: TRANSITIONS[fact][1].value for fact in named} == {fact.value: fact.value for fact in named}

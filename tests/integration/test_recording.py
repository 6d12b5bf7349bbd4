"""What a run says is kept: bounded, throttled, and never part of the task's own transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from runbell.actions import record
from runbell.actions.record import Claim, Claimant, Ending, Stray
from runbell.actions.trigger import trigger
from runbell.domain.actors import Actor
from runbell.domain.states import Fact
from runbell.domain.tasks import TaskDefinition
from runbell.engine.facts import FactWriter
from runbell.engine.recorder import Recorder
from runbell.models import LogLine, Run
from runbell.testing import FakeDispatcher
from tests.support.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def claim(dispatcher: FakeDispatcher, declare: Callable[..., TaskDefinition], anna: Actor) -> Claim:
    declare()
    run_id = trigger("tidy_up", actor=anna).run_id
    claimed = record.claim(
        Stray(run_id, "tidy_up", "tests.tasks.tidy_up", "", {}, ""), Claimant("celery@one", "1" * 32, 1)
    )
    assert claimed is not None
    return claimed


def line(text: str, *args: Any) -> logging.LogRecord:
    return logging.LogRecord("app.tasks", logging.INFO, __file__, 1, text, args, None)


def finish(claim: Claim, recorder: Recorder) -> None:
    assert record.ended(claim, Ending(Fact.SUCCESS, timezone.now()), recorder.close())


def test_what_a_long_attempt_says_is_there_while_it_goes_on(claim: Claim) -> None:
    recorder = Recorder(claim)
    recorder.log(line("begun"))
    recorder.progress(1, 2, "half")
    wait_until(lambda: LogLine.objects.filter(message="begun").exists(), 5, "the line is there")
    wait_until(lambda: Run.objects.get(pk=claim.pk).progress_done == 1, 5, "the progress is there")
    recorder.log(line("going on"))
    wait_until(lambda: LogLine.objects.count() == 2, 5, "so is the next one")
    recorder.log(line("over"))
    finish(claim, recorder)
    assert list(LogLine.objects.order_by("number").values_list("message", flat=True)) == ["begun", "going on", "over"]


def test_log_lines_are_kept_in_order(claim: Claim) -> None:
    recorder = Recorder(claim)
    for number in range(5):
        recorder.log(line("step %s", number))
    finish(claim, recorder)
    assert list(LogLine.objects.order_by("number").values_list("message", flat=True)) == [
        f"step {number}" for number in range(5)
    ]


def test_a_log_that_is_too_long_is_cut_and_says_how_much(claim: Claim, settings: Any) -> None:
    settings.RUNBELL = settings.RUNBELL | {"LOG_LINES": 10, "LOG_LINE_LENGTH": 20}
    recorder = Recorder(claim)
    for number in range(25):
        recorder.log(line("%s", str(number) * 50))
    finish(claim, recorder)
    assert LogLine.objects.count() == 10
    assert all(len(kept.message) <= 20 and kept.message.endswith("…") for kept in LogLine.objects.all())
    assert Run.objects.get(pk=claim.pk).log_lines_cut == 15


def test_a_record_whose_arguments_do_not_fit_is_kept_as_it_is(claim: Claim) -> None:
    recorder = Recorder(claim)
    recorder.log(line("%d of %d", 1))
    finish(claim, recorder)
    assert "%d of %d" in LogLine.objects.get().message


def test_progress_is_written_twice_a_second_at_most_and_the_last_word_stays(
    claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    note = record.note_progress

    def counting(claim: Claim, done: int, total: int | None, message: str) -> record.Word:
        written.append(done)
        return note(claim, done, total, message)

    monkeypatch.setattr(record, "note_progress", counting)
    recorder = Recorder(claim)
    for number in range(1, 2001):
        recorder.progress(number, 2000, "counting")
    finish(claim, recorder)
    run = Run.objects.get(pk=claim.pk)
    assert (run.progress_done, run.progress_total, run.progress_message) == (2000, 2000, "counting")
    assert len(written) <= 3


def test_a_rehearsal_s_words_are_held_back_until_it_is_over(claim: Claim) -> None:
    recorder = Recorder(claim, deferred=True)
    with transaction.atomic():
        recorder.log(line("inside"))
        recorder.progress(1, 2, "half")
        transaction.set_rollback(True)
    assert LogLine.objects.count() == 0
    finish(claim, recorder)
    assert LogLine.objects.get().message == "inside"


def test_facts_are_written_in_order_each_with_its_own_moment(claim: Claim) -> None:
    writer = FactWriter()
    before = timezone.now()
    writer.published(claim.run_id)
    writer.received(claim.run_id)
    assert writer.flush(5)
    events = list(Run.objects.get(pk=claim.pk).events.filter(at__gte=before).order_by("id"))
    assert [event.kind for event in events] == ["QUEUED", "RECEIVED"]
    assert events[0].at <= events[1].at


def test_facts_about_a_run_that_nobody_knows_do_no_harm(claim: Claim) -> None:
    writer = FactWriter()
    writer.received("no-such-run")
    writer.published(claim.run_id)
    assert writer.flush(5)
    assert Run.objects.get(pk=claim.pk).events.filter(kind="QUEUED").count() == 2

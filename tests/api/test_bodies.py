"""Whatever is sent, the answer is a problem document and never a fault."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runbell.domain.tasks import TaskDefinition
from runbell.models import Run
from tests.api.conftest import Caller, add_run

pytestmark = pytest.mark.django_db(transaction=True)

TRIGGER = "monitoring/manual-trigger/"

MALFORMED = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"3",
    b'"tidy_up"',
    b"\xff\xfe",
    b"{}",
    b'{"task_name": 5}',
    b'{"task_name": null}',
    b'{"task_name": ""}',
    b'{"task_name": ["tidy_up"]}',
    b'{"task_name": "tidy_up", "params": []}',
    b'{"task_name": "tidy_up", "params": "x"}',
    b'{"task_name": "tidy_up", "dry_run": "yes"}',
    b'{"task_name": "tidy_up", "dry_run": 1}',
    b'{"task_name": "tidy_up", "reason": 5}',
    b'{"task_name": "tidy_up", "params": {"days": NaN}}',
    b'{"task_name": "tidy_up", "params": {"days": Infinity}}',
    b'{"task_name": "tidy_up", "params": {"days": ' + b"9" * 5000 + b"}}",
    b'{"task_name": "tidy_up", "params": {"days": ' + b"[" * 200 + b"]" * 200 + b"}}",
    b'{"task_name": "tidy_up", "params": {"days": ' + b"[" * 30000 + b"]" * 30000 + b"}}",
    b"[" * 60000,
    b'{"task_name": "\\ud800"}',
]


@pytest.mark.parametrize("body", MALFORMED, ids=lambda body: repr(body[:50]))
def test_a_malformed_body_is_400(everything: Caller, tidy_up: TaskDefinition, body: bytes) -> None:
    assert everything.post(TRIGGER, body).status == 400
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"task_name": "tidy\x00up"}, 404),
        ({"task_name": "tidy_up", "reason": "a\x00b"}, 422),
        ({"task_name": "tidy_up", "reason": "x" * 2001}, 422),
        ({"task_name": "tidy_up", "params": {"days": "\x00"}}, 422),
        ({"task_name": "tidy_up", "params": {"da\x00ys": 1}}, 422),
        ({"task_name": "tidy_up", "params": {"days": 10**400}}, 422),
        ({"task_name": "tidy_up", "params": {"days": 1e300}}, 422),
        ({"task_name": "tidy_up", "params": {"days": "\ud800"}}, 422),
        ({"task_name": "x" * 256}, 400),
    ],
)
def test_values_that_no_database_can_keep_are_refused(
    everything: Caller, tidy_up: TaskDefinition, body: Any, status: int
) -> None:
    assert everything.post(TRIGGER, body).status == status
    assert not Run.objects.exists()


def test_a_plain_task_takes_any_parameters_that_can_be_kept(everything: Caller, dispatcher: Any, declare: Any) -> None:
    declare("plain", params_model=None)
    nested = {"days": 10**30, "list": [[[[1.5]]]], "text": "\u00e9\U0001f514"}
    run_id = everything.post(TRIGGER, {"task_name": "plain", "params": nested}).json["task_id"]
    assert everything.get(f"runs/{run_id}/").json["params"]["text"] == nested["text"]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_a_body_that_is_not_json_is_415(everything: Caller, tidy_up: TaskDefinition, kind: str) -> None:
    assert everything.post(TRIGGER, b'{"task_name": "tidy_up"}', content_type=kind).status == 415


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "application/vnd.example+json", "APPLICATION/JSON"]
)
def test_a_body_that_is_json_is_taken(everything: Caller, tidy_up: TaskDefinition, kind: str) -> None:
    assert everything.post(TRIGGER, b'{"task_name": "tidy_up"}', content_type=kind).status == 202


def test_a_body_of_64_kib_is_read_and_one_byte_more_is_413(everything: Caller, tidy_up: TaskDefinition) -> None:
    body = b'{"task_name": "tidy_up"}'
    assert everything.post(TRIGGER, body.ljust(64 * 1024)).status == 202
    answer = everything.post(TRIGGER, body.ljust(64 * 1024 + 1))
    assert (answer.status, answer.json["max_bytes"]) == (413, 64 * 1024)


def test_a_length_that_is_not_declared_is_not_believed_either(everything: Caller, tidy_up: TaskDefinition) -> None:
    from io import BytesIO  # noqa: PLC0415

    from django.core.handlers.wsgi import WSGIRequest  # noqa: PLC0415

    from runbell.api import body  # noqa: PLC0415
    from runbell.api.problems import Problem  # noqa: PLC0415
    from runbell.api.schemas.triggers import TriggerIn  # noqa: PLC0415

    stream = BytesIO(b" " * 10_000_000)
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": "application/json",
        "HTTP_TRANSFER_ENCODING": "chunked",
        "wsgi.input": stream,
    }
    request = WSGIRequest(environ)
    request._stream = stream
    with pytest.raises(Problem) as refused:
        body.read(request, TriggerIn)
    assert refused.value.status == 413
    assert stream.tell() <= 64 * 1024 + 1


@pytest.mark.parametrize("path", ["cancellation", "retry"])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", ""])
def test_an_action_on_a_run_needs_no_body(everything: Caller, tidy_up: TaskDefinition, path: str, kind: str) -> None:
    from runbell.domain.states import State  # noqa: PLC0415

    run = add_run(state=State.QUEUED if path == "cancellation" else State.SUCCESS)
    assert everything.post(f"runs/{run.task_id}/{path}/", b"", content_type=kind).status == 202
    assert everything.post(f"runs/{run.task_id}/{path}/", {"reason": 5}).status == 400


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    document=st.dictionaries(
        st.sampled_from(["task_name", "params", "dry_run", "reason"]), values | st.just("tidy_up"), max_size=4
    )
)
def test_no_document_whatever_makes_a_fault(everything: Caller, tidy_up: TaskDefinition, document: Any) -> None:
    body = json.dumps(document).encode()
    assert everything.post(TRIGGER, body).status in {202, 400, 404, 413, 422}

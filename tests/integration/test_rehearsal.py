"""A rehearsal runs the code, changes nothing, and says what would have changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from celery import Celery
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.mail import EmailMessage, get_connection, send_mail
from django.db import connection, transaction
from django.db.models import F

from runbell.engine.rehearsal import Rehearsal, guard_sub_tasks, is_rehearsing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people() -> list[User]:
    return [User.objects.create(username=f"person{number}", email="old@example.com") for number in range(5)]


def rehearse(body: Callable[[], Any]) -> dict[str, Any]:
    rehearsal = Rehearsal()
    rehearsal.run(body)
    return rehearsal.report()


def changes(body: Callable[[], Any]) -> dict[str, dict[str, Any]]:
    return {change["model"]: change for change in rehearse(body)["changes"]}


def keys(people: list[User]) -> list[str]:
    return [str(person.pk) for person in people]


def everything() -> list[tuple[Any, ...]]:
    return [*User.objects.order_by("pk").values_list("pk", "username", "email"), *Group.objects.values_list("name")]


def test_whatever_is_written_the_database_is_as_it_was(people: list[User]) -> None:
    before = everything()

    def body() -> None:
        User.objects.create(username="new")
        User.objects.update(email="new@example.com")
        User.objects.filter(username="person1").delete()
        with transaction.atomic():
            people[0].groups.add(Group.objects.create(name="g"))

    rehearse(body)
    assert everything() == before


def test_it_returns_what_the_code_returned_and_runs_it_once(people: list[User]) -> None:
    calls: list[bool] = []
    assert Rehearsal().run(lambda: calls.append(is_rehearsing()) or "value") == "value"
    assert calls == [True]
    assert not is_rehearsing()


def test_an_error_is_the_code_s_own_and_leaves_nothing(people: list[User]) -> None:
    def body() -> None:
        User.objects.create(username="new")
        raise LookupError

    rehearsal = Rehearsal()
    with pytest.raises(LookupError):
        rehearsal.run(body)
    assert not User.objects.filter(username="new").exists()
    assert rehearsal.report()["changes"][0]["created"]["count"] == 1


@pytest.mark.parametrize(
    "body",
    [
        lambda people: people[0].save(),
        lambda people: User.objects.filter(pk=people[0].pk).update(email="x"),
        lambda people: User.objects.filter(pk=people[0].pk).update(last_name=F("first_name"), email="a WHERE b"),
        lambda people: User.objects.bulk_update([people[0]], ["email"]),
        lambda people: connection.cursor().execute(
            "UPDATE auth_user SET email = %s WHERE id = %s", ["100% x", people[0].pk]
        ),
    ],
    ids=["save", "update", "expressions", "bulk_update", "raw"],
)
def test_an_update_is_named_however_it_is_made(people: list[User], body: Callable[[list[User]], Any]) -> None:
    change = changes(lambda: body(people))["auth.User"]
    assert change["updated"] == {"count": 1, "keys": [str(people[0].pk)], "cut": False}
    assert change["created"]["count"] == change["deleted"]["count"] == 0


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE auth_user\nSET email = 'x'\nWHERE id = %s",
        "update auth_user set email = 'WHERE (' where id = %s",
        "UPDATE auth_user AS somebody SET email = 'x' WHERE somebody.id = %s",
        "-- a remark\nUPDATE auth_user SET email = 'x' WHERE id = %s",
        "/* a remark */ UPDATE auth_user SET email = 'x' WHERE id = %s",
        "UPDATE auth_user SET email = (SELECT max(email) FROM auth_user WHERE id > 0) WHERE id = %s",
    ],
)
def test_hand_written_statements_are_counted_and_break_nothing(people: list[User], sql: str) -> None:
    change = changes(lambda: connection.cursor().execute(sql, [people[0].pk]))["auth.User"]
    assert change["updated"]["count"] == 1
    assert User.objects.filter(email="old@example.com").count() == 5


def test_an_update_of_all_rows_names_all(people: list[User]) -> None:
    assert changes(lambda: User.objects.update(email="x"))["auth.User"]["updated"]["keys"] == keys(people)


def test_an_update_by_a_subquery_is_named(people: list[User]) -> None:
    some = User.objects.filter(username__in=["person1", "person3"])
    change = changes(lambda: User.objects.filter(pk__in=some.values("pk")).update(email="x"))["auth.User"]
    assert change["updated"]["keys"] == keys([people[1], people[3]])


def test_an_update_that_touches_nothing_is_no_change(people: list[User]) -> None:
    assert changes(lambda: User.objects.filter(username="nobody").update(email="x")) == {}


@pytest.mark.parametrize(
    "body",
    [
        lambda: [User.objects.create(username=f"new{number}").pk for number in range(3)],
        lambda: [user.pk for user in User.objects.bulk_create(User(username=f"new{number}") for number in range(3))],
        lambda: [User.objects.create(pk=number, username=f"new{number}").pk for number in (1001, 1002, 1003)],
        lambda: [
            user.pk
            for user in User.objects.bulk_create(
                User(pk=number, username=f"n{number}") for number in (9001, 9002, 9003)
            )
        ],
    ],
    ids=["create", "bulk_create", "given keys", "bulk with given keys"],
)
def test_created_rows_are_named_however_they_are_made(people: list[User], body: Callable[[], list[int]]) -> None:
    made: list[int] = []
    change = changes(lambda: made.extend(body()))["auth.User"]
    assert change["created"] == {"count": 3, "keys": [str(key) for key in made], "cut": False}
    assert change["updated"]["count"] == 0


def test_deleted_rows_are_named(people: list[User]) -> None:
    change = changes(lambda: User.objects.filter(username__in=["person0", "person4"]).delete())["auth.User"]
    assert change["deleted"]["keys"] == keys([people[0], people[4]])


def test_a_row_that_came_and_went_is_no_change(people: list[User]) -> None:
    assert changes(lambda: User.objects.create(username="brief").delete()) == {}


def test_a_row_created_and_updated_is_created(people: list[User]) -> None:
    def body() -> None:
        user = User.objects.create(username="new")
        User.objects.filter(pk=user.pk).update(email="x")

    change = changes(body)["auth.User"]
    assert (change["created"]["count"], change["updated"]["count"]) == (1, 0)


def test_links_between_rows_are_changes_too(people: list[User]) -> None:
    change = changes(lambda: people[0].groups.add(Group.objects.create(name="g")))
    assert change["auth.User_groups"]["created"]["count"] == 1


def test_the_list_is_cut_and_says_so_while_the_count_is_whole(settings: Any) -> None:
    settings.RUNBELL = {"REHEARSAL_KEYS": 10}
    change = changes(lambda: User.objects.bulk_create(User(username=f"u{number}") for number in range(2500)))
    created = change["auth.User"]["created"]
    assert (created["count"], len(created["keys"]), created["cut"]) == (2500, 10, True)


def test_mail_is_kept_whichever_way_it_is_sent(people: list[User]) -> None:
    def body() -> None:
        send_mail("one", "text", "from@example.com", ["a@example.com"])
        EmailMessage("two", "text", to=["b@example.com"], bcc=["c@example.com"]).send()
        get_connection().send_messages([EmailMessage("three", "text", to=["d@example.com"])])

    mails = rehearse(body)["mails"]
    assert mails == {
        "count": 3,
        "listed": [
            {"to": ["a@example.com"], "subject": "one"},
            {"to": ["b@example.com", "c@example.com"], "subject": "two"},
            {"to": ["d@example.com"], "subject": "three"},
        ],
    }
    assert mail.outbox == []


def test_outside_of_a_rehearsal_mail_is_sent_as_ever(people: list[User]) -> None:
    rehearse(lambda: None)
    send_mail("one", "text", "from@example.com", ["a@example.com"])
    assert len(mail.outbox) == 1


def test_hooks_after_the_commit_do_not_fire(people: list[User]) -> None:
    fired: list[int] = []
    report = rehearse(lambda: transaction.on_commit(lambda: fired.append(1)))
    assert report["hooks_after_commit"] == 1
    assert fired == []


def test_sub_tasks_are_kept_and_not_sent(people: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)
    app = Celery("rehearsed", broker="memory://", set_as_current=False)
    guard_sub_tasks(app)

    @app.task(name="sub.task")
    def sub() -> None: ...

    report = rehearse(lambda: (sub.delay(), app.send_task("other.task")))
    assert report["tasks"] == {"count": 2, "listed": [{"task": "sub.task"}, {"task": "other.task"}]}
    with app.connection() as broker:
        assert broker.default_channel.queue_declare("celery").message_count == 0

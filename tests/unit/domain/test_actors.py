"""Who acts, and what they may."""

from __future__ import annotations

import pytest

from runbell.domain.actors import Actor, Permission, command_line_actor, system_actor
from runbell.domain.errors import PermissionDenied


def test_an_actor_may_nothing_unless_it_is_said() -> None:
    with pytest.raises(PermissionDenied) as caught:
        Actor(name="user:ada", display_name="Ada").require(Permission.TRIGGER)
    assert caught.value.details == {"permission": "runbell.trigger_run"}


def test_a_granted_permission_is_enough() -> None:
    actor = Actor(name="user:ada", display_name="Ada", has_permission=lambda name: name == "runbell.view_run")
    actor.require(Permission.VIEW)
    with pytest.raises(PermissionDenied):
        actor.require(Permission.CANCEL)


@pytest.mark.parametrize("permission", [*Permission, "app.of_its_own"])
def test_the_system_and_the_command_line_may_everything_under_their_own_names(permission: str) -> None:
    for actor, name in ((system_actor("ticker"), "system:ticker"), (command_line_actor("root"), "cli:root")):
        actor.require(permission)
        assert actor.name == name
        assert actor.user_id == ""


def test_a_limit_counts_by_token_where_there_is_one() -> None:
    person = Actor(name="user:ada", display_name="Ada", user_id="7")
    program = Actor(name="user:ada", display_name="Ada", user_id="7", token="rb_12345678")
    assert person.limit_key == "user:ada"
    assert program.limit_key == "token:rb_12345678"

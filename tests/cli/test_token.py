"""``runbell token``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from runbell.actions.tokens import authenticate_token
from tests.cli.conftest import Runbell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _deploy(django_user_model: Any) -> None:
    django_user_model.objects.create_user(username="deploy")


def test_the_token_stands_alone_on_standard_output(runbell: Runbell) -> None:
    result = runbell("token", "create", "--user", "deploy", "--name", "pipeline")
    authenticated = authenticate_token(result.out.removesuffix("\n"))
    assert authenticated is not None
    assert authenticated.user.username == "deploy"
    assert "not shown again" in result.err


def test_a_token_expires_when_it_was_told_to(runbell: Runbell) -> None:
    document = runbell("token", "create", "--user", "deploy", "--expires-days", "30", "--json").document
    remaining = datetime.fromisoformat(document["expires_at"]) - timezone.now()
    assert timedelta(days=29, hours=23) < remaining <= timedelta(days=30)


def test_the_list_never_shows_a_secret(runbell: Runbell) -> None:
    secret = runbell("token", "create", "--user", "deploy", "--name", "pipeline").out.strip()
    listed = runbell("token", "list").out
    assert "pipeline" in listed
    assert secret not in listed
    (token,) = runbell("token", "list", "--json").document["tokens"]
    assert token["prefix"] in secret
    assert "digest" not in token


def test_a_revoked_token_is_useless(runbell: Runbell) -> None:
    document = runbell("token", "create", "--user", "deploy", "--json").document
    assert runbell("token", "revoke", document["prefix"]).code == 0
    assert authenticate_token(document["token"]) is None
    assert runbell("token", "revoke", document["prefix"]).code == 3


@pytest.mark.parametrize("arguments", [("create", "--user", "nobody"), ("revoke", "rb_00000000")])
def test_who_is_not_there_is_not_found(runbell: Runbell, arguments: tuple[str, ...]) -> None:
    result = runbell("token", *arguments)
    assert (result.code, result.out) == (3, "")

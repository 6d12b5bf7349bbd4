"""What every operation declares: its permission, what it takes, what it answers, how it may refuse."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from runbell.api.auth import guarded_by
from runbell.api.schemas.common import READ_PROBLEMS, problems
from runbell.domain.actors import Permission

PERMISSION = "x-permission"
"""Under this name the API's document says which permission an operation needs; empty for none."""
BODIES: dict[str, type[BaseModel]] = {}
"""Types of request bodies, by the names under which the API's document holds them."""

_IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "Repeating a request with the same key gives the same run, and `Idempotency-Replayed: true`.",
}


def reading(permission: Permission, answer: type[BaseModel], *refusals: int) -> dict[str, Any]:
    """Return the options of an operation that reads; the guard asks for the permission."""
    return {
        "auth": guarded_by(permission),
        "response": {200: answer} | problems(*READ_PROBLEMS, *refusals),
        "openapi_extra": {PERMISSION: permission.value},
    }


def public(answer: type[BaseModel], *refusals: int) -> dict[str, Any]:
    """Return the options of an operation that everybody may call."""
    return {"auth": None, "response": {200: answer} | problems(*refusals), "openapi_extra": {PERMISSION: ""}}


def acting(
    permission: Permission,
    given: type[BaseModel],
    answer: type[BaseModel],
    *refusals: int,
    body_required: bool = True,
    idempotent: bool = False,
    status: int = 202,
) -> dict[str, Any]:
    """Return the options of an operation that does something: the action itself asks for the permission and audits.

    The operation reads its body itself, so that what is refused is refused as a problem document.
    """
    BODIES[given.__name__] = given
    schema = {"$ref": f"#/components/schemas/{given.__name__}"}
    return {
        "auth": guarded_by(None),
        "response": {status: answer} | problems(*refusals),
        "openapi_extra": {
            PERMISSION: permission.value,
            "requestBody": {"required": body_required, "content": {"application/json": {"schema": schema}}},
            "parameters": [_IDEMPOTENCY_KEY] if idempotent else [],
        },
    }


def ending(permission: Permission, answer: type[BaseModel], *refusals: int) -> dict[str, Any]:
    """Return the options of an operation that ends something and takes no body; the action asks for the permission."""
    return {
        "auth": guarded_by(None),
        "response": {200: answer} | problems(*refusals),
        "openapi_extra": {PERMISSION: permission.value},
    }

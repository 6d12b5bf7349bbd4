"""Typed parameters: from a function's signature to a validated, JSON-ready mapping and its schema."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from pydantic.json_schema import GenerateJsonSchema

from runbell.domain.errors import InvalidParams

MAX_ERRORS = 50


class UndeclarableSignature(TypeError):
    """A function whose signature cannot become typed parameters; the message says why."""


class _Params(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_default=True)


def params_model(function: Callable[..., Any]) -> type[BaseModel]:
    """Return the model of the parameters after the first one (the run) of ``function``.

    Raises:
        UndeclarableSignature: if there is no first parameter, one has no annotation, or one is variadic.
    """
    parameters = list(inspect.signature(function).parameters.values())
    if not parameters:
        raise UndeclarableSignature(f"{function.__qualname__} must take the run as its first parameter")
    hints = get_type_hints(function, include_extras=True)
    fields: dict[str, Any] = {}
    for parameter in parameters[1:]:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY):
            raise UndeclarableSignature(f"{function.__qualname__}: {parameter} cannot be asked for by name")
        if parameter.name not in hints:
            raise UndeclarableSignature(f"{function.__qualname__}: parameter {parameter.name} has no annotation")
        default = ... if parameter.default is parameter.empty else parameter.default
        fields[parameter.name] = (hints[parameter.name], default)
    return create_model(f"{function.__name__}_params", __base__=_Params, **fields)


@cache
def is_checked_plainly(model: type[BaseModel] | None) -> bool:
    """Return whether checking parameters runs pydantic's own code only, none of the project's, which may wait."""
    return model is None or _is_plain(model.__pydantic_core_schema__)


def _is_plain(schema: Any) -> bool:
    if isinstance(schema, list | tuple):
        return all(_is_plain(part) for part in schema)
    if not isinstance(schema, dict):
        return True
    if str(schema.get("type", "")).startswith("function-") or any(schema.get(name) for name in _FOREIGN):
        return False
    fields = schema.get("fields")
    own = fields.values() if isinstance(fields, dict) else ()  # a parameter may have any name
    return all(map(_is_plain, own)) and all(_is_plain(schema[name]) for name in schema.keys() - _NO_SCHEMA)


_FOREIGN = ("default_factory", "post_init", "custom_init")
_NO_SCHEMA = {"default", "metadata", "config", "cls", "ref", "fields"}


def validate_params(model: type[BaseModel] | None, params: dict[str, Any]) -> dict[str, Any]:
    """Return ``params`` with defaults filled in, as JSON-ready values. Without a model they pass as they are.

    Raises:
        InvalidParams: field by field, if any is refused.
    """
    if model is None:
        return params
    try:
        return model.model_validate(params).model_dump(mode="json")
    except ValidationError as error:
        raise InvalidParams(_field_errors(error)) from error


def typed_params(model: type[BaseModel], params: dict[str, Any]) -> dict[str, Any]:
    """Return ``params`` as the Python values that the function's signature names (dates as dates, and so on).

    Raises:
        InvalidParams: field by field, if any is refused.
    """
    try:
        validated = model.model_validate(params)
    except ValidationError as error:
        raise InvalidParams(_field_errors(error)) from error
    return {name: getattr(validated, name) for name in type(validated).model_fields}


def params_schema(model: type[BaseModel] | None) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the parameters; of any object where they are not known."""
    if model is None:
        return {"$schema": GenerateJsonSchema.schema_dialect, "type": "object", "additionalProperties": True}
    return {"$schema": GenerateJsonSchema.schema_dialect} | model.model_json_schema()


def _field_errors(error: ValidationError) -> list[dict[str, str]]:
    return [
        {"field": ".".join(str(part) for part in item["loc"]) or "params", "message": item["msg"]}
        for item in error.errors(include_url=False, include_input=False, include_context=False)[:MAX_ERRORS]
    ]

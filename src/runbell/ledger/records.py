"""Rows that are handed to PostgreSQL as JSON: a statement of values would be written and quoted anew each time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django.db import models

Record = Mapping[str, Any]
"""A row before it is written: values by attribute; what is left out has the model's default."""


def insert_records(model: type[models.Model], attributes: Iterable[str], *, where: str = "") -> str:
    """Return a statement that inserts records: one JSON array of objects is its only parameter.

    Args:
        model: whose table.
        attributes: what each record holds.
        where: a condition on all of it, in SQL.
    """
    return _insert(model, tuple(attributes), where)


@cache
def _insert(model: type[models.Model], attributes: tuple[str, ...], where: str) -> str:
    table = model._meta.db_table
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(
        f'"{field.column}"' if field.attname in attributes else _literal(field.get_default()) for field in fields
    )
    condition = f" WHERE {where}" if where else ""
    return (
        f"INSERT INTO {table} ({names})"  # noqa: S608 (only names of tables and columns of the models)
        f" SELECT {values} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb){condition}"
    )


def _literal(default: Any) -> str:
    """Return a default in SQL.

    Raises:
        TypeError: for one that a record must say itself.
    """
    if default is None:
        return "NULL"
    if default == "":
        return "''"
    if isinstance(default, bool | int):
        return str(default).upper()
    raise TypeError(f"a record must hold what has the default {default!r}")


def as_json(records: Iterable[Record]) -> str:
    """Return records as the parameter of such a statement. The attributes must be the columns' names."""
    return _ENCODER.encode(list(records))


def text_of(value: object) -> str:
    """Return what JSON has no form for, as PostgreSQL reads it."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} has no JSON form")


_ENCODER = json.JSONEncoder(default=text_of)

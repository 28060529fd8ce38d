"""Prefix search: a test that a column begins with a text, asked so that an index can tell."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement

from compete.models import db

_LAST_SIGN = chr(0x10FFFF)


def begins(column: Any, text: str) -> ColumnElement[bool]:
    """The condition that a column begins so, as an index can tell."""
    if db.session.get_bind().dialect.name == "sqlite":
        return column.between(text, text + _LAST_SIGN)  # type: ignore[no-any-return]
    return column.startswith(text, autoescape=True)  # type: ignore[no-any-return]

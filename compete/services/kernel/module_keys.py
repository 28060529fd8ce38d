"""Modules, and one's place in them: their keys, and the conditions that rows are of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement

from compete.models import Entrant

EntrantModule = tuple[int, str, str]
"""An entrant's row, and the codes of stage and module."""

EventModule = tuple[int, str, str]
"""An event's row, and the codes of stage and module."""

_Three = tuple[ColumnElement[bool], ColumnElement[bool], ColumnElement[bool]]


def of_module(table: Any, event_id: int, stage: str, module: str) -> _Three:
    """The condition that rows are of an event's module, in a statement with their entrants."""
    return Entrant.event_id == event_id, table.stage == stage, table.module == module


def same_place(table: Any, other: Any) -> _Three:
    """The condition that rows are of the entrant and module of `other`: a row, or a table."""
    return (
        table.entrant_id == other.entrant_id,
        table.stage == other.stage,
        table.module == other.module,
    )

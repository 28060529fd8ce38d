"""Modules, and one's place in them: their keys, and the conditions that rows are of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_

from compete.models import (
    Assignment,
    Decision,
    DrawCeremony,
    Entrant,
    Event,
    LockEntry,
    OutcomeEntry,
    PaperDraw,
    PenaltyEntry,
    RoomUse,
    Sheet,
    Slot,
    TimeEntry,
)

EntrantModule = tuple[int, str, str]
"""An entrant's row, and the codes of stage and module."""

EventModule = tuple[int, str, str]
"""An event's row, and the codes of stage and module."""


def place_of(row: Sheet | Slot) -> EntrantModule:
    """The entrant and module that a row is of."""
    return row.entrant_id, row.stage, row.module


def same_place(
    table: Any, other: Any
) -> tuple[ColumnElement[bool], ColumnElement[bool], ColumnElement[bool]]:
    """The condition that rows are of the entrant and module of `other`: a row, or a table."""
    return (
        table.entrant_id == other.entrant_id,
        table.stage == other.stage,
        table.module == other.module,
    )


_Table = (
    type[Assignment]
    | type[Decision]
    | type[DrawCeremony]
    | type[LockEntry]
    | type[PaperDraw]
    | type[PenaltyEntry]
    | type[OutcomeEntry]
    | type[RoomUse]
    | type[Sheet]
    | type[Slot]
    | type[TimeEntry]
)


def of_event(
    table: _Table, event: Event | int, stage: str | None = None, module: str | None = None
) -> ColumnElement[bool]:
    """The condition that a row is of an event, of a stage and a module of it where these are said.

    A row of an entrant is read together with `Entrant`, so that more can be asked of them.
    """
    rows: Any = table
    number = event if isinstance(event, int) else event.id
    if hasattr(table, "entrant_id"):
        own = [Entrant.id == rows.entrant_id, Entrant.event_id == number]
    else:
        own = [rows.event_id == number]
    own += [rows.stage == stage] if stage is not None else []
    return and_(*own, *([rows.module == module] if module is not None else []))

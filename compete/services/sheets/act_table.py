"""Act table: reads and writes to take in acts. A whole hall waits for these statements.

Each is compiled once (`models.prepared`), and runs inside the unit of work.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.orm import aliased

from compete.domain.bundle.event_types import Event, Module
from compete.domain.values.states import CompetitionState, SheetState
from compete.models import (
    Act,
    Competition,
    Entrant,
    RuleVersion,
    Sheet,
    db,
)
from compete.models.compiled_statements import Prepared, is_one_of, table_of
from compete.services.kernel.event_rules import module_of
from compete.services.sheets.locks_in_force import under_lock
from compete.services.sheets.values import SETTLING_KINDS, VALUE_KINDS

Row = dict[str, Any]


@dataclass
class SheetRow:
    """A sheet as it stands, with its rules' SHA-256 and whether a lock covers it."""

    id: int
    public_id: str
    entrant_id: int
    event_id: int
    stage: str
    module: str
    label: str
    state: SheetState
    version: int
    return_reason: str | None
    submitted_at: datetime | None
    rules: str
    locked: bool


_STATE = Prepared(
    select(Competition.state).where(Competition.id == bindparam("competition")).with_for_update()
)
_RULES = (
    select(RuleVersion.sha256)
    .where(RuleVersion.event_id == Entrant.event_id)
    .correlate(Entrant)
    .order_by(RuleVersion.number.desc())
    .limit(1)
    .scalar_subquery()
)
_SHEET = Prepared(
    select(
        *(Sheet.id, Sheet.public_id, Sheet.entrant_id, Entrant.event_id, Sheet.stage),
        *(Sheet.module, Sheet.label, Sheet.state, Sheet.version, Sheet.return_reason),
        *(Sheet.submitted_at, _RULES, under_lock()),
    )
    .join(Entrant, Entrant.id == Sheet.entrant_id)
    .where(Sheet.public_id == bindparam("public_id"), Sheet.judge_id == bindparam("judge"))
    .with_for_update(of=Sheet)
)
_LAST = (
    select(func.max(Act.id))
    .where(Act.sheet_id == bindparam("sheet"), is_one_of(Act.kind, SETTLING_KINDS))
    .group_by(Act.aspect)
)
_OF_SHEET = aliased(Act)
_FIRST_TABLET, _LAST_TABLET = (
    select(name(_OF_SHEET.tablet)).where(_OF_SHEET.sheet_id == bindparam("sheet")).scalar_subquery()
    for name in (func.min, func.max)
)
_STANDING = Prepared(
    select(
        *(Act.aspect, Act.id, Act.value, is_one_of(Act.kind, VALUE_KINDS)),
        *(_FIRST_TABLET, _LAST_TABLET),
    ).where(Act.id.in_(_LAST))
)
_UNKNOWN = Prepared(
    select(Act.aspect, Act.value, is_one_of(Act.kind, VALUE_KINDS))
    .where(
        Act.sheet_id == bindparam("sheet"),
        Act.id > bindparam("known"),
        Act.tablet != bindparam("tablet"),
        is_one_of(Act.kind, SETTLING_KINDS),
    )
    .order_by(Act.id)
)
_KNOWN = Prepared(
    select(Act.judge_id, Sheet.public_id, Act.kind, Act.aspect, Act.value, Act.note)
    .join(Sheet, Sheet.id == Act.sheet_id)
    .where(Act.uuid == bindparam("uuid"))
)
_ACT_COLUMNS = tuple(
    column.key for column in Act.__table__.columns if column.key not in ("id", "extra")
)
_PUT_ACT = Prepared(insert(table_of(Act)).returning(Act.id), columns=_ACT_COLUMNS)
_PUT_BROUGHT = Prepared(insert(table_of(Act)).returning(Act.id), columns=(*_ACT_COLUMNS, "extra"))
_SHEET_COLUMNS = ("state", "version", "return_reason", "submitted_at")
_PUT_SHEET = Prepared(
    update(table_of(Sheet)).where(Sheet.id == bindparam("sheet")), columns=_SHEET_COLUMNS
)


def state_for_update(connection: Connection, competition_id: int) -> CompetitionState:
    """The competition's state, claimed until the unit of work ends; as `for_update` does."""
    row = _STATE.first(connection, competition=competition_id)
    assert row is not None
    return CompetitionState(row[0])


def sheet_for_update(connection: Connection, public_id: str, judge_id: int) -> SheetRow | None:
    """The judge's own sheet of that id, claimed until the unit of work ends."""
    row = _SHEET.first(connection, public_id=public_id, judge=judge_id)
    return SheetRow(*row) if row else None


@dataclass
class Standing:
    """What stands on a sheet: its values by aspect, the last act, and the tablets that made any.

    `tablets` are at most the first and the last by name: one, or several.
    """

    values: dict[str, Decimal]
    last_act: int = 0
    tablets: frozenset[str] = frozenset()


def standing_of(connection: Connection, sheet_id: int) -> Standing:
    """What stands on one sheet; the values as `values.standing_values`."""
    standing = Standing({})
    rows = _STANDING.rows(connection, sheet=sheet_id)
    for aspect, act, value, is_value, first, last in rows:
        if is_value:
            standing.values[aspect] = value
        standing.last_act = max(standing.last_act, act)
        standing.tablets = frozenset(filter(None, (first, last)))
    return standing


def unknown_to(
    connection: Connection, sheet_id: int, tablet: str, known: int
) -> dict[str, Decimal | None]:
    """What the judge's other tablets did on a sheet after the act of that number, by aspect.

    The last value that they gave; None for one that was taken back.
    """
    rows = _UNKNOWN.rows(connection, sheet=sheet_id, tablet=tablet, known=known)
    return {aspect: value if is_value else None for aspect, value, is_value in rows}


@dataclass(frozen=True, slots=True)
class KnownAct:
    """An act that is stored, as far as one with the same UUID is compared with it."""

    judge_id: int
    sheet: str
    kind: str
    aspect: str | None
    value: Decimal | None
    note: str | None


def known_act(connection: Connection, uuid: str) -> KnownAct | None:
    """The act that has that UUID, if it is stored."""
    row = _KNOWN.first(connection, uuid=uuid)
    return KnownAct(*row) if row else None


def put_act(connection: Connection, row: Row) -> int:
    """Add an act of all columns but `id`, `extra` where it has one; its number in order."""
    put = _PUT_BROUGHT if "extra" in row else _PUT_ACT
    return int(put.rows(connection, **row)[0][0])


def put_sheet(connection: Connection, sheet: SheetRow) -> Row:
    """Write what acts changed of a sheet; the columns as written."""
    changed = {name: getattr(sheet, name) for name in _SHEET_COLUMNS}
    _PUT_SHEET.run(connection, sheet=sheet.id, **changed)
    return changed


def module_in_force(sheet: SheetRow) -> Module:
    """The module's rules. Versions are never changed, so each is read once."""
    return _module(sheet.rules, sheet.event_id, sheet.stage, sheet.module)


@lru_cache(maxsize=512)
def _module(sha256: str, event_id: int, stage: str, module: str) -> Module:
    definition = db.session.scalars(
        select(RuleVersion.definition)
        .where(RuleVersion.event_id == event_id, RuleVersion.sha256 == sha256)
        .limit(1)
    ).one()
    rules = msgspec.json.decode(json.dumps(definition), type=Event)
    return module_of(rules, stage, module)

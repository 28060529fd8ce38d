"""Taking in what judges did. An act that is stored is never lost, doubled or moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

import msgspec
from sqlalchemy import Connection

from compete.domain.values import Message, SheetState, msg
from compete.models import Account, Competition, Sheet, utc_now
from compete.models.types import as_kept
from compete.services.judging.signing import supersede_signature
from compete.services.kernel import (
    Refused,
    audit,
    connection_of,
    for_update,
    reason_text,
    unit_of_work,
)
from compete.services.sheets import (
    MARKING_KINDS,
    SHEET_COLUMNS,
    TIMING_KINDS,
    ActIn,
    OpenSheet,
    act_fault,
    act_value,
    is_sheet_id,
    is_uuid,
    kept_number,
    module_in_force,
    put_act,
    put_sheet,
    put_time,
    require_open,
    seal_rows,
    sender_of,
    sheet_for_update,
    state_for_update,
    values_of,
)

__all__ = ["MOST_ACTS", "ActIn", "Taken", "return_sheet", "take_acts"]

MOST_ACTS = 200
_Row = dict[str, Any]


class Marker(Protocol):
    """The judge whose acts they are: a row, or what is known of it."""

    @property
    def id(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def competition_id(self) -> int: ...


@dataclass
class Taken:
    """What became of a batch: stored for good, or refused with the reason.

    `sheets` are those of the judge that the acts are about, by public id, as
    they stand after them.
    """

    stored: list[str] = field(default_factory=list)
    refused: list[tuple[str, Message]] = field(default_factory=list)
    sheets: dict[str, OpenSheet] = field(default_factory=dict)


def take_acts(judge: Marker, acts: Sequence[ActIn], by: audit.Actor) -> Taken:
    """Hold the acts of one judge, in their order, all in one transaction.

    An act of this judge whose UUID is stored already counts as stored and changes
    nothing. A refused act is written nowhere but in the audit chain; the
    tablet keeps it and shows why.
    """
    refuse_too_many(acts)
    # What the caller has read may be stale once the unit of work begins.
    number, code, competition_id = judge.id, judge.code, judge.competition_id
    taken = Taken()
    with unit_of_work() as session:
        # The statements below go past the session.
        session.flush()
        connection = connection_of(session)
        state = state_for_update(connection, competition_id)
        taken.sheets = opened = _open_sheets(connection, number, acts)
        known: dict[str, int | None] = {}
        rows: list[_Row] = []
        for act in acts:
            if is_uuid(act.uuid) and act.uuid not in known:
                known[act.uuid] = sender_of(connection, act.uuid)
            sender = known.get(act.uuid)
            if sender == number:
                taken.stored.append(act.uuid)
                continue
            fault = act_fault(act, state, opened)
            if fault is None and sender is not None:
                fault = msg("这一条的编号已经用过了")
            if fault is not None:
                taken.refused.append((act.uuid, fault))
                continue
            known[act.uuid] = number
            rows.append(_apply(connection, act, opened[act.sheet], number))
            taken.stored.append(act.uuid)
        for sheet_id in {row["sheet_id"] for row in rows}:
            put_sheet(connection, next(o.row for o in opened.values() if o.row.id == sheet_id))
        if rows or taken.refused:
            after = _story(rows, acts, taken)
            audit.append(connection, competition_id, by, "acts.take", code, after=after)
    return taken


def refuse_too_many(acts: Sequence[ActIn]) -> None:
    """Raise `Refused` (413) for more acts than one call may bring."""
    if len(acts) > MOST_ACTS:
        raise Refused(msg("一次最多 %(most)s 条", most=MOST_ACTS), status=413)


def _open_sheets(
    connection: Connection, judge_id: int, acts: Sequence[ActIn]
) -> dict[str, OpenSheet]:
    opened = {}
    for public_id in sorted({act.sheet for act in acts if is_sheet_id(act.sheet)}):
        row = sheet_for_update(connection, public_id, judge_id)
        if row is not None:
            values = values_of(connection, row.id)
            opened[public_id] = OpenSheet(row, module_in_force(row), values)
    return opened


def _apply(connection: Connection, act: ActIn, sheet: OpenSheet, judge_id: int) -> _Row:
    """Hold one act that has no fault; the row as it stands in the database."""
    now = utc_now()
    number = _number(act, sheet)
    if act.kind == "mark":
        assert act.aspect is not None
        assert number is not None
        sheet.values[act.aspect] = number
    elif act.kind == "clear":
        sheet.values.pop(act.aspect or "", None)
    elif act.kind in TIMING_KINDS:
        # A stopped or corrected watch is the working time that tie keys look at.
        assert number is not None
        put_time(connection, sheet.row, number, now)
    _advance(sheet, act.kind)
    sheet.row.version += 1
    sheet.changed = True
    row = {
        "uuid": act.uuid,
        "sheet_id": sheet.row.id,
        "judge_id": judge_id,
        "kind": act.kind,
        "aspect": act.aspect,
        "value": number,
        "note": _cut(act.note, 2000),
        "said_at": _cut(act.at, 40),
        "tablet": _cut(act.tablet, 64),
        "tablet_seq": act.seq if act.seq is not None and 0 <= act.seq < 2**31 else None,
        "held_at": now,
    }
    whose = {key: getattr(sheet.row, key) for key in SHEET_COLUMNS}
    return {"id": put_act(connection, row), **row, "extra": None, **whose}


def _number(act: ActIn, sheet: OpenSheet) -> Decimal | None:
    """The act's value as the database gives it back."""
    if act.kind == "mark":
        aspect = sheet.aspect(act.aspect)
        assert aspect is not None
        value = act_value(aspect, act.value)
        assert value is not None
        return as_kept(Decimal(value))
    if act.kind in TIMING_KINDS:
        seconds = kept_number(act.value)
        assert seconds is not None
        return as_kept(seconds)
    return None


def _cut(text: str | None, most: int) -> str | None:
    """A text of the tablet's that a column can hold; its own words, so never refused."""
    return text.replace("\0", "")[:most] if text else None


def _advance(sheet: OpenSheet, kind: str) -> None:
    """The state that follows from what now stands on the sheet."""
    row = sheet.row
    if kind == "submit":
        row.state, row.submitted_at, row.return_reason = SheetState.SUBMITTED, utc_now(), None
    elif kind in MARKING_KINDS:
        if not sheet.missing:
            row.state = SheetState.COMPLETE
        else:
            row.state = SheetState.BEGUN if sheet.values else SheetState.NOT_BEGUN


def _story(rows: list[_Row], acts: Sequence[ActIn], taken: Taken) -> dict[str, Any]:
    """What the audit row says of a batch: a seal over what was stored, and what was refused."""
    refused = dict(taken.refused)
    return {
        "held": len(rows),
        "acts": seal_rows(rows) if rows else None,
        "sheets": sorted({act.sheet for act in acts if act.uuid not in refused}),
        "refused": [
            {"act": _told(act), "reason": str(refused[act.uuid])}
            for act in acts
            if act.uuid in refused
        ],
    }


def _told(act: ActIn) -> dict[str, Any]:
    """A refused act as the audit chain keeps it: whole, unless somebody sent a novel."""
    return {
        key: value.replace("\0", "")[:200] if isinstance(value, str) else value
        for key, value in msgspec.to_builtins(act).items()
        if value is not None
    }


def return_sheet(sheet: Sheet, reason: str, by: Account) -> None:
    """Send a submitted sheet back to its judge with a reason, which the judge sees."""
    reason = reason_text(reason)
    if not reason:
        raise Refused(msg("退回要写理由，裁判会看到"), status=400)
    with unit_of_work() as session:
        competition = for_update(session.get_one(Competition, sheet.competition_id))
        session.refresh(sheet)
        require_open(competition, sheet.entrant, sheet.stage, sheet.module)
        if sheet.state not in (SheetState.SUBMITTED, SheetState.SIGNED):
            raise Refused(msg("%(code)s 还没提交，不用退回", code=sheet.label))
        before = sheet.state
        supersede_signature(sheet, reason)
        sheet.state, sheet.return_reason = SheetState.RETURNED, reason
        sheet.version += 1
        audit.record(
            competition,
            by,
            "sheet.return",
            sheet.label,
            before={"state": before.value},
            after={"state": sheet.state.value, "judge": sheet.judge.code},
            reason=reason,
        )

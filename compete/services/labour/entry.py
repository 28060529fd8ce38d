"""Entering: a department writes values, a unit its self-assessment; each act is its own row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec
from sqlalchemy import select

from compete.domain.bundle.labour_types import Indicator
from compete.domain.labour.self_assessment import self_assessed
from compete.domain.values.canonical import canonical_sha256
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.models import (
    SELF,
    Account,
    Competition,
    LabourDepartment,
    LabourValueEntry,
    Unit,
    db,
)
from compete.services.kernel import audit
from compete.services.kernel.numbering import add_numbered
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.text_limits import LONGEST_REASON, check_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.labour.departments import departments_of
from compete.services.labour.period_progress import why_closed
from compete.services.labour.sign_off import sign_offs
from compete.services.labour.squares import (
    LONGEST_TEXT,
    Grid,
    asked_before,
    asked_in,
    grid_of,
    history_of,
    needs_target,
    read_value,
)
from compete.services.sheets.act_rules import is_uuid

MOST_AT_ONCE = 400
"""Acts of one call."""


class CellAct(msgspec.Struct, frozen=True, kw_only=True):
    """An act on one square, as the page sends it.

    `kind` says what `text` is: the value, the target, or why points were taken; an empty text
    empties. `seen` is the number of the row that the writer had in view, `sure` that an odd
    value was confirmed, `reason` why something signed off is corrected.
    """

    uuid: str
    kind: Literal["value", "target", "reason"]
    unit: str
    indicator: str
    text: str
    at: datetime
    seen: int | None = None
    sure: bool = False
    reason: str = ""
    source: Literal["department", "workbook"] = "department"


@dataclass(frozen=True, slots=True)
class Writer:
    """The writer of squares: a department all units' values, or a unit its own self-assessment."""

    competition: Competition
    account: Account
    department: LabourDepartment | None = None
    unit: Unit | None = None

    @property
    def name(self) -> str:
        """The name of the department or the unit."""
        side = self.unit or self.department
        assert side is not None  # one of them enters
        return side.name

    def may(self, indicator: str) -> bool:
        """True if the indicator is theirs to look at: a unit sees all of its own row."""
        return self.department is None or indicator in self.department.indicators

    def enters(self, indicator: Indicator) -> bool:
        """True if the indicator is theirs to enter."""
        if self.unit is not None and not self_assessed(indicator):
            return False
        return self.may(indicator.code)


@dataclass(slots=True)
class Entered:
    """The results of a call's acts, by uuid.

    A text that is no value is `stored` too: it stands in its square as refused. `met` are those
    that another person's later act stands against, or an own one that was made later on another
    device; nothing of them was written.
    """

    stored: list[str] = field(default_factory=list)
    refused: list[tuple[str, Message]] = field(default_factory=list)
    met: dict[str, LabourValueEntry] = field(default_factory=dict)


def enter_cells(writer: Writer, period: str, acts: Sequence[CellAct]) -> Entered:
    """Write acts into a leaf period, in one transaction; each is answered by itself.

    An act whose uuid is known is held already; in a closed period all others are refused. Raises
    `Refused` (UNKNOWN) for a period in which nothing is entered, (INVALID) for too many acts.
    """
    if len(acts) > MOST_AT_ONCE:
        raise invalid(msg("一次最多 %(n)s 格", n=MOST_AT_ONCE))
    with unit_of_work() as session:
        competition = for_update(writer.competition)
        codes = None if writer.department is None else writer.department.indicators
        work = _Entering(writer, grid_of(competition, period, codes), _stored_uuids(acts))
        for act in acts:
            work.take(act)
        if work.written:
            add_numbered(work.written)
            session.flush()
            audit.record(
                competition,
                writer.account,
                "labour.self" if writer.unit is not None else "labour.enter",
                writer.name,
                after={
                    "period": period,
                    "cells": len(work.written),
                    "sha256": canonical_sha256([_entry_parts(row) for row in work.written]),
                },
            )
    return work.done


def _stored_uuids(acts: Sequence[CellAct]) -> set[str]:
    query = select(LabourValueEntry.uuid).where(
        LabourValueEntry.uuid.in_([act.uuid for act in acts])
    )
    return {uuid for uuid in db.session.scalars(query) if uuid is not None}


def _entry_parts(row: LabourValueEntry) -> list[Any]:
    numbers = [row.value, row.target]
    return [
        row.id,
        row.unit_id,
        row.indicator,
        *(None if number is None else plain(number) for number in numbers),
        row.text,
        row.reason,
    ]


class _Entering:
    """A call's acts, taken in one after another on what stands."""

    def __init__(self, writer: Writer, grid: Grid, known: set[str]) -> None:
        self.done = Entered()
        self.written: list[LabourValueEntry] = []
        self._writer, self._grid, self._known = writer, grid, known
        self._units = {unit.code: unit.id for unit in grid.units}
        self._asked = {
            indicator.code: indicator for indicator in asked_in(grid.labour, grid.period)
        }
        self._signed = _signed_indicators(writer.competition, grid.period)
        self._closed = why_closed(writer.competition, grid.period)
        source = grid.own if writer.unit is not None else grid.standing
        self._standing = dict(source)

    def take(self, act: CellAct) -> None:
        """Write one act, or say why not."""
        if act.uuid in self._known:
            self.done.stored.append(act.uuid)
            return
        if self._closed is not None:
            self.done.refused.append((act.uuid, self._closed))
            return
        try:
            met = self._write(act)
        except Refused as refused:
            self.done.refused.append((act.uuid, refused.message))
            return
        if met is not None:
            self.done.met[act.uuid] = met
            return
        self._known.add(act.uuid)
        self.done.stored.append(act.uuid)

    def _write(self, act: CellAct) -> LabourValueEntry | None:
        """The other's row where one stands against it; None once it is written."""
        self._require_theirs(act)
        square = self._units[act.unit], act.indicator
        standing = self._standing.get(square)
        by = self._writer.account.id
        # Whose own acts of this call stand there have no number yet.
        if (
            standing is not None
            and (standing.made_by != by or _made_after(standing, act))
            and (standing.id or 0) > (act.seen or 0)
        ):
            return standing
        row = self._row(act, standing, square[0])
        self._require_open(act, row)
        self._standing[square] = row
        self.written.append(row)
        return None

    def _require_theirs(self, act: CellAct) -> None:
        writer = self._writer
        if not is_uuid(act.uuid):
            raise invalid(msg("这一条的编号不对"))
        if act.unit not in self._units or act.indicator not in self._asked:
            raise Refused(msg("没有这一格"), kind=Refusal.UNKNOWN)
        if not writer.may(act.indicator):
            raise Refused(msg("这一列不归你们部门填"), kind=Refusal.FORBIDDEN)
        if not writer.enters(self._asked[act.indicator]):
            raise Refused(msg("这一项不用自评"), kind=Refusal.FORBIDDEN)
        if writer.unit is not None and act.unit != writer.unit.code:
            raise Refused(msg("只能填本单位的自评"), kind=Refusal.FORBIDDEN)
        if act.kind == "target" and not needs_target(self._asked[act.indicator]):
            raise Refused(msg("没有这一格"), kind=Refusal.UNKNOWN)
        check_text(act.text, LONGEST_REASON if act.kind == "reason" else LONGEST_TEXT)
        check_text(act.reason, LONGEST_REASON)

    def _require_open(self, act: CellAct, row: LabourValueEntry) -> None:
        """Require that what is signed off stays filled, and says why it is another now."""
        if act.indicator not in self._signed:
            return
        if self._writer.unit is not None:
            raise Refused(msg("考评已经签核，自评不能再改"))
        if act.kind != "reason" and not act.reason.strip():
            raise Refused(msg("已经签核，更正要写理由"))
        if row.value is None or row.text:
            raise Refused(msg("已经签核，更正不能让这一格空着"))

    def _row(self, act: CellAct, standing: LabourValueEntry | None, unit: int) -> LabourValueEntry:
        value = standing.value if standing is not None else None
        target = standing.target if standing is not None else None
        text = standing.text if standing is not None else None
        reason = standing.reason if standing is not None else None
        written = " ".join(act.text.split()) if act.kind != "reason" else act.text.strip()
        if act.kind == "reason":
            reason = written or None
        elif act.kind == "target":
            target, text = self._read(act, written, None, value)
        else:
            before = self._grid.before.get((unit, act.indicator))
            value, text = self._read(act, written, before, target)
            if standing is None or (value, text) != (standing.value, standing.text):
                # Why the value before lost points says nothing about this one.
                reason = None
        return LabourValueEntry(
            unit_id=unit,
            period=self._grid.period,
            indicator=act.indicator,
            value=value,
            target=target,
            uuid=act.uuid,
            source=SELF if self._writer.unit is not None else act.source,
            text=text,
            reason=act.reason.strip() or reason,
            made_by=self._writer.account.id,
            said_at=act.at if act.at.tzinfo is not None else None,
        )

    def _read(
        self, act: CellAct, written: str, before: Decimal | None, beside: Decimal | None
    ) -> tuple[Decimal | None, str | None]:
        """The number and None, or None and the text that was not accepted."""
        if not written:
            return None, None
        indicator, target = self._asked[act.indicator], act.kind == "target"
        own = self._writer.unit is not None
        read = read_value(indicator, written, None if own else before, target=target, beside=beside)
        if read.problem is None or (read.ask and act.sure):
            return read.value, None
        return None, written


def _made_after(standing: LabourValueEntry, act: CellAct) -> bool:
    """True if what stands was said later than this: an own word of another device."""
    if standing.said_at is None or act.at.tzinfo is None:
        return False
    return standing.said_at > act.at


def grid_for(writer: Writer, period: str) -> Grid:
    """A leaf period's squares as the writer may see them, with the other side's beside.

    A unit does not see what a department has not signed off before it has assessed itself.
    """
    codes = None if writer.department is None else writer.department.indicators
    grid, unit = grid_of(writer.competition, period, codes), writer.unit
    if unit is None:
        return grid
    before = asked_before(grid.labour, period, grid.indicators)
    hidden = {(unit.id, code) for code in _unsigned(writer.competition, period)}
    hidden -= {square for square, row in grid.own.items() if row.value is not None}
    earlier = {
        (unit.id, code)
        for leaf, asked in before.items()
        for code in _unsigned(writer.competition, leaf).intersection(asked)
    }
    return replace(
        grid,
        standing={square: row for square, row in grid.standing.items() if square not in hidden},
        before={square: value for square, value in grid.before.items() if square not in earlier},
    )


def history_for(writer: Writer, unit: Unit, period: str, code: str) -> list[LabourValueEntry]:
    """List every row of one square that the writer may see, the newest first."""
    shown = grid_for(writer, period).standing
    rows = history_of(unit, period, code)
    return [row for row in rows if row.source == SELF or (unit.id, code) in shown]


def _unsigned(competition: Competition, period: str) -> set[str]:
    """The indicators of departments that have not signed an open leaf period off."""
    if why_closed(competition, period) is not None:
        return set()
    theirs = {code for row in departments_of(competition) for code in row.indicators}
    return theirs - _signed_indicators(competition, period)


def why_not_entered(writer: Writer, period: str) -> Message | None:
    """Say why nothing is entered by this writer; a unit's own marks end with the last sign-off."""
    closed = why_closed(writer.competition, period)
    if closed is not None or writer.unit is None:
        return closed
    signed = _signed_indicators(writer.competition, period)
    if not signed:
        return None
    asked = {indicator.code for indicator in grid_of(writer.competition, period).indicators}
    if asked <= signed:
        return msg("考评都已经签核，自评不能再改")
    return None


def _signed_indicators(competition: Competition, period: str) -> set[str]:
    return {
        code
        for row in sign_offs(competition, period).values()
        for code in row.department.indicators
    }

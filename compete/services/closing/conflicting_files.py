"""Conflicting values: files, paper or a tablet that say otherwise than what stands on a sheet.

For the chief judge. A file that somebody changed after the tablet wrote it counts for nothing
once the tablet's own marks are in, nor does a paper that was read once; what two read from paper
takes the place of what the tablet had sent. Without this nobody would see what each said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import select

from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.models import Act, AuditEntry, Competition, PaperEntry, Sheet, db
from compete.services.closing.paper_entry import TABLET
from compete.services.kernel.event_rules import module_of_sheet
from compete.services.sheets.act_rules import OPEN_STATES, ActIn, act_value
from compete.services.sheets.values import standing_values

_BROUGHT = ("acts.hand_over", "acts.as_paper")
_Refused = dict[str, list[tuple[AuditEntry, ActIn]]]
"""The acts in files that were not taken, by the public number of the sheet."""
_UNSETTLED = PaperEntry.settled_at.is_(None)
_BY_PAPER = select(Act.sheet_id).where(Act.kind == "submit", Act.tablet == TABLET)
_ACTS = ("mark", "clear", "recall", "submit")


class Way(StrEnum):
    """The way by which a value came that does not count."""

    PROVEN_FILE = "proven file"
    """A file as a tablet of the judge's wrote it."""
    FILE = "file"
    PAPER = "paper"
    TABLET = "tablet"


@dataclass(frozen=True)
class BroughtOtherwise:
    """A value that does not count: who brought it, when, by which way, and what it says."""

    who: str
    at: datetime
    way: Way
    aspect: str
    value: Decimal | bool


def brought_otherwise(sheet: Sheet) -> list[BroughtOtherwise]:
    """The values of files that do not stand on this sheet, the newest first."""
    return _brought_otherwise(sheet, _refused(sheet.competition_id), standing_values([sheet.id]))


def sheets_brought_otherwise(competition: Competition) -> list[Sheet]:
    """The sheets that are handed in and of which something says otherwise, by label."""
    read_once = select(PaperEntry.sheet_id).where(_UNSETTLED)
    refused = _refused(competition.id)
    query = (
        select(Sheet)
        .where(
            Sheet.competition_id == competition.id,
            Sheet.state.not_in(OPEN_STATES),
            Sheet.id.in_(read_once)
            | Sheet.id.in_(_BY_PAPER)
            | Sheet.public_id.in_(sorted(refused)),
        )
        .order_by(Sheet.label)
    )
    sheets = [*db.session.scalars(query)]
    stands = standing_values([sheet.id for sheet in sheets])
    return [sheet for sheet in sheets if _brought_otherwise(sheet, refused, stands)]


def _brought_otherwise(
    sheet: Sheet, refused: _Refused, stands: Mapping[int, Mapping[str, Decimal]]
) -> list[BroughtOtherwise]:
    aspects = {aspect.code: aspect for aspect in module_of_sheet(sheet).aspects}
    lines: dict[tuple[object, ...], BroughtOtherwise] = {}
    for line in [
        *_not_taken(refused.get(sheet.public_id, []), aspects),
        *_unsettled(sheet, aspects),
        *_on_tablet(sheet, aspects),
    ]:
        if stands[sheet.id].get(line.aspect) != line.value:
            lines[line.who, line.way, line.aspect, line.value] = line
    return sorted(lines.values(), key=lambda line: line.at, reverse=True)


def _refused(competition_id: int) -> _Refused:
    """The marks of files that were not taken."""
    query = select(AuditEntry).where(
        AuditEntry.competition_id == competition_id, AuditEntry.action.in_(_BROUGHT)
    )
    by_sheet: _Refused = {}
    for record in db.session.scalars(query.order_by(AuditEntry.seq)):
        for refusal in _refusals(record):
            act = msgspec.convert(refusal["act"], ActIn)
            if act.kind == "mark":
                by_sheet.setdefault(act.sheet, []).append((record, act))
    return by_sheet


def _not_taken(
    refused: Sequence[tuple[AuditEntry, ActIn]], aspects: Mapping[str, Aspect]
) -> Iterator[BroughtOtherwise]:
    """The last mark of each aspect in each file, of those of one sheet."""
    last: dict[tuple[int, str], BroughtOtherwise] = {}
    for record, act in refused:
        aspect = aspects.get(act.aspect or "")
        value = act_value(aspect, act.value) if aspect is not None else None
        if aspect is not None and value is not None:
            way = Way.PROVEN_FILE if record.action == "acts.hand_over" else Way.FILE
            last[record.id, aspect.code] = BroughtOtherwise(
                record.actor, record.at, way, aspect.code, value
            )
    yield from last.values()


def _unsettled(sheet: Sheet, aspects: Mapping[str, Aspect]) -> Iterator[BroughtOtherwise]:
    """Find files and papers that were read when the tablet's own marks came in."""
    if sheet.state in OPEN_STATES:
        return
    query = select(PaperEntry).where(PaperEntry.sheet_id == sheet.id, _UNSETTLED)
    for entry in {row.account_id: row for row in db.session.scalars(query)}.values():
        way = Way.PAPER if entry.package is None else Way.FILE
        for code, text in entry.values.items():
            # A row of a list may say 缺考, which is no value of an aspect.
            if code in aspects and text is not None:
                value = kind_of(aspects[code]).judge_value(Decimal(text))
                yield BroughtOtherwise(entry.account.name, entry.entered_at, way, code, value)


def _on_tablet(sheet: Sheet, aspects: Mapping[str, Aspect]) -> Iterator[BroughtOtherwise]:
    """Find what the judge's tablet had sent when a paper took its place.

    What was handed in and sent back before that was put right, not contradicted.
    """
    query = select(Act).where(Act.sheet_id == sheet.id, Act.kind.in_(_ACTS)).order_by(Act.id)
    sent: dict[str, Act] = {}
    replaced: dict[str, Act] = {}
    for act in db.session.scalars(query):
        if act.kind == "submit":
            sent, replaced = {}, sent if act.tablet == TABLET else {}
        elif act.tablet != TABLET and (code := act.aspect or "") in aspects:
            sent[code] = act
    for code, act in replaced.items():
        if act.value is not None:
            value = kind_of(aspects[code]).judge_value(act.value)
            yield BroughtOtherwise(sheet.judge.name, act.held_at, Way.TABLET, code, value)


def _refusals(record: AuditEntry) -> list[dict[str, Any]]:
    """List the refused acts of a file; earlier records of proven ones have no list."""
    key = "left_out" if record.action == "acts.hand_over" else "refused"
    return list((record.after or {}).get(key) or ())

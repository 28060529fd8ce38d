"""Conflicting files: sheets' files that say otherwise than what stands, for the chief judge.

A file that somebody changed after the tablet wrote it counts for nothing once the tablet's
own marks are in; without this nobody would see that it was brought, or what it said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import select

from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.models import AuditEntry, Competition, PaperEntry, Sheet, db
from compete.services.kernel.event_rules import module_of_sheet
from compete.services.sheets.act_rules import OPEN_STATES, ActIn, act_value
from compete.services.sheets.values import standing_values

_BROUGHT = ("acts.hand_over", "acts.as_paper")
_Refused = dict[str, list[tuple[AuditEntry, ActIn]]]
"""The acts in files that were not taken, by the public number of the sheet."""
_OPEN_FILE = (PaperEntry.settled_at.is_(None), PaperEntry.package.is_not(None))


@dataclass(frozen=True)
class BroughtOtherwise:
    """A value that does not count: who brought it, when, and what it says.

    `proven` says that a tablet of the judge's wrote the file as it was brought.
    """

    who: str
    at: datetime
    proven: bool
    aspect: str
    value: Decimal | bool


def brought_otherwise(sheet: Sheet) -> list[BroughtOtherwise]:
    """The values of files that do not stand on this sheet, the newest first."""
    return _brought_otherwise(sheet, _refused(sheet.competition_id), standing_values([sheet.id]))


def sheets_brought_otherwise(competition: Competition) -> list[Sheet]:
    """The sheets that are handed in and of which a file says otherwise, by label."""
    numbers = select(PaperEntry.sheet_id).where(*_OPEN_FILE).distinct()
    refused = _refused(competition.id)
    query = (
        select(Sheet)
        .where(
            Sheet.competition_id == competition.id,
            Sheet.state.not_in(OPEN_STATES),
            Sheet.id.in_(numbers) | Sheet.public_id.in_(sorted(refused)),
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
    ]:
        if stands[sheet.id].get(line.aspect) != line.value:
            lines[line.who, line.proven, line.aspect, line.value] = line
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
            proven = record.action == "acts.hand_over"
            last[record.id, aspect.code] = BroughtOtherwise(
                record.actor, record.at, proven, aspect.code, value
            )
    yield from last.values()


def _unsettled(sheet: Sheet, aspects: Mapping[str, Aspect]) -> Iterator[BroughtOtherwise]:
    """Find files that were one reading of two when the tablet's own marks came in."""
    if sheet.state in OPEN_STATES:
        return
    query = select(PaperEntry).where(PaperEntry.sheet_id == sheet.id, *_OPEN_FILE)
    for entry in {row.account_id: row for row in db.session.scalars(query)}.values():
        for code, text in entry.values.items():
            if code in aspects:
                value = kind_of(aspects[code]).judge_value(Decimal(text))
                yield BroughtOtherwise(entry.account.name, entry.entered_at, False, code, value)


def _refusals(record: AuditEntry) -> list[dict[str, Any]]:
    """List the refused acts of a file; earlier records of proven ones have no list."""
    key = "left_out" if record.action == "acts.hand_over" else "refused"
    return list((record.after or {}).get(key) or ())

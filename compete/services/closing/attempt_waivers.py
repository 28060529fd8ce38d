"""Waivers (放弃): who does not want a further attempt; one judge or chief judge records it.

What is waived counts 0 and takes nothing from the attempts made, so it needs no second person.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from compete.domain.bundle.attempts import Attempt
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import HANDED_IN, SheetState
from compete.models import Account, Sheet, db
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    put_absent,
    require_nameless,
    standing_decision,
)
from compete.services.kernel.event_rules import attempt_of, rules_of
from compete.services.kernel.refusal import Refused, refuse_if
from compete.services.kernel.transactions import claimed, unit_of_work
from compete.services.sheets.absences import excused, excused_among


def is_waivable(sheet: Sheet) -> bool:
    """True if the sheet's attempt can be waived now."""
    return why_not_waive(sheet) is None


def why_not_waive(sheet: Sheet) -> Message | None:
    """Say why a sheet's attempt cannot be waived; None where it can."""
    attempt = attempt_of(rules_of(sheet.entrant.event), sheet.stage, sheet.module)
    if attempt is None:
        return msg("这里只评一次，没有可以放弃的。没来的按缺考办")
    own = _sheets(sheet, (sheet.module,))
    if excused_among(own):
        return msg("这一次已经不用评了")
    if any(it.version for it in own):
        return msg("这一次已经有人评了，不能放弃。做到一半不做的，找裁判长按中途退出办")
    if not _has_made(sheet, attempt):
        return msg("交了另一次的评分表，才能放弃这一次。一次都没做的按缺考办")
    return None


def waive_attempt(sheet: Sheet, reason: str, by: Account) -> None:
    """Record that the sheet's entrant waives this attempt.

    Raises `Refused` as `why_not_waive` says, (INVALID) without a reason or where it names a
    contestant of a blind event, and under a lock.
    """
    require_nameless(sheet.entrant, reason)
    with unit_of_work():
        sheet, _competition = claimed(sheet)
        refuse_if(why_not_waive(sheet))
        wanted = Proposal(
            "dns", sheet.stage, sheet.module, reason, msg("选手本人放弃这一次").render()
        )
        if standing_decision(sheet.entrant, wanted) is not None:
            raise Refused(msg("这一次的缺考已经提出了，等第二人确认"))
        put_absent(sheet.entrant, wanted, by)


def _has_made(sheet: Sheet, attempt: Attempt) -> bool:
    """True if all sheets of another attempt are in."""
    made: dict[str, list[bool]] = {}
    for other in _sheets(sheet, attempt.others, ~excused()):
        made.setdefault(other.module, []).append(other.state in HANDED_IN)
    return any(map(all, made.values()))


def _sheets(sheet: Sheet, modules: Sequence[str], *which: ColumnElement[bool]) -> Sequence[Sheet]:
    """The open sheets of the same entrant in these modules."""
    query = select(Sheet).where(
        Sheet.entrant_id == sheet.entrant_id,
        Sheet.stage == sheet.stage,
        Sheet.module.in_(modules),
        Sheet.state != SheetState.WITHDRAWN,
    )
    return db.session.scalars(query.where(*which)).all()

"""Recusal (回避): a judge withdraws, the panel's rule for fewer applies, or another steps in."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.domain.values.roles import SCORING_ROLES, Role
from compete.domain.values.states import SHEET_MOVES, SheetState, move
from compete.models import Account, Competition, Entrant, Judge, Recusal, Sheet, Unit, db
from compete.services.accounts.access import may
from compete.services.judging.signing import supersede_signature
from compete.services.kernel import audit
from compete.services.kernel.event_rules import module_of_sheet
from compete.services.kernel.module_keys import place_of, same_place
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.kernel.versions import remembered_beside_marks
from compete.services.sheets.absences import excused
from compete.services.sheets.blind_codes import coding_settings
from compete.services.sheets.locks_in_force import claim_open, require_judging, require_open
from compete.services.sheets.sheet_lookup import judges_beside
from compete.services.sheets.stage_closings import closed_by_stage, not_in_stage


@dataclass(frozen=True)
class ShortPanel:
    """An entrant's module with fewer judges left than the rules want."""

    sheet: Sheet
    """One of the closed sheets: it names entrant and module."""

    left: int
    least: int


@dataclass(frozen=True)
class Closing:
    """A sheet that 回避 closed; without a recusal where it came so with the competition's file."""

    sheet: Sheet
    recusal: Recusal | None
    by: Account | None
    passed_over: bool = False
    """Nobody withdrew: the entrant no longer goes on to the stage."""


def recuse_from_entrant(sheet: Sheet, reason: str, by: Account) -> Recusal:
    """The sheet's judge withdraws from its entrant: all sheets the judge has of that person."""
    judge, entrant = sheet.judge, sheet.entrant
    return _recuse(judge, reason, by, entrants={entrant.id}, entrant=entrant)


def recuse_from_unit(judge: Judge, unit: Unit, reason: str, by: Account) -> Recusal:
    """A judge withdraws from everybody of a unit.

    In a blind event only the organiser does that, who drew the codes: the
    sheets that close would tell whose they are. Nobody does while coders keep the codes.
    """
    entrants = db.session.scalars(select(Entrant).where(Entrant.unit_id == unit.id)).all()
    competition = db.session.get_one(Competition, judge.competition_id)
    if any(entrant.event.blind for entrant in entrants) and not may(
        by, competition, Right.SEE_BLIND
    ):
        raise Refused(msg("盲评里按单位回避，找组委会办"), kind=Refusal.FORBIDDEN)
    if any(coding_settings(event).closed for event in {entrant.event for entrant in entrants}):
        raise Refused(
            msg(
                "加密号由加密裁判保管，按单位回避会说出哪些号是这个单位的；"
                "和他们有关系的裁判，在“裁判”页用“换人”整个换下来"
            ),
            kind=Refusal.FORBIDDEN,
        )
    ids = {entrant.id for entrant in entrants}
    return _recuse(judge, reason, by, entrants=ids, unit=unit)


def reopen_recused(sheet: Sheet, reason: str, by: Account) -> None:
    """A sheet closed by mistake goes back to its judge, to be looked at and submitted again."""
    reason = reason_text(reason, msg("要写理由"))
    with unit_of_work():
        competition = claim_open(sheet)
        if sheet.public_id in closed_by_stage(competition):
            raise Refused(not_in_stage(sheet.label))
        if sheet.state is not SheetState.WITHDRAWN:
            raise Refused(msg("%(code)s 没有回避", code=sheet.label))
        if len(_live(sheet)) >= module_of_sheet(sheet).panel.size:
            raise Refused(msg("%(code)s 已经有人补上了", code=sheet.label))
        sheet.state = move(sheet.state, SheetState.RETURNED, SHEET_MOVES)
        sheet.return_reason = reason
        sheet.version += 1
        after = {"judge": sheet.judge.code}
        audit.record(competition, by, "recusal.reopen", sheet.label, after=after, reason=reason)


def put_in_substitute(sheet: Sheet, judge: Judge, by: Account) -> Sheet:
    """Put in another judge where one has withdrawn: with a sheet of that judge's own.

    Raises `Refused` for who already judges there, and where the panel is full.
    """
    with unit_of_work():
        competition = claim_open(sheet)
        if (judge.role or Role.JUDGE) not in SCORING_ROLES:
            raise invalid(msg("%(name)s 不是裁判", name=judge.name))
        if len(_live(sheet)) >= module_of_sheet(sheet).panel.size:
            raise Refused(msg("%(code)s 的裁判够了", code=sheet.label))
        if judge.id in judges_beside(sheet):
            raise Refused(
                msg("%(name)s 已经在评或者回避了 %(code)s", name=judge.name, code=sheet.label)
            )
        made = same_sheet_of(judge, sheet)
        db.session.add(made)
        db.session.flush()
        before = {"judge": sheet.judge.code}
        after = {"judge": judge.code}
        audit.record(competition, by, "recusal.substitute", sheet.label, before=before, after=after)
        return made


def same_sheet_of(judge: Judge, sheet: Sheet) -> Sheet:
    """An empty sheet of another judge for the same entrant and module; not in the session yet."""
    return Sheet(
        public_id=secrets.token_hex(16),
        competition_id=sheet.competition_id,
        entrant_id=sheet.entrant_id,
        judge_id=judge.id,
        stage=sheet.stage,
        module=sheet.module,
        label=sheet.label,
    )


def close_sheet(sheet: Sheet, reason: str) -> None:
    """Close a sheet for its judge; what stands on it stays, unsigned."""
    supersede_signature(sheet, reason)
    sheet.state = move(sheet.state, SheetState.WITHDRAWN, SHEET_MOVES)
    sheet.return_reason = sheet.reminded_at = None
    sheet.version += 1


def short_panels(competition: Competition) -> list[ShortPanel]:
    """List modules that would be without a score because so many judges have withdrawn."""
    # No mark closes a sheet, and mostly none is.
    closed = remembered_beside_marks(
        competition, "closed sheets", lambda: _closed_sheets(competition)
    )
    if not closed:
        return []
    rows = db.session.scalars(
        select(Sheet)
        .where(
            Sheet.competition_id == competition.id,
            Sheet.state == SheetState.WITHDRAWN,
            ~excused(),
        )
        .order_by(Sheet.label, Sheet.module)
    ).all()
    panels: dict[tuple[int, str, str], ShortPanel] = {}
    passed_over = closed_by_stage(competition)
    for sheet in rows:
        if sheet.public_id in passed_over:
            continue
        left, least = len(_live(sheet)), module_of_sheet(sheet).panel.least_sheets
        if left < least:
            panels.setdefault(place_of(sheet), ShortPanel(sheet, left, least))
    return list(panels.values())


def _closed_sheets(competition: Competition) -> int:
    query = select(func.count(Sheet.id)).where(
        Sheet.competition_id == competition.id, Sheet.state == SheetState.WITHDRAWN
    )
    return db.session.scalar(query) or 0


def recusals_of(competition: Competition) -> Sequence[Recusal]:
    """List the recusals, newest first."""
    return db.session.scalars(
        select(Recusal).where(Recusal.competition_id == competition.id).order_by(Recusal.id.desc())
    ).all()


def closing_of(judge: Judge, public_id: str) -> Closing | None:
    """The closing of the judge's own sheet by 回避, by whom and why; None for any other."""
    sheet = db.session.scalar(
        select(Sheet).where(
            Sheet.public_id == public_id,
            Sheet.judge_id == judge.id,
            Sheet.state == SheetState.WITHDRAWN,
        )
    )
    if sheet is None:
        return None
    if public_id in closed_by_stage(db.session.get_one(Competition, sheet.competition_id)):
        return Closing(sheet, None, None, passed_over=True)
    known = db.session.scalars(
        select(Recusal).where(Recusal.judge_id == judge.id).order_by(Recusal.id.desc())
    )
    recusal = next((row for row in known if public_id in row.sheets), None)
    by = db.session.get_one(Account, recusal.account_id) if recusal else None
    return Closing(sheet, recusal, by)


def _recuse(
    judge: Judge,
    reason: str,
    by: Account,
    *,
    entrants: Collection[int],
    entrant: Entrant | None = None,
    unit: Unit | None = None,
) -> Recusal:
    reason = reason_text(reason, msg("回避要写理由"))
    with unit_of_work() as session:
        competition = for_update(session.get_one(Competition, judge.competition_id))
        require_judging(competition)
        sheets = session.scalars(
            select(Sheet)
            .where(
                Sheet.judge_id == judge.id,
                Sheet.entrant_id.in_(entrants),
                Sheet.state != SheetState.WITHDRAWN,
            )
            .order_by(Sheet.id)
            .execution_options(populate_existing=True)
        ).all()
        if not sheets:
            raise Refused(msg("没有要回避的评分表"))
        for sheet in sheets:
            require_open(competition, sheet.entrant, sheet.stage, sheet.module)
            close_sheet(sheet, reason)
        recusal = Recusal(
            competition_id=competition.id,
            judge_id=judge.id,
            entrant_id=entrant.id if entrant else None,
            unit_id=unit.id if unit else None,
            sheets=[sheet.public_id for sheet in sheets],
            reason=reason,
            account_id=by.id,
        )
        session.add(recusal)
        session.flush()
        labels: dict[str, list[str]] = defaultdict(list)
        for sheet in sheets:
            labels[sheet.label].append(sheet.module)
        after = {"sheets": dict(labels), "unit": unit.code if unit else None}
        audit.record(competition, by, "recusal.make", judge.code, after=after, reason=reason)
    return recusal


def _live(sheet: Sheet) -> list[Sheet]:
    query = select(Sheet).where(*same_place(Sheet, sheet), Sheet.state != SheetState.WITHDRAWN)
    return list(db.session.scalars(query))

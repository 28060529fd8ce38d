"""A stage that is being judged follows the one before it: others go on than was thought.

Who newly goes on gets sheets. The sheets of who no longer does close: what stands on them is
kept and does not count, and opens again where the person goes on after all. Where marks would
stop counting it takes two.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from compete.domain.values.messages import msg
from compete.domain.values.states import SHEET_MOVES, SheetState, move
from compete.models import Account, Competition, Entrant, Event, Sheet, Slot, db, utc_now
from compete.services.accounts.second_persons import SecondWord, is_linked, require_may_agree
from compete.services.judging.recusal import close_sheet
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import AskedStage, change_settings, settings_of
from compete.services.kernel.refusal import Refused, invalid, refuse_if
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing
from compete.services.schedule.next_stage import NextStage, add_sheets, next_stages
from compete.services.schedule.stage_moves import people_of_stage
from compete.services.scoring.live import live_results
from compete.services.sheets.locks_in_force import require_judging
from compete.services.sheets.stage_closings import STAGE_FOLLOW, closed_by_stage, not_in_stage


@dataclass(frozen=True, slots=True)
class Followed:
    """The result of following; empty while it waits for a second person."""

    waits: bool
    made: int = 0
    again: int = 0
    """Sheets that were closed before and are open again."""
    closed: int = 0
    placeless: Sequence[str] = ()
    """Codes of who has no place in a module in which others have one."""


def asked_stage(competition: Competition, stage: NextStage) -> AskedStage | None:
    """The request for this stage as it stands now, if it waits for a second; else None."""
    asked = settings_of(competition).asked_stages
    return next((it for it in asked if it.seen == stage.mark), None)


def stage_word(competition: Competition, asked: AskedStage) -> SecondWord:
    """The conditions of agreeing to who goes on, once there are marks."""
    return SecondWord(competition, asked.by, linked=is_linked("stage"))


def follow_stage(
    competition: Competition, event: str, stage: str, seen: str, by: Account, why: str = ""
) -> Followed:
    """Make sheets for who newly goes on, and close those of who no longer does.

    Raises `Refused` (INVALID) without a reason where marks stop counting and nobody has asked
    yet, (CONFLICT) for the one who asked, while the stage before is not judged and locked or
    this one is locked, and where others come or leave than was shown (`seen`).
    """
    why = reason_text(why)
    with changing(competition) as competition:
        require_judging(competition)
        require_may_agree(by, competition)
        stages = next_stages(competition)
        asked = next((it for it in stages if (it.event, it.code) == (event, stage)), None)
        if asked is None or not asked.begun:
            raise Refused(msg("进这个赛段的人没有变，或者已经办了"))
        refuse_if(asked.why_not)
        if asked.mark != seen:
            raise Refused(msg("能进的人和刚才看到的不一样了，再看一遍"))
        waiting = asked_stage(competition, asked)
        if asked.marked:
            if waiting is None:
                _ask(competition, asked, by, why)
                return Followed(waits=True)
            stage_word(competition, waiting).require(by)
        own = next(it for it in competition.events if it.code == event)
        inside = people_of_stage(live_results(competition).event(event), stage)
        done = _follow(own, asked, inside, by, waiting.why if waiting else why)
        others = _asked_of_others(competition, event)
        if others != settings_of(competition).asked_stages:
            change_settings(competition, asked_stages=others)
    return done


def _ask(competition: Competition, stage: NextStage, by: Account, why: str) -> None:
    if not why:
        raise invalid(msg("不再进的人已经有分，要写理由，由两个人定"))
    asked = AskedStage(
        by=by.id, at=utc_now(), why=why, event=stage.event, stage=stage.code, seen=stage.mark
    )
    others = _asked_of_others(competition, stage.event)
    change_settings(competition, asked_stages=(*others, asked))
    after = {
        "stage": stage.name,
        "coming": sorted(stage.people),
        "leaving": sorted(stage.leaving),
    }
    audit.record(competition, by, "stage.ask", stage.event, after=after, reason=why)


def _asked_of_others(competition: Competition, event: str) -> tuple[AskedStage, ...]:
    """List what waits for a second person in the other events."""
    return tuple(it for it in settings_of(competition).asked_stages if it.event != event)


def _follow(
    event: Event, stage: NextStage, inside: Collection[str], by: Account, why: str
) -> Followed:
    competition = event.competition
    closed = []
    for sheet in _sheets(event, stage.code, stage.leaving):
        if sheet.state is not SheetState.WITHDRAWN:
            close_sheet(sheet, not_in_stage(sheet.label).render())
            closed.append(sheet.public_id)
    away, again = closed_by_stage(competition), []
    for sheet in _sheets(event, stage.code, stage.people):
        if sheet.state is SheetState.WITHDRAWN and sheet.public_id in away:
            sheet.state = move(sheet.state, SheetState.RETURNED, SHEET_MOVES)
            sheet.return_reason = msg("又进了“%(stage)s”，看过再交", stage=stage.name).render()
            sheet.version += 1
            again.append(sheet.public_id)
    db.session.flush()
    people, made = add_sheets(event, stage, inside, by)
    if people and not made and not again:
        raise Refused(msg("没有要评的人：还没有选手，或者工位上没有裁判"))
    after = {
        "stage": stage.name,
        "code": stage.code,
        "coming": sorted(stage.people),
        "leaving": sorted(stage.leaving),
        "sheets": made,
        "closed": closed,
        "again": again,
    }
    audit.record(competition, by, STAGE_FOLLOW, event.code, after=after, reason=why or None)
    placeless = _placeless(event, stage.code, people)
    return Followed(False, made, len(again), len(closed), placeless)


def _sheets(event: Event, stage: str, codes: Collection[str]) -> Sequence[Sheet]:
    return db.session.scalars(
        select(Sheet)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(Entrant.event_id == event.id, Entrant.code.in_(codes), Sheet.stage == stage)
        .order_by(Sheet.id)
        .execution_options(populate_existing=True)
    ).all()


def _placeless(event: Event, stage: str, people: Sequence[Entrant]) -> list[str]:
    query = (
        select(Slot.module, Slot.entrant_id)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .where(Entrant.event_id == event.id, Slot.stage == stage)
    )
    rows = set(db.session.execute(query).tuples())
    modules = {module for module, _person in rows}
    return sorted(
        person.code
        for person in people
        if any((module, person.id) not in rows for module in modules)
    )

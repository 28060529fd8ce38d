"""Missing sheets: people in a stage that has begun, without a sheet in one of its modules.

Who came after the others had been allotted theirs is given them here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import select

from compete.domain.bundle.results import EventResults
from compete.domain.values.messages import msg
from compete.models import Account, Competition, Entrant, Event, OutcomeEntry, Sheet, db
from compete.services.kernel import audit
from compete.services.kernel.event_rules import module_title, rules_of
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing
from compete.services.kernel.versions import remembered, remembered_beside_marks
from compete.services.schedule.allocation import make_stage_sheets
from compete.services.schedule.stage_moves import moves_of
from compete.services.scoring.live import live_results
from compete.services.sheets.absences import brought_along
from compete.services.sheets.blind_codes import draw_blind_codes, drawn_codes
from compete.services.sheets.locks_in_force import require_judging


@dataclass(frozen=True)
class Sheetless:
    """An entrant without a sheet in one module; `label` is what a sheet would bear."""

    entrant_id: int
    label: str
    stage: str
    module: str
    module_name: str


def sheetless(event: Event, results: EventResults) -> list[Sheetless]:
    """List people whom nobody marks, by stage, module and label; the excused are left out.

    `results` say who is in a stage: those of now. A stage without any sheet has not begun. Who
    newly goes on to one that has gets sheets as it follows the stage before (`moves_of`).
    """
    return remembered(
        event.competition, ("sheetless", event.id), lambda: _sheetless(event, results)
    )


def _sheetless(event: Event, results: EventResults) -> list[Sheetless]:
    bare = remembered_beside_marks(event.competition, ("bare", event.id), lambda: _bare(event))
    if not bare:
        return []
    in_stage = {
        stage_results.code: {row.entrant for row in stage_results.standings}
        for stage_results in results.stages
    }
    new = {stage: set(moves_of(event, stage, results).coming) for stage in in_stage}
    return [gap for code, gap in bare if code in in_stage[gap.stage] - new[gap.stage]]


def _bare(event: Event) -> list[tuple[str, Sheetless]]:
    """List people whom nobody marks, in the stage or not, each with the code."""
    away = set(
        db.session.execute(
            select(OutcomeEntry.entrant_id, OutcomeEntry.stage, OutcomeEntry.module).where(
                of_event(OutcomeEntry, event), OutcomeEntry.withdrawn_at.is_(None)
            )
        ).tuples()
    )
    brought = brought_along(event)
    found = []
    for stage in rules_of(event).stages:
        if not _has_begun(event, stage.code):
            continue
        for module in stage.modules:
            title = module_title(event, stage.code, module.code)
            codes = {
                number: code
                for code, number in _without(event, stage.code, module.code)
                if not {(number, stage.code, None), (number, stage.code, module.code)} & away
                and (number, module.code) not in brought
            }
            labels = _labels(event, list(codes))
            found += [
                (codes[number], Sheetless(number, label, stage.code, module.code, title))
                for number, label in sorted(labels.items(), key=lambda pair: pair[1])
            ]
    return found


def _has_begun(event: Event, stage: str) -> bool:
    query = select(Sheet.id).where(of_event(Sheet, event, stage)).limit(1)
    return db.session.scalar(query) is not None


def _without(event: Event, stage: str, module: str) -> Sequence[tuple[str, int]]:
    """List code and row of everybody in the event who has no sheet there."""
    has = (
        select(Sheet.id)
        .where(Sheet.entrant_id == Entrant.id, Sheet.stage == stage, Sheet.module == module)
        .exists()
    )
    query = select(Entrant.code, Entrant.id).where(Entrant.event_id == event.id, ~has, takes_part())
    return db.session.execute(query).tuples().all()


def _labels(event: Event, entrants: Sequence[int]) -> dict[int, str]:
    """The label that each one's sheet would bear: the code, in a blind event the blind code."""
    if not entrants:
        return {}
    if event.blind:
        drawn = drawn_codes(event)
        none = msg("没有加密号").render()
        return {number: drawn.get(number, none) for number in entrants}
    codes = db.session.execute(
        select(Entrant.id, Entrant.code).where(Entrant.event_id == event.id)
    ).tuples()
    wanted = set(entrants)
    return {number: code for number, code in codes if number in wanted}


def allot_missing(competition: Competition, by: Account) -> int:
    """Give everybody whom nobody marks sheets of the judges who are assigned. Returns how many.

    Raises `Refused` while marks are not taken, and where no judge is there for them.
    """
    with changing(competition) as competition:
        require_judging(competition)
        live = live_results(competition)
        made = 0
        for event in competition.events:
            missing: dict[tuple[str, str], list[int]] = defaultdict(list)
            for gap in sheetless(event, live.event(event.code)):
                missing[gap.stage, gap.module].append(gap.entrant_id)
            if missing and event.blind:
                draw_blind_codes(event, by)
            made += sum(_allot(event, *place, ids, by) for place, ids in missing.items())
        if not made:
            raise Refused(msg("没有评分表可补。有人没有评分表的话，先给那个模块安排裁判"))
        audit.record(competition, by, "sheets.allot", competition.code, after={"sheets": made})
    return made


def _allot(event: Event, stage: str, module: str, ids: list[int], by: Account) -> int:
    people = db.session.scalars(
        select(Entrant).where(Entrant.id.in_(ids)).order_by(Entrant.id)
    ).all()
    of_stage = next(
        known_stage for known_stage in rules_of(event).stages if known_stage.code == stage
    )
    alone = tuple(known_module for known_module in of_stage.modules if known_module.code == module)
    return make_stage_sheets(event, msgspec.structs.replace(of_stage, modules=alone), by, people)

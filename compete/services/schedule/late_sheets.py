"""Sheets for those who came after the others had been allotted theirs."""

from __future__ import annotations

from collections import defaultdict

import msgspec
from sqlalchemy import select

from compete.domain.values.messages import msg
from compete.models import Account, Competition, Entrant, Event, db
from compete.services.kernel import audit
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing
from compete.services.schedule.allocation import make_stage_sheets
from compete.services.schedule.missing_sheets import sheetless
from compete.services.scoring.live import live_results
from compete.services.sheets.blind_codes import draw_blind_codes
from compete.services.sheets.locks_in_force import require_judging


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

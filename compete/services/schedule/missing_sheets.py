"""Who is in a stage that has begun and has no sheet in one of its modules."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from compete.domain.bundle import EventResults
from compete.domain.values import msg
from compete.models import Entrant, Event, OutcomeEntry, Sheet, db
from compete.services.kernel import rules_of
from compete.services.sheets import drawn_codes


@dataclass(frozen=True)
class Sheetless:
    """One entrant without a sheet in one module; `label` is what a sheet would bear."""

    entrant_id: int
    label: str
    stage: str
    module: str
    module_name: str


def sheetless(event: Event, results: EventResults) -> list[Sheetless]:
    """Whom nobody marks, by stage, module and label; the excused are left out.

    `results` say who is in a stage. A stage without any sheet has not begun.
    """
    there = set(
        db.session.execute(
            select(Sheet.entrant_id, Sheet.stage, Sheet.module)
            .join(Entrant, Entrant.id == Sheet.entrant_id)
            .where(Entrant.event_id == event.id)
            .distinct()
        ).tuples()
    )
    begun = {stage for _entrant, stage, _module in there}
    away = set(
        db.session.execute(
            select(OutcomeEntry.entrant_id, OutcomeEntry.stage, OutcomeEntry.module)
            .join(Entrant, Entrant.id == OutcomeEntry.entrant_id)
            .where(Entrant.event_id == event.id, OutcomeEntry.withdrawn_at.is_(None))
        ).tuples()
    )
    in_stage = {
        stage_results.code: {row.entrant for row in stage_results.standings}
        for stage_results in results.stages
    }
    people = _people(event)
    found = []
    for stage in rules_of(event).stages:
        if stage.code not in begun:
            continue
        here = [person for code, person in people.items() if code in in_stage[stage.code]]
        for module in stage.modules:
            found += [
                Sheetless(number, label, stage.code, module.code, module.name)
                for number, label in sorted(here, key=lambda seat: seat[1])
                if (number, stage.code, module.code) not in there
                and not {(number, stage.code, None), (number, stage.code, module.code)} & away
            ]
    return found


def _people(event: Event) -> dict[str, tuple[int, str]]:
    """By code the id and label of everybody; in a blind event the label is the blind code."""
    rows = db.session.execute(
        select(Entrant.code, Entrant.id).where(Entrant.event_id == event.id)
    ).tuples()
    if not event.blind:
        return {code: (number, code) for code, number in rows}
    drawn = drawn_codes(event)
    none = msg("没有加密号").render()
    return {code: (number, drawn.get(number, none)) for code, number in rows}

"""Marks, outcomes, penalties and times of a bundle, as the rows that judging makes."""

from __future__ import annotations

import secrets
import uuid
from collections import defaultdict
from decimal import Decimal

from sqlalchemy import insert

from compete.domain import bundle as b
from compete.domain.values import SheetState
from compete.models import (
    Act,
    Assignment,
    Competition,
    Entrant,
    Judge,
    OutcomeEntry,
    PenaltyEntry,
    Sheet,
    TimeEntry,
    db,
)
from compete.services.sheets import drawn_codes

_SheetKey = tuple[str, str, str, str]


def load_marks(
    bundle: b.Bundle,
    entrants: dict[str, Entrant],
    judges: dict[str, Judge],
    competition: Competition,
    planned: set[tuple[str, str, str]],
) -> None:
    """Write them for the entrants that are there; the others' stay out.

    A sheet is submitted when it has a value for every aspect, else begun. The
    judges who marked a module become those assigned to it, unless the plan
    says who is (`planned`: event, stage and module codes).
    """
    sheets = _sheets(bundle, entrants, judges, competition, planned)
    acts = [
        {
            "uuid": str(uuid.uuid4()),
            "sheet_id": sheets[_key(mark)].id,
            "judge_id": judges[mark.judge].id,
            "kind": "mark",
            "aspect": mark.aspect,
            "value": _number(mark.value),
            "said_at": mark.at,
            "extra": mark.extra,
        }
        for mark in bundle.marks
        if mark.entrant in entrants
    ]
    if acts:
        db.session.execute(insert(Act), acts)
    _entries(bundle, entrants)


def _key(mark: b.Mark) -> _SheetKey:
    return mark.entrant, mark.stage, mark.module, mark.judge


def _number(value: bool | Decimal) -> Decimal:
    return Decimal(int(value)) if isinstance(value, bool) else value


def _sheets(
    bundle: b.Bundle,
    entrants: dict[str, Entrant],
    judges: dict[str, Judge],
    competition: Competition,
    planned: set[tuple[str, str, str]],
) -> dict[_SheetKey, Sheet]:
    aspects: dict[_SheetKey, set[str]] = defaultdict(set)
    for mark in bundle.marks:
        if mark.entrant in entrants:
            aspects[_key(mark)].add(mark.aspect)
    wanted = {
        (event.code, stage.code, module.code): len(module.aspects)
        for event in bundle.events
        for stage in event.stages
        for module in stage.modules
    }
    event_of = {entrant.code: entrant.event for entrant in bundle.entrants}
    labels = _blind_labels(entrants)
    sheets: dict[_SheetKey, Sheet] = {}
    assigned: set[tuple[int, str, str, int]] = set()
    for key, marked in aspects.items():
        code, stage, module, judge = key
        whole = len(marked) == wanted[event_of[code], stage, module]
        sheets[key] = Sheet(
            public_id=secrets.token_hex(16),
            competition_id=competition.id,
            entrant_id=entrants[code].id,
            judge_id=judges[judge].id,
            stage=stage,
            module=module,
            label=labels.get(code, code),
            state=SheetState.SUBMITTED if whole else SheetState.BEGUN,
            version=len(marked),
        )
        if (event_of[code], stage, module) not in planned:
            assigned.add((entrants[code].event_id, stage, module, judges[judge].id))
    db.session.add_all(sheets.values())
    db.session.add_all(
        Assignment(event_id=event, stage=stage, module=module, judge_id=judge)
        for event, stage, module, judge in sorted(assigned)
    )
    db.session.flush()
    return sheets


def _blind_labels(entrants: dict[str, Entrant]) -> dict[str, str]:
    """The last layer's blind code of everybody who has one."""
    drawn: dict[int, str] = {}
    for event in {entrant.event for entrant in entrants.values()}:
        drawn |= drawn_codes(event)
    return {code: drawn[entrant.id] for code, entrant in entrants.items() if entrant.id in drawn}


def _entries(bundle: b.Bundle, entrants: dict[str, Entrant]) -> None:
    for outcome in bundle.outcomes:
        if outcome.entrant in entrants:
            db.session.add(
                OutcomeEntry(
                    entrant_id=entrants[outcome.entrant].id,
                    stage=outcome.stage,
                    module=outcome.module,
                    status=outcome.status.value,
                    reason=outcome.reason,
                    extra=outcome.extra,
                )
            )
    for penalty in bundle.penalties:
        if penalty.entrant in entrants:
            db.session.add(
                PenaltyEntry(
                    entrant_id=entrants[penalty.entrant].id,
                    stage=penalty.stage,
                    module=penalty.module,
                    points=penalty.points,
                    seconds=penalty.seconds,
                    reason=penalty.reason,
                    extra=penalty.extra,
                )
            )
    for time in bundle.times:
        if time.entrant in entrants:
            db.session.add(
                TimeEntry(
                    entrant_id=entrants[time.entrant].id,
                    stage=time.stage,
                    module=time.module,
                    seconds=time.seconds,
                    extra=time.extra,
                )
            )

"""Two stages: a preliminary of four, locked, and its final with the best two, just begun."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from compete.models import Account, Assignment, Competition, Entrant, Slot, db
from compete.services.closing.module_locks import lock_module
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.next_stage import NextStage, next_stages, open_stage
from compete.services.scoring.live import live_results
from tests.domain.scoring.build import event, mark, module, stage
from tests.support.small import small

POINTS = {"P1": "90", "P2": "80", "P3": "70", "P4": "60"}
"""Of the preliminary: P1 and P2 go on."""


def two_stages(
    load: Callable[..., Competition], advance: dict[str, Any] | None = None, **keys: Any
) -> Competition:
    """Build both stages with one module, of the same code and name; J1 judges the final."""
    plain = small([mark(code, value, stage_code="A") for code, value in POINTS.items()])
    first = stage(module(), code="A", advance=advance or {"top": 2})
    plain["events"] = [event(first, stage(module(), code="B"), **keys)]
    made = load(plain)
    judge = next(it for it in made.judges if it.code == "J1")
    with unit_of_work() as session:
        session.add(
            Assignment(
                event_id=made.events[0].id, judge_id=judge.id, stage="B", module="m", station=""
            )
        )
    return made


def next_of(made: Competition) -> NextStage:
    """Find the stage that is to begin, or to follow."""
    (next_stage,) = next_stages(made, live_results(made).results)
    return next_stage


def begun(load: Callable[..., Competition], by: Account, **keys: Any) -> Competition:
    """Lock the preliminary and begin the final; nobody has a place in it."""
    made = two_stages(load, **keys)
    lock_module(made.events[0], "A", "m", by)
    open_stage(made, "E", "B", next_of(made).mark, by)
    return made


def person(code: str) -> Entrant:
    """Find an entrant by code."""
    return db.session.scalars(db.select(Entrant).filter_by(code=code)).one()


def place(code: str, stage_code: str, station: str, **keys: Any) -> None:
    """Give somebody a place in the module of a stage."""
    with unit_of_work() as session:
        session.add(
            Slot(entrant_id=person(code).id, stage=stage_code, module="m", station=station, **keys)
        )

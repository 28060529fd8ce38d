"""The marks that stand, and those that came since, as bare rows: a page waits for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, func, select, type_coerce

from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect, AspectType
from compete.domain.bundle.event_types import Event
from compete.domain.bundle.types import Mark
from compete.domain.scoring.event_scorer import Written
from compete.domain.values.states import SheetState
from compete.models import Act, Competition, Entrant, Sheet, db
from compete.models.types import unscaled
from compete.services.kernel.event_rules import rules_of
from compete.services.sheets.difficulties import difficulties_by_code
from compete.services.sheets.values import SETTLING_KINDS, VALUE_KINDS, last_acts

_Row = tuple[int, str, int, str, str, int, str | None, str, int]
_NO_EXTRAS: Mapping[int, Any] = MappingProxyType({})
AspectCodes = tuple[str, str, str, str]
"""Codes of event (or entrant), stage, module and aspect."""


def flags_of(events: Iterable[Event]) -> set[AspectCodes]:
    """The aspects whose value is yes or no."""
    return _places(events, lambda aspect: kind_of(aspect).is_yes_no)


def factored_of(events: Iterable[Event]) -> set[AspectCodes]:
    """The aspects whose marks are multiplied by what the entrant attempted."""
    return _places(events, lambda aspect: aspect.type is AspectType.FACTORED)


def _places(events: Iterable[Event], fits: Callable[[Aspect], bool]) -> set[AspectCodes]:
    return {
        (event.code, stage.code, module.code, aspect.code)
        for event in events
        for stage in event.stages
        for module in stage.modules
        for aspect in module.aspects
        if fits(aspect)
    }


def deciding_acts(competition: Competition) -> Select[tuple[int]]:
    """The act that decides, for each aspect of each sheet that nobody withdrew from."""
    return last_acts(
        Sheet.competition_id == competition.id, Sheet.state != SheetState.WITHDRAWN
    ).join(Sheet, Sheet.id == Act.sheet_id)


def standing_marks(competition: Competition) -> list[Mark]:
    """List the marks on every sheet, in the server's order, without times and origins."""
    last = deciding_acts(competition)
    query = _rows(Sheet.competition_id == competition.id).where(
        Act.id.in_(last), Act.kind.in_(VALUE_KINDS)
    )
    return _marks(competition, query)


def marks_of_entrant(competition: Competition, code: str) -> list[Mark]:
    """The same of one entrant's sheets alone, and who ruled on which."""
    whose = select(Entrant.id).where(Entrant.competition_id == competition.id, Entrant.code == code)
    here = Sheet.entrant_id.in_(whose)
    last = last_acts(here, Sheet.state != SheetState.WITHDRAWN).join(
        Sheet, Sheet.id == Act.sheet_id
    )
    query = _rows(here).where(Act.id.in_(last), Act.kind.in_(VALUE_KINDS))
    rulings = select(Act.id, Act.extra).join(Sheet, Sheet.id == Act.sheet_id)
    rulings = rulings.where(here, Act.kind == "ruling")
    return _marks(competition, query, dict(db.session.execute(rulings).tuples().all()))


def _marks(
    competition: Competition, query: Select[_Row], extras: Mapping[int, Any] = _NO_EXTRAS
) -> list[Mark]:
    return [
        Mark(
            stage=written.stage,
            module=written.module,
            entrant=written.entrant,
            judge=written.judge,
            aspect=written.aspect,
            value=written.value,
            difficulty=written.difficulty,
            extra=extras.get(act),
        )
        for act, written in _read_marks(competition, query)
        if written.value is not None
    ]


def marks_since(competition: Competition, act: int) -> list[tuple[int, Written]]:
    """List what was said of any aspect after the act of that number, in order, with its own."""
    # By the acts' numbers: told of the competition as it is, SQLite would go through all its
    # sheets to find the few acts that are new.
    query = _rows(Sheet.competition_id + 0 == competition.id)
    query = query.where(Act.id > act, Act.kind.in_(SETTLING_KINDS))
    return list(_read_marks(competition, query))


def closed_sheets(competition: Competition) -> frozenset[int]:
    """The rows of the sheets whose marks count no more, since a judge withdrew."""
    query = select(Sheet.id).where(
        Sheet.competition_id == competition.id, Sheet.state == SheetState.WITHDRAWN
    )
    return frozenset(db.session.scalars(query))


def last_act(competition: Competition) -> int:
    """The number of the last act; 0 before the first."""
    query = (
        select(func.max(Act.id))
        .join(Sheet, Sheet.id == Act.sheet_id)
        .where(Sheet.competition_id == competition.id)
    )
    return db.session.scalar(query) or 0


def _rows(here: ColumnElement[bool]) -> Select[_Row]:
    return (
        select(
            *(Act.id, Entrant.code, Entrant.event_id, Sheet.stage, Sheet.module, Sheet.judge_id),
            *(Act.aspect, Act.kind, type_coerce(Act.value, Integer)),
        )
        .join(Sheet, Sheet.id == Act.sheet_id)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(here)
        .order_by(Act.id)
    )


def _read_marks(competition: Competition, query: Select[_Row]) -> Iterator[tuple[int, Written]]:
    """Read every mark in one loop, which looks up as little as it can."""
    flags = flags_of(rules_of(event) for event in competition.events)
    attempted = difficulties_by_code(competition)
    events = {event.id: event.code for event in competition.events}
    judges = {judge.id: judge.code for judge in competition.judges}
    known: dict[int, Decimal] = {}
    for act, entrant, event, stage, module, judge, aspect, kind, units in db.session.execute(
        query
    ).tuples():
        assert aspect is not None
        value: Decimal | bool | None = None
        if kind in VALUE_KINDS:
            value = known.get(units)
            if value is None:
                value = known[units] = unscaled(units)
            if flags and (events[event], stage, module, aspect) in flags:
                value = bool(value)
        difficulty = attempted.get((entrant, stage, module, aspect)) if attempted else None
        yield act, Written(stage, module, entrant, judges[judge], aspect, value, difficulty)

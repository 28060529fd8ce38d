"""A competition in the database as a bundle again."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TypeVar

import msgspec
from sqlalchemy import exists, func, select

from compete.domain import bundle as b
from compete.domain.values import (
    AspectType,
    EntrantGroup,
    JudgeRole,
    Kind,
    Level,
    OutcomeStatus,
    SheetState,
)
from compete.models import (
    Act,
    AdjustmentEntry,
    Competition,
    Entrant,
    LabourValueEntry,
    OutcomeEntry,
    PenaltyEntry,
    Sheet,
    Team,
    TimeEntry,
    Unit,
    VetoEntry,
    db,
)
from compete.services.kernel import labour_of, rules_of
from compete.services.scoring.masking import public_bundle
from compete.services.sheets import SETTLING_KINDS, TIMING_KINDS, VALUE_KINDS

Entry = TypeVar("Entry", LabourValueEntry, AdjustmentEntry, VetoEntry)


def export_bundle(competition: Competition, *, private: bool = True) -> b.Bundle:
    """Everything of the competition that the bundle format has a place for.

    Of marks given more than once only what stands is written. Without
    `private` it is what is published (`public_bundle`).
    """
    events = tuple(rules_of(event) for event in competition.events)
    extra = competition.extra or {}
    bundle = b.Bundle(
        format="compete-bundle/1",
        competition=_competition(competition),
        units=_units(competition),
        judges=_judges(competition),
        entrants=tuple(_entrants(competition)),
        teams=_teams(competition),
        events=events,
        marks=tuple(_marks(competition, events)),
        outcomes=tuple(_outcomes(competition)),
        penalties=tuple(_penalties(competition)),
        times=tuple(_times(competition)),
        labour=_labour(competition) if competition.kind == Kind.LABOUR else None,
        extra=extra.get("bundle"),
    )
    return bundle if private else public_bundle(bundle)


def _competition(row: Competition) -> b.Competition:
    return b.Competition(
        code=row.code,
        name=row.name,
        kind=Kind(row.kind),
        level=Level(row.level),
        year=row.year,
        starts=row.starts,
        ends=row.ends,
        host=row.host,
        series=row.series,
        venue=row.venue,
        extra=(row.extra or {}).get("competition"),
    )


def _units(row: Competition) -> tuple[b.Unit, ...]:
    codes = {unit.id: unit.code for unit in row.units}
    return tuple(
        b.Unit(
            code=unit.code,
            name=unit.name,
            parent=codes[unit.parent_id] if unit.parent_id else None,
            extra=unit.extra,
        )
        for unit in row.units
    )


def _judges(row: Competition) -> tuple[b.Judge, ...]:
    return tuple(
        b.Judge(
            code=judge.code,
            name=judge.name,
            unit=judge.unit.code if judge.unit else None,
            role=JudgeRole(judge.role.value) if judge.role else None,
            extra=judge.extra,
        )
        for judge in row.judges
    )


def _teams(row: Competition) -> tuple[b.Team, ...]:
    events = {event.id: event.code for event in row.events}
    units = {unit.id: unit.code for unit in row.units}
    teams = db.session.scalars(select(Team).where(Team.competition_id == row.id).order_by(Team.id))
    return tuple(
        b.Team(
            code=team.code,
            name=team.name,
            event=events[team.event_id],
            unit=units[team.unit_id],
            extra=team.extra,
        )
        for team in teams
    )


def _entrants(row: Competition) -> Iterator[b.Entrant]:
    events = {event.id: event.code for event in row.events}
    units = {unit.id: unit.code for unit in row.units}
    teams = dict(
        db.session.execute(select(Team.id, Team.code).where(Team.competition_id == row.id))
        .tuples()
        .all()
    )
    entrants = db.session.scalars(
        select(Entrant).where(Entrant.competition_id == row.id).order_by(Entrant.id)
    )
    for entrant in entrants:
        yield b.Entrant(
            code=entrant.code,
            name=entrant.name,
            event=events[entrant.event_id],
            unit=units[entrant.unit_id],
            id_number=entrant.id_number,
            group=EntrantGroup(entrant.group),
            grade=entrant.grade,
            promoted=entrant.promoted,
            team=teams[entrant.team_id] if entrant.team_id else None,
            phone=entrant.phone,
            gender=entrant.gender,
            birth=entrant.birth,
            extra=entrant.extra,
        )


def _marks(row: Competition, events: tuple[b.Event, ...]) -> Iterator[b.Mark]:
    flags = {
        (event.code, stage.code, module.code, aspect.code)
        for event in events
        for stage in event.stages
        for module in stage.modules
        for aspect in module.aspects
        if aspect.type is AspectType.MEASUREMENT and not aspect.bands
    }
    event_codes = {event.id: event.code for event in row.events}
    judges = {judge.id: judge.code for judge in row.judges}
    standing = (
        select(func.max(Act.id))
        .join(Sheet, Sheet.id == Act.sheet_id)
        .where(
            Sheet.competition_id == row.id,
            Sheet.state != SheetState.WITHDRAWN,
            Act.kind.in_(SETTLING_KINDS),
        )
        .group_by(Act.sheet_id, Act.aspect)
    )
    query = (
        select(
            Entrant.code,
            Entrant.event_id,
            Sheet.stage,
            Sheet.module,
            Sheet.judge_id,
            Act.aspect,
            Act.value,
            Act.said_at,
            Act.extra,
        )
        .join(Sheet, Sheet.id == Act.sheet_id)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(Act.id.in_(standing), Act.kind.in_(VALUE_KINDS))
        .order_by(Act.id)
    )
    for code, event_id, stage, module, judge_id, aspect, value, at, extra in db.session.execute(
        query
    ):
        is_flag = (event_codes[event_id], stage, module, aspect) in flags
        yield b.Mark(
            stage=stage,
            module=module,
            entrant=code,
            judge=judges[judge_id],
            aspect=aspect,
            value=_value(value, is_flag),
            at=at,
            extra=extra,
        )


def _value(value: Decimal, is_flag: bool) -> bool | Decimal:
    return bool(value) if is_flag else value


def _outcomes(row: Competition) -> Iterator[b.Outcome]:
    query = (
        select(OutcomeEntry)
        .join(Entrant)
        .where(Entrant.competition_id == row.id, OutcomeEntry.withdrawn_at.is_(None))
        .order_by(OutcomeEntry.id)
    )
    for entry in db.session.scalars(query):
        yield b.Outcome(
            stage=entry.stage,
            module=entry.module,
            entrant=entry.entrant.code,
            status=OutcomeStatus(entry.status),
            reason=entry.reason,
            extra=entry.extra,
        )


def _penalties(row: Competition) -> Iterator[b.Penalty]:
    query = (
        select(PenaltyEntry)
        .join(Entrant)
        .where(Entrant.competition_id == row.id, PenaltyEntry.withdrawn_at.is_(None))
        .order_by(PenaltyEntry.id)
    )
    for entry in db.session.scalars(query):
        yield b.Penalty(
            stage=entry.stage,
            module=entry.module,
            entrant=entry.entrant.code,
            points=entry.points,
            seconds=entry.seconds,
            reason=entry.reason,
            extra=entry.extra,
        )


def _times(row: Competition) -> Iterator[b.WorkingTime]:
    # A watch that a judge stopped counts no more once that judge has withdrawn.
    withdrawn = exists(Act.id).where(
        Act.sheet_id == Sheet.id,
        Sheet.state == SheetState.WITHDRAWN,
        Sheet.entrant_id == TimeEntry.entrant_id,
        Sheet.stage == TimeEntry.stage,
        Sheet.module == TimeEntry.module,
        Act.kind.in_(TIMING_KINDS),
        Act.value == TimeEntry.seconds,
        Act.held_at == TimeEntry.made_at,
    )
    query = (
        select(TimeEntry)
        .join(Entrant)
        .where(Entrant.competition_id == row.id, ~withdrawn)
        .order_by(TimeEntry.id)
    )
    for entry in db.session.scalars(query):
        yield b.WorkingTime(
            stage=entry.stage,
            module=entry.module,
            entrant=entry.entrant.code,
            seconds=entry.seconds,
            extra=entry.extra,
        )


def _labour(row: Competition) -> b.Labour:
    return msgspec.structs.replace(
        labour_of(row),
        values=tuple(
            b.LabourValue(
                unit=unit,
                period=value.period,
                indicator=value.indicator,
                value=value.value,
                target=value.target,
                extra=value.extra,
            )
            for value, unit in _by_unit(LabourValueEntry, row)
        ),
        adjustments=tuple(
            b.Adjustment(
                unit=unit,
                period=adjustment.period,
                points=adjustment.points,
                reason=adjustment.reason,
                extra=adjustment.extra,
            )
            for adjustment, unit in _by_unit(AdjustmentEntry, row)
        ),
        vetoes=tuple(
            b.Veto(unit=unit, period=veto.period, reason=veto.reason, extra=veto.extra)
            for veto, unit in _by_unit(VetoEntry, row)
        ),
    )


def _by_unit(table: type[Entry], row: Competition) -> Iterator[tuple[Entry, str]]:
    """What the competition's units have in a table, with the unit's code, in order."""
    query = (
        select(table, Unit.code)
        .join(Unit, Unit.id == table.unit_id)
        .where(Unit.competition_id == row.id)
        .order_by(table.id)
    )
    yield from db.session.execute(query).tuples()

"""A competition in the database as a bundle again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import select

from compete.domain.bundle import types
from compete.domain.bundle.evaluation_types import Carried, Paper, Resit
from compete.domain.bundle.labour_types import LabourValue
from compete.domain.bundle.overall_types import Overall
from compete.domain.bundle.versions import FORMATS
from compete.domain.evaluation.conditions import trade_of
from compete.domain.kinds.kinds import competition_kind
from compete.domain.ranking.next_in_rank import apart
from compete.domain.values.kinds import (
    CrewRole,
    EntrantGroup,
    JudgeRole,
    Kind,
    Level,
    OutcomeStatus,
    PlayoffKind,
)
from compete.domain.values.states import DecisionState
from compete.models import (
    Competition,
    Entrant,
    Member,
    OutcomeEntry,
    PenaltyEntry,
    Playoff,
    Team,
    TimeEntry,
    db,
)
from compete.services.kernel.clock import local_time
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.exempted import exempt_from_level
from compete.services.kernel.participants import takes_part, withdrawn_codes
from compete.services.scoring.bundle_labour import labour_out
from compete.services.scoring.bundle_marks import marks_of
from compete.services.scoring.masked_bundle import masked_bundle, public_bundle
from compete.services.sheets.working_times import taken_times

_Entry = TypeVar("_Entry", OutcomeEntry, PenaltyEntry, TimeEntry)
_FILED = {role.value for role in JudgeRole}


def export_bundle(
    competition: Competition,
    *,
    private: bool = True,
    history: bool = False,
    also: Collection[str] = (),
) -> types.Bundle:
    """Export everything of the competition that the bundle format has a place for.

    With `history` marks that were replaced stand before those that replaced
    them; else only what stands is written. Without `private` it is what is
    published (`public_bundle`), with what `also` names.
    """
    bundle = bundle_around(competition, tuple(marks_of(competition, history=history)))
    return bundle if private else public_bundle(bundle, also)


def public_without_marks(
    competition: Competition, also: Collection[str], births: Collection[str]
) -> types.Bundle:
    """The bundle to publish, of the marks only those that say more than a value.

    `births`: whose birth goes out (`deciding_births`); without marks that can't be told.
    """
    marks = tuple(marks_of(competition, history=False, telling=True))
    return masked_bundle(bundle_around(competition, marks), also, births)


def bundle_around(
    competition: Competition,
    marks: tuple[types.Mark, ...],
    values: tuple[LabourValue, ...] | None = None,
) -> types.Bundle:
    """Export all but the marks from the database, around these; around these `values`, if any."""
    events = tuple(rules_of(event) for event in competition.events)
    extra = competition.extra or {}
    bundle = types.Bundle(
        format=next(it for it in FORMATS if it == competition.format),
        competition=_competition(competition),
        units=_units(competition),
        judges=_judges(competition),
        events=events,
        marks=marks,
        labour=labour_out(competition, values)
        if competition_kind(competition).has_periods
        else None,
        overall=msgspec.convert(extra.get("overall", ()), tuple[Overall, ...], strict=False),
        extra=extra.get("bundle"),
    )
    if not events:
        # The rest hangs on an event each; a labour competition, which has none, is read often.
        return bundle
    whole = msgspec.structs.replace(
        bundle,
        entrants=tuple(_entrants(competition)),
        teams=_teams(competition),
        outcomes=tuple(_outcomes(competition)),
        penalties=tuple(_penalties(competition)),
        times=working_times(competition),
        playoffs=tuple(_playoffs(competition)),
    )
    return apart(whole)


def _competition(row: Competition) -> types.Competition:
    return types.Competition(
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
        extra=_without_withdrawn(row, (row.extra or {}).get("competition")),
    )


def _without_withdrawn(row: Competition, extra: Any) -> Any:
    """The bundle's data beside its keys, with nobody in its schedule who takes no part."""
    sessions = extra.get("schedule") if isinstance(extra, dict) else None
    if not isinstance(sessions, list):
        return extra
    away = withdrawn_codes(row)
    if not away:
        return extra
    left = [
        session | {"entrants": [code for code in session["entrants"] if code not in away]}
        if isinstance(session, dict) and isinstance(session.get("entrants"), list)
        else session
        for session in sessions
    ]
    return extra | {"schedule": left}


def _units(row: Competition) -> tuple[types.Unit, ...]:
    codes = {unit.id: unit.code for unit in row.units}
    return tuple(
        types.Unit(
            code=unit.code,
            name=unit.name,
            parent=codes[unit.parent_id] if unit.parent_id else None,
            extra=unit.extra,
        )
        for unit in row.units
    )


def _judges(row: Competition) -> tuple[types.Judge, ...]:
    """List officials in roles that a file knows: without check-in clerks and arbiters."""
    return tuple(
        types.Judge(
            code=judge.code,
            name=judge.name,
            unit=judge.unit.code if judge.unit else None,
            role=JudgeRole(judge.role.value) if judge.role else None,
            extra=judge.extra,
        )
        for judge in row.judges
        if judge.role is None or judge.role.value in _FILED
    )


def _teams(row: Competition) -> tuple[types.Team, ...]:
    events = {event.id: event.code for event in row.events}
    units = {unit.id: unit.code for unit in row.units}
    teams = db.session.scalars(select(Team).where(Team.competition_id == row.id).order_by(Team.id))
    return tuple(
        types.Team(
            code=team.code,
            name=team.name,
            event=events[team.event_id],
            unit=units[team.unit_id],
            extra=team.extra,
        )
        for team in teams
    )


def _entrants(row: Competition) -> Iterator[types.Entrant]:
    events = {event.id: event.code for event in row.events}
    units = {unit.id: unit.code for unit in row.units}
    own_teams = select(Team.id, Team.code).where(Team.competition_id == row.id)
    teams = dict(db.session.execute(own_teams).tuples().all())
    crews: dict[int, list[types.Member]] = {}
    for member in db.session.scalars(
        select(Member).where(Member.competition_id == row.id).order_by(Member.position)
    ):
        crews.setdefault(member.entrant_id, []).append(_member(member))
    columns = (
        *(
            Entrant.id,
            Entrant.code,
            Entrant.name,
            Entrant.event_id,
            Entrant.unit_id,
            Entrant.id_number,
        ),
        *(
            Entrant.group.label("group_name"),
            Entrant.grade,
            Entrant.promoted,
            Entrant.team_id,
            Entrant.phone,
        ),
        *(Entrant.gender, Entrant.birth, Entrant.extra),
        *(Entrant.grade_since, Entrant.trade, Entrant.papers, Entrant.carried, Entrant.resit),
        *(Entrant.months, Entrant.registered_at),
    )
    judged = competition_kind(row).gives_verdicts
    days = {event.id: rules_of(event).on or row.starts for event in row.events} if judged else {}
    query = (
        select(*columns).where(Entrant.competition_id == row.id, takes_part()).order_by(Entrant.id)
    )
    exempt = exempt_from_level(row)
    for entrant in db.session.execute(query):
        yield types.Entrant(
            code=entrant.code,
            name=entrant.name,
            event=events[entrant.event_id],
            unit=units[entrant.unit_id],
            id_number=entrant.id_number,
            group=EntrantGroup(entrant.group_name),
            grade=entrant.grade,
            promoted=entrant.promoted,
            team=teams[entrant.team_id] if entrant.team_id else None,
            phone=entrant.phone,
            gender=entrant.gender,
            birth=entrant.birth,
            members=tuple(crews.get(entrant.id, ())),
            grade_since=entrant.grade_since,
            trade=trade_of(
                entrant.months,
                entrant.trade,
                local_time(entrant.registered_at).date(),
                days.get(entrant.event_id),
            )
            if judged
            else None,
            papers=msgspec.convert(entrant.papers or (), tuple[Paper, ...]),
            carried=msgspec.convert(entrant.carried or (), tuple[Carried, ...], strict=False),
            resit=entrant.resit and msgspec.convert(entrant.resit, Resit),
            exempt=entrant.id in exempt,
            extra=entrant.extra,
        )


def _member(row: Member) -> types.Member:
    return types.Member(
        code=row.code,
        name=row.name,
        role=CrewRole(row.role) if row.role else None,
        id_number=row.id_number,
        group=EntrantGroup(row.group) if row.group else None,
        grade=row.grade,
        promoted=row.promoted,
        phone=row.phone,
        gender=row.gender,
        birth=row.birth,
        extra=row.extra,
    )


def _valid_entries(table: type[_Entry], row: Competition) -> Iterable[tuple[_Entry, str]]:
    """The entries that nobody withdrew, each with the code of its entrant."""
    query = (
        select(table, Entrant.code)
        .join(Entrant)
        .where(Entrant.competition_id == row.id, table.withdrawn_at.is_(None))
        .order_by(table.id)
    )
    return db.session.execute(query).tuples()


def _outcomes(row: Competition) -> Iterator[types.Outcome]:
    for entry, code in _valid_entries(OutcomeEntry, row):
        yield types.Outcome(
            stage=entry.stage,
            module=entry.module,
            entrant=code,
            status=OutcomeStatus(entry.status),
            reason=entry.reason,
            extra=entry.extra,
        )


def _penalties(row: Competition) -> Iterator[types.Penalty]:
    for entry, code in _valid_entries(PenaltyEntry, row):
        yield types.Penalty(
            stage=entry.stage,
            module=entry.module,
            entrant=code,
            points=entry.points,
            seconds=entry.seconds,
            reason=entry.reason,
            extra=entry.extra,
        )


def playoffs_in_force(row: Competition) -> Sequence[Playoff]:
    """List the playoffs that two have agreed to, in the order in which they part equals."""
    query = select(Playoff).where(
        Playoff.competition_id == row.id, Playoff.state == DecisionState.CONFIRMED
    )
    return db.session.scalars(query.order_by(Playoff.confirmed_at, Playoff.id)).all()


def _playoffs(row: Competition) -> Iterator[types.Playoff]:
    for playoff in playoffs_in_force(row):
        yield types.Playoff(
            event=playoff.event.code,
            stage=playoff.stage,
            order=tuple(tuple(it) if isinstance(it, list) else it for it in playoff.order),
            kind=PlayoffKind(playoff.kind),
            reason=playoff.reason,
            at=playoff.at,
            extra=playoff.extra,
        )


def working_times(row: Competition) -> tuple[types.WorkingTime, ...]:
    """The working times that count, in the server's order."""
    return tuple(_times(row))


def _times(row: Competition) -> Iterator[types.WorkingTime]:
    """List a bundle's times in its order, and those that watches read or the chief judge ruled."""
    taken = taken_times(row.id)
    read = {place for place, time in taken.items() if time.read is not None}
    for entry, code in _valid_entries(TimeEntry, row):
        if (entry.entrant_id, entry.stage, entry.module) in read:
            continue
        yield types.WorkingTime(
            stage=entry.stage,
            module=entry.module,
            entrant=code,
            seconds=entry.seconds,
            extra=entry.extra,
        )
    if not read:
        return
    people = select(Entrant.id, Entrant.code).where(Entrant.competition_id == row.id)
    codes = dict(db.session.execute(people).tuples().all())
    for entrant, stage, module in sorted(read):
        time = taken[entrant, stage, module]
        assert time.seconds is not None
        yield types.WorkingTime(
            stage=stage,
            module=module,
            entrant=codes[entrant],
            seconds=time.seconds,
            extra=time.as_extra(),
        )

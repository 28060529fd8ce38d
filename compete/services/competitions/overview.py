"""A competition at a glance: counts by step, what is missing, what comes next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select, true, union_all

from compete.domain.bundle.attempts import attempt_in
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import plain
from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState, SheetState
from compete.models import (
    Assignment,
    AuditEntry,
    Competition,
    Entrant,
    Event,
    GradeClaim,
    LockEntry,
    Member,
    OutcomeEntry,
    Publication,
    ResultStand,
    SignedPaper,
    Unit,
    db,
    utc_now,
)
from compete.services.certificates.counts import CertificateCounts, count_certificates
from compete.services.certificates.issuing_bodies import body_for
from compete.services.closing.blockers import Blocker, find_blockers
from compete.services.closing.competition_lock import left_locked
from compete.services.closing.penalties_and_outcomes import decision_label
from compete.services.closing.recheck_state import recheck_blockers
from compete.services.directory.ladders.conditions import holds_another_text, unconfirmed_editions
from compete.services.kernel import audit
from compete.services.kernel.event_rules import module_title, rules_of
from compete.services.kernel.participants import takes_part
from compete.services.kernel.publications import latest_publication
from compete.services.schedule.arrivals import (
    ArrivalState,
    count_whole,
    is_absent,
    is_check_in_recorded,
    outcomes_of,
)
from compete.services.schedule.drawn_places import DrawnSoFar, drawn_now
from compete.services.scoring.live import live_results
from compete.services.sheets.blind_codes import is_coded
from compete.services.sheets.counts import sheet_counts


class Lack(StrEnum):
    """The kinds of things that are missing."""

    EVENTS = "events"
    WEIGHTS = "weights"
    OCCUPATION = "occupation"
    DATES = "dates"
    VENUE = "venue"
    CHIEF = "chief"
    JUDGES = "judges"
    UNITS = "units"
    CLOSES = "closes"
    BODY = "body"
    CONDITIONS = "conditions"
    """An edition of conditions of application that nobody has confirmed; `found` is its number."""
    COPY = "copy"
    """An event's conditions are not those that were confirmed."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """A thing that is missing; of an event, its code and name, and what its weights come to."""

    kind: Lack
    event: str = ""
    name: str = ""
    found: str = ""


def what_lacks(competition: Competition) -> list[Lacking]:
    """List what lacks while people are being registered; events first, as others need them."""
    if competition.state is not CompetitionState.REGISTERING:
        return []
    if not competition.events:
        gaps = [Lacking(Lack.EVENTS)]
    else:
        gaps = [lacking for event in competition.events for lacking in _of_event(event)]
    roles = {judge.role for judge in competition.judges}
    if competition.starts is None:
        gaps.append(Lacking(Lack.DATES))
    if competition.venue is None:
        gaps.append(Lacking(Lack.VENUE))
    if Role.CHIEF not in roles:
        gaps.append(Lacking(Lack.CHIEF))
    if not roles & {Role.JUDGE, None}:
        gaps.append(Lacking(Lack.JUDGES))
    rules = [rules_of(event) for event in competition.events]
    if any(it.grades or it.verdict for it in rules) and not body_for(competition):
        gaps.append(Lacking(Lack.BODY))
    for row in unconfirmed_editions(rules):
        gaps.append(Lacking(Lack.CONDITIONS, name=row.name, found=str(row.id)))
    for event in competition.events:
        if holds_another_text(rules_of(event)):
            gaps.append(Lacking(Lack.COPY, event.code, event.name))
    if not competition.units:
        gaps.append(Lacking(Lack.UNITS))
    return gaps


def _of_event(event: Event) -> list[Lacking]:
    rules = rules_of(event)
    gaps = []
    for stage in rules.stages:
        if rules.verdict is None and stage.odd_weight is not None:
            total = plain(stage.odd_weight)
            gaps.append(Lacking(Lack.WEIGHTS, event.code, event.name, total))
    if rules.occupation is None and rules.grades:
        gaps.append(Lacking(Lack.OCCUPATION, event.code, event.name))
    return gaps


@dataclass(frozen=True)
class Brief:
    """The figures of a line in the list of competitions."""

    entrants: int
    units: int
    crewed: frozenset[bool] = frozenset()
    """The kinds that take part, for `heads`: True for crews, False for single people."""


@dataclass(frozen=True)
class CompetitionProgress:
    """The progress of a competition: the basis of its next step and of what waits in it."""

    entrants: int
    units: int
    draws: DrawnSoFar
    sheets: Counter[SheetState]
    blockers: list[Blocker]
    certificates: CertificateCounts
    left_locked: list[LockEntry]
    waits_locked: bool
    """True if a sheet is waited for while marks are still locked, or somebody has none yet."""
    publication: Publication | None
    lacking: list[Lacking]
    """The lacks before people can be registered; once somebody is, when and where it is."""


@dataclass(frozen=True)
class Overview(CompetitionProgress):
    """An overview: everything that the competition's page tells."""

    people: int
    """The number of people, those of a crew each by themselves."""
    crews: int
    absent: list[Message | str]
    arrivals: Counter[ArrivalState] | None
    """The arrivals of people who were to check in; None while nobody records that."""
    records: list[AuditEntry]
    record_count: int

    @property
    def submitted(self) -> int:
        """Count the sheets that are in: submitted or signed."""
        return self.sheets[SheetState.SUBMITTED] + self.sheets[SheetState.SIGNED]


def _absent(competition: Competition) -> list[Message | str]:
    """List who is absent, with the unit; in a blind event the code while marks can change.

    A name beside the code that lacks its marks would tell who is who.
    """
    absent = select(OutcomeEntry.entrant_id).where(
        OutcomeEntry.status == "dns", OutcomeEntry.withdrawn_at.is_(None)
    )
    rows = db.session.scalars(
        select(Entrant)
        .where(_in(Entrant, competition), Entrant.id.in_(absent))
        .order_by(Entrant.id)
    ).all()
    outcomes = outcomes_of(competition)
    rows = [row for row in rows if is_absent(rules_of(row.event), outcomes[row.id])]
    return [
        decision_label(row)
        if is_coded(row.event)
        else msg("%(name)s（%(unit)s）", name=row.name, unit=row.unit.name)
        for row in rows
    ]


def brief_of(competition: Competition) -> Brief:
    """Count the people and units who take part."""
    return briefs_of([competition])[competition.id]


def briefs_of(competitions: Collection[Competition]) -> Mapping[int, Brief]:
    """Count the people and units who take part in each, by its number, in a few statements."""
    with_periods = {it.id for it in competitions if competition_kind(it).has_periods}
    people = {it.id for it in competitions} - with_periods
    crew = Entrant.id.in_(select(Member.entrant_id))
    where = Entrant.competition_id.in_(people), takes_part()
    heads: defaultdict[int, dict[bool, int]] = defaultdict(dict)
    if people:
        counted = select(Entrant.competition_id, crew, func.count()).where(*where)
        for number, is_crew, n in db.session.execute(
            counted.group_by(Entrant.competition_id, crew)
        ):
            heads[number][bool(is_crew)] = n
    units = _units_of(people, with_periods)
    return {
        it.id: Brief(sum(heads[it.id].values()), units.get(it.id, 0), frozenset(heads[it.id]))
        for it in competitions
    }


def _units_of(people: Collection[int], with_periods: Collection[int]) -> dict[int, int]:
    """Count the units that send somebody; where there are periods, all."""
    sending = (
        select(Entrant.competition_id, func.count(func.distinct(Entrant.unit_id)))
        .where(Entrant.competition_id.in_(people), takes_part())
        .group_by(Entrant.competition_id)
    )
    listed_units = (
        select(Unit.competition_id, func.count(Unit.id))
        .where(Unit.competition_id.in_(with_periods))
        .group_by(Unit.competition_id)
    )
    counts: dict[int, int] = {}
    for numbers, query in ((people, sending), (with_periods, listed_units)):
        if numbers:
            counts.update((number, n) for number, n in db.session.execute(query))
    return counts


def with_events(competitions: Collection[Competition]) -> frozenset[int]:
    """The numbers of those that have an event at all."""
    numbers = [competition.id for competition in competitions]
    query = select(Event.competition_id).where(Event.competition_id.in_(numbers))
    return frozenset(db.session.scalars(query.distinct()))


def next_deadline(competition: Competition) -> datetime | None:
    """The next moment at which something in it is over by the clock alone; None for none.

    A signed paper's time to be countersigned, a notice of results or of grades on other grounds.
    """
    ends = (
        (SignedPaper, SignedPaper.due_at, SignedPaper.countersigned_at.is_(None)),
        (GradeClaim, GradeClaim.notice_until, true()),
        (ResultStand, ResultStand.notice_until, true()),
    )
    parts = [
        select(at.label("at")).where(table.competition_id == competition.id, at > utc_now(), also)
        for table, at, also in ends
    ]
    every = union_all(*parts).subquery()
    first: datetime | None = db.session.scalar(select(func.min(every.c.at)))
    return first


def _crews(competition: Competition) -> tuple[int, int]:
    """Count the crews that take part, and the people in them."""
    query = (
        select(func.count(func.distinct(Member.entrant_id)), func.count(Member.id))
        .join(Entrant, Entrant.id == Member.entrant_id)
        .where(_in(Entrant, competition), takes_part())
    )
    crews, people = db.session.execute(query).one()
    return crews, people


def standing_of(competition: Competition) -> CompetitionProgress:
    """The progress of the competition now."""
    brief = brief_of(competition)
    sheets, blockers = sheet_counts(competition), _blockers(competition)
    locked = left_locked(competition)
    return CompetitionProgress(
        entrants=brief.entrants,
        units=brief.units,
        draws=drawn_now(competition),
        sheets=sheets.states,
        blockers=blockers,
        certificates=count_certificates(competition),
        left_locked=locked,
        waits_locked=sheets.outside(locked).left < sheets.left
        or any(blocker.kind == "sheetless" for blocker in blockers),
        publication=latest_publication(competition),
        lacking=[
            it
            for it in what_lacks(competition)
            if not brief.entrants or it.kind in (Lack.DATES, Lack.VENUE)
        ],
    )


def overview_of(competition: Competition) -> Overview:
    """The competition as it stands now, with who takes part and what was done last."""
    standing = standing_of(competition)
    crews, in_crews = _crews(competition)
    return Overview(
        **{field.name: getattr(standing, field.name) for field in fields(CompetitionProgress)},
        people=standing.entrants - crews + in_crews,
        crews=crews,
        absent=_absent(competition),
        arrivals=count_whole(competition) if is_check_in_recorded(competition) else None,
        records=audit.recent(competition, 60),
        record_count=audit.count(competition),
    )


@dataclass(frozen=True)
class SeatedPanel:
    """A module with how many judges its worst station has, and how many its rules ask for."""

    module: str
    judges: int
    wanted: int


def unjudged_modules(competition: Competition) -> list[str]:
    """List names of the first stage's modules that nobody is assigned to."""
    return [panel.module for panel in _panels(competition) if not panel.judges]


def thin_panels(competition: Competition) -> list[SeatedPanel]:
    """List the first stages' modules with some judges, but too few at some station."""
    return [panel for panel in _panels(competition) if 0 < panel.judges < panel.wanted]


def _panels(competition: Competition) -> Iterator[SeatedPanel]:
    """The modules of each event's first stage."""
    for event in competition.events:
        stage = rules_of(event).stages[0]
        seats: dict[str, Counter[str]] = defaultdict(Counter)
        assigned = select(Assignment.module, Assignment.station).where(
            Assignment.event_id == event.id, Assignment.stage == stage.code
        )
        for code, station in db.session.execute(assigned):
            seats[code][station] += 1
        for module in stage.modules:
            attempt = attempt_in(stage, module.code)
            if attempt is not None and attempt.before and not seats[module.code]:
                # Whoever marks the attempt before gets it too.
                seats[module.code] = seats[attempt.before[-1]]
            by_station = Counter(seats[module.code])
            # Who has no station judges at all of them.
            everywhere = by_station.pop("", 0)
            fewest = everywhere + min(by_station.values(), default=0)
            title = module_title(event, stage.code, module.code)
            yield SeatedPanel(title, fewest, module.panel.size)


def _blockers(competition: Competition) -> list[Blocker]:
    if competition.state is CompetitionState.REGISTERING:
        missing = unjudged_modules(competition)
        if not missing:
            return []
        return [
            Blocker(
                "assign",
                msg("%(count)s 个模块还没有裁判", count=len(missing)),
                listed(missing),
            )
        ]
    if competition.state is CompetitionState.JUDGING:
        return find_blockers(competition, live_results(competition).results)
    if competition.state is CompetitionState.LOCKED:
        return recheck_blockers(competition, live_results(competition).results)
    return []


def _in(table: type[Entrant | Unit], competition: Competition) -> ColumnElement[bool]:
    return table.competition_id == competition.id

"""Contestants' view by badge: before publication time and place, after it the result.

Results come from the stored publication alone, never from live rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median

from sqlalchemy import select

from compete.domain.bundle import types
from compete.domain.bundle.attempts import WAIVED, attempt_flag, with_attempt
from compete.domain.bundle.crews import crewed
from compete.domain.bundle.evaluation_facts import line_of
from compete.domain.bundle.event_types import Event, Module, Part, Stage
from compete.domain.bundle.results import EventResults, FinalRow, Reason, StageRow, VerdictRow
from compete.domain.evaluation.unranked_results import EvaluatedEvent, verdicts_of
from compete.domain.values.kinds import RoundMode
from compete.domain.values.messages import Message
from compete.domain.values.points import exact, round_to, show
from compete.models import Certificate, Entrant, Member, Publication, db
from compete.services.kernel.publications import latest_publication
from compete.services.registration.badges import holder_of
from compete.services.results.approved_external_awards import honour_words
from compete.services.results.result_stands import Stand, stand_of
from compete.services.results.snapshots import (
    published_event,
    published_names,
    read_snapshot,
    standing_publications,
)
from compete.services.scoring.aspect_profile import is_void
from compete.services.scoring.grade_rules import grade_reasons
from compete.sheets.results_workbook.score_columns import stopped_after


@dataclass(frozen=True)
class ModuleLine:
    """The line of a module or part: its score, what passes, and the median of all who have one.

    Who is absent or disqualified there has none.
    """

    code: str
    name: str
    weight: str | None
    score: str | None
    full: str
    passes: bool | None
    median: str | None
    flags: tuple[str, ...]
    in_part: bool
    taken: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))
    """The penalty points and seconds."""


@dataclass(frozen=True)
class CarriedLine:
    """A part of an earlier stage's total that counts in this one's.

    `weight` is how much it counts, `own` how much what was done in this stage does, both as
    shares of one.
    """

    name: str
    total: str
    median: str | None
    full: str
    weight: Decimal
    own: Decimal


@dataclass(frozen=True)
class TeamLine:
    """The own team: place, total, awards, and whether the entrant's score is in the total."""

    name: str
    rank: int | None
    total: str
    awards: list[str]
    counts: bool


@dataclass(frozen=True)
class GradeVerdict:
    """A grade that the rules gave one person: the entrant, or a crew's member of that code, name.

    `before` is the grade that the person came with, None for none.
    """

    member: str | None
    name: str | None
    before: int | None
    grade: int | None
    promoted: bool
    reasons: list[Reason]


@dataclass(frozen=True)
class Earlier:
    """The line of the version before on the same entrant; no total without a place."""

    version: int
    status: str
    rank: int | None
    total: str | None
    stopped: str | None
    """After which stage it was over, whose total it is; None for the last one."""
    awards: list[str]
    promoted: dict[str | None, int]
    """The grade to which the rules promoted, by member's code; by None the entrant's own."""


@dataclass(frozen=True)
class Verdict:
    """The verdict of the publication on one entrant."""

    publication: Publication
    stand: Stand
    name: str
    unit: str
    rules: Event
    level: str
    status: str
    rank: int | None
    total: str | None
    scaled: str | None
    """The standard score, in an event that has them."""
    ranked: int
    crewed: frozenset[bool]
    """The kinds among the ranked: True for crews, False for single people."""
    stage: str
    stopped: str | None
    """The same where it was over before the last one."""
    carried: CarriedLine | None
    """None where no earlier stage counts in the total."""
    modules: list[ModuleLine]
    awards: list[str]
    honours: list[Message | str]
    """Titles; with what another body has not approved yet."""
    grades: list[GradeVerdict]
    team: TeamLine | None
    earlier: Earlier | None
    """None in the first version, and where the one before knew nothing of them."""
    judged: VerdictRow | None = None
    """In an evaluation what they came to; nobody has a rank there, or a total."""

    @property
    def promoted(self) -> bool:
        """True if anybody behind this number was."""
        return any(grade.promoted for grade in self.grades)


def find_by_badge(token: str) -> Entrant | None:
    """The entrant whose badge it is, for a member's the crew; or None."""
    holder = holder_of(token)
    return holder.entrant if isinstance(holder, Member) else holder


def certificates_of_entrant(entrant: Entrant) -> list[Certificate]:
    """The entrant's certificates, in the order of issue."""
    return list(
        db.session.scalars(
            select(Certificate).where(Certificate.entrant_id == entrant.id).order_by(Certificate.id)
        )
    )


def version_without(entrant: Entrant) -> Publication | None:
    """The version in force, where it tells the entrant's event and knows nothing of the entrant.

    So it is for whoever came after it was published.
    """
    publication = latest_publication(entrant.competition)
    if publication is None or stand_of(entrant.event).withdrawn_why:
        return None
    published = published_event(publication, entrant.event.code)
    if published is None or any(row.entrant == entrant.code for row in published[1].standings):
        return None
    return publication


def verdict_for(entrant: Entrant) -> Verdict | None:
    """The published verdict on this entrant; None while nothing is, or nothing of them.

    None too while the notice is withdrawn: what it said counts no more.
    """
    publication = latest_publication(entrant.competition)
    stand = stand_of(entrant.event)
    if publication is None or stand.withdrawn_why:
        return None
    published = published_event(publication, entrant.event.code)
    if published is None:
        return None
    rules, event = published
    final = next((row for row in event.standings if row.entrant == entrant.code), None)
    if final is None:
        return None
    bundle, _results = read_snapshot(publication)
    person = next(
        known_entrant for known_entrant in bundle.entrants if known_entrant.code == entrant.code
    )
    stage_rules = next(s for s in rules.stages if s.code == final.stage)
    stage = next(s for s in event.stages if s.code == final.stage)
    row = next(r for r in stage.standings if r.entrant == entrant.code)
    names = published_names(publication)
    people: Sequence[Entrant | Member] = entrant.members or [entrant]
    honours = honour_words(entrant.competition, [event])
    return Verdict(
        publication=publication,
        stand=stand,
        name=names.get(entrant.code, person.name),
        unit=next(unit.name for unit in bundle.units if unit.code == person.unit),
        rules=rules,
        level=bundle.competition.level.value,
        status=final.status,
        rank=final.rank,
        total=final.total,
        scaled=final.scaled or None,
        ranked=sum(1 for r in event.standings if r.rank is not None),
        crewed=crewed(
            contestant for contestant in bundle.entrants if contestant.event == event.code
        ),
        stage=stage_rules.name,
        stopped=stopped_after(rules, final),
        carried=_carried_line(rules, event, stage_rules, entrant.code),
        modules=_fined(
            _lines(rules, stage_rules, row, stage.standings, final.status),
            [it for it in bundle.penalties if (it.entrant, it.stage) == (person.code, final.stage)],
        ),
        awards=_awards(rules, event, entrant.code),
        honours=[
            honours.get((event.code, row.title, row.member or row.entrant), row.title)
            for row in event.honours or ()
            if row.entrant == entrant.code
        ],
        grades=[
            _graded(bundle, event, final, holder, names.get(holder.code, holder.name))
            for holder in people
        ],
        team=_team(bundle, rules, event, person),
        earlier=_earlier(publication, entrant),
        judged=_judged(event, entrant.code),
    )


def _judged(event: EventResults, code: str) -> VerdictRow | None:
    if not isinstance(event, EvaluatedEvent):
        return None
    return next(row for row in verdicts_of(event).verdicts if row.entrant == code)


def _earlier(publication: Publication, entrant: Entrant) -> Earlier | None:
    """The line in the newest version before this one that can still be read, or None."""
    if publication.version == 1:
        return None
    versions = standing_publications(entrant.competition)
    before = next((version for version in versions if version.version < publication.version), None)
    if before is None:
        return None
    published = published_event(before, entrant.event.code)
    if published is None:
        return None
    rules, event = published
    final = next((row for row in event.standings if row.entrant == entrant.code), None)
    if final is None:
        return None
    return Earlier(
        version=before.version,
        status=final.status,
        rank=final.rank,
        total=final.total if final.rank is not None else None,
        stopped=stopped_after(rules, final),
        awards=_awards(rules, event, entrant.code),
        promoted={
            row.member: row.grade
            for row in event.grades or ()
            if row.entrant == entrant.code and row.change == "promoted" and row.grade is not None
        },
    )


def _team(
    bundle: types.Bundle, rules: Event, event: EventResults, person: types.Entrant
) -> TeamLine | None:
    row = next((row for row in event.teams or () if row.team == person.team), None)
    if row is None:
        return None
    names = {award.code: award.name for award in rules.awards}
    return TeamLine(
        name=next(team.name for team in bundle.teams if team.code == row.team),
        rank=row.rank,
        total=row.total,
        awards=[names[award.award] for award in event.awards or () if award.team == row.team],
        counts=person.code in row.members,
    )


def _carried_line(rules: Event, event: EventResults, stage: Stage, code: str) -> CarriedLine | None:
    if stage.carry is None:
        return None
    before = next(s for s in rules.stages if s.code == stage.carry.from_)
    rows = next(s for s in event.stages if s.code == before.code).standings
    known = [Decimal(row.total) for row in rows if row.rank is not None and row.total is not None]
    own = next((row.total for row in rows if row.entrant == code), None)
    return CarriedLine(
        name=before.name,
        total=own or "0.00",
        median=_median(known),
        full=f"{before.weight:f}",
        weight=stage.carry.weight,
        own=stage.carry.own,
    )


def _median(known: Sequence[Decimal]) -> str | None:
    """The middle one of scores, with as many places as they have, halves up; None of none.

    >>> _median([Decimal("40.92"), Decimal("40.93")]), _median([Decimal("48.4"), Decimal("48.6")])
    ('40.93', '48.5')
    """
    if not known:
        return None
    places = max(-int(score.as_tuple().exponent) for score in known)
    return show(round_to(exact(median(known)), 1, places, RoundMode.HALF_UP), places)


def _lines(
    event: Event, stage: Stage, row: StageRow, everybody: list[StageRow], status: str
) -> list[ModuleLine]:
    lines = []
    for part in stage.parts:
        score = row.parts.get(part.code)
        inside = [module.code for module in stage.modules if module.part == part.code]
        others = [
            other.parts.get(part.code)
            for other in everybody
            # Who did not make one of several attempts has a score of the others.
            if not (any if part.take is None else all)(
                is_void(other.modules[code].flags) for code in inside
            )
        ]
        # What ended the whole in one of its modules leaves no sum of the others.
        within = (row.modules[module.code] for module in stage.modules if module.part == part.code)
        ended = (status,) if any(status in result.flags for result in within) else ()
        lines.append(_line(event, part, score, others, ended, in_part=False))
    for module in stage.modules:
        result = row.modules[module.code]
        compared = [other.modules[module.code] for other in everybody]
        others = [other.score for other in compared if not is_void(other.flags)]
        line = _line(
            event, module, result.score, others, tuple(result.flags), in_part=bool(module.part)
        )
        flag = attempt_flag(stage, row, module.code)
        # What was waived is no absence.
        kept = [it for it in line.flags if (flag, it) != (WAIVED, "dns")]
        name = with_attempt(stage, module.code, line.name)
        lines.append(replace(line, name=name, flags=(*kept, *([flag] if flag else []))))
    return lines


def _fined(lines: Sequence[ModuleLine], own: Sequence[types.Penalty]) -> list[ModuleLine]:
    """The lines with what was taken off in each module."""
    fined = []
    for line in lines:
        here = [it for it in own if it.module == line.code]
        points = sum((it.points or Decimal(0) for it in here), Decimal(0))
        seconds = sum((it.seconds or Decimal(0) for it in here), Decimal(0))
        fined.append(replace(line, taken=(points, seconds)))
    return fined


def _line(
    event: Event,
    what: Module | Part,
    score: str | None,
    others: list[str | None],
    flags: tuple[str, ...],
    *,
    in_part: bool,
) -> ModuleLine:
    known = [Decimal(text) for text in others if text is not None]
    passes = None
    least = what.pass_ if event.verdict is None else line_of(what)
    if least is not None and score is not None:
        passes = Decimal(score) >= least
    return ModuleLine(
        code=what.code,
        name=what.name,
        weight=None if what.weight is None else f"{what.weight:f}",
        score=score,
        full=f"{what.full:f}",
        passes=passes,
        # Who is judged against a line is compared with nobody.
        median=_median(known) if event.verdict is None else None,
        flags=flags,
        in_part=in_part,
    )


def _awards(rules: Event, event: EventResults, code: str) -> list[str]:
    names = {award.code: award.name for award in rules.awards}
    items = {item.code: item.name for item in rules.items}
    return [
        (f"{items[row.item]} " if row.item else "") + names[row.award]
        for row in event.awards or ()
        if row.entrant == code
    ]


def _graded(
    bundle: types.Bundle, event: EventResults, final: FinalRow, person: Entrant | Member, name: str
) -> GradeVerdict:
    """The verdict of every rule: what it wanted and found, also for those who just missed.

    Rules are about places: who has none has no reasons either.
    """
    member = person.code if isinstance(person, Member) else None
    row = next(
        (row for row in event.grades or () if (row.entrant, row.member) == (final.entrant, member)),
        None,
    )
    if row is not None:
        reasons = list(row.reasons)
    else:
        reasons = grade_reasons(bundle, final.entrant, member) if final.rank is not None else []
    return GradeVerdict(
        member=member,
        name=name if member else None,
        before=person.grade,
        grade=row.grade if row else None,
        promoted=row is not None and row.change == "promoted",
        reasons=reasons,
    )

"""Skills by section of the occupational standard: the share of the points that was got in each.

From published results: the points of aspects by the sections said of them, a module's name where
none is, and of theory papers the sections of their bank. Shown by unit, event or year small groups
share a row; by person it is for those alone who lead the competition.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from sqlalchemy import select

from compete.domain.bundle.naming import module_name
from compete.domain.figures.small_groups import LEAST, without_small
from compete.domain.kinds.kinds import competition_kind
from compete.models import Competition, Entrant, Event, db
from compete.services.figures.aspect_sections import sections_by_aspect
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.participants import takes_part
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.versions import remembered
from compete.services.registration.batch_years import year_of
from compete.services.results.exam_sections import sections_of
from compete.services.results.result_stands import stand_of
from compete.services.results.snapshots import read_snapshot
from compete.services.scoring.aspect_profile import aspect_points
from compete.services.scoring.grade_rules import scorer_of

WEAK = Fraction(70, 100)
"""Below this share a section is to be trained."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A section in a row: how many people it rests on, and the share of its points."""

    people: int
    share: Fraction

    @property
    def is_weak(self) -> bool:
        """True if it is to be trained."""
        return self.share < WEAK


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillRow:
    """A unit, person, event or year: its people, and a cell for each section, None for none."""

    key: Hashable
    people: int
    cells: Sequence[Cell | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillMap:
    """The sections, and the rows of those who may have one.

    `merged` groups share `others`; it and `whole` are None where they would tell of a few.
    `aspects` is how many aspects were said to be of each section.
    """

    sections: Sequence[str]
    aspects: Sequence[int]
    rows: Sequence[SkillRow]
    merged: int
    others: SkillRow | None
    whole: SkillRow | None


@dataclass(frozen=True, slots=True)
class PersonSkills:
    """What somebody got in an event: points and full points by section."""

    who: int
    name: str
    unit: str
    person: int | None
    got: Mapping[str, tuple[Fraction, Fraction]]


def occupation_of(event: Event) -> str:
    """The occupation that an event is of by its rules; its own name where they say none."""
    occupation = rules_of(event).occupation
    return occupation.name if occupation is not None else event.name


def events_by_occupation(competitions: Collection[Competition]) -> dict[str, list[Event]]:
    """The events with results among these competitions, by their occupations."""
    found_in: defaultdict[str, list[Event]] = defaultdict(list)
    for competition in competitions:
        kind = competition_kind(competition)
        if kind.of_people and kind.has_results and latest_publication(competition) is not None:
            for event in competition.events:
                found_in[occupation_of(event)].append(event)
    return dict(sorted(found_in.items()))


def skills_in(event: Event) -> Sequence[PersonSkills]:
    """What each person of an event got, by the version in force; nothing while it is withdrawn."""
    publication = latest_publication(event.competition)
    if publication is None or stand_of(event).withdrawn_why:
        return []
    name = "skills", publication.id, event.id
    return remembered(event.competition, name, lambda: _skills_in(event))


def _skills_in(event: Event) -> list[PersonSkills]:
    publication = latest_publication(event.competition)
    assert publication is not None, "asked before"
    bundle, _results = read_snapshot(publication)
    scorer = scorer_of(bundle).events.get(event.code)
    if scorer is None:
        return []
    query = select(Entrant).where(Entrant.event_id == event.id, takes_part())
    people = db.session.scalars(query.order_by(Entrant.code)).all()
    published = {code for state in scorer.stages for code in state.entrants}
    given, names = sections_by_aspect(event), _module_names(event)
    theory = sections_of(people) if people else {}
    skills = []
    for entrant in people:
        if entrant.code not in published:
            continue
        got: defaultdict[str, list[Fraction]] = defaultdict(lambda: [Fraction(0), Fraction(0)])
        papers = {it.name: it for it in theory.get(entrant.id, ())}
        for key, (mine, full) in aspect_points(scorer, entrant.code).items():
            module = names.get(key[:2], "")
            if module in papers:
                continue
            _add(got, given.get(key, module), Fraction(mine), Fraction(full))
        for paper in papers.values():
            for line in paper.lines:
                _add(got, line.name, Fraction(line.points), Fraction(line.of))
        points = {section: (mine, full) for section, (mine, full) in got.items() if full > 0}
        if points:
            unit = entrant.unit.name
            skills.append(PersonSkills(entrant.id, entrant.name, unit, entrant.person_id, points))
    return skills


def _add(
    got: defaultdict[str, list[Fraction]], section: str, mine: Fraction, full: Fraction
) -> None:
    got[section][0] += mine
    got[section][1] += full


def _module_names(event: Event) -> dict[tuple[str, str], str]:
    rules = rules_of(event)
    return {
        (stage.code, module.code): module_name(rules, stage, module)
        for stage in rules.stages
        for module in stage.modules
    }


GROUPS: Mapping[str, Callable[[Event, PersonSkills], Hashable]] = {
    "unit": lambda _event, it: it.unit,
    "event": lambda event, _it: event.competition.name,
    "year": lambda event, _it: year_of(event.competition) or 0,
}
"""What the rows may be, besides people."""


def skill_map(events: Iterable[Event], by: str) -> SkillMap:
    """The map of these events by unit, event or year: a key of `GROUPS`."""
    groups: defaultdict[Hashable, list[PersonSkills]] = defaultdict(list)
    events = list(events)
    for event in events:
        for it in skills_in(event):
            groups[GROUPS[by](event, it)].append(it)
    ordered = sorted(groups, key=str) if by == "year" else sorted(groups, key=_by_size(groups))
    return grouped_map({key: groups[key] for key in ordered}, partial(_rests_on, events))


def _by_size(
    groups: Mapping[Hashable, Sequence[PersonSkills]],
) -> Callable[[Hashable], tuple[int, str]]:
    return lambda key: (-len({it.who for it in groups[key]}), str(key))


def grouped_map(
    groups: Mapping[Hashable, Sequence[PersonSkills]],
    rests_on: Callable[[Sequence[str]], Sequence[int]],
) -> SkillMap:
    """The map of these groups of people, in their order; what would tell of a few is left out."""
    sections = _sections(groups.values())
    rows = [_row(key, people, sections) for key, people in groups.items()]
    apart = without_small([row.people for row in rows])
    merged = [it for place in apart.merged for it in groups[rows[place].key]]
    everybody = [it for people in groups.values() for it in people]
    shown = [rows[place] for place in apart.shown]
    if merged and apart.sum_told:
        shown.append(_row("", merged, sections))
    whole = _row("", everybody, sections) if rows and apart.sum_told else None
    # A section may rest on fewer people than the row has: in each it is told by the same rule.
    for at in range(len(sections)):
        asked = [place for place, row in enumerate(shown) if row.cells[at] is not None]
        sizes = [cell.people for row in shown if (cell := row.cells[at]) is not None]
        column = without_small(sizes)
        for place in column.merged:
            shown[asked[place]] = _without(shown[asked[place]], at)
        if whole is not None and not column.sum_told:
            whole = _without(whole, at)
    others = shown.pop() if merged and apart.sum_told else None
    return SkillMap(
        sections=sections,
        aspects=rests_on(sections),
        rows=shown,
        merged=len(apart.merged),
        others=others,
        whole=whole,
    )


def person_map(events: Iterable[Event]) -> SkillMap:
    """The map of these events by person, the weakest first; for who leads their competitions."""
    events = list(events)
    people = [it for event in events for it in skills_in(event)]
    sections = _sections([people])
    rows = [_row(it, [it], sections) for it in people]
    rows.sort(key=lambda row: (_whole_share(row.key), row.key.name))  # type: ignore[attr-defined]
    return SkillMap(
        sections=sections,
        aspects=_rests_on(events, sections),
        rows=rows,
        merged=0,
        others=None,
        whole=_row("", people, sections) if len(people) >= LEAST else None,
    )


def _whole_share(it: object) -> Fraction:
    assert isinstance(it, PersonSkills)
    return sum((mine for mine, _full in it.got.values()), Fraction(0)) / sum(
        (full for _mine, full in it.got.values()), Fraction(0)
    )


def _sections(groups: Iterable[Iterable[PersonSkills]]) -> list[str]:
    """The sections of all of them, in the order in which they come."""
    return list(dict.fromkeys(name for people in groups for it in people for name in it.got))


def _row(key: Hashable, people: Sequence[PersonSkills], sections: Sequence[str]) -> SkillRow:
    return SkillRow(
        key=key,
        people=len({it.who for it in people}),
        cells=[_cell(section, people) for section in sections],
    )


def _cell(section: str, people: Sequence[PersonSkills]) -> Cell | None:
    points = [it.got[section] for it in people if section in it.got]
    if not points:
        return None
    mine = sum((mine for mine, _full in points), Fraction(0))
    return Cell(len(points), mine / sum((full for _mine, full in points), Fraction(0)))


def _without(row: SkillRow, at: int) -> SkillRow:
    """The row without what it says of a section."""
    cells = [None if place == at else cell for place, cell in enumerate(row.cells)]
    return SkillRow(key=row.key, people=row.people, cells=cells)


def _rests_on(events: Iterable[Event], sections: Sequence[str]) -> list[int]:
    """On how many aspects that were said to be of it each section rests; 0 where none were."""
    counts = Counter(section for event in events for section in sections_by_aspect(event).values())
    return [counts[section] for section in sections]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A section to be trained: its share of all, and in which rows it is weak, of how many."""

    section: str
    whole: Cell | None
    rows: Sequence[SkillRow]
    people: int
    aspects: int


def lessons_of(map_: SkillMap) -> list[Lesson]:
    """The sections that are weak in some row that is shown, the weakest first."""
    lessons = []
    shown = [*map_.rows, *([map_.others] if map_.others is not None else [])]
    for place, section in enumerate(map_.sections):
        weak = [(row, cell) for row in shown if (cell := row.cells[place]) and cell.is_weak]
        if weak:
            lessons.append(
                Lesson(
                    section=section,
                    whole=map_.whole.cells[place] if map_.whole is not None else None,
                    rows=[row for row, _cell in weak],
                    people=sum(cell.people for _row, cell in weak),
                    aspects=map_.aspects[place],
                )
            )
    return sorted(lessons, key=lambda it: (it.whole.share if it.whole else WEAK, it.section))


@dataclass(frozen=True, slots=True)
class Trainee:
    """Somebody who is weak in a section."""

    section: str
    who: PersonSkills
    share: Fraction


def trainees_in(events: Iterable[Event]) -> list[Trainee]:
    """Everybody who is weak in a section of these events, the weakest of each first."""
    trainees = [
        Trainee(section, it, mine / full)
        for event in events
        for it in skills_in(event)
        for section, (mine, full) in it.got.items()
        if mine / full < WEAK
    ]
    return sorted(trainees, key=lambda it: (it.section, it.share, it.who.name))

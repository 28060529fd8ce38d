"""Skills by section of the occupational standard: the share of the points that was got in each.

From published results: the points of aspects by the sections said of them, a module's name where
none is, and of theory papers the sections of their bank. Shown by unit, event or year small groups
share a row; by person it is for those alone who lead the competition.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from time import perf_counter

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from compete.domain.bundle.naming import module_name
from compete.domain.figures.small_groups import LEAST, without_small
from compete.domain.kinds.kinds import competition_kind
from compete.models import Competition, Entrant, Event, db
from compete.services.figures.aspect_sections import sections_by_aspect
from compete.services.kernel.chunks import rows_among
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.participants import takes_part
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.versions import remembered, remembered_words, words_at_hand
from compete.services.registration.batch_years import year_of
from compete.services.registration.earlier_sittings import versions_in_force
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
    `aspects` is how many aspects were said to be of each section, `unseen` how many competitions
    were not looked through yet.
    """

    sections: Sequence[str]
    aspects: Sequence[int]
    rows: Sequence[SkillRow]
    merged: int
    others: SkillRow | None
    whole: SkillRow | None
    unseen: int = 0


@dataclass(frozen=True, slots=True)
class Got:
    """What people got in a section: how many, their points, what these could have been."""

    people: int
    points: Fraction
    full: Fraction

    @property
    def share(self) -> Fraction:
        """The share of the points that was got."""
        return self.points / self.full


@dataclass(frozen=True, slots=True)
class Skills:
    """What so many people got, by section."""

    people: int
    got: Mapping[str, Got]


@dataclass(frozen=True, slots=True)
class PersonSkills:
    """What somebody got in an event; `person` is the record of whoever it is, if there is one."""

    who: int
    name: str
    unit: str
    person: int | None
    skills: Skills


def occupation_of(event: Event) -> str:
    """The occupation that an event is of by its rules; its own name where they say none."""
    occupation = event.rules.definition.get("occupation")
    return str(occupation["name"]) if occupation else event.name


def events_by_occupation(competitions: Collection[Competition]) -> dict[str, list[Event]]:
    """The events with results among these competitions, by their occupations."""
    peopled = {
        it.id
        for it in competitions
        if (kind := competition_kind(it)).of_people and kind.has_results
    }
    published = sorted(versions_in_force(peopled))
    query = select(Event).options(joinedload(Event.competition), selectinload(Event.versions))
    by_occupation: defaultdict[str, list[Event]] = defaultdict(list)
    for event in rows_among(query, Event.competition_id, published):
        by_occupation[occupation_of(event)].append(event)
    return dict(sorted(by_occupation.items()))


def skills_in(event: Event) -> Sequence[PersonSkills]:
    """What each person of an event got, by the version in force; nothing while it is withdrawn."""
    publication = latest_publication(event.competition)
    if publication is None or stand_of(event).withdrawn_why:
        return []
    name = "skills", event.id
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
        own = {name: Got(1, mine, full) for name, (mine, full) in got.items() if full > 0}
        if own:
            name, unit = entrant.name, entrant.unit.name
            skills.append(PersonSkills(entrant.id, name, unit, entrant.person_id, Skills(1, own)))
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


def _by_unit(competition: Competition) -> dict[int, dict[str, Skills]]:
    """What each unit's people got in each event, by its number."""
    units: dict[int, dict[str, Skills]] = {}
    for event in competition.events:
        people: defaultdict[str, list[Skills]] = defaultdict(list)
        for it in skills_in(event):
            people[it.unit].append(it.skills)
        units[event.id] = {unit: _sum(parts) for unit, parts in people.items()}
    return units


def _sum(parts: Iterable[Skills]) -> Skills:
    """What all of them got together."""
    people = 0
    adding: defaultdict[str, _Adding] = defaultdict(_Adding)
    for part in parts:
        people += part.people
        for section, got in part.got.items():
            adding[section].add(got)
    return Skills(people, {section: it.sum for section, it in adding.items()})


class _Adding:
    """A sum of what was got: numerators apart by denominator, as there are few of these."""

    __slots__ = ("_full", "_people", "_points")

    def __init__(self) -> None:
        self._people = 0
        self._points: defaultdict[int, int] = defaultdict(int)
        self._full: defaultdict[int, int] = defaultdict(int)

    def add(self, got: Got) -> None:
        """Add what others got."""
        self._people += got.people
        self._points[got.points.denominator] += got.points.numerator
        self._full[got.full.denominator] += got.full.numerator

    @property
    def sum(self) -> Got:
        """What was added so far."""
        return Got(self._people, _whole(self._points), _whole(self._full))


def _whole(numerators: Mapping[int, int]) -> Fraction:
    return sum((Fraction(top, bottom) for bottom, top in numerators.items()), Fraction(0))


_NAME = "skills by unit"

GROUPS: Mapping[str, Callable[[Event, str], Hashable]] = {
    "unit": lambda _event, unit: unit,
    "event": lambda event, _unit: (event.competition_id, event.competition.name),
    "year": lambda event, _unit: year_of(event.competition) or 0,
}
"""What the rows may be, besides people: of an event and a unit."""


def skill_map(events: Sequence[Event], by: str, seconds: float | None = None) -> SkillMap:
    """The map of these events by unit, event or year: a key of `GROUPS`.

    Competitions that changed are looked through anew, one at least, and no more once so many
    seconds have passed: the others wait for the next time.
    """
    competitions = {it.competition_id: it.competition for it in events}
    known = words_at_hand(dict.fromkeys(competitions.values(), _NAME))
    begun = perf_counter()
    for number in competitions.keys() - known.keys():
        competition = competitions[number]
        known[number] = remembered_words(competition, _NAME, partial(_by_unit, competition))
        if seconds is not None and perf_counter() - begun >= seconds:
            break
    groups: defaultdict[Hashable, list[Skills]] = defaultdict(list)
    for event in events:
        for unit, skills in known.get(event.competition_id, {}).get(event.id, {}).items():
            groups[GROUPS[by](event, unit)].append(skills)
    ordered = sorted(groups, key=str) if by == "year" else sorted(groups, key=_by_size(groups))
    shown = grouped_map({key: groups[key] for key in ordered}, partial(_rests_on, events))
    return replace(shown, unseen=len(competitions) - len(known))


def _by_size(
    groups: Mapping[Hashable, Sequence[Skills]],
) -> Callable[[Hashable], tuple[int, str]]:
    return lambda key: (-sum(it.people for it in groups[key]), str(key))


def grouped_map(
    groups: Mapping[Hashable, Sequence[Skills]],
    rests_on: Callable[[Sequence[str]], Sequence[int]],
) -> SkillMap:
    """The map of these groups of people, in their order; what would tell of a few is left out."""
    sections = _sections(groups.values())
    sums = {key: _sum(people) for key, people in groups.items()}
    rows = [_row(key, skills, sections) for key, skills in sums.items()]
    apart = without_small([row.people for row in rows])
    merged = [sums[rows[place].key] for place in apart.merged]
    shown = [rows[place] for place in apart.shown]
    if merged and apart.sum_told:
        shown.append(_row("", _sum(merged), sections))
    whole = _row("", _sum(sums.values()), sections) if rows and apart.sum_told else None
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


def person_map(events: Sequence[Event]) -> SkillMap:
    """The map of these events by person, the weakest first; for who leads their competitions."""
    people = [it for event in events for it in skills_in(event)]
    people.sort(key=lambda it: (_whole_share(it.skills), it.name))
    parts = [it.skills for it in people]
    sections = _sections([parts])
    return SkillMap(
        sections=sections,
        aspects=_rests_on(events, sections),
        rows=[_row(it, it.skills, sections) for it in people],
        merged=0,
        others=None,
        whole=_row("", _sum(parts), sections) if len(people) >= LEAST else None,
    )


def _whole_share(skills: Skills) -> Fraction:
    got = skills.got.values()
    points = sum((it.points for it in got), Fraction(0))
    return points / sum((it.full for it in got), Fraction(0))


def _sections(groups: Iterable[Iterable[Skills]]) -> list[str]:
    """The sections of all of them, in the order in which they come."""
    return list(dict.fromkeys(name for parts in groups for it in parts for name in it.got))


def _row(key: Hashable, skills: Skills, sections: Sequence[str]) -> SkillRow:
    cells = [
        Cell(got.people, got.share) if (got := skills.got.get(section)) is not None else None
        for section in sections
    ]
    return SkillRow(key=key, people=skills.people, cells=cells)


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
        Trainee(section, it, got.share)
        for event in events
        for it in skills_in(event)
        for section, got in it.skills.got.items()
        if got.share < WEAK
    ]
    return sorted(trainees, key=lambda it: (it.section, it.share, it.who.name))

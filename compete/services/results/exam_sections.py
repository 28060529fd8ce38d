"""Points by section of a theory examination, as they were published with the mark.

Never questions or answers. They stand beside the mark, so they are of the version that it is of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import TypeAlias

from sqlalchemy import select

from compete.domain.bundle.naming import module_name
from compete.models import Act, Entrant, Event, Examination, Publication, Sheet, db
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.versions import remembered
from compete.services.results.result_stands import stand_of
from compete.services.results.snapshots import published_event, read_snapshot
from compete.services.sheets.values import VALUE_KINDS

EXAM_SECTIONS = "exam_sections"
"""The key beside a mark: [name, points, of] of each section."""

_LEAST = 5
"""Below so many people nobody is held against the middle: it would tell of the others."""

_Section: TypeAlias = tuple[str, Decimal, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionLine:
    """A section: what was got of what could be, and the median's share of that."""

    name: str
    points: Decimal
    of: Decimal
    median: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleSections:
    """A theory module with its sections."""

    name: str
    lines: Sequence[SectionLine]


def sections_of(people: Sequence[Entrant]) -> dict[int, list[ModuleSections]]:
    """The sections of people of one competition by the version in force, by their numbers.

    Only of who has any, and where the result itself is shown.
    """
    publication = latest_publication(people[0].competition) if people else None
    if publication is None:
        return {}
    shown: dict[int, list[ModuleSections]] = {}
    for event in {it.event for it in people}:
        if stand_of(event).withdrawn_why:
            continue
        by_number = _sections_in(publication, event)
        shown |= {it.id: by_number[it.id] for it in people if it.id in by_number}
    return shown


def _sections_in(publication: Publication, event: Event) -> dict[int, list[ModuleSections]]:
    """The sections of an event's people, kept for who else looks at this version."""
    examined = select(Examination.stage, Examination.module).where(
        Examination.event_id == event.id,
        Examination.ended_at.is_(None),
        Examination.marked_at.is_not(None),
    )
    places = [(stage, module) for stage, module in db.session.execute(examined).tuples()]
    if not places:
        return {}
    name = "exam sections", publication.id, event.id
    return remembered(event.competition, name, lambda: _made(publication, event, places))


def _made(
    publication: Publication, event: Event, places: Sequence[tuple[str, str]]
) -> dict[int, list[ModuleSections]]:
    published = published_event(publication, event.code)
    if published is None:
        return {}
    rules, _results = published
    names = {
        (stage.code, module.code): module_name(rules, stage, module)
        for stage in rules.stages
        for module in stage.modules
    }
    rows = _published_rows(publication, event, places)
    shares: defaultdict[tuple[str, str, str], list[Fraction]] = defaultdict(list)
    for (_who, stage, module), sections in rows.items():
        for section, points, of in sections:
            shares[stage, module, section].append(Fraction(points) / Fraction(of))
    shown: defaultdict[int, list[ModuleSections]] = defaultdict(list)
    for (who, stage, module), sections in rows.items():
        lines = [
            SectionLine(
                name=section,
                points=points,
                of=of,
                median=_median(shares[stage, module, section]),
            )
            for section, points, of in sections
        ]
        shown[who].append(ModuleSections(name=names[stage, module], lines=lines))
    return dict(shown)


def _published_rows(
    publication: Publication, event: Event, places: Sequence[tuple[str, str]]
) -> dict[tuple[int, str, str], list[_Section]]:
    """The sections that stand beside the marks as they were published, by person and module.

    A mark that came from no examination, or was ruled otherwise, has none.
    """
    bundle, _results = read_snapshot(publication)
    void = {(it.entrant, it.stage, it.module) for it in bundle.outcomes}
    values = {
        (it.entrant, it.stage, it.module): it.value
        for it in bundle.marks
        if (it.stage, it.module) in places
        and void.isdisjoint({(it.entrant, it.stage, it.module), (it.entrant, it.stage, None)})
    }
    acts = (
        select(Entrant.id, Entrant.code, Sheet.stage, Sheet.module, Act.extra)
        .join(Sheet, Sheet.id == Act.sheet_id)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(
            Entrant.event_id == event.id,
            Act.kind.in_(VALUE_KINDS),
            Act.extra.is_not(None),
            Act.held_at <= publication.published_at,
        )
        .order_by(Act.id)
    )
    rows: dict[tuple[int, str, str], list[_Section]] = {}
    for number, code, stage, module, extra in db.session.execute(acts).tuples():
        sections = [
            (name, Decimal(points), Decimal(of))
            for name, points, of in (extra or {}).get(EXAM_SECTIONS, ())
        ]
        total = sum((points for _name, points, _of in sections), Decimal(0))
        if sections and values.get((code, stage, module)) == total:
            rows[number, stage, module] = sections
    return rows


def _median(shares: Sequence[Fraction]) -> Fraction | None:
    return median(shares) if len(shares) >= _LEAST else None

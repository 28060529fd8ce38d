"""Skills by section, worked out a second time from the marks of the stored versions."""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Hashable, Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from compete.commands.verify import all_faults
from compete.domain.figures.small_groups import LEAST
from compete.models import Account, AuditEntry, Entrant, Event, Publication, db
from compete.services.figures.aspect_sections import aspect_rows, sections_known, set_sections
from compete.services.figures.skills import (
    Got,
    SkillMap,
    SkillRow,
    Skills,
    events_by_occupation,
    grouped_map,
    lessons_of,
    person_map,
    skill_map,
    skills_in,
    trainees_in,
)
from compete.services.figures.years import SeenYear
from compete.services.kernel.refusal import FieldRefused
from tests.services.figures.test_figures import seen

__all__ = ["seen"]

Points = dict[str, dict[str, tuple[Fraction, Fraction]]]


def batches(seen: SeenYear, *codes: str) -> list[Event]:
    return [it for row in seen.here if row.code in codes for it in row.events]


def by_hand(events: list[Event], tied: dict[str, str]) -> Points:
    """Points and full points by unit and section, from the marks of the versions themselves."""
    points: defaultdict[str, defaultdict[str, list[Fraction]]] = defaultdict(
        lambda: defaultdict(lambda: [Fraction(0), Fraction(0)])
    )
    for event in events:
        version = db.session.scalars(
            select(Publication).where(Publication.competition_id == event.competition_id)
        ).one()
        bundle = json.loads(zlib.decompress(version.bundle))
        (rules,) = bundle["events"]
        modules = {it["code"]: it for it in rules["stages"][0]["modules"]}
        people = select(Entrant).where(Entrant.event_id == event.id)
        units = {it.code: it.unit.name for it in db.session.scalars(people)}
        for mark in bundle["marks"]:
            module = modules[mark["module"]]
            aspect = next(it for it in module["aspects"] if it["code"] == mark["aspect"])
            section = tied.get(mark["module"], module["name"])
            row = points[units[mark["entrant"]]][section]
            row[0] += Fraction(str(mark["value"]))
            row[1] += Fraction(str(aspect["max"]))
    return {
        unit: {name: (got, full) for name, (got, full) in rows.items()}
        for unit, rows in points.items()
    }


def shares(map_: SkillMap, row: SkillRow | None) -> dict[str, Fraction]:
    assert row is not None
    return {
        name: cell.share
        for name, cell in zip(map_.sections, row.cells, strict=True)
        if cell is not None
    }


def share_in(points: Points, units: set[str]) -> dict[str, Fraction]:
    rows = [points[unit] for unit in units]
    return {
        name: sum((row[name][0] for row in rows), Fraction(0))
        / sum((row[name][1] for row in rows), Fraction(0))
        for name in rows[0]
    }


def test_shares_by_unit_are_those_of_the_marks(seen: SeenYear) -> None:
    events = batches(seen, "A", "B")
    map_, points = skill_map(events, "unit"), by_hand(events, {})
    assert len(map_.sections) > 1
    assert {row.key for row in map_.rows} == set(points)
    for row in map_.rows:
        assert shares(map_, row) == share_in(points, {str(row.key)})
    assert shares(map_, map_.whole) == share_in(points, set(points))
    assert map_.whole is not None
    assert map_.whole.people == 60


def test_an_aspect_counts_in_the_section_said_of_it(seen: SeenYear, organiser: Account) -> None:
    events = batches(seen, "A", "B")
    for event in events:
        row = next(it for it in aspect_rows(event) if "|theory|" in it.key)
        assert set_sections(event, {row.key: " 理论  基础 ", "none": "没有"}, organiser)
        assert not set_sections(event, {row.key: "理论 基础"}, organiser)
        with pytest.raises(FieldRefused, match="最多"):
            set_sections(event, {row.key: "长" * 41}, organiser)
    assert sections_known(events)[0] == "理论 基础"
    points = by_hand(events, {"theory": "理论 基础"})
    map_ = skill_map(events, "unit")
    assert "理论 基础" in map_.sections
    assert shares(map_, map_.whole) == share_in(points, set(points))
    written = select(AuditEntry).where(AuditEntry.action == "sections.set")
    assert len(db.session.scalars(written).all()) == 2
    set_sections(events[0], {row.key: "" for row in aspect_rows(events[0])}, organiser)
    assert {it.section for it in aspect_rows(events[0])} == {""}
    assert all_faults() == []


def test_a_few_people_share_a_row(seen: SeenYear) -> None:
    events = batches(seen, "A")
    map_, points = skill_map(events, "unit"), by_hand(events, {})
    assert {row.key for row in map_.rows} == {"丁站", "甲站"}
    assert map_.merged == 2
    assert shares(map_, map_.others) == share_in(points, {"乙站", "丙站"})
    assert all(cell is None or cell.people >= LEAST for row in map_.rows for cell in row.cells)
    # Of an event of a few nothing at all is told.
    (small,) = batches(seen, "C")
    alone = skill_map([small], "unit")
    assert (alone.rows, alone.others, alone.whole) == ([], None, None)


def test_by_event_by_year_and_by_person(seen: SeenYear) -> None:
    events = batches(seen, "A", "B")
    by_event = skill_map(events, "event")
    assert {row.key for row in by_event.rows} == {
        (it.competition_id, it.competition.name) for it in events
    }
    (year,) = skill_map(events, "year").rows
    assert (year.key, year.people) == (2026, 60)
    people = person_map(events)
    assert len(people.rows) == 60
    points = by_hand(events, {})
    assert shares(people, people.whole) == share_in(points, set(points))
    first, last = (sum(shares(people, people.rows[at]).values()) for at in (0, -1))
    assert first < last


def test_what_is_weak_is_to_be_trained(seen: SeenYear) -> None:
    events = batches(seen, "A", "B")
    weak = {
        (it.name, section)
        for event in events
        for it in skills_in(event)
        for section, got in it.skills.got.items()
        if got.share < Fraction(7, 10)
    }
    trainees = trainees_in(events)
    assert {(it.who.name, it.section) for it in trainees} == weak
    assert weak
    map_ = skill_map(events, "unit")
    for lesson in lessons_of(map_):
        at = map_.sections.index(lesson.section)
        rows = [row for row in map_.rows if (cell := row.cells[at]) and cell.share < 0.7]
        assert [row.key for row in lesson.rows] == [row.key for row in rows]
        cells = [row.cells[at] for row in rows]
        assert lesson.people == sum(it.people for it in cells if it is not None)


def test_a_page_looks_through_a_few_anew_and_the_next_goes_on(seen: SeenYear) -> None:
    events = batches(seen, "A", "B")
    first = skill_map(events, "unit", 0)
    assert first.unseen == 1
    assert first.whole is not None
    assert first.whole.people == 30
    second = skill_map(events, "unit", 0)
    assert (second.unseen, second.whole) == (0, skill_map(events, "unit").whole)


def test_occupations_are_apart_and_what_was_withdrawn_is_not_told(seen: SeenYear) -> None:
    groups = events_by_occupation(seen.here)
    codes = {name: {it.competition.code for it in events} for name, events in groups.items()}
    assert {"A", "B"} in codes.values()
    assert all(not ({"A", "C"} <= its) for its in codes.values())


@st.composite
def grouped_people(draw: st.DrawFn) -> dict[Hashable, Sequence[Skills]]:
    """Up to six units of up to nine people, each asked about some of three sections."""
    asked = st.lists(st.sampled_from("甲乙丙"), min_size=1, unique=True)
    units = draw(st.lists(st.lists(asked, min_size=1, max_size=9), min_size=1, max_size=6))
    return {
        f"U{unit}": [
            Skills(1, {name: Got(1, Fraction(at % 3), Fraction(2)) for name in sections})
            for at, sections in enumerate(people)
        ]
        for unit, people in enumerate(units)
    }


@given(groups=grouped_people())
def test_nothing_is_told_of_a_few(groups: dict[Hashable, Sequence[Skills]]) -> None:
    map_ = grouped_map(groups, lambda sections: [0] * len(sections))
    shown = {row.key: row for row in map_.rows}
    for at, section in enumerate(map_.sections):
        sizes = {key: sum(section in it.got for it in people) for key, people in groups.items()}
        assert all(n >= LEAST for key, n in sizes.items() if n and is_told(shown.get(key), at))
        if map_.others is not None and map_.others.cells[at] is not None:
            assert sum(n for key, n in sizes.items() if key not in shown) >= LEAST
        if map_.whole is None or map_.whole.cells[at] is None:
            continue
        # The total less what is shown is that of several who are told of nowhere, or of nobody.
        hidden = sum(sizes.values()) - sum(
            n for key, n in sizes.items() if is_told(shown.get(key), at)
        )
        if map_.others is not None and map_.others.cells[at] is not None:
            hidden -= sum(n for key, n in sizes.items() if key not in shown)
        assert hidden == 0 or hidden >= LEAST


def is_told(row: SkillRow | None, at: int) -> bool:
    return row is not None and row.cells[at] is not None

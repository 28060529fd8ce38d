"""Figures over many competitions, each worked out a second time straight from the rows."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Callable
from itertools import product
from statistics import median_low
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from compete.domain.bundle.writing import write_bundle
from compete.domain.figures.small_groups import LEAST
from compete.models import Account, Certificate, Competition, Entrant, Publication, Unit, db
from compete.services.accounts.accounts import create_account
from compete.services.figures.certificates import certificate_delays, certificate_months
from compete.services.figures.groups import Group, Grouped, grouped
from compete.services.figures.participation import participation
from compete.services.figures.pass_rates import pass_rates
from compete.services.figures.year import figures_of_year
from compete.services.figures.years import SeenYear, year_seen
from compete.services.kernel.clock import local_time
from tests.domain.labour.build import one_month
from tests.support.announced import announce
from tests.support.second_day import PRIZES, certify
from tests.support.sittings import sitting
from tests.support.small import all_marks, small

Load = Callable[..., Competition]
UNITS = (("甲站", 9), ("乙站", 6), ("丙站", 3), ("丁站", 12))


def batch(code: str, starts: str, host: str) -> dict[str, Any]:
    """An evaluation of people of four units, of whom every third fails."""
    plain = sitting(code, starts, hands=70, people=sum(n for _name, n in UNITS))
    plain["competition"] |= {"host": host}
    plain["units"] = [{"code": f"U{at}", "name": name} for at, (name, _n) in enumerate(UNITS)]
    units = [f"U{at}" for at, (_name, n) in enumerate(UNITS) for _person in range(n)]
    for entrant, unit in zip(plain["entrants"], units, strict=True):
        entrant["unit"] = unit
    failing = {it["code"] for it in plain["entrants"][::3]}
    for row in plain["marks"]:
        if row["module"] == "theory" and row["entrant"] in failing:
            row["value"] = 20
    for judge in plain["judges"]:
        judge.pop("unit", None)
    return plain


@pytest.fixture
def seen(load: Load, organiser: Account) -> SeenYear:
    """A year: two evaluations, a contest with certificates, a labour competition."""
    for code, starts, host in (("A", "2026-03-10", "省总"), ("B", "2026-09-10", "集团")):
        announce(load(batch(code, starts, host)), organiser)
    contest = small(all_marks(), event=PRIZES)
    contest["competition"] |= {"code": "C", "host": "集团", "starts": "2026-05-05"}
    certify(load(contest), organiser)
    labour = json.loads(write_bundle(one_month({"甲": 95, "乙": 88})))
    labour["competition"] |= {"starts": "2026-01-01", "host": "集团"}
    load(labour)
    return year_seen(organiser, 2026)


def test_participation_is_what_the_rows_say(seen: SeenYear) -> None:
    counted = participation(seen.here)
    people: Counter[str] = Counter()
    units: Counter[str] = Counter()
    for it in seen.here:
        rows = db.session.scalars(select(Entrant).where(Entrant.competition_id == it.id)).all()
        people[it.host or ""] += len(rows)
        units[it.host or ""] += (
            len({row.unit_id for row in rows})
            if it.kind != "labour"
            else len(db.session.scalars(select(Unit).where(Unit.competition_id == it.id)).all())
        )
    times = Counter(it.host or "" for it in seen.here)
    assert {row.key: row.counts for row in counted.rows} == {
        host: (people[host], times[host], units[host]) for host in times
    }
    assert counted.whole == (people.total(), times.total(), units.total())


def test_pass_rates_are_what_the_stored_versions_say(seen: SeenYear) -> None:
    rates = pass_rates(seen.here)
    levels: Counter[tuple[int, bool]] = Counter()
    units: Counter[tuple[str, bool]] = Counter()
    for version in db.session.scalars(select(Publication)):
        results = json.loads(zlib.decompress(version.results))
        whose = {
            row.code: row.unit.name
            for row in db.session.scalars(
                select(Entrant).where(Entrant.competition_id == version.competition_id)
            )
        }
        for event in results["events"]:
            for row in event.get("verdicts", ()):
                rules = next(it for it in version.competition.events if it.code == event["code"])
                levels[rules.rules.definition["grade"], row["verdict"] == "pass"] += 1
                units[whose[row["entrant"]], row["verdict"] == "pass"] += 1
    assert {row.key: row.counts for row in rates.levels.rows} == {
        grade: (levels[grade, True] + levels[grade, False], levels[grade, True])
        for grade, _passed in levels
    }
    shown = {row.key: row.counts for row in rates.units.rows}
    # Over both batches nobody is small: of the smallest there are six.
    assert shown == {
        name: (units[name, True] + units[name, False], units[name, True]) for name, _n in UNITS
    }
    assert rates.units.whole == rates.levels.whole


def test_a_small_unit_shares_a_row_with_the_next(seen: SeenYear) -> None:
    rates = pass_rates([it for it in seen.here if it.code == "A"])
    assert [row.key for row in rates.units.rows] == ["丁站", "甲站"]
    assert rates.units.merged == 2
    assert rates.units.others is not None
    assert rates.units.others[0] == 9


def test_certificates_by_month_and_how_long_they_took(seen: SeenYear) -> None:
    rows = db.session.scalars(select(Certificate)).all()
    year = rows[0].issued_on.year
    months = certificate_months(seen.everything, year)
    for counted, kind in ((months.grades, "grade"), (months.awards, "award")):
        valid = [row for row in rows if row.kind == kind and row.state == "valid"]
        assert len(valid) < LEAST
        # So few are not told, nor in which month.
        assert (counted.merged, counted.others, counted.whole) == (1, None, None)
    delays = certificate_delays(seen.everything, year)
    first = {
        it.competition_id: local_time(it.published_at).date()
        for it in db.session.scalars(select(Publication).order_by(Publication.version.desc()))
    }
    days = [
        (row.issued_on - first[row.competition_id]).days for row in rows if row.state == "valid"
    ]
    assert delays.spans.whole == (len(days),)
    assert delays.median == median_low(days)
    assert sum(row.counts[0] for row in delays.spans.rows) == len(days)


def test_a_year_over_all_kinds(seen: SeenYear) -> None:
    figures = figures_of_year(seen)
    assert dict(figures.kinds) == {"evaluation": 2, "skills": 1, "labour": 1}
    people = len(db.session.scalars(select(Entrant)).all())
    assert figures.people == people
    assert figures.labour_months == 0
    assert (figures.promotions, figures.awards) == (None, None)


@pytest.mark.usefixtures("seen")
def test_who_sees_no_competition_sees_no_figures() -> None:
    assert year_seen(create_account("旁人"), 2026).here == []


def seen_by_reader(groups: list[tuple[int, int]]) -> object:
    """All that stands on a page that tells how many there are and how many passed, by name."""
    counted = grouped([Group(at, counts) for at, counts in enumerate(groups)], passed=1)
    rows = tuple((row.key, row.counts) for row in counted.rows)
    return rows, counted.merged, counted.others, counted.whole


def test_nobody_works_out_how_many_of_a_small_group_passed() -> None:
    """All lists of three groups up to seven: what looks the same leaves each merged group open."""
    choices = [(n, passed) for n in range(1, 8) for passed in range(n + 1)]
    alike: dict[object, list[tuple[tuple[int, int], ...]]] = {}
    for groups in product(choices, repeat=3):
        alike.setdefault(seen_by_reader(list(groups)), []).append(groups)
    for same in alike.values():
        counted = grouped([Group(at, it) for at, it in enumerate(same[0])], passed=1)
        shown = {row.key for row in counted.rows}
        for place in set(range(3)) - shown:
            assert len({groups[place][0] for groups in same}) > 1
            # Never that nobody of it passed.
            assert any(groups[place][1] for groups in same)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=20))
def test_rows_and_the_shared_one_add_up_to_the_whole(counts: list[tuple[int, int]]) -> None:
    groups = [Group(at, (n, min(n, passed))) for at, (n, passed) in enumerate(counts)]
    counted: Grouped = grouped(groups, passed=1)
    if counted.whole is None:
        assert counted.others is None
        return
    rows = [row.counts for row in counted.rows] + ([counted.others] if counted.others else [])
    assert counted.whole == tuple(map(sum, zip(*rows, strict=True)))
    assert len(counted.rows) + counted.merged == len(groups)
    assert all(row.counts[0] == 0 or row.counts[0] >= LEAST for row in counted.rows)

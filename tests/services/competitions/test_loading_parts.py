"""A large file is loaded by parts: none keeps the lock long, and nobody is shown half of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from flask import Flask
from sqlalchemy import func, select

from compete.commands.verify import all_faults
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.writing import write_bundle
from compete.models import Account, Act, Competition, Entrant, Judge, Person, Sheet, Unit, db
from compete.services.accounts.access import competitions_for
from compete.services.competitions import loading, loading_marks
from compete.services.competitions.drafts import Origin, make_draft
from compete.services.competitions.loading import broken_off, load_bundle, loads_broken_off
from compete.services.competitions.loading_parts import Loading
from compete.services.directory.duplicates import PossiblySame, possibly_same
from compete.services.directory.visible_people import find_person, find_persons
from compete.services.jobs.one_at_a_time import worker_lock
from compete.services.kernel import portions
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import competition_by_code
from compete.services.log.sequencing import is_behind
from compete.services.scoring.bundle_out import export_bundle
from tests.bench.evaluations import CODE, evaluation_of
from tests.sheets.people import citizen_id
from tests.support.small import all_marks, read, small
from tests.support.write_holds import short_holds

_PARTS = 18
"""So many parts the small competition has, blind and with all marks, of two people each."""

SAMPLES = sorted(Path(__file__).parents[3].glob("sample_events/*/bundle.json"))


@pytest.fixture
def by_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load even the smallest file by parts of few rows."""
    monkeypatch.setattr(loading, "_FEW_PEOPLE", 0)
    monkeypatch.setattr(loading_marks, "_LIGHT_ACTS", 2)
    for name in ("_LEAST", "_FIRST", "_MOST"):
        monkeypatch.setattr(portions, name, 2)


def killed(bundle: Bundle, after: int, load: Callable[[Bundle], Competition] = load_bundle) -> None:
    """Load it, and let the process be killed in a part, once so many are in."""
    real, parts = Loading.part, list[int]()

    def dies(self: Loading, *given: Any, **keys: Any) -> Any:
        parts.append(1)
        if len(parts) > after:
            raise KeyboardInterrupt
        return real(self, *given, **keys)

    with patch.object(Loading, "part", dies), pytest.raises(KeyboardInterrupt):
        load(bundle)


def counts() -> list[int]:
    """How many rows of each kind there are in all competitions."""
    tables = (Entrant, Judge, Sheet, Act, Person)
    return [db.session.scalar(select(func.count(table.id))) or 0 for table in tables]


def test_of_many_people_each_part_is_a_short_hold(here: Flask, organiser: Account) -> None:
    people = 300
    bundle = read_bundle(json.dumps(evaluation_of(people)).encode())
    with short_holds(people):
        competition = load_bundle(bundle, by=organiser)
    assert db.session.query(Entrant).count() == people
    assert competition_by_code(CODE) == competition
    assert all_faults() == []


def test_a_file_from_the_page_is_put_in_by_short_holds_too(here: Flask, organiser: Account) -> None:
    people = 300
    bundle = read_bundle(json.dumps(evaluation_of(people, marked=False)).encode())
    with short_holds(people):
        competition = make_draft(bundle, Origin.FILE, "a.json", organiser)
    assert db.session.query(Entrant).count() == people
    assert competitions_for(organiser) == [competition]
    assert all_faults() == []


@pytest.mark.each_database
@pytest.mark.usefixtures("by_parts")
def test_people_half_loaded_from_the_page_are_seen_by_nobody_until_it_is_gone_on_with(
    here: Flask, organiser: Account
) -> None:
    everybody = Account(name="甲", is_admin=True)
    load_bundle(read(small(competition={"code": "OLD"})))

    def listed() -> tuple[set[int], int]:
        people, count = find_persons(everybody, "", limit=100, offset=0)
        return {person.id for person in people}, count

    known, count = listed()
    plain = small()
    for number, person in enumerate(plain["entrants"]):
        person["id_number"] = citizen_id(date(1991, 1, 1), number + 1)
    # He is known already, and the others are not; two of them may be one.
    plain["entrants"][0] = small()["entrants"][0]
    plain["entrants"][3] |= {"name": plain["entrants"][2]["name"], "id_number": None}
    bundle = read(plain)

    def load(bundle: Bundle) -> Competition:
        return make_draft(bundle, Origin.FILE, "a.json", organiser)

    killed(bundle, 6, load)
    new = set(db.session.scalars(select(Entrant.person_id).order_by(Entrant.id))) - known
    assert len(new) > 1
    assert listed() == (known, count)
    assert all(find_person(number, everybody) is None for number in new if number)
    assert all(find_person(number, everybody) is not None for number in known)
    alike = {row.id for pair in _all_alike(everybody) for row in (pair.first, pair.second)}
    assert not alike & new
    assert competitions_for(organiser) == []
    competition = load(bundle)
    assert competitions_for(organiser) == [competition]
    now, total = listed()
    assert now >= known | new
    assert total == len(now) > count
    assert find_person(min(number for number in new if number), everybody) is not None
    assert _all_alike(everybody)
    assert all_faults() == []


def _all_alike(account: Account) -> list[PossiblySame]:
    return possibly_same(account, limit=100, offset=0)[0]


@pytest.mark.each_database
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
@pytest.mark.usefixtures("by_parts")
def test_a_sample_loaded_by_parts_is_what_it_is_loaded_at_once(
    here: Flask, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_LEAST", "_FIRST", "_MOST"):
        monkeypatch.setattr(portions, name, 40)
    bundle = read_bundle(path.read_bytes())
    competition = load_bundle(bundle)
    assert competition.loading is None
    assert all_faults() == []
    parts = write_bundle(export_bundle(competition))
    assert len(read_bundle(parts).marks) == len(bundle.marks)
    other = bundle.competition.code + "X"
    monkeypatch.setattr(loading, "_FEW_PEOPLE", 1_000_000)
    monkeypatch.setattr(loading, "_FEW_ROWS", 1_000_000)
    again = load_bundle(msgspec.structs.replace(bundle, competition=_coded(bundle, other)))
    at_once = write_bundle(export_bundle(again))
    assert at_once == parts.replace(
        json.dumps(bundle.competition.code).encode(), json.dumps(other).encode(), 1
    )


def _coded(bundle: Bundle, code: str) -> Any:
    return msgspec.structs.replace(bundle.competition, code=code)


@pytest.mark.usefixtures("by_parts")
@pytest.mark.parametrize("after", range(_PARTS))
def test_killed_anywhere_nobody_sees_it_and_it_is_gone_on_with(here: Flask, after: int) -> None:
    bundle = read(small(all_marks(), event={"extra": {"blind": True}}))
    before = counts()
    killed(bundle, after)
    assert loads_broken_off() == [bundle.competition.code]
    assert competition_by_code(bundle.competition.code) is None
    assert competitions_for(Account(name="甲", is_admin=True)) == []
    assert not is_behind()
    assert all_faults() == []
    competition = load_bundle(bundle)
    assert loads_broken_off() == []
    assert competition_by_code(bundle.competition.code) == competition
    assert [now - then for now, then in zip(counts(), before, strict=True)] == [4, 5, 12, 28, 9]
    assert all_faults() == []


@pytest.mark.usefixtures("by_parts")
def test_another_file_of_the_code_takes_what_was_written_away(here: Flask) -> None:
    bundle = read(small(all_marks()))
    before = counts()
    killed(bundle, 12)
    other = read(small())
    rest = broken_off(other)
    assert rest is not None
    assert not rest.same_file
    competition = load_bundle(other)
    assert [now - then for now, then in zip(counts(), before, strict=True)] == [4, 5, 0, 0, 9]
    assert competition_by_code(other.competition.code) == competition
    assert loads_broken_off() == []
    assert all_faults() == []


@pytest.mark.usefixtures("by_parts")
def test_what_is_refused_on_the_way_leaves_nothing(here: Flask) -> None:
    plain = small(all_marks())
    plain["entrants"][3]["name"] = "名" * 300
    before = counts()
    with pytest.raises(Refused):
        load_bundle(read(plain))
    assert counts() == before
    assert loads_broken_off() == []
    assert all_faults() == []
    assert load_bundle(read(small(all_marks()))).loading is None


@pytest.mark.usefixtures("by_parts")
def test_two_do_not_load_one_file_at_once(here: Flask) -> None:
    bundle = read(small(all_marks()))
    killed(bundle, 9)
    rest = broken_off(bundle)
    assert rest is not None
    before = counts()
    with worker_lock(rest.number, "loading"), pytest.raises(Refused, match="另一个命令"):
        load_bundle(bundle)
    assert counts() == before
    assert load_bundle(bundle).loading is None


@pytest.mark.usefixtures("by_parts")
def test_which_unit_stands_under_which_is_gone_on_with(here: Flask) -> None:
    plain = small()
    plain["units"] = [
        {"code": "U1", "name": "甲", "parent": "U5"},
        {"code": "U2", "name": "乙", "parent": "U1"},
        *({"code": f"U{n}", "name": f"第{n}", "parent": "U6"} for n in (3, 4)),
        *({"code": f"U{n}", "name": f"第{n}"} for n in (5, 6)),
    ]
    killed(read(plain), 4)
    load_bundle(read(plain))
    units = db.session.scalars(select(Unit).order_by(Unit.id)).all()
    under = [(unit.code, unit.parent.code if unit.parent else None) for unit in units]
    assert under == [(it["code"], it.get("parent")) for it in plain["units"]]


def test_an_evaluation_is_ended_with_what_belongs_to_it(here: Flask, organiser: Account) -> None:
    seen: list[object] = []
    bundle = read_bundle(json.dumps(evaluation_of(60)).encode())

    def at_end(competition: Competition) -> None:
        seen.append(competition_by_code(CODE))
        seen.append(competition.state.value)

    load_bundle(bundle, by=organiser, at_end=partial(at_end))
    assert len(seen) == 2
    assert seen[1] == "judging"

"""Marks that go out without whose they are score the same, and lead to nobody."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from msgspec.structs import replace

from compete.domain import read_bundle, score, write_results
from compete.domain.bundle.packs.named import expand_packs
from compete.domain.bundle.types import Bundle, Mark
from compete.domain.bundle.writing import write_bundle
from compete.services.scoring.masked_bundle import public_bundle
from compete.services.scoring.public_columns import UNNAMED
from tests.support.competitions import sample, sample_names
from tests.support.small import all_marks, read, small


def judges_of(marks: Iterable[Mark]) -> set[str]:
    return {mark.judge for mark in marks}


def exchanged(bundle: Bundle, first_judge: str, other: str) -> Bundle:
    """The same values, given by each of the two in the other's place and order."""
    swap = {first_judge: other, other: first_judge}
    marks = [replace(mark, judge=swap.get(mark.judge, mark.judge)) for mark in bundle.marks]
    return replace(bundle, marks=tuple(reversed(marks)))


@pytest.mark.parametrize("name", sample_names())
def test_no_result_of_a_sample_is_another(name: str) -> None:
    whole = expand_packs(sample(name))
    public_file = read_bundle(write_bundle(public_bundle(whole, [UNNAMED]), "json"))
    assert write_results(score(public_file)) == write_results(score(whole))
    assert len(public_file.marks) == len(whole.marks)
    known = {judge.code for judge in whole.judges}
    assert not judges_of(public_file.marks) & known
    read_of = {
        name for time in public_file.times for name in (time.extra or {}).get("readings", ())
    }
    assert not read_of & known
    assert {mark.at for mark in public_file.marks} <= {None}


def test_who_gave_which_mark_can_not_be_told_from_the_file() -> None:
    plain = small(all_marks())
    whole = read(plain)
    first_judge, other = sorted(judges_of(whole.marks))[:2]
    public_files = [
        public_bundle(bundle, [UNNAMED]) for bundle in (whole, exchanged(whole, first_judge, other))
    ]
    by_place = [
        sorted((mark.entrant, mark.aspect, mark.judge, mark.value) for mark in bundle.marks)
        for bundle in public_files
    ]
    assert by_place[0] == by_place[1]
    assert judges_of(public_bundle(whole).marks) == judges_of(whole.marks)


def test_readings_of_a_watch_are_numbered_from_the_shortest() -> None:
    times = [
        {
            "stage": "S",
            "module": "m",
            "entrant": "P1",
            "seconds": 470,
            "extra": {"readings": {"J2": "500", "J1": "470", "J3": "470"}, "reason": "李小小"},
        }
    ]
    public_file = public_bundle(read(small(all_marks(), times=times)), [UNNAMED])
    assert public_file.times[0].extra == {"readings": {"1": "470", "2": "470", "3": "500"}}
    assert {"1", "2", "3"} <= {judge.code for judge in public_file.judges}


def test_a_number_is_nobodys_code() -> None:
    plain = small(all_marks())
    named = plain["judges"][0]["code"]
    plain["judges"][0]["code"] = "1"
    for mark in plain["marks"]:
        mark["judge"] = "1" if mark["judge"] == named else mark["judge"]
    public_file = public_bundle(read(plain), [UNNAMED])
    assert "1" not in judges_of(public_file.marks)


def test_who_is_told_of_in_marks_or_readings_stands_among_the_judges() -> None:
    plain = small(all_marks())
    renamed = plain["judges"][0]["code"]
    plain["judges"][0]["code"] = "3"
    for mark in plain["marks"]:
        mark["judge"] = "3" if mark["judge"] == renamed else mark["judge"]
    readings = {"3": "470", "J8": "480", "J9": "500"}
    times = {"stage": "S", "module": "m", "entrant": "P1", "seconds": 480}
    plain["times"] = [times | {"extra": {"readings": readings}}]
    # More readings than sheets, and a judge whose code is one of the numbers.
    public_file = public_bundle(read(plain), [UNNAMED])
    listed = {judge.code for judge in public_file.judges}
    assert judges_of(public_file.marks) <= listed - {"3"}
    assert public_file.times[0].extra is not None
    assert public_file.times[0].extra["readings"].keys() <= listed - {"3"}
    assert read_bundle(write_bundle(public_file, "json")) == public_file

"""The marks of a large file are read by themselves, if all of them are plain."""

from __future__ import annotations

import json
import re

import pytest

from compete.domain import read_bundle
from compete.domain.bundle.problems import BundleError
from compete.domain.bundle.reader.cut_marks import cut_marks
from compete.domain.bundle.reader.plain import plain_bundle
from tests.domain.bundle.sample import BUNDLES, labour, mark, skills

DATA = json.dumps(skills()).encode()


def test_plain_marks_are_cut_out_and_the_rest_is_whole() -> None:
    cut = cut_marks(DATA)
    assert cut is not None
    rest, marks = cut
    assert marks == read_bundle(DATA).marks
    assert json.loads(rest) == {**skills(), "marks": []}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"value": "88.5"', b'"value": "88.5", "at": "2026-05-01T09:30:00"'),
        (b'"value": "88.5"', b'"value" :\n-88.5'),
        (b'"value": true', b'"value":false'),
        (b'"name": "\\u7532"', b'"name": "\xe7\x94\xb2: \\" }"'),
    ],
)
def test_this_is_plain(old: bytes, new: bytes) -> None:
    assert old in DATA
    assert cut_marks(DATA.replace(old, new)) is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"value": "88.5"', b'"value": "8_8"'),
        (b'"value": "88.5"', b'"value": 8.8e1'),
        (b'"value": "88.5"', b'"value": 0.10000000000000001'),
        (b'"value": "88.5"', b'"value": "-0"'),
        (b'"value": "88.5"', b'"value": null'),
        (b'"value": "88.5"', b'"value": "88.5", "value": "88.5"'),
        (b'"value": "88.5"', b'"value": "88.5", "at": "1", "at": "2"'),
        (b'"value": "88.5"', b'"value": "88.5", "extra": {"a": 1}'),
        (b'"value": "88.5"', b'"v\\u0061lue": "88.5"'),
        (b'"value": "88.5"', b'"judge": "88.5"'),
        (b'"marks": [', b'"marks": [1,'),
        (b'"marks": [', b'"marked": ['),
        (b'"marks": [{', b'"marks": [{{'),
    ],
)
def test_this_needs_a_closer_look(old: bytes, new: bytes) -> None:
    assert old in DATA
    assert cut_marks(DATA.replace(old, new)) is None


def test_a_few_marks_are_not_worth_it() -> None:
    few = {**skills(), "marks": [mark("theory", "E1", "J1", "paper", 1)]}
    assert cut_marks(json.dumps(few).encode()) is None


def test_marks_that_stand_elsewhere_word_for_word_are_left_alone() -> None:
    doubled = {"extra": skills()["marks"], **skills()}
    assert cut_marks(json.dumps(doubled).encode()) is None


def test_a_file_above_the_limit_comes_to_the_same() -> None:
    plain = skills()
    plain["marks"] = plain["marks"][:9] * 200
    data = json.dumps(plain).encode()
    assert len(data) > 100_000
    assert len(read_bundle(data).marks) == 1800
    assert read_bundle(data, form="yaml") == read_bundle(data)


def test_right_files_go_the_quick_way() -> None:
    for path in BUNDLES:
        assert plain_bundle(path.read_bytes()) is not None
    assert plain_bundle(json.dumps(labour(), ensure_ascii=False).encode()) is not None


LONG = json.dumps({**skills(), "marks": skills()["marks"][:9] * 200}).encode()
"""The list of marks is longer than three of the pieces that it is read in."""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"}, {", b"} \n\t,\r{"),
        (b'"judge": "J1"', b'"judge": "}, {"'),
        (b'"judge": "J1"', b'"judge": "[{"'),
        (b'"value": "88.5"', b'"value": 88.5'),
    ],
)
def test_marks_of_several_pieces_are_those_of_the_whole_list(old: bytes, new: bytes) -> None:
    assert old in LONG
    data = LONG.replace(old, new)
    cut = cut_marks(data)
    assert cut is not None
    whole = plain_bundle(data)
    assert whole is not None
    assert len(whole.marks) == 1800
    assert cut[1] == whole.marks
    assert [str(mark.value) for mark in cut[1]] == [str(mark.value) for mark in whole.marks]


def test_equal_codes_and_numbers_of_all_pieces_are_one_object() -> None:
    cut = cut_marks(re.sub(rb'"value": ([0-9.]+)', rb'"value": "\1"', LONG))
    assert cut is not None
    for name in ("stage", "module", "entrant", "judge", "aspect", "value"):
        objects = [getattr(mark, name) for mark in cut[1]]
        assert len({id(it) for it in objects}) == len({str(it) for it in objects}), name


def test_a_fault_in_the_last_piece_has_the_place_that_it_has_in_the_file() -> None:
    plain = {**skills(), "marks": skills()["marks"][:9] * 200}
    plain["marks"][1795] = {**plain["marks"][1795], "judge": "J99"}
    with pytest.raises(BundleError) as refusal:
        read_bundle(json.dumps(plain).encode())
    assert [problem.path for problem in refusal.value.problems] == ["marks[1795].judge"]

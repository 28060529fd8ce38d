"""What is written is read as the same bundle, and written again as the same bytes."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compete.domain import read_bundle
from compete.domain.bundle.reading import Form
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.writing import write_bundle
from tests.domain.bundle.sample import BUNDLES, labour, skills
from tests.domain.strategies import bundles, labour_bundles

FORMS: list[Form] = ["json", "yaml"]


def assert_round_trip(bundle: Bundle, form: Form) -> None:
    written = write_bundle(bundle, form)
    again = read_bundle(written, form=form)
    assert again == bundle
    assert write_bundle(again, form) == written


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.stem)
def test_a_worked_case_survives(path: Path, form: Form) -> None:
    assert_round_trip(read_bundle(path.read_bytes()), form)


@pytest.mark.parametrize("form", FORMS)
@given(bundle=bundles())
@settings(max_examples=15)
def test_any_skills_competition_survives(bundle: Bundle, form: Form) -> None:
    assert_round_trip(bundle, form)


@pytest.mark.parametrize("form", FORMS)
@given(bundle=labour_bundles())
@settings(max_examples=15)
def test_any_labour_competition_survives(bundle: Bundle, form: Form) -> None:
    assert_round_trip(bundle, form)


FACTS = ("marks", "outcomes", "penalties", "times")
EXTRA = st.dictionaries(
    st.text(max_size=6),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=4,
    ),
    max_size=3,
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@given(name=st.text(max_size=12), extra=EXTRA)
@settings(max_examples=60)
def test_any_text_and_anything_under_extra_survive(
    name: str, extra: dict[str, object], form: Form
) -> None:
    # Little else in the file: a reader of YAML takes its time over every line.
    plain = skills()
    bundle = read_bundle(json.dumps(plain | {key: [] for key in FACTS if key in plain}).encode())
    unit = msgspec.structs.replace(bundle.units[0], name=name, extra=extra)
    bundle = msgspec.structs.replace(bundle, units=(unit, *bundle.units[1:]), extra=extra)
    assert_round_trip(bundle, form)


@pytest.mark.parametrize("form", FORMS)
@given(
    number=st.decimals(
        min_value=-(10**17), max_value=10**17, places=12, allow_nan=False, allow_infinity=False
    )
)
@settings(max_examples=50)
def test_numbers_survive_digit_for_digit(number: Decimal, form: Form) -> None:
    bundle = read_bundle(json.dumps(skills()).encode())
    mark = msgspec.structs.replace(bundle.marks[4], value=number)
    bundle = msgspec.structs.replace(bundle, marks=(mark,))
    again = read_bundle(write_bundle(bundle, form), form=form).marks[0].value
    assert str(again) == str(number) or number == again == 0


def test_keys_stand_in_the_documented_order_and_defaults_are_left_out() -> None:
    written = json.loads(write_bundle(read_bundle(json.dumps(skills()).encode())))
    assert list(written) == [
        "format", "competition", "units", "judges", "entrants", "teams", "events", "marks",
        "outcomes", "penalties", "times",
    ]  # fmt: skip
    assert list(written["competition"]) == ["code", "name", "kind", "level", "year", "starts"]
    theory, craft, _ = written["events"][0]["stages"][1]["modules"]
    assert list(theory) == ["code", "name", "weight", "full", "pass", "aspects"]
    assert theory["aspects"] == [{"code": "paper", "name": "paper", "type": "score", "max": "100"}]
    assert craft["panel"] == {"size": 2, "max_spread": "5", "min": 1}
    assert written["events"][0]["stages"][1]["carry"] == {
        "from": "s1", "weight": "0.3", "own": "0.7"
    }  # fmt: skip
    assert "rounding" not in written["events"][0]


def test_a_default_that_was_written_out_is_left_out_too() -> None:
    plain = skills()
    plain["events"][1]["ranking"] = {"ties": [], "on": "rounded", "style": "competition"}
    plain["events"][1]["stages"][0]["modules"][0]["aspects"][0]["factor"] = "1.00"
    written = json.loads(write_bundle(read_bundle(json.dumps(plain).encode())))
    event = written["events"][1]
    assert "ranking" not in event
    assert "factor" not in event["stages"][0]["modules"][0]["aspects"][0]


def test_the_file_ends_with_a_line_break_and_keeps_its_chinese() -> None:
    data = write_bundle(read_bundle(json.dumps(labour()).encode()))
    assert data.endswith(b"}\n")
    assert "劳动竞赛" in data.decode()


def test_a_tiny_number_is_written_without_an_exponent() -> None:
    plain = skills()
    plain["marks"][4]["value"] = "0.0000000001"
    bundle = read_bundle(json.dumps(plain).encode())
    assert b'"0.0000000001"' in write_bundle(bundle)

"""Names found in spite of their spelling, guesses that are near, codes that are free."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compete.sheets.registration.units import Choices, CodeMaker
from compete.sheets.workbook.look import safe_text
from compete.sheets.workbook.scan import column_letters, column_number

CODES = st.lists(st.from_regex(r"[A-Z]{0,2}[0-9]{1,4}", fullmatch=True), max_size=20)


@pytest.fixture
def ports() -> Choices:
    return Choices(
        [
            ("U1", "海州港"),
            ("U2", "江南港"),
            ("U3", "省港口集团（总部）"),
            ("U4", "江苏交通控股有限公司"),
        ]
    )


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("海州港", "U1"),
        (" 海 州 港", "U1"),
        ("u2", "U2"),
        ("省港口集团(总部)", "U3"),
        ("海州", None),
    ],
)
def test_a_name_or_code_is_found_in_its_spellings(
    ports: Choices, written: str, code: str | None
) -> None:
    assert ports.find(written) == code


@pytest.mark.parametrize(
    ("written", "guess"),
    [
        ("海洲港", "海州港"),
        ("江苏交通控股公司", "江苏交通控股有限公司"),
        ("省港口集团", "省港口集团（总部）"),
        ("某某学校", None),
        ("", None),
    ],
)
def test_a_guess_is_made_only_where_one_is_near(
    ports: Choices, written: str, guess: str | None
) -> None:
    assert ports.guess(written) == guess


def test_what_is_there_first_keeps_its_name() -> None:
    both = Choices([("U1", "海州港"), ("U2", "海州港")])
    assert both.find("海州港") == "U1"
    assert both.find("U2") == "U2"


@given(CODES, st.sampled_from(["", "A", "F", "AB"]), st.integers(1, 4))
def test_new_codes_are_free_and_go_up(taken: list[str], prefix: str, width: int) -> None:
    maker = CodeMaker(taken)
    given_out = [maker.next(prefix, width) for _ in range(5)]
    assert len({*given_out, *taken}) == len(set(taken)) + 5
    numbers = [int(code.removeprefix(prefix)) for code in given_out]
    assert numbers == list(range(numbers[0], numbers[0] + 5))
    used = [len(code) for code in taken if re.fullmatch(rf"{prefix}[0-9]{{1,9}}", code)]
    widest = max(used, default=len(prefix) + width)
    assert all(len(code) >= widest for code in given_out)


def test_new_codes_are_as_wide_as_those_in_use() -> None:
    assert CodeMaker(["F0007"]).next("F", 3) == "F0008"
    assert CodeMaker(["B01", "B46"]).next("B", 3) == "B47"
    assert CodeMaker(["B99"]).next("B", 3) == "B100"
    assert CodeMaker([]).next("F", 3) == "F001"
    assert CodeMaker(["F999"]).next("F", 3) == "F1000"


@given(st.integers(1, 16_384))
def test_columns_have_letters_and_back(number: int) -> None:
    assert column_number(column_letters(number)) == number


def test_the_letters_of_columns_are_excels() -> None:
    assert [column_letters(n) for n in (1, 26, 27, 702, 703, 16_384)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]


@given(st.text())
def test_any_text_can_be_written_into_a_cell(text: str) -> None:
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", safe_text(text))

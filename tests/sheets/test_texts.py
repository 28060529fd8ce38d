"""Cleaning changes nothing that means something, and is done once."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compete.domain.identity.names import same_name_key
from compete.sheets.dates import BirthError, parse_birth
from compete.sheets.texts import as_typed, tidy, tidy_name, unit_called

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=6)
BLANKS = st.text(" \u3000\u00a0\t\n\u200b", max_size=4)
DAYS = st.dates(date(1911, 1, 1), date(2099, 12, 31))


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    name, _ = tidy_name(text)
    assert tidy_name(name)[0] == name


def test_what_an_invisible_mark_kept_apart_is_composed() -> None:
    assert tidy("e\u200b\u0301") == "é"


@given(st.text())
def test_cleaned_text_is_composed_and_has_no_blank_at_its_ends(text: str) -> None:
    clean = tidy(text)
    assert unicodedata.is_normalized("NFC", clean)
    assert clean == clean.strip("\u3000\u00a0 ")
    assert "  " not in clean


@given(HAN, BLANKS, BLANKS)
def test_blanks_around_a_chinese_name_are_not_part_of_it(
    name: str, before: str, after: str
) -> None:
    assert tidy_name(before + name + after) == (unicodedata.normalize("NFC", name), None)


@given(HAN, st.text(" \u3000\u00a0", min_size=1, max_size=3), HAN)
def test_blanks_inside_a_chinese_name_are_taken_out_and_noted(
    first: str, blanks: str, last: str
) -> None:
    name, note = tidy_name(first + blanks + last)
    assert name == unicodedata.normalize("NFC", first + last)
    assert note is not None


@given(st.from_regex(r"[A-Z][a-z]{1,8}( [A-Z][a-z]{1,8}){0,3}", fullmatch=True))
def test_a_name_in_letters_keeps_its_blanks(name: str) -> None:
    assert tidy_name(name) == (name, None)


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1))
def test_width_makes_no_other_name(text: str) -> None:
    wide = "".join(chr(ord(character) + 0xFEE0) for character in text)
    assert same_name_key(wide) == same_name_key(text)


@given(st.integers(0, 99_999_999_999))
def test_whole_numbers_up_to_11_digits_are_shown_as_digits(number: int) -> None:
    assert as_typed(float(number)) == str(number)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (3.2000019900101e17, "3.20000E+17"),
        (1990.1, "1990.1"),
        (True, "TRUE"),
        (False, "FALSE"),
        (date(1990, 1, 2), "1990-01-02"),
        (datetime(1990, 1, 2), "1990-01-02"),
        (datetime(1990, 1, 2, 3, 4), "1990-01-02 03:04:00"),
        (timedelta(hours=1), "1:00:00"),
    ],
)
def test_values_are_shown_as_excel_would(value: object, shown: str) -> None:
    assert as_typed(value) == shown  # type: ignore[arg-type]


@given(DAYS, st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]))
def test_a_day_written_in_any_way_is_that_day(day: date, pattern: str) -> None:
    birth = parse_birth(day.strftime(pattern))
    assert birth.full == day
    assert birth.agrees_with(day)
    assert not birth.agrees_with(day + timedelta(days=1))


@given(DAYS)
def test_a_day_by_excels_count_is_that_day(day: date) -> None:
    assert parse_birth(float((day - date(1899, 12, 30)).days)).full == day


@pytest.mark.parametrize(
    ("count", "day"), [(3_654, date(1910, 1, 1)), (73_050, date(2099, 12, 31))]
)
def test_excels_count_reaches_from_1910_to_the_end_of_2099(count: int, day: date) -> None:
    assert parse_birth(float(count)).full == day


def test_a_date_with_a_time_is_its_day() -> None:
    assert parse_birth(datetime(1990, 5, 2, 13, 30)).full == date(1990, 5, 2)


@pytest.mark.parametrize("count", [3_653, 73_051])
def test_a_count_outside_of_that_is_no_date(count: int) -> None:
    with pytest.raises(BirthError, match="看不懂"):
        parse_birth(float(count))


@given(DAYS, st.sampled_from(["%Y-%m", "%Y.%m", "%Y年%m月", "%Y%m"]))
def test_a_month_written_in_any_way_agrees_with_its_days_only(day: date, pattern: str) -> None:
    birth = parse_birth(day.strftime(pattern))
    assert birth.agrees_with(day)
    assert birth.full is None
    assert birth.text == f"{day:%Y-%m}"
    assert not birth.agrees_with(day + timedelta(days=31))


@given(st.integers(1911, 2099), st.integers(1, 12))
def test_a_month_typed_as_a_decimal_agrees_with_the_month_that_was_meant(
    year: int, month: int
) -> None:
    typed = float(f"{year}.{month}")
    assert parse_birth(typed).agrees_with(date(year, month, 9))


@given(st.integers(1911, 2099), st.integers(1, 12))
def test_a_month_that_excel_made_a_date_agrees_with_all_its_days(year: int, month: int) -> None:
    birth = parse_birth(date(year, month, 1))
    assert birth.agrees_with(date(year, month, 28))


@given(st.one_of(st.text(), st.floats(), st.booleans(), st.timedeltas(), st.times()))
def test_anything_else_is_a_date_or_refused_and_never_breaks(value: object) -> None:
    try:
        birth = parse_birth(value)  # type: ignore[arg-type]
    except BirthError:
        return
    assert date(birth.year, birth.months[0], birth.day or 1)


@pytest.mark.parametrize(
    ("written", "called"),
    [
        ("江南港（盖章）", "江南港"),
        ("江南港 (公章)", "江南港"),
        ("江南港（加盖公章）", "江南港"),
        ("江南港（集团）", "江南港（集团）"),
        ("（盖章）", "（盖章）"),
    ],
)
def test_a_unit_is_called_without_the_words_that_ask_for_its_seal(
    written: str, called: str
) -> None:
    assert unit_called(written) == called

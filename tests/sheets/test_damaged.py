"""A damaged workbook is read or refused in words; nothing else ever comes of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compete.sheets.registration.reading import read_registration
from compete.sheets.workbook.refusal import WorkbookError
from tests.sheets.files import repacked
from tests.sheets.people import ID_1, ID_2, plan_of, shared_text_table

WHOLE = shared_text_table(
    ["赵启明", ID_1, "海州港", "叉车司机", "1990-01"], ["钱海峰", ID_2, "江南港", "叉车司机"]
)
PARTS = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "[Content_Types].xml",
)
PIECES = st.one_of(
    st.binary(max_size=6),
    st.sampled_from(
        [
            b"<",
            b">",
            b"/>",
            b"<c r='A1'>",
            b"<v>9</v>",
            b"<f/>",
            b'r="ZZZ9999999"',
            b't="s"',
            b"<row r='-1'>",
            b"<row r='0'/>",
            b"&#0;",
            b"&x;",
            b"<si>",
            b'count="-5"',
            b"1e400",
        ]
    ),
)


@given(st.sampled_from(PARTS), st.floats(0, 1), st.integers(0, 40), PIECES)
def test_a_damaged_part_is_read_or_refused(part: str, at: float, cut: int, piece: bytes) -> None:
    def damage(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        place = int(at * len(content))
        return content[:place] + piece + content[place + cut :]

    read_or_refused(repacked(WHOLE, damage))


def test_an_unknown_encoding_is_a_broken_file() -> None:
    def damage(name: str, content: bytes) -> bytes:
        return content.replace(b"UTF-8", b"UTF-A") if name == "xl/workbook.xml" else content

    with pytest.raises(WorkbookError, match="坏了"):
        read_registration(repacked(WHOLE, damage))


@given(st.floats(0, 1), st.binary(min_size=1, max_size=4))
def test_a_damaged_file_is_read_or_refused(at: float, piece: bytes) -> None:
    place = int(at * len(WHOLE))
    read_or_refused(WHOLE[:place] + piece + WHOLE[place + len(piece) :])


@given(st.integers(0, len(WHOLE) - 1))
def test_a_file_cut_off_anywhere_is_refused(length: int) -> None:
    with pytest.raises(WorkbookError):
        read_registration(WHOLE[:length])


def read_or_refused(data: bytes) -> None:
    """Any other error fails the test."""
    try:
        plan = plan_of(data)
    except WorkbookError as error:
        assert str(error.message)  # noqa: PT017
    else:
        assert plan.rows

"""Tables at a terminal fit it; nothing of them is lost."""

from __future__ import annotations

import pytest

from compete.commands.columns import Table, width

TABLE = Table(
    "名次",
    ["名次", "单位", "50 吨旋转吊清障车", "note"],
    [
        ["1", "江苏省南京市江宁区第一运行维护有限责任公司", "95.86", "two words of Latin text"],
        ["12", "江北港", "7.00", ""],
    ],
    [0, 2],
)


def cells(drawn: str) -> str:
    """Everything that stands in a table, without what only keeps it apart."""
    return "".join(sorted(drawn.replace("-", "").replace(" ", "").replace("\n", "")))


@pytest.mark.parametrize("room", [34, 40, 60, 80])
def test_a_table_goes_on_in_the_next_line_where_the_terminal_is_too_narrow(room: int) -> None:
    drawn = TABLE.drawn(room)
    assert max(map(width, drawn.splitlines())) <= room
    assert cells(drawn) == cells(TABLE.drawn(None))
    assert "95.86" in drawn


def test_without_a_terminal_a_row_is_a_line() -> None:
    drawn = TABLE.drawn(None)
    assert len(drawn.splitlines()) == 5
    assert "江苏省南京市江宁区第一运行维护有限责任公司" in drawn
    assert TABLE.drawn(200) == drawn


def test_numbers_are_never_broken() -> None:
    drawn = TABLE.drawn(1)
    assert "95.86" in drawn
    assert cells(drawn) == cells(TABLE.drawn(None))

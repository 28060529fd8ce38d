"""Tables at a terminal fit it; nothing of them is lost."""

from __future__ import annotations

from collections import Counter

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
    assert not Counter(cells(TABLE.drawn(None))) - Counter(cells(drawn))


@pytest.mark.parametrize("room", [34, 40, 60, 80])
def test_more_numbers_than_a_line_holds_go_on_below_beside_whose_they_are(room: int) -> None:
    scores = [[f"{10 * row + at}.50" for at in range(12)] for row in (1, 2, 3)]
    table = Table(
        "赛段",
        ["名次", "选手", "姓名", *(f"第 {at} 个模块" for at in range(12)), "说明"],
        [
            [str(at), f"R0{at}", "欧阳文", *numbers, "有扣罚"]
            for at, numbers in enumerate(scores, 1)
        ],
        [0, *range(3, 15)],
    )
    lines = table.drawn(room).splitlines()
    assert max(map(width, lines)) <= room
    for at, numbers in enumerate(scores, 1):
        own = [line.split() for line in lines if f" R0{at}" in line]
        assert all(row[:2] == [str(at), f"R0{at}"] for row in own)
        shown = [word for row in own for word in row[2:]]
        assert shown == ["欧阳文", *numbers, "有扣罚"]

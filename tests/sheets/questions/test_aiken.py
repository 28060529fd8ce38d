"""Aiken: options by letters and the answer's line below; what is missing is told by line."""

from __future__ import annotations

import pytest

from compete.sheets.headed_rows import OtherRows
from compete.sheets.questions.formats import questions_in


def read(text: str) -> OtherRows:
    rows = questions_in(text.encode())
    assert rows is not None
    return rows


def test_questions_are_read_with_stems_of_several_lines_and_several_answers() -> None:
    rows = read(
        "出口阀门怎么放？\nA. 全开\nB) 全关\nANSWER: B\n\n"
        "哪些要查？\n（停机以后）\nＡ、油位\nB．颜色\nC）温度\n还有轴承的\n答案：A、C\n"
        "A 相断了怎么办？\nA. 停机\nB. 再看\nANSWER: a"
    )
    assert rows.faults == {}
    assert [(line, texts["kind"], texts["key"]) for line, texts in rows.rows] == [
        (1, "单选", "B"),
        (6, "多选", "AC"),
        (13, "单选", "A"),
    ]
    texts = rows.rows[1][1]
    assert texts["stem"] == "哪些要查？\n（停机以后）"
    assert texts["option_c"] == "温度\n还有轴承的"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("一？\nA. 甲\nB. 乙\nANSWER: C\n", "没有选项 C"),
        ("一？\nA. 甲\nB. 乙\n2. 二？\nA. 丙\nB. 丁\nANSWER: A\n", "没有 ANSWER 一行"),
        ("一？\nA. 甲\nB. 乙\nANSWER:\n", "没有一项是对的"),
    ],
)
def test_what_is_wrong_is_told_at_the_line_where_the_question_begins(
    text: str, reason: str
) -> None:
    faults = read(text).faults
    assert reason in str(faults[1]["key"])

"""Of a rule's text what bears on the matter is lit: exceptions, else what both speak of."""

from __future__ import annotations

import pytest

from compete.domain.explanation.relevant_words import numbered, telling_parts

ASKED = "第 2 次是杆座松了自己倒的，叉车没碰到"


def lit(text: str, asked: str = ASKED) -> list[str]:
    return [part.text for part in telling_parts(text, asked) if part.lit]


def test_what_a_rule_excepts_is_lit() -> None:
    text = "叉车任何部位碰到标杆，每次扣 2 分。器材自身原因倒下的不计。"
    assert lit(text) == ["器材自身原因倒下的不计。"]
    assert "".join(part.text for part in telling_parts(text, ASKED)) == text
    assert lit("Touching a pole costs 2 marks. Poles that fall by wind do not count. ") == [
        "Poles that fall by wind do not count. "
    ]


def test_without_an_exception_the_sentence_that_speaks_of_the_same_is_lit() -> None:
    text = "超时一分钟扣 1 分。叉车碰到标杆扣 2 分；货物落地扣 5 分。"
    assert lit(text) == ["叉车碰到标杆扣 2 分；"]


@pytest.mark.parametrize(
    "text",
    [
        "叉车碰到标杆扣 2 分。",
        "超时扣 1 分。货物落地扣 5 分。",
        "叉车碰到标杆扣 2 分。叉车碰到货架扣 5 分。",
        "叉车熄火扣 1 分。货物落地扣 5 分。",
        "",
    ],
)
def test_nothing_is_lit_where_nothing_tells_more_than_the_rest(text: str) -> None:
    assert lit(text) == []


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("第 8 条 碰到标杆，每次扣 2 分", "第 8 条", "碰到标杆，每次扣 2 分"),
        ("第十二条：量两箱边缘", "第十二条", "量两箱边缘"),
        ("Article 8: each fault", "Article 8", "each fault"),
        ("碰到标杆，见第 8 条", None, "碰到标杆，见第 8 条"),
    ],
)
def test_a_rule_that_begins_with_its_number(text: str, number: str | None, rest: str) -> None:
    assert numbered(text) == (number, rest)

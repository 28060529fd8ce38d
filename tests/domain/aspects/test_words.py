"""What each type of aspect says of itself and of a value."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from compete.domain.aspects.kind import Given
from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect, AspectType, Band

BANDS = (Band(within=Decimal(5), marks=Decimal(10)), Band(within=Decimal("7.5"), marks=Decimal(6)))
TIMES = {"full_at": Decimal(60), "zero_at": Decimal(90)}


def aspect(kind: str, **keys: Any) -> Aspect:
    return Aspect(code="a", name="要点", type=AspectType(kind), max=Decimal(10), **keys)


@pytest.mark.parametrize(
    ("the_aspect", "lines"),
    [
        (aspect("measurement", factor=Decimal("0.5")), ["合格 5 分，不合格 0 分"]),
        (
            aspect("measurement", bands=BANDS, extra={"unit": "毫米"}),
            ["5 毫米以内 10 分", "7.5 毫米以内 6 分", "再大 0 分"],
        ),
        (aspect("deduction", points=Decimal("0.5")), ["每次扣 0.5 分，扣完为止"]),
        (aspect("time", **TIMES), ["60 秒以内 10 分", "90 秒以上 0 分，中间按比例"]),
        (aspect("checklist", checks=("帽", "鞋")), ["达到一项得 5 分", "1. 帽", "2. 鞋"]),
    ],
)
def test_a_rule_is_told_in_lines(the_aspect: Aspect, lines: list[str]) -> None:
    assert [str(line) for line in kind_of(the_aspect).marking_lines()] == lines


@pytest.mark.parametrize(
    ("named", "labels"),
    [
        ((), ["0", "1", "2", "3"]),
        (("差", "中"), ["0 差", "1 中", "2", "3"]),
        (("差", "中", "良", "优", "多"), ["0 差", "1 中", "2 良", "3 优"]),
    ],
)
def test_every_level_has_a_label_and_no_other(named: tuple[str, ...], labels: list[str]) -> None:
    assert kind_of(aspect("judgement", extra={"descriptors": named})).level_labels() == labels


def test_what_has_no_levels_has_no_labels() -> None:
    assert kind_of(aspect("score")).level_labels() == []


@pytest.mark.parametrize(
    ("the_aspect", "given", "explanation"),
    [
        (
            aspect("checklist", checks=("帽", "鞋")),
            Given(Decimal(1), "1", 5),
            "2 项里达到 1 项：5 = 10 × 1 ÷ 2",
        ),
        (
            aspect("time", **TIMES),
            Given(Decimal(95), "95", 0),
            "用时 1:35（95 秒），到了零分线 1:30（90 秒），得 0 分",
        ),
        (
            aspect("time", **TIMES),
            Given(Decimal(50), "50", 10, added=5),
            "用时 50 秒，加罚 5 秒，不超过满分线 1:00（60 秒），得 10 分",
        ),
        (
            aspect("time", **TIMES),
            Given(Decimal(70), "70", 5, added=5),
            "用时 1:10（70 秒），加罚 5 秒，在满分线 1:00（60 秒）和零分线 1:30（90 秒）之间："
            "5 = 10 × (90 − 70 − 5) ÷ (90 − 60)",
        ),
        (
            aspect("deduction", points=Decimal(3)),
            Given(Decimal(4), "4", 0),
            "扣 4 次，每次 3 分，10 分扣完为止，得 0 分",
        ),
        (
            aspect("measurement", bands=BANDS),
            Given(Decimal(9), "9", 0),
            "偏差 9，超出各档，得 0 分",
        ),
        (aspect("measurement"), Given(False, "✗", 0), "没有达到，得 0 分"),
        (aspect("relative"), Given(Decimal(8), "8", 0), "测得 8，没有可比的最好成绩，得 0 分"),
        (
            aspect("relative"),
            Given(Decimal(8), "8", 10, added=1, best=18 * 10**12),
            "测得 (8 + 罚时 1)，好过参加比较的最好成绩 18，得满分 10 分",
        ),
    ],
)
def test_a_value_is_told_with_the_rule_that_it_counts_by(
    the_aspect: Aspect, given: Given, explanation: str
) -> None:
    assert str(kind_of(the_aspect).explained(given)) == explanation


@pytest.mark.parametrize(
    ("note", "value", "fits"),
    [
        ("met:0,2", 2, True),
        ("met:", 0, True),
        ("met:0,0", 2, False),
        ("met:0", 2, False),
        ("met:1,3", 2, False),
        ("手写的话", 2, True),
        (None, 2, True),
    ],
)
def test_the_checks_that_a_mark_tells_are_as_many_as_it_says(
    note: str | None, value: int, fits: bool
) -> None:
    checklist = kind_of(aspect("checklist", checks=("帽", "鞋", "带")))
    fault = checklist.note_fault(note, Decimal(value))
    assert (None if fault is None else str(fault)) == (
        None if fits else "“要点”记的是哪几项和项数对不上"
    )


def test_marks_below_nothing_are_told_to_the_organiser() -> None:
    odd = aspect("measurement", bands=(Band(within=Decimal(5), marks=Decimal(-1)),))
    ((where, oddity),) = kind_of(odd).oddities()
    assert (where, str(oddity)) == ("bands[0].marks", "这一档的得分低于 0")

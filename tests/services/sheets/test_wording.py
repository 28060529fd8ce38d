from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from compete.domain.aspects.types import Aspect, AspectType, Band
from compete.domain.values.kinds import Better
from compete.services.sheets.wording import aspect_unit, rule_text, shown_marks, shown_value


def aspect(kind: AspectType, **more: Any) -> Aspect:
    return Aspect(code="a", name="要点", type=kind, **{"max": Decimal(10), **more})


LEVELS = {"descriptors": ["差", "中", "良", "优"]}
BANDS = (
    Band(within=Decimal(5), marks=Decimal(10)),
    Band(within=Decimal("7.50"), marks=Decimal(6)),
)


@pytest.mark.parametrize(
    ("aspect", "sentence"),
    [
        (
            aspect(AspectType.JUDGEMENT, extra=LEVELS),
            "0 到 3 档，每档 3.33 分\n0 差\n1 中\n2 良\n3 优",
        ),
        (
            aspect(AspectType.MEASUREMENT, bands=BANDS, extra={"unit": "毫米", "hint": "量两边"}),
            "量两边\n5 毫米以内 10 分\n7.5 毫米以内 6 分\n再大 0 分",
        ),
        (aspect(AspectType.MEASUREMENT), "合格 10 分，不合格 0 分"),
        (aspect(AspectType.DEDUCTION, points=Decimal("0.5")), "每次扣 0.5 分，扣完为止"),
        (
            aspect(AspectType.DEDUCTION, points=Decimal("0.5"), factor=Decimal(3)),
            "每次扣 1.5 分，扣完为止",
        ),
        (
            aspect(AspectType.TIME, full_at=Decimal(0), zero_at=Decimal(580)),
            "0 秒以内 10 分\n580 秒以上 0 分，中间按比例",
        ),
        (aspect(AspectType.RELATIVE, better=Better.LOWER), "最小的 10 分，其余按比例"),
        (aspect(AspectType.RELATIVE, better=Better.HIGHER), "最大的 10 分，其余按比例"),
        (aspect(AspectType.SCORE, step=Decimal("0.5")), "从 0 到 10，按 0.5 递增"),
        (aspect(AspectType.SCORE, extra={"hint": "照卷面填"}), "照卷面填"),
    ],
)
def test_the_rule_says_what_each_value_brings(aspect: Aspect, sentence: str) -> None:
    assert rule_text(aspect) == sentence


@pytest.mark.parametrize(
    ("aspect", "value", "text"),
    [
        (aspect(AspectType.JUDGEMENT), "2", "2 档"),
        (aspect(AspectType.DEDUCTION), "3", "3 次"),
        (aspect(AspectType.TIME), "482.50", "8:02.5（482.5 秒）"),
        (aspect(AspectType.TIME, extra={"unit": "秒"}), "3120", "52:00（3120 秒）"),
        (aspect(AspectType.TIME), "59.9", "59.9 秒"),
        (aspect(AspectType.MEASUREMENT, bands=BANDS, extra={"unit": "毫米"}), "-5", "-5 毫米"),
        (aspect(AspectType.MEASUREMENT), False, "不合格"),
        (aspect(AspectType.SCORE), "17.5", "17.5"),
        (aspect(AspectType.SCORE), None, ""),
    ],
)
def test_a_value_is_shown_with_what_it_is_counted_in(
    aspect: Aspect, value: str | bool | None, text: str
) -> None:
    assert shown_value(aspect, value) == text


def test_a_unit_of_the_rules_goes_before_the_usual_one() -> None:
    assert aspect_unit(aspect(AspectType.DEDUCTION, extra={"unit": "根"})) == "根"
    assert aspect_unit(aspect(AspectType.DEDUCTION)) == "次"


@pytest.mark.parametrize(
    ("kept", "shown"),
    [("6.666667…", "6.67"), ("3.333333…", "3.33"), ("100", "100"), ("17.50", "17.5"), (None, "")],
)
def test_marks_are_shown_as_on_the_tablet(kept: str | None, shown: str) -> None:
    assert shown_marks(kept) == shown


def test_one_level_is_named_and_not_counted_in_english() -> None:
    english = {"%(level)s 档": "level %(level)s"}
    judged = aspect(AspectType.JUDGEMENT, extra=LEVELS)
    assert shown_value(judged, "1") == "1 档"
    assert shown_value(judged, "1", english.__getitem__) == "level 1"

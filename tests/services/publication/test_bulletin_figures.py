"""Every figure in a bulletin is worked out again from the values by hand: nothing is left over.

The sentences and rows that are expected are taken out of the printed text one by one; what stays
must not have a single digit, apart from the day and the pages' numbers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from fractions import Fraction
from io import BytesIO

from flask import Flask
from flask_babel import gettext
from openpyxl import load_workbook

from compete.domain.bundle import write_bundle
from compete.models import Competition
from compete.services.publication import print_bulletin
from compete.services.scoring import labour_live
from compete.sheets.results_book import write_results_book
from tests.documents.reading import pages
from tests.domain.labour.build import indicator, labour_bundle, quarter, value
from tests.domain.labour.by_hand import ByHand, rounded, said

GROUPS = {"甲": "土建", "乙": "土建", "丙": "土建", "丁": "机电", "戊": "机电", "己": "机电"}
MONTHS = ("一月", "二月")
CODES = ("安全", "产值", "隐患", "进度")
FIGURES = {
    "甲": ((45, "88.5", 1, 60), (48, "104", 0, 75)),
    "乙": ((50, "100", 0, 80), (41, "90", 3, 30)),
    "丙": ((30, "70", 4, 20), (38, "93.3", 2, 55)),
    "丁": ((44, "97", 2, 50), (44, "97", 2, 50)),
    "戊": ((21, "45", 6, 15), (24, "40", 5, 10)),
    "己": ((49, "99", 1, 90), None),
}
"""By unit and month: a score, an output of 100, faults, and a share of the work."""


def contest() -> bytes:
    """Six units in two groups; 己 was not there in February."""
    bundle = labour_bundle(
        "甲乙丙丁戊己",
        periods=quarter(*MONTHS, 二月=2),
        groups=GROUPS,
        indicators=[
            indicator("安全", 50),
            indicator("产值", 30, scoring={"type": "completion", "cap": "1.1"}),
            indicator("隐患", 10, scoring={"type": "deduction", "points": "1.5"}),
            indicator("进度", 10, scoring={"type": "linear", "zero_at": 0, "full_at": 90}),
        ],
        values=[
            value(unit, month, code, number, **({"target": 100} if code == "产值" else {}))
            for unit, both in FIGURES.items()
            for month, numbers in zip(MONTHS, both, strict=True)
            for code, number in zip(CODES, numbers or (), strict=False)
        ],
        adjustments=[
            {"unit": "丙", "period": "二月", "points": "1.25", "reason": "抢险"},
            {"unit": "乙", "period": "二月", "points": "-0.5", "reason": "迟报"},
        ],
        vetoes=[{"unit": "乙", "period": "二月", "reason": "事故"}],
        flags={"count": 1, "min": 80},
        warn_below=60,
    )
    return write_bundle(bundle)


class Printed:
    """A text out of which what is expected is taken, each once."""

    def __init__(self, text: str) -> None:
        self.left = text

    def take(self, expected: str) -> None:
        expected = re.sub(r"\s", "", expected)
        assert expected in self.left, (expected, self.left)
        self.left = self.left.replace(expected, "〇", 1)


def _signed(hundredths: int) -> str:
    sign = "+" if hundredths > 0 else "−" if hundredths < 0 else ""
    return sign + said(abs(hundredths))


def _causes(hand: ByHand, unit: str) -> str:
    """What moved a unit from January to February, the most first."""
    then, now = (hand.total(unit, month) for month in MONTHS)
    assert then is not None
    assert now is not None
    moved = {
        code: rounded(
            (hand.score(unit, "二月", code) or Fraction(0))
            - (hand.score(unit, "一月", code) or Fraction(0))
        )
        for code in CODES
    }
    moved["加减分"] = rounded(hand.adjusted(unit, "二月") - hand.adjusted(unit, "一月"))
    moved["取整"] = now - then - sum(moved.values())
    told = sorted((name for name in moved if moved[name]), key=lambda name: -abs(moved[name]))
    if not told:
        return f"总分{said(then)}→{said(now)}，各项都没变"
    words = [f"{name}{_signed(moved[name])}" for name in told[:3]]
    if told[3:]:
        words.append(f"其余{_signed(sum(moved[name] for name in told[3:]))}")
    return f"总分{said(then)}→{said(now)}：{'，'.join(words)}"


def _mean(hand: ByHand, period: str) -> int:
    totals = [total for unit in hand.units if (total := hand.total(unit, period)) is not None]
    return rounded(Fraction(sum(totals), len(totals)) / 100)


def _whole(printed: Printed, hand: ByHand, period: str, inner: tuple[str, ...]) -> None:
    """Every row of the standings at its end."""
    for unit in hand.units:
        total, rank = hand.total(unit, period), hand.rank(unit, period)
        parts = [hand.total(unit, part) for part in inner]
        figures = ["—" if each is None else said(each) for each in (*parts, total)]
        printed.take(f"{rank or '—'}{unit}{''.join(figures)}")


def _first_three(printed: Printed, hand: ByHand, period: str) -> None:
    """Of each group: how many, and the places with their totals."""
    for group in ("土建", "机电"):
        units = [unit for unit in hand.units if GROUPS[unit] == group]
        ranked = [unit for unit in units if hand.rank(unit, period) is not None]
        in_order = sorted(ranked, key=lambda unit: hand.rank(unit, period) or 0)
        places = [f"{unit}{said(hand.total(unit, period) or 0)}" for unit in in_order]
        printed.take(f"{group}{len(units)}家{''.join(places)}{'—' * (4 - len(places))}")


def _best(hand: ByHand, group: str, period: str) -> str:
    """Who has the flag: the best of a group that has no veto and points enough."""
    fit = [
        unit
        for unit in hand.units
        if GROUPS[unit] == group and unit != "乙" and (hand.total(unit, period) or 0) >= 8000
    ]
    return max(fit, key=lambda unit: hand.total(unit, period) or 0)


def _nothing_left(printed: Printed) -> None:
    """No digit but those of the headings, the day and the pages."""
    left = re.sub(r"第[123]名", "", printed.left)
    left = re.sub(r"\d{4}年\d{1,2}月\d{1,2}日|第\d+页|共\d+页|\d+/\d+", "", left)
    left = re.sub(r"升降最多的8家|\d{1,2}:\d\d打印|(?<!\d)[12]\.(?!\d)", "", left)
    assert re.findall(r".{0,12}\d+.{0,12}", left) == []


def test_every_figure_of_a_bulletin_is_worked_out_again(
    app: Flask, load: Callable[..., Competition]
) -> None:
    plain = json.loads(contest())
    competition, hand = load(plain), ByHand(plain)
    month = Printed("".join(pages(print_bulletin(competition, "二月"))))
    february, january = _mean(hand, "二月"), _mean(hand, "一月")
    month.take("6家参赛；1家这一期没有参加，或里面的期次还没填齐")
    month.take(f"全体平均{said(february)}，比一月{_signed(february - january)}")
    warned = [unit for unit in hand.units if (hand.total(unit, "二月") or 10**6) < 6000]
    month.take(f"一票否决1家，黄牌{len(warned)}家")
    _first_three(month, hand, "二月")
    for group in ("土建", "机电"):
        best = _best(hand, group, "二月")
        before = max(
            (unit for unit in hand.units if GROUPS[unit] == group),
            key=lambda unit: hand.total(unit, "一月") or 0,
        )
        month.take(f"{group}{before}{best}{said(hand.total(best, '二月') or 0)}")
    for unit in hand.units:
        then, now = (hand.rank(unit, each) for each in MONTHS)
        if then is None or now is None or (then == now and unit not in ("乙", *warned)):
            continue
        step = f"第{now}名" if then == now else f"{then}→{now}{'升' if now < then else '降'}"
        step += "" if then == now else str(abs(then - now))
        month.take(f"{unit}{GROUPS[unit]}{step}{_causes(hand, unit)}")
    if warned:
        listed = "、".join(f"{unit}{said(hand.total(unit, '二月') or 0)}" for unit in warned)
        month.take(f"低于60，黄牌，要整改：{listed}")
    _whole(month, hand, "二月", ())
    _nothing_left(month)

    whole = Printed("".join(pages(print_bulletin(competition, "Q"))))
    whole.take("6家参赛；1家有的期次没有数据，平均时不算那几期")
    whole.take(f"全体平均{said(_mean(hand, 'Q'))}")
    warned = [unit for unit in hand.units if (hand.total(unit, "Q") or 10**6) < 6000]
    whole.take(f"一票否决1家，黄牌{len(warned)}家")
    _first_three(whole, hand, "Q")
    for group in ("土建", "机电"):
        best = _best(hand, group, "Q")
        whole.take(f"{group}—{best}{said(hand.total(best, 'Q') or 0)}")
    if warned:
        listed = "、".join(f"{unit}{said(hand.total(unit, 'Q') or 0)}" for unit in warned)
        whole.take(f"低于60，黄牌，要整改：{listed}")
    _whole(whole, hand, "Q", MONTHS)
    _nothing_left(whole)

    with app.test_request_context():
        live = labour_live(competition)
        book = load_workbook(BytesIO(write_results_book(live.bundle, live.results, gettext)))
    for period, name in (("一月", "一月"), ("二月", "二月"), ("Q", "季度")):
        sheet = next(each for each in book.worksheets if name in each.title)
        rows = {
            unit: [str(cell) for cell in row if cell is not None]
            for row in sheet.iter_rows(values_only=True)
            for unit in hand.units
            if unit in row
        }
        for unit in hand.units:
            total, rank = hand.total(unit, period), hand.rank(unit, period)
            told = rows[unit]
            if total is not None:
                assert any(_same(cell, said(total)) for cell in told), (period, unit, told)
                assert any(_same(cell, str(rank)) for cell in told), (period, unit, told)


def _same(cell: str, figure: str) -> bool:
    try:
        return Fraction(cell) == Fraction(figure)
    except ValueError:
        return False

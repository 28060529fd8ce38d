"""Every figure in a bulletin is worked out again from the values by hand: nothing is left over.

The sentences and rows that are expected are taken out of the printed text one by one; what stays
must not have a single digit, apart from the day and the pages' numbers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from io import BytesIO

from flask import Flask
from flask_babel import gettext
from openpyxl import load_workbook

from compete.domain.bundle.writing import write_bundle
from compete.models import Account, Competition
from compete.services.labour.closing import close_period
from compete.services.labour.departments import save_department
from compete.services.labour.head_counts import set_heads
from compete.services.results.bulletin import print_bulletin
from compete.services.results.bulletin_sheets import bulletin_book
from compete.services.scoring.live_labour import labour_live
from compete.sheets.results_workbook.workbook import write_results_book
from tests.documents.reading import pages
from tests.domain.labour.build import indicator, labour_bundle, quarter, value
from tests.domain.labour.by_hand import ByHand, points_text, rounded

GROUPS = {"甲": "土建", "乙": "土建", "丙": "土建", "丁": "机电", "戊": "机电", "己": "机电"}
MONTHS = ("一月", "二月")
DEPARTMENTS = {"安全": "安全部", "产值": "工程部", "隐患": "安全部", "进度": "工程部"}
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
    """Six units in two groups; 己 was not there in February, though it reported people before."""
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

    def __init__(self, text: str, *, numbers: bool = False) -> None:
        self.left, self.numbers = text, numbers

    def count(self, people: int) -> str:
        """As a cell has it: a workbook's is a number."""
        return str(people) if self.numbers else f"{people:,}"

    def take(self, expected: str) -> None:
        expected = re.sub(r"\s", "", expected)
        assert expected in self.left, (expected, self.left)
        self.left = self.left.replace(expected, "〇", 1)


def _percent(share: Fraction) -> str:
    tenths = rounded(share * 10)
    whole, tenth = divmod(abs(tenths), 10)
    return f"{'−' if tenths < 0 else ''}{whole}{f'.{tenth}' if tenth else ''}%"


def _points(points: Fraction) -> str:
    text = points_text(abs(rounded(points))).rstrip("0").rstrip(".")
    return f"{'+' if points > 0 else '−' if points < 0 else ''}{text}"


def _moved(hand: ByHand, unit: str) -> list[tuple[str, Fraction, str]]:
    """What moved a unit's share from January to February, the most first, and its words.

    Both months ask the same, so a part weighs what it gives of all.
    """
    whole = sum(MOST.values())
    parts = []
    for code in CODES:
        was, now = (Fraction(hand.score(unit, month, code) or 0) / MOST[code] for month in MONTHS)
        words = f"{code}{_percent(was)}→{_percent(now)}"
        parts.append((code, (now - was) * MOST[code] / whole, words))
    was, now = (hand.adjusted(unit, month) for month in MONTHS)
    parts.append(("加减分", (now - was) / whole, f"加减分{_points(was)}→{_points(now)}"))
    return sorted((part for part in parts if part[1]), key=lambda part: -abs(part[1]))


def _named(hand: ByHand, unit: str) -> tuple[int, list[tuple[str, Fraction, str]]]:
    """The way a unit moved, by its rank or else its share, and the causes that go that way."""
    parts = _moved(hand, unit)
    share = sum((moved for _code, moved, _words in parts), Fraction(0))
    then, now = (hand.rank(unit, month) or 0 for month in MONTHS)
    sign = (then > now) - (then < now) or (share > 0) - (share < 0)
    causes = [part for part in parts if part[1] * sign > 0] if share * sign > 0 else []
    if causes and abs(causes[0][1]) * 2 > abs(sum(part[1] for part in causes)):
        causes = causes[:1]
    return sign, causes[:2]


def _share(hand: ByHand, unit: str, month: str) -> Fraction:
    return hand.exact(unit, month) / sum(MOST.values())


def _causes(hand: ByHand, unit: str) -> str:
    sign, causes = _named(hand, unit)
    was, now = (_percent(_share(hand, unit, month)) for month in MONTHS)
    words = "，".join(words for _code, _moved, words in causes)
    if not causes:
        words = {1: "自己没升，别家降得多", -1: "自己没降，别家升得多", 0: "各项都没变"}[sign]
    return f"得分率{was}→{now}：{words}"


def _mean_move(hand: ByHand) -> str:
    """How the mean share moved, of those who have a total in both months."""
    both = [unit for unit in hand.units if all(hand.total(unit, month) for month in MONTHS)]
    was, now = (
        _percent(sum((_share(hand, unit, month) for unit in both), Fraction(0)) / len(both))
        for month in MONTHS
    )
    return f"得分率{was}→{now}"


def _department(hand: ByHand, unit: str) -> str:
    """Who gives the points that moved most."""
    _sign, causes = _named(hand, unit)
    named = [DEPARTMENTS[code] for code, _moved, _words in causes if code in DEPARTMENTS]
    return next(iter(named), "—")


def _mean(hand: ByHand, period: str) -> int:
    totals = [total for unit in hand.units if (total := hand.total(unit, period)) is not None]
    return rounded(Fraction(sum(totals), len(totals)) / 100)


def _there(hand: ByHand, units: Sequence[str], period: str) -> list[str]:
    """Those of these units that have a total, as all have that take part here."""
    return [unit for unit in units if hand.total(unit, period) is not None]


def _heads(printed: Printed, hand: ByHand, people: Mapping[str, int], period: str) -> None:
    """How many workers take part, of all and of each group, and how many units did not say."""
    for group in (None, "土建", "机电"):
        units = _of(hand, group) if group else list(hand.units)
        there = _there(hand, units, period)
        heads = [people[unit] for unit in there if unit in people]
        beside = [f"{len(there) - len(heads)}家没报"] if len(heads) < len(there) else []
        away = len(units) - len(there)
        beside += [f"没参加的{away}家不算"] if away else []
        mark = f"{len(there)}家，" if group else ""
        words = f"（{'，'.join(beside)}）" if beside else ""
        printed.take(f"{mark}上报{sum(heads):,}人{words}")


MOST = {"安全": 50, "产值": 33, "隐患": 10, "进度": 10}
"""What each gives at most: 产值 counts up to 1.1 times."""
WEIGHTS = {"一月": 1, "二月": 2}


def _shares(printed: Printed, hand: ByHand, months: Sequence[str], period: str) -> None:
    """Of each indicator the share of the most that all units together could have got."""
    units = [unit for unit in hand.units if hand.total(unit, period) is not None]
    for code in CODES:
        got = Fraction(0)
        for unit in units:
            there = [month for month in months if hand.total(unit, month) is not None]
            weighed = sum(WEIGHTS[month] for month in there)
            for month in there:
                score = hand.score(unit, month, code)
                assert score is not None
                got += score * Fraction(WEIGHTS[month], weighed)
        share = rounded(got * 100 / (MOST[code] * len(units)) / 10)
        printed.take(f"{code}{share // 10}.{share % 10}%")


def _of(hand: ByHand, group: str) -> list[str]:
    return [unit for unit in hand.units if GROUPS[unit] == group]


BARRED = "（一票否决，不评优）"
"""Beside 乙 wherever its place is told: it keeps the place and gets nothing for it."""


def _whole(
    printed: Printed,
    hand: ByHand,
    period: str,
    inner: tuple[str, ...],
    people: Mapping[str, int],
) -> None:
    """Every row of the standings at its end."""
    for unit in hand.units:
        total, rank = hand.total(unit, period), hand.rank(unit, period)
        parts = [hand.total(unit, part) for part in inner]
        figures = ["—" if points is None else points_text(points) for points in (*parts, total)]
        figures.insert(0, printed.count(people[unit]) if unit in people else "—")
        printed.take(f"{rank or '—'}{unit}{''.join(figures)}")


def _first_three(printed: Printed, hand: ByHand, period: str) -> None:
    """Of each group: how many, and the places with their totals."""
    for group in ("土建", "机电"):
        units = [unit for unit in hand.units if GROUPS[unit] == group]
        ranked = [unit for unit in units if hand.rank(unit, period) is not None]
        in_order = sorted(ranked, key=lambda unit: hand.rank(unit, period) or 0)
        places = [
            f"{unit}{BARRED if unit == '乙' else ''}{points_text(hand.total(unit, period) or 0)}"
            for unit in in_order
        ]
        there = len(_there(hand, units, period))
        printed.take(f"{group}{there}家{''.join(places)}{'—' * (4 - len(places))}")


def _best(hand: ByHand, group: str, period: str) -> str:
    """Who has the flag: the best of a group that has no veto and points enough."""
    fit = [
        unit
        for unit in hand.units
        if GROUPS[unit] == group and unit != "乙" and (hand.total(unit, period) or 0) >= 8000
    ]
    return max(fit, key=lambda unit: hand.total(unit, period) or 0)


def _head(printed: Printed, words: str) -> None:
    """Which issue of what, on every sheet of a workbook."""
    printed.take(words)
    printed.left = printed.left.replace(words, "〇")


def _nothing_left(printed: Printed) -> None:
    """No digit but those of the headings, the day and the pages."""
    left = re.sub(r"第[123]名", "", printed.left)
    left = re.sub(r"\d{4}年\d{1,2}月\d{1,2}日|第\d+页|共\d+页|\d+/\d+", "", left)
    left = re.sub(r"升降最多的8家|\d{1,2}:\d\d打印|(?<!\d)[12]\.(?!\d)", "", left)
    left = re.sub(r"暂定", "", left)
    assert re.findall(r".{0,12}\d+.{0,12}", left) == []


def _month(printed: Printed, hand: ByHand) -> None:
    """All that is said of February."""
    february = _mean(hand, "二月")
    _head(printed, "第2期（单印）二月")
    people = {"甲": 1214, "乙": 35, "丁": 208, "己": 77}
    printed.take("5家参赛")
    printed.take("1家没有参加：己")
    _heads(printed, hand, people, "二月")
    printed.take(f"全体平均{points_text(february)}；比一月，{_mean_move(hand)}")
    warned = [unit for unit in hand.units if (hand.total(unit, "二月") or 10**6) < 6000]
    printed.take(f"一票否决1家，黄牌{len(warned)}家")
    _shares(printed, hand, ["二月"], "二月")
    _first_three(printed, hand, "二月")
    for group in ("土建", "机电"):
        best = _best(hand, group, "二月")
        before = max(_of(hand, group), key=lambda unit: hand.total(unit, "一月") or 0)
        keeps = "连续第2个月" if before == best else f"从{before}转到{best}"
        printed.take(f"{group}{before}{best}{points_text(hand.total(best, '二月') or 0)}{keeps}")
    for unit in hand.units:
        then, now = (hand.rank(unit, month) for month in MONTHS)
        if then is None or now is None or (then == now and unit not in ("乙", *warned)):
            continue
        step = f"第{now}名" if then == now else f"{then}→{now}{'升' if now < then else '降'}"
        step += "" if then == now else str(abs(then - now))
        marks = ("；一票否决" if unit == "乙" else "") + ("；黄牌" if unit in warned else "")
        causes = f"{_causes(hand, unit)}{marks}{_department(hand, unit)}"
        printed.take(f"{unit}{GROUPS[unit]}{step}{causes}")
    if warned:
        listed = "、".join(f"{unit}{points_text(hand.total(unit, '二月') or 0)}" for unit in warned)
        printed.take(f"低于60，黄牌，要整改：{listed}")
    _whole(printed, hand, "二月", (), people)
    _nothing_left(printed)


def _quarter(printed: Printed, hand: ByHand) -> None:
    """All that is said of the quarter."""
    people = {"甲": 1214, "乙": 35, "丁": 208, "己": 77}
    _head(printed, "第2期二月暨季度")
    printed.take("6家参赛")
    _heads(printed, hand, people, "Q")
    mean = points_text(_mean(hand, "二月"))
    printed.take(f"二月全体平均{mean}；比一月，{_mean_move(hand)}")
    printed.take("1家有的期次没有数据，平均时不算那几期")
    printed.take(f"全体平均{points_text(_mean(hand, 'Q'))}")
    _shares(printed, hand, MONTHS, "Q")
    warned = [unit for unit in hand.units if (hand.total(unit, "Q") or 10**6) < 6000]
    printed.take(f"一票否决1家，黄牌{len(warned)}家")
    _first_three(printed, hand, "Q")
    for group in ("土建", "机电"):
        best = _best(hand, group, "Q")
        printed.take(f"{group}—{best}{points_text(hand.total(best, 'Q') or 0)}")
    if warned:
        listed = "、".join(f"{unit}{points_text(hand.total(unit, 'Q') or 0)}" for unit in warned)
        printed.take(f"低于60，黄牌，要整改：{listed}")
    _whole(printed, hand, "Q", MONTHS, people)
    _nothing_left(printed)


def _sheets(book: bytes) -> Printed:
    """All cells as they are shown, row by row."""
    texts = [
        f"{cell.value:.{cell.number_format.partition('.')[2].count('0')}f}"
        if isinstance(cell.value, int | float)
        else str(cell.value)
        for sheet in load_workbook(BytesIO(book)).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    return Printed(re.sub(r"\s", "", "".join(texts)), numbers=True)


def test_every_figure_of_a_bulletin_is_worked_out_again(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = json.loads(contest())
    competition, hand = load(plain), ByHand(plain)
    for month in MONTHS:
        close_period(competition, month, "", organiser)
    for name in dict.fromkeys(DEPARTMENTS.values()):
        codes = [code for code in CODES if DEPARTMENTS[code] == name]
        save_department(competition, name, codes, None, organiser)
    set_heads(competition, "一月", {"甲": 1200, "乙": 35, "己": 77}, organiser)
    set_heads(competition, "二月", {"甲": 1214, "丁": 208}, organiser)
    _month(Printed("".join(pages(print_bulletin(competition, "二月")))), hand)
    _quarter(Printed("".join(pages(print_bulletin(competition, "Q")))), hand)
    _month(_sheets(bulletin_book(competition, "二月")), hand)
    _quarter(_sheets(bulletin_book(competition, "Q")), hand)

    with app.test_request_context():
        live = labour_live(competition)
        book = load_workbook(BytesIO(write_results_book(live.bundle, live.results, gettext)))
    for period, name in (("一月", "一月"), ("二月", "二月"), ("Q", "季度")):
        sheet = next(worksheet for worksheet in book.worksheets if name in worksheet.title)
        rows = {
            unit: [str(cell) for cell in row if cell is not None]
            for row in sheet.iter_rows(values_only=True)
            for unit in hand.units
            if unit in row
        }
        for unit in hand.units:
            total, rank = hand.total(unit, period), hand.rank(unit, period)
            row_cells = rows[unit]
            if total is not None:
                assert any(_same(cell, points_text(total)) for cell in row_cells), (
                    period,
                    unit,
                    row_cells,
                )
                assert any(_same(cell, str(rank)) for cell in row_cells), (period, unit, row_cells)


def _same(cell: str, figure: str) -> bool:
    try:
        return Fraction(cell) == Fraction(figure)
    except ValueError:
        return False

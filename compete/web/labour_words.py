"""Words on how an indicator is scored: beside its rules and where its values are entered."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from types import MappingProxyType

from flask_babel import gettext as _

from compete.domain.bundle.labour_types import Indicator
from compete.domain.labour.period_kinds import sorts_of
from compete.domain.labour.totals import PLACES
from compete.domain.labour.tree import PeriodTree
from compete.domain.values.kinds import Better, ScoringType
from compete.domain.values.numerals import plain
from compete.domain.values.points import readable
from compete.services.competitions.labour_draft import IndicatorDraft
from compete.web.words import stretch_words

# Two in a row are named, more are told by the first and the last.
LEAST_IN_A_STRETCH = 3


_COUNTED = re.compile(r"[（(]([^（）()\d]{1,4})[）)]\s*$")
_MEASURES = ("人次", "万元", "处", "次", "起", "件", "项", "人", "天", "台", "份", "条", "篇")


def counted_words(indicator: Indicator) -> str:
    """Return the counted noun in the indicator's words, such as 处 or 万元; empty for points."""
    if indicator.scoring.type is ScoringType.SCORE:
        return ""
    match = _COUNTED.search(indicator.name)
    if match is not None:
        return match[1]
    named = next((word for word in _MEASURES if indicator.name.endswith((word, f"{word}数"))), "")
    return named or (_("处") if indicator.scoring.type is ScoringType.DEDUCTION else "")


def scoring_words(indicator: Indicator) -> str:
    """Say how a value becomes points."""
    scoring = indicator.scoring
    match scoring.type:
        case ScoringType.DEDUCTION:
            assert isinstance(scoring.points, Decimal)  # the reader makes sure
            return _("每处扣 %(points)s", points=plain(scoring.points))
        case ScoringType.COMPLETION:
            return _("按完成率，最多算 %(cap)s 倍", cap=plain(scoring.cap))
        case ScoringType.LINEAR:
            return _(
                "%(zero)s 得 0 分，%(full)s 得满分，中间按比例",
                zero=plain(scoring.zero_at or 0),
                full=plain(scoring.full_at or 0),
            )
        case ScoringType.RANK:
            assert isinstance(scoring.points, tuple)  # the reader makes sure
            points = _by_place(scoring.points)
            if scoring.better is Better.LOWER:
                return _("按名次得分：%(points)s，数小的在前", points=points)
            return _("按名次得分：%(points)s，数大的在前", points=points)
    return _("直接打分")


def _by_place(points: Sequence[Decimal]) -> str:
    """40、38、36; with long runs of the same, which places get it: 第 1 名 40、第 2–24 名 30."""
    runs, first = [], 1
    for worth, same in groupby(points):
        last = first + len(list(same)) - 1
        runs.append((first, last, plain(worth)))
        first = last + 1
    if max((last - first for first, last, _worth in runs), default=0) < _LONG_RUN:
        return _("、").join(map(plain, points))
    return _("、").join(
        _("第 %(first)s 名 %(points)s", first=first, points=worth)
        if first == last
        else _("第 %(first)s–%(last)s 名 %(points)s", first=first, last=last, points=worth)
        for first, last, worth in runs
    )


_LONG_RUN = 3


def points_words(points: Fraction) -> str:
    """Points with as many decimals as they need, at most those of a total."""
    return readable(points, PLACES).rstrip("…")


def with_target(value: str, target: Decimal | None) -> str:
    """A value with the target that stands beside it, where one does."""
    if target is None:
        return value
    return _("%(value)s，目标 %(target)s", value=value, target=plain(target))


def told_apart(
    indicators: Sequence[Indicator | IndicatorDraft],
    periods: Mapping[str, str],
    departments: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """Return the indicators' names by code; to those that share one is added what they differ in.

    `periods` are names by code, `departments` those that enter, by the indicator's code.
    """
    alike: defaultdict[str, list[Indicator | IndicatorDraft]] = defaultdict(list)
    for indicator in indicators:
        alike[indicator.name].append(indicator)
    names = dict.fromkeys((row.code for row in indicators), "")
    for name, rows in alike.items():
        starts = [periods.get(row.periods[0], "") if row.periods else "" for row in rows]
        ways = (
            [row.heading or "" for row in rows],
            [start and _("%(period)s起", period=start) for start in starts],
            [departments.get(row.code, "") for row in rows],
            [row.code for row in rows],
        )
        words = next(way for way in ways if len(set(way)) == len(rows))
        for indicator, word in zip(rows, words, strict=True):
            alone = len(rows) == 1 or not word
            names[indicator.code] = (
                name if alone else _("%(name)s（%(what)s）", name=name, what=word)
            )
    return names


def periods_words(tree: PeriodTree, codes: Sequence[str]) -> list[str]:
    """Name these periods, joined if one sort follows each other, as 一季度到四季度."""
    names = {code: period.name for code, period in tree.periods.items()}
    words = []
    for sort in sorts_of(tree, list(tree.periods)):
        for chosen, run in groupby(sort, key=lambda code: code in codes):
            if chosen:
                words += _in_a_stretch([names[code] for code in run])
    return words


def _in_a_stretch(names: Sequence[str]) -> list[str]:
    if len(names) < LEAST_IN_A_STRETCH:
        return list(names)
    return [stretch_words(names[0], names[-1])]

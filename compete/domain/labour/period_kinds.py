"""Kinds of periods: months compare with months, half-year inspections with their like.

The file has no key for it. Two periods are of one kind that lie equally deep in the tree and whose
names say the same span, both of an inspection or neither. A name that says neither is of the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from compete.domain.labour.tree import PeriodTree

_INSPECTIONS = ("检查", "抽查", "督查", "巡查", "检验", "抽检", "巡检", "inspect", "check", "audit")
_MONTHS = {
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
    *("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"),
}
_SPANS = (
    # The first that is found: 2026 年上半年 is a half, 2026 年 1 月 a month.
    ("half month", ("半月", "fortnight")),
    ("half year", ("半年", "half")),
    ("quarter", ("季", "quarter")),
    ("month", ("月", "month")),
    ("ten days", ("旬",)),
    ("week", ("周", "星期", "week")),
    ("year", ("年", "year", "annual")),
)


@lru_cache(maxsize=1024)
def kind_of(name: str) -> tuple[str, bool]:
    """The span that a period's name says, empty for none; and whether it is an inspection."""
    name = name.casefold()
    inspection = any(word in name for word in _INSPECTIONS)
    words = "".join(letter if letter.isalpha() else " " for letter in name).split()
    if not _MONTHS.isdisjoint(words):
        return "month", inspection
    span = next((span for span, keywords in _SPANS if any(word in name for word in keywords)), "")
    return span, inspection


def span_of(name: str) -> str:
    """The span alone: `quarter`, `month` and the like, empty for none."""
    return kind_of(name)[0]


def sorts_of(tree: PeriodTree, codes: Sequence[str]) -> list[list[str]]:
    """These periods by depth and kind, each sort in the order of the bundle."""
    sorts: dict[tuple[int, tuple[str, bool]], list[str]] = {}
    for code in codes:
        sorts.setdefault(_sort(tree, code), []).append(code)
    return list(sorts.values())


def alike(tree: PeriodTree, period: str, codes: Sequence[str]) -> list[str]:
    """List those of `codes` that are of one sort with `period`, in their order."""
    own = _sort(tree, period)
    return [code for code in codes if _sort(tree, code) == own]


def commonest(tree: PeriodTree, codes: Sequence[str]) -> list[str]:
    """List the periods of the most frequent sort; of equals, of the sort that comes first."""
    count = Counter(_sort(tree, code) for code in codes)
    most = count.most_common(1)[0][0] if count else None
    return [code for code in codes if _sort(tree, code) == most]


def _sort(tree: PeriodTree, code: str) -> tuple[int, tuple[str, bool]]:
    return len(list(tree.around(code))), kind_of(tree.periods[code].name)

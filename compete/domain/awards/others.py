"""Titles that by their name another body gives."""

from __future__ import annotations

_OF_OTHERS = (
    *("技术能手", "技能大师", "技能状元", "工匠", "五一", "工人先锋号"),
    *("劳动模范", "劳模", "先进工作者", "三八红旗"),
)
"""Given by ministries, provinces, cities and unions; an organiser proposes for them."""


def is_of_others(title: str) -> bool:
    """True if a title is commonly given by a body that is not the organiser.

    It is only presumed: somebody says which body approves it, or that it is the organiser's own.
    """
    return any(words in title for words in _OF_OTHERS)

"""Short ways to say the rules that regulations say again and again.

Every rule that gives a grade wants all modules passed where the event sets
pass marks: theory and practice each passed is the usual condition, whatever
the place.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from compete.domain.bundle.grade_types import GradeRule, Grant, When
from compete.domain.values.kinds import EntrantGroup, Level

WORKERS = (EntrantGroup.WORKER,)
STUDENTS = (EntrantGroup.STUDENT,)


def places(last: int, groups: tuple[EntrantGroup, ...], *levels: Level, **more: Any) -> When:
    """The condition of place `last` or better, all modules passed."""
    return When(levels=levels, groups=groups, max_rank=last, pass_modules="all", **more)


def best_percent(
    percent: int, groups: tuple[EntrantGroup, ...], *levels: Level, **more: Any
) -> When:
    """The condition of the first `percent` of a hundred of those ranked, all modules passed."""
    share = Decimal(percent)
    return When(levels=levels, groups=groups, top_percent=share, pass_modules="all", **more)


def raised_to(grade: int, *titles: str) -> Grant:
    """The grant of `grade`; to its holders one higher; never more than one above `grade`."""
    return Grant(up=1, floor=grade, ceiling=max(grade - 1, 1), titles=titles)


def just(grade: int, *titles: str) -> Grant:
    """The grant of `grade`, and no higher."""
    return Grant(to=grade, titles=titles)


def only(*titles: str) -> Grant:
    """The grant of honours, and no grade."""
    return Grant(titles=titles)


def rule(code: str, cite: str, when: When, grant: Grant, **extra: Any) -> GradeRule:
    """One rule with the sentence it stands for."""
    return GradeRule(code=code, cite=cite, when=when, grant=grant, extra=extra or None)

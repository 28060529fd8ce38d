"""The ladder of skill grades, in an order that is written down.

The digits of the national grades run downward while the skill runs upward,
and employers' own ladders may run either way, so nothing ever compares the
digits: a rung's place in its ladder's list is its order.

Source: 职业技能等级 of five levels, widened to eight by 人社部发〔2022〕14号.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from compete.domain.values import Message, msg


@dataclass(frozen=True, slots=True)
class Rung:
    """One grade: `key` is stable, `grade` is the digit bundles use where it has one."""

    key: str
    name: str
    face: str
    """The wording on a certificate, such as 三级/高级工; empty where none is issued."""
    grade: int | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs from the lowest to the highest; keys are unique."""

    name: str
    rungs: tuple[Rung, ...]

    def order(self, key: str) -> int:
        """How high a rung stands, 0 being the lowest. `KeyError` for an unknown key."""
        for place, rung in enumerate(self.rungs):
            if rung.key == key:
                return place
        raise KeyError(key)

    def is_higher(self, key: str, than: str) -> bool:
        """Whether the first rung stands above the second."""
        return self.order(key) > self.order(than)

    def rung(self, key: str) -> Rung:
        """The rung of a key. `KeyError` for an unknown one."""
        return self.rungs[self.order(key)]


NATIONAL = Ladder(
    "新八级工",
    (
        Rung("L6", "学徒工", ""),
        Rung("L5", "初级工", "五级/初级工", 5),
        Rung("L4", "中级工", "四级/中级工", 4),
        Rung("L3", "高级工", "三级/高级工", 3),
        Rung("L2", "技师", "二级/技师", 2),
        Rung("L1", "高级技师", "一级/高级技师", 1),
        Rung("LT", "特级技师", "特级技师"),
        Rung("LS", "首席技师", "首席技师"),
    ),
)
"""The national ladder; only the five rungs with a digit are got by competitions."""

GRADES = (5, 4, 3, 2, 1)
"""Grades of bundles, lowest first."""

_BY_GRADE = {rung.grade: rung for rung in NATIONAL.rungs if rung.grade is not None}
_LABELS = {
    5: msg("五级/初级工"),
    4: msg("四级/中级工"),
    3: msg("三级/高级工"),
    2: msg("二级/技师"),
    1: msg("一级/高级技师"),
}
_NO_GRADE = frozenset({"", "无", "没有", "暂无", "-", "--", "—", "——"})


class GradeError(ValueError):
    """A text that names no grade."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def grade_face(grade: int) -> str:
    """The regulation's wording for a certificate, always Chinese: 2 → 二级/技师."""
    return _BY_GRADE[grade].face


def grade_label(grade: int | None) -> Message:
    """The grade for a page, in the reader's language; 无等级 for none."""
    return _LABELS[grade] if grade is not None else msg("无等级")


@lru_cache(maxsize=200)
def parse_grade(text: str) -> int | None:
    """Read a grade as people write it: 四级/中级工, 四级, 中级工 or 4; none for 无 or nothing.

    Raises `GradeError` for anything else.
    """
    wanted = "".join(text.split())
    if wanted in _NO_GRADE:
        return None
    for grade, rung in _BY_GRADE.items():
        level = rung.face.split("/")[0]
        if wanted in (rung.face, rung.name, level, str(grade), f"L{grade}", f"{grade}级"):
            return grade
    raise GradeError(msg("没有“%(found)s”这个等级，写法如 四级/中级工", found=text.strip()))

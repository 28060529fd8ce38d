"""Skill grades: the ladder, the conditions of a rule, and what a rule grants to whom."""

from typing import TYPE_CHECKING

from compete.domain.lazy import loader

if TYPE_CHECKING:
    from compete.domain.grades.conditions import Field
    from compete.domain.grades.deciding import GradeState
    from compete.domain.grades.granting import granted
    from compete.domain.grades.ladder import (
        GRADES,
        GradeError,
        grade_face,
        grade_label,
        parse_grade,
    )
    from compete.domain.grades.proposals import Decided, promotion_words, promotions

__all__ = [
    "GRADES",
    "Decided",
    "Field",
    "GradeError",
    "GradeState",
    "grade_face",
    "grade_label",
    "granted",
    "parse_grade",
    "promotion_words",
    "promotions",
]

__getattr__ = loader(
    __name__,
    {
        "conditions": ("Field",),
        "deciding": ("GradeState",),
        "granting": ("granted",),
        "ladder": (
            "GRADES",
            "GradeError",
            "grade_face",
            "grade_label",
            "parse_grade",
        ),
        "proposals": ("Decided", "promotion_words", "promotions"),
    },
)

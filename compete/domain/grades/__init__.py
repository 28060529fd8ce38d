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
    from compete.domain.grades.proposals import (
        Decided,
        DecidedGrade,
        ListedGrade,
        kept_words,
        listed_grades,
        promotions,
    )

__all__ = [
    "GRADES",
    "Decided",
    "DecidedGrade",
    "Field",
    "GradeError",
    "GradeState",
    "ListedGrade",
    "grade_face",
    "grade_label",
    "granted",
    "kept_words",
    "listed_grades",
    "parse_grade",
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
        "proposals": (
            "Decided",
            "DecidedGrade",
            "ListedGrade",
            "kept_words",
            "listed_grades",
            "promotions",
        ),
    },
)

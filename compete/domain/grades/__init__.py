"""Skill grades: the ladder, the conditions of a rule, and what a rule grants to whom."""

from typing import TYPE_CHECKING

from compete.domain.lazy import loader

if TYPE_CHECKING:
    from compete.domain.grades.conditions import Check, Field, groups_check, holds_check
    from compete.domain.grades.deciding import GradeState
    from compete.domain.grades.granting import granted
    from compete.domain.grades.ladder import (
        GRADES,
        LONGEST_RUNG,
        NATIONAL,
        GradeError,
        Ladder,
        WrittenRung,
        grade_face,
        grade_label,
        grade_label_in,
        grades_of_ladder,
        ladder_from,
        ladder_in,
        ladder_lines,
        ladder_tree,
        made_ladder,
        parse_grade,
        read_ladder,
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
    "LONGEST_RUNG",
    "NATIONAL",
    "Check",
    "Decided",
    "DecidedGrade",
    "Field",
    "GradeError",
    "GradeState",
    "Ladder",
    "ListedGrade",
    "WrittenRung",
    "grade_face",
    "grade_label",
    "grade_label_in",
    "grades_of_ladder",
    "granted",
    "groups_check",
    "holds_check",
    "kept_words",
    "ladder_from",
    "ladder_in",
    "ladder_lines",
    "ladder_tree",
    "listed_grades",
    "made_ladder",
    "parse_grade",
    "promotions",
    "read_ladder",
]

__getattr__ = loader(
    __name__,
    {
        "conditions": ("Check", "Field", "groups_check", "holds_check"),
        "deciding": ("GradeState",),
        "granting": ("granted",),
        "ladder": (
            "GRADES",
            "LONGEST_RUNG",
            "NATIONAL",
            "GradeError",
            "Ladder",
            "WrittenRung",
            "grade_face",
            "grade_label",
            "grades_of_ladder",
            "grade_label_in",
            "ladder_from",
            "ladder_in",
            "ladder_lines",
            "ladder_tree",
            "made_ladder",
            "parse_grade",
            "read_ladder",
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

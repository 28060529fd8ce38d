"""Granting on the grade ladder: what a rule grants to a holder of which grade.

Grades are 5 (lowest) to 1 (highest); no grade counts as 6.
"""

from __future__ import annotations

from compete.domain.bundle.grade_types import Grant

NO_GRADE = 6


def granted(grant: Grant, current: int | None) -> int | None:
    """The grade that a rule gives, or None where it gives none.

    `up` counts from the present grade, then at least `floor`, then at most
    `ceiling`; `max_step` is applied last to either form.
    """
    present = NO_GRADE if current is None else current
    if grant.to is not None:
        grade = grant.to
    elif grant.up is not None:
        grade = present - grant.up
        if grant.floor is not None:
            grade = min(grade, grant.floor)
        grade = max(grade, grant.ceiling)
    else:
        return None
    if grant.max_step is not None:
        grade = max(grade, present - grant.max_step)
    return grade


def is_higher(grade: int, current: int | None) -> bool:
    """True if a grade is higher than the one somebody has."""
    return grade < (NO_GRADE if current is None else current)

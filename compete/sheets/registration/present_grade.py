"""The grade that somebody holds as they try for one: as declared, and as it was issued here."""

from __future__ import annotations

from datetime import date

import msgspec

from compete.domain.grades.ladder import Ladder, grade_label
from compete.domain.values.messages import Message, msg
from compete.sheets.registration.cells import RowCheck
from compete.sheets.registration.people import IssuedGrade, IssuedGrades, Said, Tried


def issued_grade(issued: IssuedGrades | None, fields: Said) -> IssuedGrade | None:
    """Find the grade issued here to the bearer of the ID number, in the event's occupation."""
    if issued is None or fields.event is None or fields.event.tried is None:
        return None
    if fields.paper is None or fields.id_number is None:
        return None
    return issued.of(fields.event.code, fields.paper, fields.id_number)


def as_issued(check: RowCheck, fields: Said, issued: IssuedGrade | None) -> Said:
    """Put a certificate issued here in the place of what was declared, for somebody who tries.

    Whoever holds the grade tried for, or a higher one, is refused.
    """
    event = fields.event
    if issued is None or event is None or event.tried is None:
        return fields
    if why := _issued_problem(event.tried, issued, event.ladder):
        check.problem("grade", why)
        return fields
    grade, since = issued.over(fields.grade, fields.grade_since)
    if (fields.grade, fields.grade_since) == (grade, since):
        return fields
    check.notes.append(issued_words(issued, event.ladder))
    given = fields.given | {"grade", "grade_since"}
    return msgspec.structs.replace(fields, grade=grade, grade_since=since, given=given)


def issued_words(issued: IssuedGrade, ladder: Ladder) -> Message:
    """Say which certificate counts."""
    return msg(
        "现等级按这里发的证书算：%(grade)s，%(day)s 发证",
        grade=grade_label(issued.grade, ladder),
        day=str(issued.since),
    )


def _issued_problem(tried: Tried, issued: IssuedGrade, ladder: Ladder) -> Message | None:
    """Tells why who has a grade of here cannot try for the evaluation's; None for who can."""
    if issued.grade > tried.grade:
        return None
    present, wanted = grade_label(issued.grade, ladder), grade_label(tried.grade, ladder)
    if issued.since is None:
        return msg("这里已经批准了%(present)s，不能再报%(grade)s", present=present, grade=wanted)
    return msg(
        "%(day)s 在这里发过%(present)s证书，不能再报%(grade)s",
        day=str(issued.since),
        present=present,
        grade=wanted,
    )


def grade_problem(tried: Tried, grade: int | None, ladder: Ladder) -> Message | None:
    """Tells why somebody who holds `grade` cannot try for the evaluation's; None for who can."""
    if grade is None or grade > tried.grade:
        return None
    return msg(
        "已经是%(present)s，不能再报%(grade)s",
        present=grade_label(grade, ladder),
        grade=grade_label(tried.grade, ladder),
    )


def since_problem(tried: Tried, grade: int | None, since: date | None) -> Message | None:
    """Tells what is wrong with the day on which the grade was obtained; None for nothing."""
    if since is None:
        return None
    if grade is None:
        return msg("没有现等级，就没有取得它的日期")
    if tried.on is not None and since > tried.on:
        return msg("在看条件的那一天（%(day)s）之后", day=str(tried.on))
    return None

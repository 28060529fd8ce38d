"""What an assessment (考核认定) found of each person: marks, day, and whether the grade follows."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from compete.domain.grades import Ladder, grade_label, grades_of_ladder
from compete.domain.values import Message, listed, msg, number_in_text, plain
from compete.models import GradeClaim
from compete.services.kernel import Refusal, Refused, local_today
from compete.sheets.dates import BirthError, parse_birth
from compete.sheets.texts import tidy

PASS_LINE, FULL_MARK = Decimal(60), Decimal(100)
"""Of each part, by the national standards of occupations."""

_REVIEWED = (2, 1)
"""技师 and 高级技师 are reviewed as a whole besides."""

_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class AssessedMarks:
    """Theory, practice and the review as a whole (of the two highest grades), and the day."""

    theory: Decimal
    practice: Decimal
    review: Decimal | None
    on: date


def wants_review(grade: int) -> bool:
    """Whether a third mark is asked for this grade."""
    return grade in _REVIEWED


def take_marks(
    cells: Sequence[str], grade: int, on: date | None
) -> tuple[Sequence[str], AssessedMarks]:
    """The marks at the end of a line's cells, and the cells before them.

    A day may stand behind them; without one it is `on`. Raises `Refused` (INVALID) for marks
    that are missing, no numbers, above full marks or under the line.
    """
    cells = list(cells)
    while cells and not cells[-1]:
        cells.pop()
    if cells and (day := _day(cells[-1])) is not None:
        on = day
        cells.pop()
    if on is None:
        raise _wrong(msg("要写考核日期"))
    if on > local_today():
        raise _wrong(msg("考核日期还没到"))
    names = _NAMES[: 3 if wants_review(grade) else 2]
    typed = cells[-len(names) :]
    marks = [_mark(name, text) for name, text in zip(names, typed, strict=False)]
    if len(marks) < len(names):
        raise _wrong(msg("要写%(parts)s的成绩", parts=listed(names)))
    review = marks[2] if len(marks) > 2 else None
    return cells[: -len(names)], AssessedMarks(marks[0], marks[1], review, on)


def read_marks(text: str, grade: int, on: date | None) -> Mapping[str, AssessedMarks]:
    """By code the marks of lines of a contestant's code, theory, practice and, where asked, review.

    Raises `Refused` (INVALID) naming the first line that cannot be taken.
    """
    found: dict[str, AssessedMarks] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            rest, marks = take_marks(cells_of(line), grade, on)
            if len(rest) != 1 or not rest[0]:
                raise _wrong(msg("一行写一个参赛号和成绩"))
            if rest[0] in found:
                raise _wrong(msg("%(code)s 前面写过了", code=rest[0][:20]))
        except Refused as refused:
            raise wrong_line(number, refused.message) from None
        found[rest[0]] = marks
    return found


def cells_of(line: str) -> list[str]:
    """A line's cells: apart by tabs, as from a workbook, by commas, or else by blanks."""
    for sign in ("\t", "，", ","):
        if sign in line:
            return [tidy(cell) for cell in line.split(sign)]
    return [tidy(cell) for cell in line.split()]


def wrong_line(line: int, why: Message) -> Refused:
    """A refusal of a list that names its line."""
    return _wrong(msg("第 %(line)s 行：%(why)s", line=line, why=why))


def check_step(name: str, has: int | None, to: int, ladder: Ladder) -> None:
    """Raise `Refused` where an assessment does not lead from the grade held to that one.

    One step at a time; who has none comes to one of the two lowest.
    """
    rungs = grades_of_ladder(ladder)
    if to not in rungs or (has is not None and has not in rungs):
        return
    may = rungs[:2] if has is None else rungs[rungs.index(has) + 1 :][:1]
    if to not in may:
        raise Refused(
            msg(
                "%(name)s 现在是%(now)s，考核认定只能到%(may)s；越级的按“直接认定”提，附上批准文件",
                name=name,
                now=grade_label(has, ladder),
                may=listed([grade_label(grade, ladder) for grade in may]),
            )
        )


def marks_of(claim: GradeClaim) -> Mapping[str, Decimal]:
    """By the name of each part what was reached in it; nothing where no marks were asked."""
    parts = zip(_NAMES, (claim.theory, claim.practice, claim.review), strict=True)
    return {str(name): mark for name, mark in parts if mark is not None}


def facts_of(claim: GradeClaim) -> Message:
    """What was found, in one text: day and marks, and what was written besides."""
    if claim.theory is None or claim.assessed_on is None:
        return msg("%(facts)s", facts=claim.facts)
    marks = listed(
        msg("%(part)s %(mark)s", part=name, mark=plain(mark))
        for name, mark in zip(_NAMES, (claim.theory, claim.practice, claim.review), strict=True)
        if mark is not None
    )
    day = claim.assessed_on.isoformat()
    if not claim.facts:
        return msg("%(day)s 考核，%(marks)s", day=day, marks=marks)
    return msg("%(day)s 考核，%(marks)s；%(facts)s", day=day, marks=marks, facts=claim.facts)


_NAMES = (msg("理论"), msg("实操"), msg("综合评审"))


def _mark(name: Message, text: str) -> Decimal:
    mark = number_in_text(unicodedata.normalize("NFKC", text))
    if mark is None or not 0 <= mark <= FULL_MARK or mark != round(mark, _DECIMALS):
        raise _wrong(
            msg(
                "%(part)s成绩“%(typed)s”要写 0 到 %(most)s 的数，最多 %(n)s 位小数",
                part=name,
                typed=text[:20],
                most=plain(FULL_MARK),
                n=_DECIMALS,
            )
        )
    if mark < PASS_LINE:
        raise _wrong(
            msg(
                "%(part)s %(mark)s，不到合格线 %(line)s，不能认定",
                part=name,
                mark=plain(mark),
                line=plain(PASS_LINE),
            )
        )
    return mark


def _day(text: str) -> date | None:
    if number_in_text(text) is not None and len(text) != len("20260101"):
        return None
    try:
        return parse_birth(text).full
    except BirthError:
        return None


def _wrong(why: Message) -> Refused:
    return Refused(why, kind=Refusal.INVALID)

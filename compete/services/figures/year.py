"""A year over all kinds of competition: how many there were, who took part, what came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.kinds import Kind
from compete.models import Account, Examination, Practice, PracticeDay
from compete.services.figures.certificates import Months, certificate_months
from compete.services.figures.participation import participation
from compete.services.figures.years import SeenYear
from compete.services.kernel.chunks import tuples_among
from compete.services.kernel.event_rules import labour_of
from compete.services.labour.period_progress import closed_periods
from compete.services.labour.squares import leaves_of
from compete.services.questions.bank_questions import banks_of


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFigures:
    """A year in numbers; None where a number would tell of a few people."""

    kinds: Counter[Kind]
    exams: int
    """Theory examinations whose marks were taken out."""
    labour_months: int
    """Periods of labour competitions without others below them, closed."""
    people: int | None
    units: int | None
    promotions: int | None
    awards: int | None
    months: Months


def figures_of_year(seen: SeenYear) -> YearFigures:
    """Work the year out, in a few statements whatever the number of competitions."""
    whole = participation(seen.here).whole
    months = certificate_months(seen.everything, seen.year)
    exams = select(Examination.competition_id, func.count()).where(
        Examination.marked_at.is_not(None), Examination.ended_at.is_(None)
    )
    marked = tuples_among(
        exams.group_by(Examination.competition_id),
        Examination.competition_id,
        [it.id for it in seen.here],
    )
    labour = [it for it in seen.here if competition_kind(it).has_periods and it.labour]
    return YearFigures(
        kinds=Counter(competition_kind(it).kind for it in seen.here),
        exams=sum(n for _number, n in marked),
        labour_months=sum(
            len(set(closed_periods(it)) & set(leaves_of(labour_of(it)))) for it in labour
        ),
        people=whole[0] if whole else None,
        units=whole[2] if whole else None,
        promotions=_whole(months.grades.whole),
        awards=_whole(months.awards.whole),
        months=months,
    )


def practised(by: Account, year: int) -> int:
    """Sets of practice taken in a year, in the banks that somebody sees."""
    banks = [line.bank.id for line in banks_of(by)]
    query = (
        select(Practice.bank_id, func.sum(PracticeDay.sets))
        .join(PracticeDay, PracticeDay.practice_id == Practice.id)
        .where(PracticeDay.day.between(date(year, 1, 1), date(year, 12, 31)))
        .group_by(Practice.bank_id)
    )
    return sum(n for _bank, n in tuples_among(query, Practice.bank_id, banks))


def _whole(counts: tuple[int, ...] | None) -> int | None:
    return counts[0] if counts else None

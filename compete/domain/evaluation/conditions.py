"""The lines of conditions of which one must hold, asked about a person on a day.

The bundle format, section “Evaluations”, key `apply`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from compete.domain.bundle.crews import participants
from compete.domain.bundle.evaluation_types import ApplyLine, ApplyWhen, Trade
from compete.domain.bundle.results import LineCondition, LineReason
from compete.domain.bundle.types import Entrant
from compete.domain.grades.conditions import Check, groups_check, holds_check
from compete.domain.values.days import months_later

_YEAR = 12


class Asked(msgspec.Struct, frozen=True):
    """One condition about one person; `full` is the day on which its time is full, if it has one.

    What is beyond the year 9999 is never full.
    """

    key: str
    wanted: Any
    found: Any
    met: bool
    full: date | None = None

    @property
    def met_on(self) -> date | None:
        """The day from which it will hold, where time alone is short."""
        return None if self.met else self.full


class Line(msgspec.Struct, frozen=True):
    """One line about one person."""

    line: ApplyLine
    asked: list[Asked]

    @property
    def met(self) -> bool:
        return all(condition.met for condition in self.asked)

    @property
    def met_on(self) -> date | None:
        """The day from which it will hold, where time alone is short of it."""
        days = [condition.met_on for condition in self.asked if not condition.met]
        known = [day for day in days if day is not None]
        return max(known) if known and len(known) == len(days) else None

    def reason(self) -> LineReason:
        return LineReason(
            self.line.code,
            self.met,
            [
                LineCondition(
                    condition.key,
                    condition.wanted,
                    condition.found,
                    condition.met,
                    iso(condition.met_on),
                )
                for condition in self.asked
            ],
            iso(self.met_on),
        )


class LineState(msgspec.Struct, frozen=True):
    """All lines about one person."""

    lines: list[Line]
    day: date
    """On which they are looked at."""
    barred: int | None = None
    """The grade that somebody has by a certificate, where it is the one tried for or higher."""
    exempt: bool = False
    """True if the person was let in without meeting a line."""
    void: str | None = None
    """The number of the certificate of the present grade, where it was made void: it counts for
    nothing."""

    @property
    def applies(self) -> Line | None:
        """The first line that holds."""
        return next((line for line in self.lines if line.met), None)

    @property
    def eligible(self) -> bool:
        met = self.exempt or not self.lines or self.applies is not None
        return self.barred is None and met

    @property
    def earliest(self) -> date | None:
        """The earliest day on which a line will hold, for somebody who is not eligible yet."""
        days = [line.met_on for line in self.lines if line.met_on is not None]
        return None if self.eligible or self.barred is not None else min(days, default=None)


def lines_of(apply: Sequence[ApplyLine], entrant: Entrant, day: date) -> LineState:
    """Every line as it stands for somebody on a day."""
    return LineState(
        [
            Line(line, [ask(line.when, entrant, day) for ask in _asking(line.when)])
            for line in apply
        ],
        day,
        exempt=entrant.exempt,
    )


def meets(apply: Sequence[ApplyLine], entrant: Entrant, day: date) -> bool:
    """True if a line holds for somebody; quicker than `lines_of(…)`: stops at the first."""
    return (
        entrant.exempt
        or not apply
        or any(
            all(ask(line.when, entrant, day).met for ask in _asking(line.when)) for line in apply
        )
    )


def trade_of(
    months: int | None, record: Mapping[str, Any] | None, at: date, on: date | None
) -> Trade | None:
    """Work in the occupation on a day: as a file said it, else as registered on the day `at`.

    Work registered after the day of the conditions counts as said on that day.
    """
    if months is None:
        return None
    if record and record["months"] == months:
        return msgspec.convert(record, Trade)
    return Trade(months=months, at=min(at, on or at))


def iso(day: date | None) -> str | None:
    """Write a day as the results have it."""
    return None if day is None else day.isoformat()


Ask = Callable[[ApplyWhen, Entrant, date], Asked]


def _asking(when: ApplyWhen) -> list[Ask]:
    return [ask for key, ask in _ASKING.items() if getattr(when, key)]


def _full(since: date | None, months: int) -> date | None:
    """The day on which so many months since a day are full."""
    try:
        return None if since is None else months_later(since, max(months, 0))
    except ValueError:
        return None


def _timed(key: str, wanted: Any, actual: Any, full: date | None, day: date) -> Asked:
    return Asked(key, wanted, actual, full is not None and full <= day, full)


def _checked(check: Check, entrant: Entrant) -> Asked:
    (who,) = participants(entrant)
    return Asked(check.key, check.wanted, check.found(who), check.holds(who))


def _holds(when: ApplyWhen, entrant: Entrant, _day: date) -> Asked:
    assert when.holds is not None
    return _checked(holds_check(when.holds), entrant)


def _years_in_grade(when: ApplyWhen, entrant: Entrant, day: date) -> Asked:
    years, since = when.years_in_grade or 0, entrant.grade_since
    return _timed("years_in_grade", years, iso(since), _full(since, _YEAR * years), day)


def _years_in_trade(when: ApplyWhen, entrant: Entrant, day: date) -> Asked:
    years, trade = when.years_in_trade or 0, entrant.trade
    if trade is None:
        return Asked("years_in_trade", years, None, met=False)
    actual = {"months": trade.months, "at": iso(trade.at)}
    full = _full(trade.at, _YEAR * years - trade.months)
    return _timed("years_in_trade", years, actual, full, day)


def _min_age(when: ApplyWhen, entrant: Entrant, day: date) -> Asked:
    years, birth = when.min_age or 0, entrant.birth
    return _timed("min_age", years, iso(birth), _full(birth, _YEAR * years), day)


def _papers(when: ApplyWhen, entrant: Entrant, day: date) -> Asked:
    asked = when.papers
    assert asked is not None
    since = min((paper.since for paper in entrant.papers if paper.kind in asked.of), default=None)
    wanted = {"of": list(asked.of), "years": asked.years}
    return _timed("papers", wanted, iso(since), _full(since, _YEAR * asked.years), day)


def _groups(when: ApplyWhen, entrant: Entrant, _day: date) -> Asked:
    return _checked(groups_check(when.groups), entrant)


_ASKING: dict[str, Ask] = {
    "holds": _holds,
    "years_in_grade": _years_in_grade,
    "years_in_trade": _years_in_trade,
    "min_age": _min_age,
    "papers": _papers,
    "groups": _groups,
}
"""By key of `when`, in the order in which they are told."""

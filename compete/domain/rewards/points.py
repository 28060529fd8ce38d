"""Points (培训积分) by rules: one act earns once by a rule, however often it is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from compete.domain.values.days import months_later


class PointSource(StrEnum):
    """Where an act comes from."""

    ATTENDANCE = "attendance"
    CONTEST = "contest"
    PRIZE = "prize"
    GRADE = "grade"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointRule:
    """A rule: points for each act of a source, or for each hour of it.

    `match` narrows which acts; empty: all. Of a calendar year no more than `cap` counts. Points
    end `months` after their act; None: never. Acts from `first` to `last` earn.
    """

    number: int
    source: PointSource
    points: Decimal
    match: str = ""
    by_hours: bool = False
    cap: Decimal | None = None
    months: int | None = None
    first: date
    last: date | None = None

    def pays(self, act: PointAct) -> bool:
        """True if the act earns by this rule."""
        return (
            self.source is act.source
            and self.match in ("", act.of)
            and self.first <= act.day
            and (self.last is None or act.day <= self.last)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PointAct:
    """What somebody did; `key` is the same whenever it is read, `of` is what a rule may match."""

    person: int
    source: PointSource
    key: str
    day: date
    of: str = ""
    hours: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Points of somebody by a rule for an act."""

    person: int
    rule: int
    key: str
    points: Decimal
    day: date


def entries_of(rules: Iterable[PointRule], acts: Iterable[PointAct]) -> frozenset[Entry]:
    """The entries that these acts earn; of one act told twice the earliest day counts."""
    rules = tuple(rules)
    known: dict[tuple[int, int, str], Entry] = {}
    for act in acts:
        for rule in rules:
            if not rule.pays(act):
                continue
            points = rule.points * act.hours if rule.by_hours else rule.points
            entry = Entry(
                person=act.person, rule=rule.number, key=act.key, points=points, day=act.day
            )
            place = entry.person, entry.rule, entry.key
            other = known.get(place)
            if other is None or (entry.day, entry.points) < (other.day, other.points):
                known[place] = entry
    return frozenset(known.values())


def totals_on(
    rules: Iterable[PointRule], entries: Iterable[Entry], on: date
) -> Mapping[int, Decimal]:
    """The points that count on a day, by person: within the year's cap, and not ended yet.

    What is over the cap is cut in the order of days; so what counted once does not count less
    because more was done after it.
    """
    by_number = {rule.number: rule for rule in rules}
    totals: defaultdict[int, Decimal] = defaultdict(Decimal)
    used: defaultdict[tuple[int, int, int], Decimal] = defaultdict(Decimal)
    for entry in sorted(entries, key=lambda it: (it.day, it.key, it.rule, it.person)):
        rule = by_number.get(entry.rule)
        if rule is None or entry.day > on:
            continue
        points = entry.points
        if rule.cap is not None:
            year = entry.person, entry.rule, entry.day.year
            points = max(min(points, rule.cap - used[year]), Decimal(0))
            used[year] += points
        if rule.months is None or on < months_later(entry.day, rule.months):
            totals[entry.person] += points
    return dict(totals)

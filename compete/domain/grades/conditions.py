"""The conditions of a grade rule in their order, each with what it wants and what it finds.

The bundle format, section “Grade rules”, key `when`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from compete.domain.bundle.crews import Participant
from compete.domain.bundle.grade_types import Holds, ItemPlace, When
from compete.domain.bundle.types import Competition, Entrant, Unit
from compete.domain.ranking.finals import FinalStandings
from compete.domain.ranking.items import ItemState
from compete.domain.ranking.passing import Passing
from compete.domain.values.kinds import EntrantGroup
from compete.domain.values.messages import Message, msg
from compete.domain.values.points import exact, readable_ratio, shortest, show

Find = Callable[[Participant], Any]
Words = Callable[[Any, Any], tuple[Message, Message | str]]
"""Of what was wanted and what was found: each in words."""
Test = Callable[[Participant], bool]

ANY_ITEM = "any"


class Field(msgspec.Struct, frozen=True):
    """All that a rule may ask about: everybody's place, awards, items and papers."""

    competition: Competition
    entrants: Mapping[str, Entrant]
    units: Mapping[str, Unit]
    finals: FinalStandings
    passing: Passing
    items: Mapping[str, ItemState]
    award_of: dict[str, str]
    places: int

    @property
    def ranked(self) -> int:
        """The number of people ranked in the final standings."""
        return len(self.finals.ranking)

    def rank(self, code: str) -> int:
        rank = self.finals.places[code].rank
        assert rank is not None
        return rank

    def total(self, code: str) -> int:
        total = self.finals.places[code].total
        assert total is not None
        return total

    def item_rank(self, place: ItemPlace, code: str) -> int | None:
        """The rank in the item, or the best in any; None without one."""
        if place.code != ANY_ITEM:
            return self.items[place.code].ranks.get(code)
        ranks = [rank for item in self.items.values() if (rank := item.ranks.get(code))]
        return min(ranks, default=None)

    def line_of(self, code: str) -> list[str]:
        """List the entrant's unit and all that it stands below."""
        line: list[str] = []
        unit: str | None = self.entrants[code].unit
        while unit is not None and unit not in line:
            line.append(unit)
            unit = self.units[unit].parent
        return line


class Check(msgspec.Struct, frozen=True):
    """One condition: its key, what it wants (ready to be written), and how to ask.

    It is asked about a person; of who is in a crew, most of it is the crew's.
    """

    key: str
    wanted: Any
    holds: Test
    found: Find


def checks_of(when: When, field: Field) -> list[Check]:
    """The conditions that are given, in the format's order."""
    return [make(when, field) for key, make in MAKERS.items() if _is_given(getattr(when, key))]


def _is_given(wanted: object) -> bool:
    """True if a condition is set: None, an empty list and false ask nothing, but 0 does."""
    return wanted is not None and wanted is not False and wanted != ()


def role_check(when: When) -> Check:
    """The roles that the rule is for, which are asked about even where none is named."""
    wanted = when.wanted_roles
    return Check("roles", list(wanted), lambda who: who.role in wanted, lambda who: who.role)


def _levels(when: When, field: Field) -> Check:
    level = field.competition.level
    return Check("levels", list(when.levels), lambda _: level in when.levels, lambda _: level)


def groups_check(wanted: Sequence[EntrantGroup]) -> Check:
    return Check("groups", list(wanted), lambda who: who.group in wanted, lambda who: who.group)


def _max_rank(when: When, field: Field) -> Check:
    most = when.max_rank or 0
    return Check(
        "max_rank",
        most,
        lambda who: field.rank(who.entrant) <= most,
        lambda who: field.rank(who.entrant),
    )


def _awards(when: When, field: Field) -> Check:
    return Check(
        "awards",
        list(when.awards),
        lambda who: field.award_of.get(who.entrant) in when.awards,
        lambda who: field.award_of.get(who.entrant),
    )


def _item(when: When, field: Field) -> Check:
    place = when.item
    assert place is not None

    def holds(who: Participant) -> bool:
        rank = field.item_rank(place, who.entrant)
        return rank is not None and rank <= place.max_rank

    wanted = {"code": place.code, "max_rank": place.max_rank}
    return Check("item", wanted, holds, lambda who: field.item_rank(place, who.entrant))


def _top_percent(when: When, field: Field) -> Check:
    most = exact(when.top_percent or Decimal(0))

    def actual(who: Participant) -> str:
        return readable_ratio(100 * field.rank(who.entrant), field.ranked)

    def holds(who: Participant) -> bool:
        return 100 * field.rank(who.entrant) <= most * field.ranked

    return Check("top_percent", shortest(most), holds, actual)


def _min_total(when: When, field: Field) -> Check:
    least = exact(when.min_total or Decimal(0))
    unit = 10**field.places
    return Check(
        "min_total",
        shortest(least),
        lambda who: field.total(who.entrant) >= least * unit,
        lambda who: show(field.total(who.entrant), field.places),
    )


def _pass_modules(when: When, field: Field) -> Check:
    """Check modules; the values found are the codes that were not passed."""
    wanted = when.pass_modules or "all"
    return Check(
        "pass_modules",
        wanted if isinstance(wanted, str) else list(wanted),
        lambda who: field.passing.passed(who.entrant, wanted),
        lambda who: list(dict.fromkeys(field.passing.failed(who.entrant, wanted))),
    )


def _once_a_year(when: When, field: Field) -> Check:
    year = field.competition.year

    def holds(who: Participant) -> bool:
        return who.promoted is None or who.promoted != year

    return Check("once_a_year", True, holds, lambda who: who.promoted)


def _under(when: When, field: Field) -> Check:
    return Check(
        "under",
        list(when.under),
        lambda who: any(unit in when.under for unit in field.line_of(who.entrant)),
        lambda who: field.entrants[who.entrant].unit,
    )


def holds_check(wanted: Holds) -> Check:
    given = {"at_least": wanted.at_least, "at_most": wanted.at_most}
    shown = {key: value for key, value in given.items() if value is not None}
    return Check("holds", shown, lambda who: wanted.met_by(who.grade), lambda who: who.grade)


def _min_ranked(when: When, field: Field) -> Check:
    least = when.min_ranked or 0
    return Check("min_ranked", least, lambda _: field.ranked >= least, lambda _: field.ranked)


MAKERS: dict[str, Callable[[When, Field], Check]] = {
    "levels": _levels,
    "groups": lambda when, _: groups_check(when.groups),
    "max_rank": _max_rank,
    "awards": _awards,
    "item": _item,
    "top_percent": _top_percent,
    "min_total": _min_total,
    "pass_modules": _pass_modules,
    "once_a_year": _once_a_year,
    "under": _under,
    "holds": lambda when, _: holds_check(when.holds or Holds()),
    "min_ranked": _min_ranked,
}
"""By key of `When`, in the format's order; `roles` is asked before anything else."""


def _total_words(wanted: Any, actual: Any) -> tuple[Message, Message]:
    return msg("总分至少 %(total)s", total=wanted), msg("没有") if actual is None else actual


WORDS: dict[str, Words] = {
    "max_rank": lambda wanted, actual: (
        msg("名次在前 %(rank)s 名", rank=wanted),
        msg("第 %(rank)s 名", rank=actual),
    ),
    "top_percent": lambda wanted, actual: (
        msg("名次在前 %(percent)s%%", percent=wanted),
        msg("前 %(percent)s%%", percent=actual),
    ),
    "min_total": _total_words,
}
"""Words for conditions that need nothing but what was wanted and found.

`explanation` and the pages say the others, or these otherwise.
"""

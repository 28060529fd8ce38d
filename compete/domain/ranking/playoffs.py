"""Playoffs: equals of a stage who were parted by another contest or by lot.

The bundle format, section “Order”.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from compete.domain.bundle.types import Playoff
from compete.domain.ranking.standing import Key
from compete.domain.values.kinds import PlayoffKind
from compete.domain.values.messages import Message, msg

PLAYOFF_WORDS = {PlayoffKind.EXTRA: msg("加赛"), PlayoffKind.LOT: msg("抽签")}


class StagePlayoff(msgspec.Struct, frozen=True):
    """A playoff of a stage with its place in the bundle's list."""

    index: int
    playoff: Playoff

    @property
    def groups(self) -> list[tuple[str, ...]]:
        """Groups of entrants that are parted, best first; those who stay equal are together."""
        return [(item,) if isinstance(item, str) else item for item in self.playoff.order]


class Parted(msgspec.Struct, frozen=True):
    """The keys of all who are ranked, and by index the fault of each playoff that does not fit."""

    keys: dict[str, Key]
    unfit: dict[int, Message]


def parted(keys: Mapping[str, Key], playoffs: Sequence[StagePlayoff]) -> Parted:
    """Part equals by the playoffs, one after the other.

    Each must name exactly all of one set of equals; one that does not is left out. The last
    item of every key is then the places that its bearer has in them.
    """
    places: dict[str, tuple[int, ...]] = dict.fromkeys(keys, ())
    unfit: dict[int, Message] = {}
    for own in playoffs:
        groups = own.groups
        wrong = _what_is_wrong([code for group in groups for code in group], keys, places)
        if wrong is not None:
            unfit[own.index] = wrong
            continue
        for place, group in enumerate(groups):
            for code in group:
                places[code] = (*places[code], place)
    return Parted({code: (*key, places[code]) for code, key in keys.items()}, unfit)


def _what_is_wrong(
    named: Sequence[str], keys: Mapping[str, Key], places: Mapping[str, tuple[int, ...]]
) -> Message | None:
    """Say why these are not all of one set of equals; None where they are."""
    for code in named:
        if code not in keys:
            return msg("“%(code)s”在这个赛段没有名次，不能加赛或抽签", code=code)
    first = named[0]
    level = keys[first], places[first]
    equals = {code for code in keys if (keys[code], places[code]) == level}
    for code in named:
        if code not in equals:
            return msg("“%(code)s”和“%(other)s”并不同分，名次已经分开", code=code, other=first)
    if missing := sorted(equals - set(named)):
        return msg("和“%(code)s”同分的还有“%(other)s”，要一起排", code=first, other=missing[0])
    return None

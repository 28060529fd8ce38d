"""Advancement to the next stage, and the places that stay open among equals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

import msgspec

from compete.domain.bundle.event_types import Advance, Stage
from compete.domain.bundle.results import Notice
from compete.domain.ranking.standing import Standing
from compete.domain.values.kinds import AdvanceTies, NoticeKind


class Stop(StrEnum):
    """The reasons why somebody who is ranked does not go on."""

    TOP = "top"
    """All places went to those in front."""
    UNIT = "unit"
    """The unit's places did."""
    TOP_BY_CODE = "top-by-code"
    """The last places went to equals of a lower code."""
    UNIT_BY_CODE = "unit-by-code"
    """The unit's last places did."""
    CUT_TIE = "cut-tie"
    """There are too few places left for all of the rank: they are kept open."""
    UNIT_TIE = "unit-tie"
    """There are too few left for the unit's own of the rank: they are kept open."""
    BEHIND = "behind"
    """The last places are kept open for a rank in front."""


class Going(msgspec.Struct, frozen=True):
    """The entrants who go on, and why others who are ranked do not.

    `notices` tell of places that are kept open until equals are parted.
    """

    entrants: frozenset[str]
    stops: Mapping[str, Stop] = {}
    notices: tuple[Notice, ...] = ()


def advancing(
    standing: Standing, stage: Stage, unit_of: Mapping[str, str], *, code_decides: bool
) -> Going:
    """Find who goes on from a stage; without a rule all the ranked.

    Where `code_decides`, equal ranks are in code order; else nobody is preferred by it.
    """
    if stage.advance is None:
        return Going(frozenset(standing.codes()))
    if code_decides:
        return _by_code(standing, stage.advance, unit_of)
    return _Walk(stage.code, stage.advance, unit_of).going(standing)


def _by_code(standing: Standing, advance: Advance, unit_of: Mapping[str, str]) -> Going:
    """Find who goes on where the code decides; no unit sends more than `per_unit`.

    After `top` are taken, all who share the last taken rank come too unless `ties` is `cut`.
    """
    taken: list[str] = []
    sent: Counter[str] = Counter()
    last_of: dict[str, int] = {}
    last_rank = 0
    stops: dict[str, Stop] = {}
    include = advance.ties is AdvanceTies.INCLUDE
    for rank, code in standing.ranked():
        unit = unit_of[code]
        is_last = bool(taken) and rank == last_rank
        if advance.top is not None and len(taken) >= advance.top and not (include and is_last):
            stops[code] = Stop.TOP_BY_CODE if is_last else Stop.TOP
        elif advance.per_unit is not None and sent[unit] >= advance.per_unit:
            by_code = last_of.get(unit) == rank
            stops[code] = Stop.UNIT_BY_CODE if by_code else Stop.UNIT
        else:
            taken.append(code)
            sent[unit] += 1
            last_rank = last_of[unit] = rank
    return Going(frozenset(taken), stops)


class _Walk:
    """The walk down the ranks on which nobody is preferred among equals."""

    def __init__(self, stage: str, advance: Advance, unit_of: Mapping[str, str]) -> None:
        self.stage, self.advance, self.unit_of = stage, advance, unit_of
        self.taken: list[str] = []
        self.gone: Counter[str] = Counter()
        self.notices: list[Notice] = []
        self.stops: dict[str, Stop] = {}
        self.left = advance.top

    def going(self, standing: Standing) -> Going:
        end: Stop | None = None
        for rank, sharers in groupby(standing.ranked(), key=itemgetter(0)):
            codes = [code for _, code in sharers]
            if self.left is not None and self.left <= 0:
                end = end or Stop.TOP
            if end is not None:
                self.stops.update(dict.fromkeys(codes, end))
                continue
            units = self._units(codes)
            if self.advance.ties is AdvanceTies.INCLUDE:
                for unit, people in units.items():
                    self._take(unit, people, len(people))
            elif not self._share_out(rank, units):
                end = Stop.BEHIND
        return Going(frozenset(self.taken), self.stops, tuple(self.notices))

    def _units(self, sharers: Iterable[str]) -> dict[str, list[str]]:
        """Group those of one rank whose unit is not full, by unit in code order."""
        units: dict[str, list[str]] = {}
        most = self.advance.per_unit
        for code in sharers:
            unit = self.unit_of[code]
            if most is None or self.gone[unit] < most:
                units.setdefault(unit, []).append(code)
            else:
                self.stops[code] = Stop.UNIT
        return dict(sorted(units.items()))

    def _share_out(self, rank: int, units: Mapping[str, list[str]]) -> bool:
        """Give one rank its places under `cut`; False where there are too few for all."""
        asked = {unit: self._unit_places(unit, people) for unit, people in units.items()}
        if self.left is not None and sum(asked.values()) > self.left:
            everybody = sorted(code for people in units.values() for code in people)
            self._keep_open(NoticeKind.CUT_TIE, rank, self.left, everybody)
            self.stops.update(dict.fromkeys(everybody, Stop.CUT_TIE))
            return False
        for unit, people in units.items():
            room = asked[unit]
            if room < len(people):
                self._keep_open(NoticeKind.UNIT_TIE, rank, room, people, unit)
                self.stops.update(dict.fromkeys(people, Stop.UNIT_TIE))
            self._take(unit, people if room == len(people) else [], room)
        return True

    def _unit_places(self, unit: str, people: list[str]) -> int:
        """The number of places that a unit asks for, at most those left to it."""
        most = self.advance.per_unit
        return len(people) if most is None else min(len(people), most - self.gone[unit])

    def _take(self, unit: str, people: list[str], places: int) -> None:
        self.taken += people
        self.gone[unit] += places
        if self.left is not None:
            self.left -= places

    def _keep_open(
        self, kind: NoticeKind, rank: int, places: int, people: list[str], unit: str | None = None
    ) -> None:
        self.notices.append(
            Notice(kind=kind, stage=self.stage, rank=rank, unit=unit, open=places, entrants=people)
        )

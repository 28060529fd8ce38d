"""Advancement to the next stage, and the places that stay open among equals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

import msgspec

from compete.domain.bundle.event_types import Advance, Stage
from compete.domain.bundle.results import Notice
from compete.domain.ranking.standing import Standing
from compete.domain.values.kinds import AdvanceTies, NoticeKind
from compete.domain.values.quotas import KeptOpen, Quotas

Ranked = Sequence[tuple[int, str]]
"""The rank and the code of those who may go on, in order."""


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
    AWAY = "away"
    """They take no part in the next stage, and the place is another's."""
    MISSED = "missed"
    """The rules name them, as was known too late; by a decision the place stays empty."""


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
    away = frozenset(stage.advance.without) & standing.keys.keys()
    ranked = [place for place in standing.ranked() if place[1] not in away]
    if code_decides:
        going = _by_code(ranked, stage.advance, unit_of)
    else:
        going = _by_ranks(ranked, stage.code, stage.advance, unit_of)
    also = (frozenset(stage.advance.also) & standing.keys.keys()) - away
    missed = (frozenset(stage.advance.missed) & going.entrants) - also
    stops = {code: stop for code, stop in going.stops.items() if code not in also}
    stops |= dict.fromkeys(away, Stop.AWAY) | dict.fromkeys(missed, Stop.MISSED)
    entrants = (going.entrants | also) - missed
    return msgspec.structs.replace(going, entrants=entrants, stops=stops)


def _by_code(ranked: Ranked, advance: Advance, unit_of: Mapping[str, str]) -> Going:
    """Find who goes on where the code decides; no unit sends more than `per_unit`.

    After `top` are taken, all who share the last taken rank come too unless `ties` is `cut`.
    """
    taken: list[str] = []
    sent: Counter[str] = Counter()
    last_of: dict[str, int] = {}
    last_rank = 0
    stops: dict[str, Stop] = {}
    include = advance.ties is AdvanceTies.INCLUDE
    for rank, code in ranked:
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


def _by_ranks(ranked: Ranked, stage: str, advance: Advance, unit_of: Mapping[str, str]) -> Going:
    """Find who goes on where nobody is preferred among equals."""
    include = advance.ties is AdvanceTies.INCLUDE
    quotas = Quotas(advance.top, advance.per_unit, include=include)
    taken: list[str] = []
    notices: list[Notice] = []
    stops: dict[str, Stop] = {}
    end = Stop.TOP
    for rank, sharers in groupby(ranked, key=itemgetter(0)):
        codes = [code for _, code in sharers]
        if quotas.all_gone:
            stops.update(dict.fromkeys(codes, end))
            continue
        dealt = quotas.deal((code, unit_of[code]) for code in codes)
        taken += dealt.taken
        stops.update(dict.fromkeys(dealt.full, Stop.UNIT))
        for tie in dealt.kept_open:
            notices.append(_notice(stage, rank, tie))
            is_last = tie.unit is None
            stops.update(dict.fromkeys(tie.people, Stop.CUT_TIE if is_last else Stop.UNIT_TIE))
            if is_last:
                end = Stop.BEHIND
    return Going(frozenset(taken), stops, tuple(notices))


def _notice(stage: str, rank: int, tie: KeptOpen) -> Notice:
    kind = NoticeKind.CUT_TIE if tie.unit is None else NoticeKind.UNIT_TIE
    return Notice(
        kind=kind, stage=stage, rank=rank, unit=tie.unit, open=tie.places, entrants=tie.people
    )

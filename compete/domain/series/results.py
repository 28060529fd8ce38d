"""Results of a series, in the shape of the file that is written."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class RowState(StrEnum):
    """What becomes of a person of the standings in a berth."""

    ACCEPTED = "accepted"
    PROPOSED = "proposed"
    DECLINED = "declined"
    INELIGIBLE = "ineligible"
    ELSEWHERE = "elsewhere"
    UNDECIDED = "undecided"
    OVER_QUOTA = "over_quota"
    SUBSTITUTE = "substitute"
    BELOW = "below"


class _Row(msgspec.Struct, frozen=True):
    """Base of result rows; attributes stand in the file's order."""


class Counts(_Row, frozen=True):
    sessions: int
    people: int
    examined: int
    passed: int


class NodeResults(_Row, frozen=True):
    node: str
    own: Counts
    total: Counts
    rate: str | None


class Undecided(_Row, frozen=True):
    """Places that stay open among people of one rank; `unit` is None for the last places."""

    rank: int | None
    unit: str | None
    places: int
    persons: list[str]


class BerthRow(_Row, frozen=True):
    person: str
    rank: int | None
    state: RowState
    order: int | None
    short: list[str]
    marked: bool


class BerthResults(_Row, frozen=True):
    berth: str
    taken: int
    vacant: int
    undecided: list[Undecided]
    rows: list[BerthRow]


class Entries(_Row, frozen=True):
    """The people who go up to an event of a node, through all of its berths."""

    node: str
    event: str
    accepted: list[str]
    proposed: list[str]


class OutsideOf(_Row, frozen=True):
    person: str
    results: list[str]


class SeriesResults(_Row, frozen=True, tag_field="format", tag="compete-series-results/1"):
    series: str
    nodes: list[NodeResults]
    berths: list[BerthResults]
    entries: list[Entries]
    outside: list[OutsideOf]

"""The hall's scoreboard: its phases, and which rows the ceremony has opened.

While frozen the board shows a table that was stored when it froze. The ceremony
shows another stored table, the final one, from the last row up, one row at each
press; what has not been opened yet is not given to the screen at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from compete.domain.values.messages import Message, msg


class BoardPhase(StrEnum):
    """The phases of the scoreboard: 实时 → 封榜 → 揭晓 → 已揭晓."""

    LIVE = "live"
    FROZEN = "frozen"
    REVEALING = "revealing"
    OPENED = "opened"


class SnapshotPurpose(StrEnum):
    """The purpose of a stored table: its state at a moment, at the freeze, or for the ceremony."""

    LIVE = "live"
    FROZEN = "frozen"
    FINAL = "final"


_P = BoardPhase

BOARD_MOVES: Mapping[BoardPhase, frozenset[BoardPhase]] = {
    _P.LIVE: frozenset({_P.FROZEN}),
    # A freeze by mistake is undone; a ceremony broken off goes back to the frozen table.
    _P.FROZEN: frozenset({_P.LIVE, _P.REVEALING}),
    _P.REVEALING: frozenset({_P.FROZEN, _P.OPENED}),
    _P.OPENED: frozenset({_P.LIVE}),
}

PHASE_WORDS: Mapping[BoardPhase, Message] = {
    _P.LIVE: msg("实时"),
    _P.FROZEN: msg("封榜"),
    _P.REVEALING: msg("正在揭晓"),
    _P.OPENED: msg("已揭晓"),
}


class BoardRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line as the screen shows it; every figure is a finished text.

    `number` is the entrant's number, or in a blind event the code; `name` and
    `unit` are empty while coded. `gap` is the distance from the first, empty for
    the first itself.
    """

    rank: int
    number: str
    total: str
    gap: str = ""
    values: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """Beside each of the `values`, why that attempt does not count; empty where none has any."""
    name: str = ""
    unit: str = ""
    parted: str = ""
    """What put it behind the one before, where both totals are shown equal."""
    so_far: str = ""
    """The attempts made and of how many, as `1/2`, where the total is the best so far."""


class BoardTable(msgspec.Struct, frozen=True, omit_defaults=True):
    """The ranked rows, best first, and the headings of their `values`."""

    rows: tuple[BoardRow, ...] = ()
    columns: tuple[str, ...] = ()
    stage: str = ""
    done: tuple[int, int] | None = None
    """The number of people with all sheets in, and of how many; kept where the board was frozen."""


def within(rows: tuple[BoardRow, ...], places: int) -> tuple[BoardRow, ...]:
    """The rows of the first so many places, with all who share the last of them."""
    return tuple(row for row in rows if row.rank <= places)


def opened_rows(rows: tuple[BoardRow, ...], revealed: int) -> tuple[BoardRow | None, ...]:
    """The rows in their order, None for those the ceremony has not opened yet."""
    hidden = len(rows) - min(revealed, len(rows))
    return (*[None] * hidden, *rows[hidden:])

"""The hall's board: its phases, and what the ceremony has opened."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from compete.domain.hall import (
    BOARD_MOVES,
    PHASE_WORDS,
    BoardPhase,
    BoardRow,
    opened_rows,
    within,
)

ROWS = tuple(BoardRow(rank=n, number=f"K-{n}", total=str(100 - n)) for n in range(1, 6))


def test_rows_open_from_the_last_up() -> None:
    assert opened_rows(ROWS, 0) == (None,) * 5
    assert opened_rows(ROWS, 2) == (None, None, None, *ROWS[3:])
    assert opened_rows(ROWS, 5) == ROWS


@given(st.integers(0, 20))
def test_as_many_rows_are_open_as_were_pressed_and_never_more(revealed: int) -> None:
    shown = opened_rows(ROWS, revealed)
    assert len(shown) == len(ROWS)
    assert sum(row is not None for row in shown) == min(revealed, len(ROWS))


def test_who_shares_the_last_place_is_shown_too() -> None:
    rows = (*ROWS[:2], BoardRow(rank=2, number="K-9", total="98"), *ROWS[2:])
    assert [row.number for row in within(rows, 2)] == ["K-1", "K-2", "K-9"]


def test_every_phase_has_a_word_and_can_be_left() -> None:
    assert set(PHASE_WORDS) == set(BOARD_MOVES) == set(BoardPhase)
    assert all(BOARD_MOVES.values())


def test_nothing_is_opened_that_was_not_frozen_first() -> None:
    assert BoardPhase.REVEALING not in BOARD_MOVES[BoardPhase.LIVE]
    assert BoardPhase.OPENED not in BOARD_MOVES[BoardPhase.FROZEN]

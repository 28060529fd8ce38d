"""Moves from state to state, and nothing beside them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest

from compete.domain.values import states
from compete.domain.values.states import (
    JOB_MOVES,
    SHEET_MOVES,
    STATE_WORDS,
    JobState,
    MoveError,
    SheetState,
    move,
    state_words,
)

TABLES: list[Mapping[Any, frozenset[Any]]] = [
    table for name, table in vars(states).items() if name.endswith("_MOVES")
]


def test_a_move_of_the_table_is_made() -> None:
    assert move(SheetState.BEGUN, SheetState.COMPLETE, SHEET_MOVES) is SheetState.COMPLETE
    assert move(JobState.RUNNING, JobState.RUNNING, JOB_MOVES) is JobState.RUNNING


def test_another_move_is_refused_with_both_states() -> None:
    with pytest.raises(MoveError, match=r"^现在是“未开始”，不能变成“已签名”$"):
        move(SheetState.NOT_BEGUN, SheetState.SIGNED, SHEET_MOVES)


def test_staying_is_no_move() -> None:
    with pytest.raises(MoveError, match=r"^已经是“已签名”了，不用再做一次$"):
        move(SheetState.SIGNED, SheetState.SIGNED, SHEET_MOVES)


@pytest.mark.parametrize("table", TABLES)
def test_each_state_of_a_table_stands_in_it_and_has_a_word(
    table: Mapping[Any, frozenset[Any]],
) -> None:
    kind: type[StrEnum] = type(next(iter(table)))
    assert set(table) == set(kind)
    assert set().union(*table.values()) <= set(kind)
    if kind in STATE_WORDS:
        assert all(str(state_words(state)) for state in kind)

"""What the hall is shown: the phases of its board, and the rows that are open."""

from typing import TYPE_CHECKING

from compete.domain.lazy import loader

if TYPE_CHECKING:
    from compete.domain.ceremonies.board import (
        BOARD_MOVES,
        PHASE_WORDS,
        BoardPhase,
        BoardRow,
        BoardTable,
        SnapshotPurpose,
        opened_rows,
        within,
    )

__all__ = [
    "BOARD_MOVES",
    "PHASE_WORDS",
    "BoardPhase",
    "BoardRow",
    "BoardTable",
    "SnapshotPurpose",
    "opened_rows",
    "within",
]

__getattr__ = loader(
    __name__,
    {
        "board": (
            "BOARD_MOVES",
            "BoardPhase",
            "BoardRow",
            "BoardTable",
            "PHASE_WORDS",
            "SnapshotPurpose",
            "opened_rows",
            "within",
        ),
    },
)

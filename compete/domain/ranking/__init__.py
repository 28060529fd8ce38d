"""From module scores to places: stages, ties, final standings, items, teams and units."""

from typing import TYPE_CHECKING

from compete.domain.lazy import loader

if TYPE_CHECKING:
    from compete.domain.ranking.advancement import Going, Stop, advancing
    from compete.domain.ranking.calling_up import (
        CALLED_UP_FOR,
        NextUp,
        apart,
        as_ruled,
        called_up,
        leaving,
        next_up,
    )
    from compete.domain.ranking.finals import Changes, FinalStandings
    from compete.domain.ranking.items import ItemState
    from compete.domain.ranking.passing import Passing
    from compete.domain.ranking.playoffs import StagePlayoff
    from compete.domain.ranking.result_rows import StageRows
    from compete.domain.ranking.scaled import scaled_totals
    from compete.domain.ranking.stage import INCOMPLETE, RANKED, StageState
    from compete.domain.ranking.standing import Standing, ranks_of
    from compete.domain.ranking.teams import TeamState
    from compete.domain.ranking.ties import TieKey
    from compete.domain.ranking.units import UnitState

__all__ = [
    "CALLED_UP_FOR",
    "INCOMPLETE",
    "RANKED",
    "Changes",
    "FinalStandings",
    "Going",
    "ItemState",
    "NextUp",
    "Passing",
    "StagePlayoff",
    "StageRows",
    "StageState",
    "Standing",
    "Stop",
    "TeamState",
    "TieKey",
    "UnitState",
    "advancing",
    "apart",
    "as_ruled",
    "called_up",
    "leaving",
    "next_up",
    "ranks_of",
    "scaled_totals",
]

__getattr__ = loader(
    __name__,
    {
        "advancement": ("Going", "Stop", "advancing"),
        "calling_up": (
            "CALLED_UP_FOR",
            "NextUp",
            "apart",
            "as_ruled",
            "called_up",
            "leaving",
            "next_up",
        ),
        "finals": (
            "Changes",
            "FinalStandings",
        ),
        "items": ("ItemState",),
        "passing": ("Passing",),
        "playoffs": ("StagePlayoff",),
        "result_rows": ("StageRows",),
        "scaled": ("scaled_totals",),
        "stage": (
            "INCOMPLETE",
            "RANKED",
            "StageState",
        ),
        "standing": ("Standing", "ranks_of"),
        "teams": ("TeamState",),
        "ties": ("TieKey",),
        "units": ("UnitState",),
    },
)

"""From module scores to places: stages, ties, final standings, items, teams and units."""

from typing import TYPE_CHECKING

from compete.domain.lazy import loader

if TYPE_CHECKING:
    from compete.domain.ranking.advancement import advancing
    from compete.domain.ranking.finals import Changes, FinalStandings
    from compete.domain.ranking.items import ItemState
    from compete.domain.ranking.passing import Passing
    from compete.domain.ranking.result_rows import StageRows
    from compete.domain.ranking.stage import INCOMPLETE, RANKED, StageState
    from compete.domain.ranking.standing import Standing
    from compete.domain.ranking.teams import TeamState
    from compete.domain.ranking.ties import TieKey
    from compete.domain.ranking.units import UnitState

__all__ = [
    "INCOMPLETE",
    "RANKED",
    "Changes",
    "FinalStandings",
    "ItemState",
    "Passing",
    "StageRows",
    "StageState",
    "Standing",
    "TeamState",
    "TieKey",
    "UnitState",
    "advancing",
]

__getattr__ = loader(
    __name__,
    {
        "advancement": ("advancing",),
        "finals": (
            "Changes",
            "FinalStandings",
        ),
        "items": ("ItemState",),
        "passing": ("Passing",),
        "result_rows": ("StageRows",),
        "stage": (
            "INCOMPLETE",
            "RANKED",
            "StageState",
        ),
        "standing": ("Standing",),
        "teams": ("TeamState",),
        "ties": ("TieKey",),
        "units": ("UnitState",),
    },
)

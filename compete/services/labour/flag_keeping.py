"""After how many periods in a row a unit may keep the flag for good: a setting of the competition.

The bundle says who gets a flag and knows nothing of it, so no score depends on it.
"""

from __future__ import annotations

from compete.domain.values import msg
from compete.models import Account, Competition
from compete.services.kernel import (
    FlagKeep,
    Refusal,
    Refused,
    audit,
    change_settings,
    for_update,
    settings_of,
    unit_of_work,
)
from compete.services.scoring import LEAST_IN_A_ROW, flag_sorts, labour_live


def set_flag_keep(competition: Competition, wanted: FlagKeep | None, by: Account) -> bool:
    """Set it, None: a flag is always handed on; whether that changed anything.

    Raises `Refused`: UNKNOWN for periods in which no flags go one after another, INVALID for a
    number that they cannot reach. What was left to a unit by then stays with it.
    """
    with unit_of_work():
        competition = for_update(competition)
        live = labour_live(competition)
        names = {code: period.name for code, period in live.outcome.field.tree.periods.items()}
        if wanted is not None:
            sort = next((each for each in flag_sorts(live) if wanted.of in each), None)
            if sort is None:
                raise Refused(msg("这样的期次没有流动红旗"), kind=Refusal.UNKNOWN)
            if not LEAST_IN_A_ROW <= wanted.after <= len(sort):
                why = msg("连续几期：%(least)s 到 %(most)s", least=LEAST_IN_A_ROW, most=len(sort))
                raise Refused(why, kind=Refusal.INVALID)
        before = settings_of(competition).flag_keep
        if wanted == before:
            return False
        change_settings(competition, flag_keep=wanted)
        audit.record(
            competition,
            by,
            "labour.flag_keep",
            competition.name,
            before=_told(before, names),
            after=_told(wanted, names),
        )
    return True


def _told(keep: FlagKeep | None, names: dict[str, str]) -> dict[str, object]:
    if keep is None:
        return {"after": None, "of": None}
    return {"after": keep.after, "of": names.get(keep.of, keep.of)}

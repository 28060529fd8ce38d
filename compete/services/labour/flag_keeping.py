"""Flag keeping: after so many periods in a row a unit may keep the flag: a rule like others.

No score depends on it. Until the first value one person sets it; from then on a change wants a
reason and a second person, and is a version of the rules.
"""

from __future__ import annotations

from dataclasses import replace

from compete.domain.labour.kept_flags import FlagKeep, with_flag_keep
from compete.domain.values.messages import msg
from compete.models import Account, Competition, LabourRuleChange
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.labour.rule_changes import ask_rules
from compete.services.labour.rules import labour_rules, save_labour_rules, why_labour_rules_stay
from compete.services.scoring.journeys import LEAST_IN_A_ROW, flag_sorts, kept_after
from compete.services.scoring.live_labour import labour_live


def set_flag_keep(
    competition: Competition, wanted: FlagKeep | None, by: Account, reason: str = ""
) -> LabourRuleChange | None:
    """Set it, None: a flag is always handed on. What waits for a second person, once there are
    values; what was left to a unit by then stays with it.

    Raises `Refused`: UNKNOWN for periods in which no flags go one after another, INVALID for a
    number that they cannot reach, where nothing differs, and without a reason once it wants one;
    CONFLICT while another change of the rules waits.
    """
    _require_reached(competition, wanted)
    rules = labour_rules(competition)
    if kept_after(competition, rules.labour) == wanted:
        raise invalid(msg("和现在的一样，没有要改的"))
    rules = replace(rules, labour=with_flag_keep(rules.labour, wanted))
    if why_labour_rules_stay(competition) is not None:
        return ask_rules(competition, rules, reason, by)
    save_labour_rules(competition, rules, by)
    return None


def _require_reached(competition: Competition, wanted: FlagKeep | None) -> None:
    if wanted is None:
        return
    sorts = flag_sorts(labour_live(competition))
    sort = next((each for each in sorts if wanted.of in each), None)
    if sort is None:
        raise Refused(msg("这样的期次没有流动红旗"), kind=Refusal.UNKNOWN)
    if not LEAST_IN_A_ROW <= wanted.after <= len(sort):
        why = msg("连续几期：%(least)s 到 %(most)s", least=LEAST_IN_A_ROW, most=len(sort))
        raise invalid(why)

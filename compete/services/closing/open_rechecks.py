"""Open re-checks: what they still keep from being announced."""

from __future__ import annotations

from compete.domain.bundle.results import Results
from compete.domain.values.messages import msg
from compete.models import Competition
from compete.services.closing.blockers import Blocker
from compete.services.closing.recheck_scope import recheck_settings
from compete.services.closing.recheck_state import (
    RecheckStanding,
    RoundState,
    judged_stages,
    recheck_round,
    recheck_state_of,
)

KIND = "recheck"


def recheck_blockers(competition: Competition, results: Results) -> list[Blocker]:
    """List one blocker for each thing left to do; none where re-checking is not required."""
    if competition.kind == "labour" or not recheck_settings(competition).required:
        return []
    found = []
    for event, stage in judged_stages(competition):
        where = f"{event.name} {stage.name}"
        round = recheck_round(event, stage.code)
        if round is None:
            found.append(Blocker(KIND, msg("还没抽复核"), where))
        else:
            found += _of_round(recheck_state_of(round, results), where)
    return found


def _of_round(state: RoundState, where: str) -> list[Blocker]:
    differs, wrong = state.count(RecheckStanding.DIFFERS), state.count(RecheckStanding.WRONG)
    waiting, moved = state.count(RecheckStanding.WAITING), len(state.moved)
    left = [
        (msg("复核有 %(count)s 张出入没裁定", count=differs), differs),
        (msg("复核查出的 %(count)s 张错表还没改", count=wrong), wrong),
        (msg("复核还剩 %(count)s 张没录", count=waiting), waiting),
        (msg("名次变了，要补进复核的 %(count)s 个", count=moved), moved),
    ]
    return [Blocker(KIND, what, where, count=count) for what, count in left if count]

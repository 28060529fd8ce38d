"""A competition put away: out of the lists, whole and sealed as before, and brought back at will.

Nothing is deleted: its records are a chain that the installation's own chain vouches for.
"""

from __future__ import annotations

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import change_settings, settings_of
from compete.services.kernel.refusal import Refused, invalid, refuse_if
from compete.services.kernel.transactions import changing

_QUIET = (CompetitionState.REGISTERING, CompetitionState.FINAL)


def is_put_away(competition: Competition) -> bool:
    """True if the lists leave it out."""
    return settings_of(competition).put_away is not None


def why_not_put_away(competition: Competition) -> Message | None:
    """Say why it stays in the lists: it is put away already, or people are at work in it."""
    if is_put_away(competition):
        return msg("已经收起了")
    if competition_kind(competition).has_results and competition.state not in _QUIET:
        return msg("评分开始了，还没有终审，不能收起")
    return None


def put_away(competition: Competition, typed: str, by: Account) -> None:
    """Take it out of the lists; `typed` is its name, as a confirmation.

    Raises `Refused` where it stays, INVALID for another name.
    """
    with changing(competition) as competition:
        refuse_if(why_not_put_away(competition))
        if " ".join(typed.split()) != " ".join(competition.name.split()):
            raise invalid(msg("写的和竞赛名称不一样，应当是“%(name)s”", name=competition.name))
        change_settings(competition, put_away=local_today())
        after = {"on": local_today().isoformat()}
        audit.record(competition, by, "competition.put_away", competition.code, after=after)


def bring_back(competition: Competition, by: Account) -> None:
    """Put it into the lists again. Raises `Refused` where it is there."""
    with changing(competition) as competition:
        if not is_put_away(competition):
            raise Refused(msg("没有收起"))
        change_settings(competition, put_away=None)
        audit.record(competition, by, "competition.bring_back", competition.code)

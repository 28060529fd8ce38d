"""Re-check scope: whether a competition is re-checked before it is announced, and how much."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from compete.domain.recheck import RecheckShares
from compete.domain.values.messages import msg
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Event, RecheckRound, db
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import change_settings, settings_of
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.transactions import changing
from compete.services.sheets.act_rules import typed_number
from compete.services.sheets.locks_in_force import PROVINCIAL_AND_ABOVE


@dataclass(frozen=True)
class RecheckSettings:
    """The settings of re-checks; `top`, `rest` and `limit` are per cent: best, others, errors."""

    required: bool
    top: Decimal
    rest: Decimal
    limit: Decimal


def recheck_settings(competition: Competition) -> RecheckSettings:
    """The organiser's settings; otherwise 30, 15 and 5, required from provincial level up."""
    given = settings_of(competition).recheck
    serious = competition.level in PROVINCIAL_AND_ABOVE
    required = serious if given.required is None else given.required
    return RecheckSettings(required, given.top, given.rest, given.limit)


def change_recheck_settings(
    competition: Competition, *, required: bool, top: str, rest: str, limit: str, by: Account
) -> None:
    """Set them; `Refused` for shares that are none, and once anything has been drawn.

    Once judging has begun one person makes it more, never less (`lessens_recheck`).
    """
    shares = recheck_shares(required=required, top=top, rest=rest, limit=limit)
    with changing(competition) as competition:
        require_no_round(competition)
        if lessens_recheck(competition, shares):
            raise Refused(msg("评分开始以后，复核只能加多；减少、免掉要写理由，由两个人定"))
        before, after = _share_texts(settings_of(competition).recheck), _share_texts(shares)
        change_settings(competition, recheck=after)
        audit.record(
            competition, by, "recheck.settings", competition.code, before=before, after=after
        )


def recheck_shares(*, required: bool, top: str, rest: str, limit: str) -> RecheckShares:
    """Read the typed shares; `Refused` for shares that are none, or if nothing would be drawn."""
    shares = RecheckShares(
        required=required,
        top=_share(top, msg("前多少")),
        rest=_share(rest, msg("其余抽多少")),
        limit=_share(limit, msg("错误率上限")),
    )
    if required and not shares.top and not shares.rest:
        raise invalid(msg("“前多少”和“其余抽多少”不能都是 0：要复核就至少抽一张"))
    return shares


def lessens_recheck(competition: Competition, wanted: RecheckShares) -> bool:
    """True if judging has begun and less would be re-checked than was said before it."""
    if competition.state is CompetitionState.REGISTERING:
        return False
    now = recheck_settings(competition)
    if not now.required:
        return False
    less = wanted.top < now.top or wanted.rest < now.rest or wanted.limit > now.limit
    return less or not wanted.required


def require_no_round(competition: Competition) -> None:
    """Raise `Refused` once anything of the competition has been drawn."""
    if has_round(competition):
        raise Refused(msg("已经抽过复核，不能再改规则"))


def _share_texts(shares: RecheckShares) -> dict[str, Any]:
    return {
        "required": shares.required,
        **{key: f"{getattr(shares, key):f}" for key in ("top", "rest", "limit")},
    }


def has_round(competition: Competition) -> bool:
    """True if anything of the competition has been drawn yet."""
    drawn = db.session.scalar(
        select(RecheckRound.id)
        .join(Event, Event.id == RecheckRound.event_id)
        .where(Event.competition_id == competition.id)
        .limit(1)
    )
    return drawn is not None


def _share(text: str, name: object) -> Decimal:
    share = typed_number(text)
    if share is None or not 0 <= share <= 100:
        raise invalid(msg("“%(name)s”要 0 到 100 的数", name=name))
    if round(share, 2) != share:
        raise invalid(msg("“%(name)s”最多两位小数", name=name))
    return share

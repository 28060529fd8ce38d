"""Whether a competition is re-checked before it is announced, and how much of it, as it is set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from sqlalchemy import select

from compete.domain.values import Level, msg
from compete.models import Account, Competition, Event, RecheckRound, db
from compete.services.kernel import (
    Refusal,
    Refused,
    audit,
    change_settings,
    for_update,
    settings_of,
    unit_of_work,
)

_SERIOUS = {Level.NATIONAL_1, Level.NATIONAL_2, Level.PROVINCIAL_1, Level.PROVINCIAL_2}


@dataclass(frozen=True)
class RecheckSettings:
    """`top`, `rest` and `limit` are per cent: of the best, of the others, of errors."""

    required: bool
    top: Decimal
    rest: Decimal
    limit: Decimal


def recheck_settings(competition: Competition) -> RecheckSettings:
    """What the organiser has set; otherwise 30, 15 and 5, required from provincial level up."""
    given = settings_of(competition).recheck
    serious = Level(competition.level) in _SERIOUS
    required = serious if given.required is None else given.required
    return RecheckSettings(required, given.top, given.rest, given.limit)


def change_recheck_settings(
    competition: Competition, *, required: bool, top: str, rest: str, limit: str, by: Account
) -> None:
    """Set them; `Refused` for shares that are none, and once anything has been drawn."""
    shares = {
        "top": _share(top, msg("前多少")),
        "rest": _share(rest, msg("其余抽多少")),
        "limit": _share(limit, msg("错误率上限")),
    }
    with unit_of_work():
        competition = for_update(competition)
        if has_round(competition):
            raise Refused(msg("已经抽过复核，不能再改规则"))
        given = settings_of(competition).recheck
        stood = {"top": given.top, "rest": given.rest, "limit": given.limit}
        before = {"required": given.required} | _written(stood)
        after = {"required": required} | _written(shares)
        change_settings(competition, recheck=after)
        audit.record(
            competition, by, "recheck.settings", competition.code, before=before, after=after
        )


def _written(shares: Mapping[str, Decimal]) -> dict[str, str]:
    return {key: f"{share:f}" for key, share in shares.items()}


def has_round(competition: Competition) -> bool:
    """Whether anything of the competition has been drawn yet."""
    found = db.session.scalar(
        select(RecheckRound.id)
        .join(Event, Event.id == RecheckRound.event_id)
        .where(Event.competition_id == competition.id)
        .limit(1)
    )
    return found is not None


def _share(text: str, name: object) -> Decimal:
    try:
        share = Decimal(text.strip())
    except InvalidOperation:
        share = Decimal(-1)
    exponent = share.as_tuple().exponent
    if not share.is_finite() or not 0 <= share <= 100 or not isinstance(exponent, int):
        raise Refused(msg("“%(name)s”要 0 到 100 的数", name=name), kind=Refusal.INVALID)
    if exponent < -2:
        raise Refused(msg("“%(name)s”最多两位小数", name=name), kind=Refusal.INVALID)
    return share

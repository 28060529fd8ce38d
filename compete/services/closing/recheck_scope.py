"""Re-check scope: whether a competition is re-checked before it is announced, and how much."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import select

from compete.domain.recheck import RecheckShares
from compete.domain.values.messages import msg
from compete.models import Account, Competition, Event, RecheckRound, db
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import change_settings, settings_of
from compete.services.kernel.detail_fields import is_less, is_more
from compete.services.kernel.fields import (
    Setting,
    faults_in,
    steps_of,
    take_two,
)
from compete.services.kernel.refusal import FieldRefused, Refused
from compete.services.kernel.transactions import changing
from compete.services.sheets.locks_in_force import PROVINCIAL_AND_ABOVE

_HOW_MUCH = msg("要 0 到 100 的数")


@dataclass(frozen=True)
class RecheckSettings:
    """The settings of re-checks; `top`, `rest` and `limit` are per cent: best, others, errors."""

    required: Annotated[bool, Setting(msg("复核完才能公布成绩"), two_if=is_less)]
    top: Annotated[
        Decimal,
        Setting(msg("前多少 %"), most=100, needed=_HOW_MUCH, wrong=_HOW_MUCH, two_if=is_less),
    ]
    rest: Annotated[
        Decimal,
        Setting(msg("其余抽多少 %"), most=100, needed=_HOW_MUCH, wrong=_HOW_MUCH, two_if=is_less),
    ]
    limit: Annotated[
        Decimal,
        Setting(msg("错误率上限 %"), most=100, needed=_HOW_MUCH, wrong=_HOW_MUCH, two_if=is_more),
    ]

    @property
    def shares(self) -> RecheckShares:
        """The settings as they are kept."""
        return RecheckShares(self.required, self.top, self.rest, self.limit)


def recheck_settings(competition: Competition) -> RecheckSettings:
    """The organiser's settings; otherwise 30, 15 and 5, required from provincial level up."""
    given = settings_of(competition).recheck
    serious = competition.level in PROVINCIAL_AND_ABOVE
    required = serious if given.required is None else given.required
    return RecheckSettings(required, given.top, given.rest, given.limit)


def change_recheck_settings(
    competition: Competition, wanted: RecheckSettings, *, by: Account
) -> None:
    """Set them; `Refused` for shares that are none, and once anything has been drawn.

    Once judging has begun one person makes it more, never less (`lessens_recheck`).
    """
    check_recheck(wanted)
    with changing(competition) as competition:
        require_no_round(competition)
        if lessens_recheck(competition, wanted):
            raise Refused(msg("评分开始以后，复核只能加多；减少、免掉要写理由，由两个人定"))
        before = _share_texts(settings_of(competition).recheck)
        after = _share_texts(wanted.shares)
        change_settings(competition, recheck=after)
        audit.record(
            competition, by, "recheck.settings", competition.code, before=before, after=after
        )


def check_recheck(wanted: RecheckSettings) -> None:
    """Raise `FieldRefused` for shares that are none, or if nothing would be drawn."""
    for fault in faults_in(wanted):
        raise fault
    if wanted.required and not wanted.top and not wanted.rest:
        raise FieldRefused("top", msg("“前多少”和“其余抽多少”不能都是 0：要复核就至少抽一张"))


def lessens_recheck(competition: Competition, wanted: RecheckSettings) -> bool:
    """True if judging has begun and less would be re-checked than was said before it."""
    now = recheck_settings(competition)
    return now.required and bool(take_two(now, wanted, steps_of(competition)))


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

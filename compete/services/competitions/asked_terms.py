"""What shortens the public's time to object: one asks for it, a second person agrees.

A notice of fewer working days than rules usually set, and certificates before results are
final. The rest of a competition's details one organiser sets alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from compete.domain.values import CompetitionState, Message, Right, msg
from compete.models import Account, Competition, db, utc_now
from compete.services.accounts import may, require_second, who_else
from compete.services.kernel import (
    AskedTerms,
    Refusal,
    Refused,
    audit,
    change_settings,
    for_update,
    settings_of,
    unit_of_work,
)
from compete.services.publication import publications

LEAST_NOTICE_DAYS = 3
"""From here on an organiser sets the days alone."""


@dataclass(frozen=True, slots=True)
class WaitingTerms:
    """What was asked for; None of what stays as it is. `mark` tells one asking from the next."""

    notice_days: int | None
    certify_early: bool
    why: str
    by: Account
    at: datetime
    mark: str


def waiting_terms(competition: Competition) -> WaitingTerms | None:
    """What waits for a second person, if anything does."""
    asked = settings_of(competition).asked
    if asked is None:
        return None
    by = db.session.get_one(Account, asked.by)
    mark = asked.at.isoformat()
    return WaitingTerms(asked.notice_days, asked.certify_early, asked.why, by, asked.at, mark)


def wants_two(now_days: int, days: int, *, now_early: bool, early: bool) -> bool:
    """Whether such a change of days of notice, or of when to certify, takes a second person."""
    return _is_short(now_days, days) or (early and not now_early)


def ask_terms(
    competition: Competition, days: int, why: str, by: Account, *, early: bool
) -> tuple[str, ...]:
    """Put down what of this takes two; inside a unit of work. The names of the details.

    What was asked before is forgotten. Raises `Refused` (INVALID) without a reason.
    """
    now = settings_of(competition)
    short, soon = _is_short(now.notice_days, days), early and not now.certify_early
    if not why:
        raise Refused(
            msg(
                "公示少于 %(least)s 个工作日、公示期间就发证，要写理由，由两个人定",
                least=LEAST_NOTICE_DAYS,
            ),
            kind=Refusal.INVALID,
        )
    asked = AskedTerms(
        by=by.id,
        at=utc_now(),
        why=why,
        notice_days=days if short else None,
        certify_early=soon,
    )
    change_settings(competition, asked=asked)
    audit.record(
        competition,
        by,
        "competition.ask_terms",
        competition.code,
        after={"notice_days": asked.notice_days, "certify_early": asked.certify_early},
        reason=why,
    )
    return (*(("notice_days",) if short else ()), *(("certify_early",) if soon else ()))


def agree_terms(competition: Competition, by: Account, *, seen: str | None = None) -> None:
    """The second person's word: it holds from now on. `Refused` for the first one's own.

    `seen` is the mark of what the page showed. Once marks are locked a notice is not shortened
    any more, not even by two.
    """
    with unit_of_work():
        competition = for_update(competition)
        asked = waiting_terms(competition)
        if asked is None or seen not in (None, asked.mark):
            raise Refused(msg("没有等着同意的，请刷新"))
        if by.id == asked.by.id:
            raise Refused(msg("要两个人，你是提出的人，请另一位来同意"))
        if not may(by, competition, Right.AGREE):
            raise Refused(msg("组委会、裁判长或监督才能同意"), kind=Refusal.FORBIDDEN)
        require_second(asked.by.id, by)
        if asked.notice_days is not None and is_settled(competition):
            raise Refused(msg("评分锁定或公布以后，公示的时间只能加长"))
        now = settings_of(competition)
        changed: dict[str, object] = {"asked": None}
        if asked.notice_days is not None:
            changed["notice_days"] = asked.notice_days
        if asked.certify_early:
            changed["certify_early"] = True
        change_settings(competition, **changed)
        audit.record(
            competition,
            by,
            "competition.agree_terms",
            competition.code,
            before={"notice_days": now.notice_days, "certify_early": now.certify_early},
            after={"notice_days": asked.notice_days, "certify_early": asked.certify_early},
            reason=asked.why,
        )


def drop_terms(competition: Competition, by: Account) -> None:
    """It stays as it is after all."""
    with unit_of_work():
        competition = for_update(competition)
        if settings_of(competition).asked is None:
            raise Refused(msg("没有等着同意的，请刷新"))
        change_settings(competition, asked=None)
        audit.record(competition, by, "competition.drop_terms", competition.code)


def why_not_agree_terms(competition: Competition, by: Account) -> Message | None:
    """Why this person is not the second who agrees, and who is; None: may."""
    asked = settings_of(competition).asked
    return who_else(competition, Right.AGREE, asked.by if asked else None, by)


def is_settled(competition: Competition) -> bool:
    """Whether marks are locked or results are out: what objections count on is no more shorter."""
    begun = competition.state is not CompetitionState.REGISTERING
    locked = begun and competition.state is not CompetitionState.JUDGING
    return locked or bool(publications(competition))


def _is_short(now: int, days: int) -> bool:
    return days < min(now, LEAST_NOTICE_DAYS)

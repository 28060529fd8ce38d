"""What shortens the public's time to object: one asks for it, a second person agrees.

A notice of fewer working days than rules usually set, and certificates before results are
final; once judging has begun also fewer hours to appeal, corrections without a notice of their
own, less time to go on to the second instance, and more that cannot be appealed. The rest of a
competition's details one organiser sets alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from msgspec.structs import replace

from compete.domain.values import CompetitionState, Message, Right, msg
from compete.models import Account, Competition, db, utc_now
from compete.services.accounts import require_may_agree, require_second, who_else
from compete.services.appeals import check_appeal_rules, set_appeal_rules, takes_two
from compete.services.kernel import (
    AppealRules,
    AskedTerms,
    Refusal,
    Refused,
    audit,
    change_settings,
    for_update,
    reason_text,
    settings_of,
    unit_of_work,
)
from compete.services.publication import publications

LEAST_NOTICE_DAYS = 3
"""From here on an organiser sets the days alone."""


Wanted = int | bool | tuple[str, ...]
OF_APPEALS = ("second_hours", "barred")
"""Those that stand among the rules of appeals."""


class Terms(Protocol):
    """What of a competition's details public objections hang on."""

    @property
    def notice_days(self) -> int: ...
    @property
    def certify_early(self) -> bool: ...
    @property
    def appeal_hours(self) -> int: ...
    @property
    def notice_again(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class WaitingTerms:
    """What was asked for, by the names of details. `mark` tells one asking from the next."""

    wanted: Mapping[str, Wanted]
    why: str
    by: Account
    at: datetime
    mark: str
    barred: tuple[str, ...] = ()


def waiting_terms(competition: Competition) -> WaitingTerms | None:
    """What waits for a second person, if anything does."""
    asked = settings_of(competition).asked
    if asked is None:
        return None
    by = db.session.get_one(Account, asked.by)
    return WaitingTerms(
        _wanted(asked), asked.why, by, asked.at, asked.at.isoformat(), asked.barred or ()
    )


def for_two(competition: Competition, wanted: Terms) -> tuple[str, ...]:
    """The names of the details that such a change would set only by a second person's word."""
    now, begun = settings_of(competition), competition.state is not CompetitionState.REGISTERING
    takes_two = {
        "notice_days": wanted.notice_days < min(now.notice_days, LEAST_NOTICE_DAYS),
        "certify_early": wanted.certify_early and not now.certify_early,
        "appeal_hours": begun and wanted.appeal_hours < now.appeal_hours,
        "notice_again": begun and now.notice_again and not wanted.notice_again,
    }
    return tuple(name for name, does in takes_two.items() if does)


def ask_terms(
    competition: Competition, names: Sequence[str], wanted: Terms, why: str, by: Account
) -> None:
    """Put down what of this takes two (`for_two`); inside a unit of work.

    What was asked before is forgotten. Raises `Refused` (INVALID) without a reason.
    """
    asked = AskedTerms(
        by=by.id,
        at=utc_now(),
        why=why,
        notice_days=wanted.notice_days if "notice_days" in names else None,
        certify_early="certify_early" in names,
        appeal_hours=wanted.appeal_hours if "appeal_hours" in names else None,
        straight="notice_again" in names,
    )
    _ask(competition, asked, by)


def _ask(competition: Competition, asked: AskedTerms, by: Account) -> None:
    if not asked.why:
        raise Refused(
            msg(
                "公示少于 %(least)s 个工作日、公示期间就发证、评分开始以后缩短申诉、少受理申诉"
                "或取消更正后的公示，要写理由，由两个人定",
                least=LEAST_NOTICE_DAYS,
            ),
            kind=Refusal.INVALID,
        )
    change_settings(competition, asked=asked)
    audit.record(
        competition,
        by,
        "competition.ask_terms",
        competition.code,
        after=_wanted(asked),
        reason=asked.why,
    )


def change_appeal_rules(
    competition: Competition, wanted: AppealRules, by: Account, why: str = ""
) -> bool:
    """Set how appeals go; whether a part of it waits for a second person.

    Once judging has begun that is what takes a right to object away: less time to go on, more
    that cannot be appealed. The rest holds at once. Raises `Refused` as `set_appeal_rules` does,
    INVALID without a reason where a part waits, CONFLICT for such a part once marks are locked.
    """
    why = reason_text(why)
    with unit_of_work():
        competition = for_update(competition)
        now = settings_of(competition).appeals
        waiting = takes_two(competition, wanted)
        if not waiting:
            set_appeal_rules(competition, wanted, by)
            return False
        if is_settled(competition):
            raise Refused(msg("评分锁定或公布以后，不能再少受理，提请的时间只能加长"))
        kept = tuple(kind for kind in wanted.barred if kind in now.barred)
        hours = max(wanted.second_hours, now.second_hours)
        # First what one may set alone, so that what is no rule at all is refused with it.
        check_appeal_rules(wanted)
        set_appeal_rules(competition, replace(wanted, barred=kept, second_hours=hours), by)
        _ask(
            competition,
            AskedTerms(
                by=by.id,
                at=utc_now(),
                why=why,
                second_hours=wanted.second_hours if "second_hours" in waiting else None,
                barred=wanted.barred if "barred" in waiting else None,
            ),
            by,
        )
    return True


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
        require_may_agree(by, competition)
        require_second(asked.by.id, by)
        if asked.wanted.keys() - {"certify_early"} and is_settled(competition):
            raise Refused(msg("评分锁定或公布以后，公示和申诉的时间只能加长"))
        now = settings_of(competition)
        of_appeals = {name: asked.wanted[name] for name in OF_APPEALS if name in asked.wanted}
        changed: dict[str, Any] = {
            name: value for name, value in asked.wanted.items() if name not in of_appeals
        }
        if of_appeals:
            changed["appeals"] = replace(now.appeals, **of_appeals)
        change_settings(competition, asked=None, **changed)
        audit.record(
            competition,
            by,
            "competition.agree_terms",
            competition.code,
            before={
                name: getattr(now.appeals if name in of_appeals else now, name)
                for name in asked.wanted
            },
            after=dict(asked.wanted),
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


def _wanted(asked: AskedTerms) -> dict[str, Wanted]:
    wanted: dict[str, Wanted] = {}
    if asked.notice_days is not None:
        wanted["notice_days"] = asked.notice_days
    if asked.certify_early:
        wanted["certify_early"] = True
    if asked.appeal_hours is not None:
        wanted["appeal_hours"] = asked.appeal_hours
    if asked.straight:
        wanted["notice_again"] = False
    if asked.second_hours is not None:
        wanted["second_hours"] = asked.second_hours
    if asked.barred is not None:
        wanted["barred"] = asked.barred
    return wanted

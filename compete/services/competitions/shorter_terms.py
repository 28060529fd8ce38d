"""Shorter terms: one asks for less of the public's time to object, a second person agrees.

Once judging has begun: a notice of fewer working days than rules usually set, certificates
before results are final, fewer hours to appeal, corrections without a notice of their own, less
time to go on to the second instance, and more that cannot be appealed. The rest of a
competition's details, and all of them before, one organiser sets alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import msgspec
from msgspec.structs import replace

from compete.domain.recheck import RecheckShares
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, db, utc_now
from compete.services.accounts.second_persons import ASKED_YOURSELF, SecondWord
from compete.services.appeals.rules import check_appeal_rules, set_appeal_rules, takes_two
from compete.services.appeals.windows import appeals_have_begun
from compete.services.closing.recheck_scope import (
    change_recheck_settings,
    lessens_recheck,
    recheck_shares,
    require_no_round,
)
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import (
    AppealRules,
    AskedTerms,
    change_settings,
    settings_of,
)
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing
from compete.services.results.snapshots import latest_publication, publications
from compete.services.results.stored_versions import publish_bends

LEAST_NOTICE_DAYS = 3
"""From here on an organiser sets the days alone."""


Wanted = int | bool | tuple[str, ...] | RecheckShares
OF_APPEALS = ("second_hours", "barred")
"""The terms that stand among the rules of appeals."""


class Terms(Protocol):
    """The details of a competition on which public objections hang."""

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
    """The terms asked for, by the names of details. `mark` tells one asking from the next."""

    wanted: Mapping[str, Wanted]
    why: str
    by: Account
    at: datetime
    mark: str
    barred: tuple[str, ...] = ()
    recheck: RecheckShares | None = None


def waiting_terms(competition: Competition) -> WaitingTerms | None:
    """The shorter terms that wait for a second person, or None."""
    asked = settings_of(competition).asked
    if asked is None:
        return None
    by = db.session.get_one(Account, asked.by)
    return WaitingTerms(
        _wanted(asked),
        asked.why,
        by,
        asked.at,
        asked.at.isoformat(),
        asked.barred or (),
        asked.recheck,
    )


def for_two(competition: Competition, wanted: Terms) -> tuple[str, ...]:
    """The names of the details that such a change would set only by a second person's word."""
    if competition.state is CompetitionState.REGISTERING:
        return ()
    now = settings_of(competition)
    takes_two = {
        "notice_days": wanted.notice_days < min(now.notice_days, LEAST_NOTICE_DAYS),
        "certify_early": wanted.certify_early and not now.certify_early,
        "appeal_hours": wanted.appeal_hours < now.appeal_hours,
        "notice_again": now.notice_again and not wanted.notice_again,
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
        raise invalid(
            msg(
                "评分开始以后公示少于 %(least)s 个工作日、公示期间就发证、缩短申诉、少受理申诉、"
                "少复核或取消更正后的公示，要写理由，由两个人定",
                least=LEAST_NOTICE_DAYS,
            )
        )
    change_settings(competition, asked=asked)
    after = _plain(_wanted(asked))
    audit.record(
        competition, by, "competition.ask_terms", competition.code, after=after, reason=asked.why
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
    with changing(competition) as competition:
        now = settings_of(competition).appeals
        waiting = takes_two(competition, wanted)
        if not waiting:
            set_appeal_rules(competition, wanted, by)
            return False
        if why_not := why_no_shorter(competition, waiting):
            raise Refused(why_not)
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


def change_recheck(
    competition: Competition,
    *,
    required: bool,
    top: str,
    rest: str,
    limit: str,
    by: Account,
    why: str = "",
) -> bool:
    """Set how much is re-checked; whether it waits for a second person.

    It does once judging has begun and less would be (`lessens_recheck`). Raises `Refused` as
    `change_recheck_settings` does, and without a reason.
    """
    shares = recheck_shares(required=required, top=top, rest=rest, limit=limit)
    with changing(competition) as competition:
        if not lessens_recheck(competition, shares):
            change_recheck_settings(
                competition, required=required, top=top, rest=rest, limit=limit, by=by
            )
            return False
        require_no_round(competition)
        _ask(
            competition,
            AskedTerms(by=by.id, at=utc_now(), why=reason_text(why), recheck=shares),
            by,
        )
    return True


def agree_terms(competition: Competition, by: Account, *, seen: str | None = None) -> None:
    """The second person's word: it holds from now on. `Refused` for the first one's own.

    `seen` is the mark of what the page showed. Once marks are locked a notice is not shortened
    any more, not even by two.
    """
    with changing(competition) as competition:
        asked = waiting_terms(competition)
        if asked is None or seen not in (None, asked.mark):
            raise Refused(msg("没有等着同意的，请刷新"))
        terms_word(competition).require(by)
        if why := why_no_shorter(competition, asked.wanted):
            raise Refused(why)
        if "recheck" in asked.wanted:
            require_no_round(competition)
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
            before=_plain(
                {
                    name: getattr(now.appeals if name in of_appeals else now, name)
                    for name in asked.wanted
                }
            ),
            after=_plain(asked.wanted) | {"asked": audit.signer(asked.by)},
            reason=asked.why,
            bends=True,
        )
    if latest_publication(competition) is not None:
        publish_bends(competition, by)


def drop_terms(competition: Competition, by: Account) -> None:
    """Drop the wanted terms: all stays as it is."""
    with changing(competition) as competition:
        if settings_of(competition).asked is None:
            raise Refused(msg("没有等着同意的，请刷新"))
        change_settings(competition, asked=None)
        audit.record(competition, by, "competition.drop_terms", competition.code)


def terms_word(competition: Competition) -> SecondWord:
    """The conditions of agreeing to them."""
    asked = settings_of(competition).asked
    first = asked.by if asked else None
    grave = asked is not None and asked.recheck is not None
    return SecondWord(competition, first, grave=grave, own=ASKED_YOURSELF)


def why_no_shorter(competition: Competition, names: Collection[str]) -> Message | None:
    """Say why not even two shorten these (`for_two`): somebody counts on them. None: may."""
    begun = competition.state is not CompetitionState.REGISTERING
    locked = begun and competition.state is not CompetitionState.JUDGING
    if set(names) - {"certify_early", "recheck"} and (locked or publications(competition)):
        return msg(
            "评分锁定或公布以后，公示和申诉的时间只能加长，更正后的公示也不能取消；要提前定，由两个人办"
        )
    if {"appeal_hours", "barred"}.intersection(names) and begun and appeals_have_begun(competition):
        return msg("有模块已经比完，选手照原来的申诉时间在等，只能加长")
    return None


def _plain(wanted: Mapping[str, Wanted]) -> dict[str, Any]:
    """The terms as the record has them."""
    plain: dict[str, Any] = msgspec.to_builtins(dict(wanted))
    return plain


def _wanted(asked: AskedTerms) -> dict[str, Wanted]:
    """What was asked for, by the names of details and in the order of the form."""
    said: dict[str, Wanted | None] = {
        "notice_days": asked.notice_days,
        "certify_early": asked.certify_early or None,
        "appeal_hours": asked.appeal_hours,
        "notice_again": False if asked.straight else None,
        "second_hours": asked.second_hours,
        "barred": asked.barred,
        "recheck": asked.recheck,
    }
    return {name: value for name, value in said.items() if value is not None}

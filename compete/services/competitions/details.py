"""Details of a competition that its organiser sets: dates, place, whom to ask, the notice.

One asks for shorter terms, less of the public's time to object, a second person agrees, once
judging has begun: a notice of fewer working days than rules usually set, certificates before
results are final, fewer hours to appeal, corrections without a notice of their own, less time to
go on to the second instance, and more that cannot be appealed. The rest of the details, and all of
them before, one organiser sets alone. The last change is taken back while nothing else was set
since."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from typing import Any, get_type_hints

import msgspec

from compete.domain.kinds.kinds import competition_kind
from compete.domain.recheck import RecheckShares
from compete.domain.values.canonical import short_mark
from compete.domain.values.days import date_words
from compete.domain.values.kinds import Level
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, db, utc_now
from compete.services.accounts.second_persons import ASKED_YOURSELF, SecondWord
from compete.services.appeals.rules import (
    MOST_APPEAL_HOURS,
    check_appeal_rules,
    set_appeal_rules,
    takes_two,
)
from compete.services.appeals.windows import appeals_have_begun
from compete.services.closing.recheck_scope import (
    change_recheck_settings,
    lessens_recheck,
    recheck_shares,
    require_no_round,
)
from compete.services.kernel import audit
from compete.services.kernel.clock import read_wall_clock
from compete.services.kernel.competition_settings import (
    AppealRules,
    AskedTerms,
    change_settings,
    settings_of,
)
from compete.services.kernel.edit_conflicts import merged
from compete.services.kernel.last_records import LastDone, last_record, require_last_shown
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refusal, Refused, invalid, refuse_if
from compete.services.kernel.text_limits import check_text, reason_text
from compete.services.kernel.transactions import changing
from compete.services.results.snapshots import publications
from compete.services.results.stored_versions import publish_bends

LONGEST_TEXT, LONGEST_HINT = 200, 500
MOST_NOTICE_DAYS = 60
MOST_ITEMS, LONGEST_ITEM, MOST_MINUTES = 8, 12, 240
MOST_SHARE = 100
NO_DAY = msg("考核那天要写，申报条件按它算")
"""Told where an evaluation would have no day."""
_COLUMNS = ("name", "level", "year", "starts", "ends", "venue", "host", "series")
DETAILS_SET = "competition.change"
"""The record of setting them."""
UNTIL_JUDGING = ("level", "year")
"""The details that grade rules go by: settled before anybody is judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """The details as they stand, or as they are to be. Empty texts are None.

    `notice_days` are whole working days, `notice_closes` is when the last of them ends
    (None: with the day), `notice_again` what a correction after it wants, `certify_early`
    whether certificates may go out before results are final, `appeal_hours` count from the
    publication. `place` is where contestants check in, where that is not the venue; there
    `check_in_items` are asked for, until `check_in_closes` minutes before the start.
    `results_at` is when results are to come out: a plan, told before they do.
    `full_names`: of those who consent, on the page of results and the printed notice.
    `searchable`: search engines may list the public pages. `call_up`: the next in order may
    follow who leaves before a stage begins. `low_share`: scores of a labour competition that are
    under so many per cent of full marks stand out.
    """

    name: str
    level: Level = Level.ENTERPRISE
    year: int | None = None
    starts: date | None = None
    ends: date | None = None
    venue: str | None = None
    host: str | None = None
    series: str | None = None
    contact: str | None = None
    place: str | None = None
    bring: str | None = None
    results_at: str | None = None
    notice_days: int = 5
    notice_closes: time | None = None
    notice_again: bool = True
    certify_early: bool = False
    appeal_hours: int = 2
    full_names: bool = False
    searchable: bool = False
    check_in_items: tuple[str, ...] = ()
    check_in_closes: int = 0
    call_up: bool = True
    low_share: int = 70

    @property
    def mark(self) -> str:
        """The mark that tells one state of them from another."""
        return short_mark(msgspec.to_builtins(self))


class FieldRefused(Refused):
    """A refusal of what stands in one field; `field` is its name."""

    def __init__(self, field: str, message: Message, kind: Refusal = Refusal.INVALID) -> None:
        super().__init__(message, kind)
        self.field = field


def details_of(competition: Competition) -> Details:
    """The details as they stand."""
    settings = settings_of(competition)
    values = {
        field.name: getattr(competition if field.name in _COLUMNS else settings, field.name)
        for field in fields(Details)
    }
    closes = _time(settings.notice_closes)
    return Details(**values | {"level": Level(competition.level), "notice_closes": closes})


def why_not_renamed(competition: Competition) -> Message | None:
    """Say why the name stays: what was published and certified bears it."""
    if publications(competition):
        return msg("公布过的成绩和证书上写着这个名称，不能再改")
    return None


def change_details(
    competition: Competition, wanted: Details, was: Details, by: Account, why: str | None = ""
) -> list[str]:
    """Set them; the names of those that changed. `was` is what the page showed.

    What somebody else changed since stays.

    What shortens the time to object (`asked_terms`) is asked for with the reason `why`, and
    stays as it is until a second person agrees; it is not among the names. Without a reason to
    ask with (None: somebody is still typing) it is refused.

    What was printed, published or issued before stays as it is. Raises
    `BothChangedError` where both changed the same, or `Refused` (INVALID) naming what cannot be.
    """
    _check(wanted)
    with changing(competition) as competition:
        now = details_of(competition)
        wanted = merged(was, wanted, now)
        changed = [part.name for part in fields(Details) if _differs(now, wanted, part.name)]
        if not changed:
            return []
        _check(wanted)
        _check_against(competition, now, wanted)
        if waiting := _for_two(competition, wanted):
            if why is None:
                raise FieldRefused(
                    next(iter(waiting)),
                    msg("这样要由两个人定：写好为什么，按“提出”，另一位同意了才算"),
                    Refusal.CONFLICT,
                )
            try:
                ask_terms(competition, waiting, wanted, reason_text(why), by)
            except Refused as refused:
                raise FieldRefused("why_shorter", refused.message, refused.kind) from refused
            changed = [name for name in changed if name not in waiting]
            if not changed:
                return []
        for name in changed:
            if name in _COLUMNS:
                setattr(competition, name, getattr(wanted, name))
        settings = {name: getattr(wanted, name) for name in changed if name not in _COLUMNS}
        if "notice_closes" in settings:
            closes = wanted.notice_closes
            settings["notice_closes"] = closes.isoformat("minutes") if closes else None
        change_settings(competition, **settings)
        before = {name: _plain_detail(getattr(now, name)) for name in changed}
        after = {name: _plain_detail(getattr(wanted, name)) for name in changed}
        audit.record(competition, by, DETAILS_SET, competition.code, before=before, after=after)
    return changed


def _differs(now: Details, wanted: Details, name: str) -> bool:
    return bool(getattr(now, name) != getattr(wanted, name))


def _check(wanted: Details) -> None:
    if not wanted.name:
        raise FieldRefused("name", msg("名称要写"))
    for name in ("name", "venue", "host", "series", "contact", "place"):
        check_text(getattr(wanted, name) or "", LONGEST_TEXT)
    check_text(wanted.bring or "", LONGEST_HINT)
    if wanted.results_at is not None and read_wall_clock(wanted.results_at) is None:
        raise FieldRefused("results_at", msg("日期和时间没写全"))
    if fault := day_fault(wanted.starts, wanted.ends):
        raise fault
    if not 0 <= wanted.notice_days <= MOST_NOTICE_DAYS:
        raise FieldRefused(
            "notice_days", msg("公示要 0 到 %(most)s 个工作日", most=MOST_NOTICE_DAYS)
        )
    if not 1 <= wanted.appeal_hours <= MOST_APPEAL_HOURS:
        raise FieldRefused("appeal_hours", msg("申诉要 1 到 %(most)s 小时", most=MOST_APPEAL_HOURS))
    if len(wanted.check_in_items) > MOST_ITEMS:
        raise FieldRefused("check_in_items", msg("检录时看的东西最多 %(most)s 样", most=MOST_ITEMS))
    for item in wanted.check_in_items:
        check_text(item, LONGEST_ITEM)
    if not 0 <= wanted.check_in_closes <= MOST_MINUTES:
        raise FieldRefused(
            "check_in_closes", msg("停止检录要在开始前 0 到 %(most)s 分钟", most=MOST_MINUTES)
        )
    if not 0 <= wanted.low_share <= MOST_SHARE:
        raise FieldRefused("low_share", msg("得分率要 0 到 %(most)s", most=MOST_SHARE))


def day_fault(starts: date | None, ends: date | None) -> FieldRefused | None:
    """Say what is wrong with the first and the last day, or None."""
    if ends and not starts:
        return FieldRefused("starts", msg("写了结束日期，开始日期也要写"))
    if starts and ends and ends < starts:
        return FieldRefused("ends", msg("结束日期早于开始日期"))
    return None


def _why_not_details(competition: Competition, wanted: Details) -> Message | None:
    """Say why one alone cannot set them as they are wanted, or None."""
    try:
        _check(wanted)
        _check_against(competition, details_of(competition), wanted)
    except Refused as refused:
        return refused.message
    if _for_two(competition, wanted):
        return msg("公示、申诉的时间变短，要写理由、由第二个人同意：在下面改，不能一下撤销")
    return None


def _check_against(competition: Competition, now: Details, wanted: Details) -> None:
    """Check the details against what the competition has come to."""
    if competition_kind(competition).has_conditions and now.starts and not wanted.starts:
        raise FieldRefused("starts", NO_DAY)
    if wanted.name != now.name and (why := why_not_renamed(competition)):
        raise Refused(why)
    begun = competition.state is not CompetitionState.REGISTERING
    if begun and any(_differs(now, wanted, name) for name in UNTIL_JUDGING):
        raise Refused(msg("评分已经开始，级别和年度不能再改"))
    # Ending a notice early takes two; one alone must not get there by setting less of it.
    shorter = {
        "notice_days": wanted.notice_days < now.notice_days,
        "appeal_hours": wanted.appeal_hours < now.appeal_hours,
        "notice_again": now.notice_again and not wanted.notice_again,
    }
    for field in (name for name, is_so in shorter.items() if is_so):
        if why := _why_no_shorter(competition, [field]):
            raise FieldRefused(field, why, Refusal.CONFLICT)
    printed, last = settings_of(competition).award_date, wanted.ends or wanted.starts
    if printed is not None and last is not None and printed < last:
        raise FieldRefused(
            "ends" if wanted.ends else "starts",
            msg("获奖证书的落款日期是 %(day)s，竞赛不能在它以后才结束", day=date_words(printed)),
        )


def _time(text: str | None) -> time | None:
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        return None


def _plain_detail(value: object) -> Any:
    """The value of a field as the record of a change has it."""
    if isinstance(value, tuple):
        return "、".join(value)
    return value if value is None or isinstance(value, str | int) else str(value)


_TYPES = get_type_hints(Details)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChange(LastDone):
    """The last change of details: `fields` by name; `before` is what stood."""

    fields: Sequence[str]
    before: Details


def last_change(competition: Competition) -> LastChange | None:
    """The last change of the details; None where there is none, or others stand there now."""
    entry = last_record(competition, ["competition.change"])
    if entry is None or not isinstance(entry.before, dict):
        return None
    now, after = details_of(competition), entry.after or {}
    before = {name: it for name, it in entry.before.items() if name in _TYPES}
    if not before or any(_plain_detail(getattr(now, name)) != after.get(name) for name in before):
        return None
    wanted = replace(now, **{name: _read(name, value) for name, value in before.items()})
    why = _why_not_details(competition, wanted)
    return LastChange(entry=entry, fields=list(before), before=wanted, why_not=why)


def undo_details(competition: Competition, seen: str, by: Account) -> Sequence[str]:
    """Set what stood before the last change again; the names of what changed.

    `seen` is the mark of the change that the page showed. Raises `Refused` where it is another,
    and for what can no longer be set.
    """
    last = require_last_shown(last_change(competition), seen)
    return change_details(competition, last.before, details_of(competition), by)


def _read(name: str, value: Any) -> Any:
    """A value of the record as the details have it."""
    if name == "check_in_items":
        return tuple(filter(None, str(value or "").split("、")))
    return msgspec.convert(value, _TYPES[name], strict=False)


LEAST_NOTICE_DAYS = 3
"""From here on an organiser sets the days alone."""


Wanted = int | bool | tuple[str, ...] | RecheckShares
OF_APPEALS = ("second_hours", "barred")
"""The terms that stand among the rules of appeals."""


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
        _wanted_details(asked),
        asked.why,
        by,
        asked.at,
        asked.at.isoformat(),
        asked.barred or (),
        asked.recheck,
    )


def _for_two(competition: Competition, wanted: Details) -> tuple[str, ...]:
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
    competition: Competition, names: Sequence[str], wanted: Details, why: str, by: Account
) -> None:
    """Put down what of this takes two (`_for_two`); inside a unit of work.

    What was asked before is forgotten. Raises `Refused` (INVALID) without a reason.
    """
    _ask(
        competition,
        why,
        by,
        notice_days=wanted.notice_days if "notice_days" in names else None,
        certify_early="certify_early" in names,
        appeal_hours=wanted.appeal_hours if "appeal_hours" in names else None,
        straight="notice_again" in names,
    )


def _ask(competition: Competition, why: str, by: Account, **terms: Any) -> None:
    if not why:
        raise invalid(
            msg(
                "评分开始以后公示少于 %(least)s 个工作日、公示期间就发证、缩短申诉、少受理申诉、"
                "少复核或取消更正后的公示，要写理由，由两个人定",
                least=LEAST_NOTICE_DAYS,
            )
        )
    asked = AskedTerms(by=by.id, at=utc_now(), why=why, **terms)
    change_settings(competition, asked=asked)
    after = _plain(_wanted_details(asked))
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
        refuse_if(_why_no_shorter(competition, waiting))
        kept = tuple(kind for kind in wanted.barred if kind in now.barred)
        hours = max(wanted.second_hours, now.second_hours)
        # First what one may set alone, so that what is no rule at all is refused with it.
        check_appeal_rules(wanted)
        set_appeal_rules(
            competition, msgspec.structs.replace(wanted, barred=kept, second_hours=hours), by
        )
        terms = {name: getattr(wanted, name) for name in OF_APPEALS if name in waiting}
        _ask(competition, why, by, **terms)
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
        _ask(competition, reason_text(why), by, recheck=shares)
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
        refuse_if(_why_no_shorter(competition, asked.wanted))
        if "recheck" in asked.wanted:
            require_no_round(competition)
        now = settings_of(competition)
        of_appeals = {name: asked.wanted[name] for name in OF_APPEALS if name in asked.wanted}
        changed: dict[str, Any] = {
            name: value for name, value in asked.wanted.items() if name not in of_appeals
        }
        if of_appeals:
            changed["appeals"] = msgspec.structs.replace(now.appeals, **of_appeals)
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


def _why_no_shorter(competition: Competition, names: Collection[str]) -> Message | None:
    """Say why not even two shorten these (`_for_two`): somebody counts on them. None: may."""
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


def _wanted_details(asked: AskedTerms) -> dict[str, Wanted]:
    """What was asked for, by the names of details and in the order of the form."""
    terms: dict[str, Wanted | None] = {
        "notice_days": asked.notice_days,
        "certify_early": asked.certify_early or None,
        "appeal_hours": asked.appeal_hours,
        "notice_again": False if asked.straight else None,
        "second_hours": asked.second_hours,
        "barred": asked.barred,
        "recheck": asked.recheck,
    }
    return {name: value for name, value in terms.items() if value is not None}

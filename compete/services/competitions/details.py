"""Details of a competition that its organiser sets: dates, place, whom to ask, the notice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, time
from typing import Any, get_type_hints

import msgspec

from compete.domain.values.canonical import short_mark
from compete.domain.values.days import date_words
from compete.domain.values.kinds import Kind, Level
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition
from compete.services.competitions.shorter_terms import ask_terms, for_two, why_no_shorter
from compete.services.kernel import audit
from compete.services.kernel.clock import read_wall_clock
from compete.services.kernel.competition_settings import change_settings, settings_of
from compete.services.kernel.edit_conflicts import merged
from compete.services.kernel.last_records import LastDone, last_record, require_seen
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.text_limits import check_text, reason_text
from compete.services.kernel.transactions import changing
from compete.services.results.snapshots import publications

LONGEST_TEXT, LONGEST_HINT = 200, 500
MOST_NOTICE_DAYS, MOST_APPEAL_HOURS = 60, 240
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
    said = {
        each.name: getattr(competition if each.name in _COLUMNS else settings, each.name)
        for each in fields(Details)
    }
    closes = _time(settings.notice_closes)
    return Details(**said | {"level": Level(competition.level), "notice_closes": closes})


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
        if waiting := for_two(competition, wanted):
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
    if for_two(competition, wanted):
        return msg("公示、申诉的时间变短，要写理由、由第二个人同意：在下面改，不能一下撤销")
    return None


def _check_against(competition: Competition, now: Details, wanted: Details) -> None:
    """Check the details against what the competition has come to."""
    if competition.kind == Kind.EVALUATION and now.starts and not wanted.starts:
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
        if why := why_no_shorter(competition, [field]):
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
    now, said = details_of(competition), entry.after or {}
    before = {name: it for name, it in entry.before.items() if name in _TYPES}
    if not before or any(_plain_detail(getattr(now, name)) != said.get(name) for name in before):
        return None
    wanted = replace(now, **{name: _read(name, value) for name, value in before.items()})
    why = _why_not_details(competition, wanted)
    return LastChange(entry=entry, fields=list(before), before=wanted, why_not=why)


def undo_details(competition: Competition, seen: str, by: Account) -> Sequence[str]:
    """Set what stood before the last change again; the names of what changed.

    `seen` is the mark of the change that the page showed. Raises `Refused` where it is another,
    and for what can no longer be set.
    """
    last = require_seen(last_change(competition), seen)
    return change_details(competition, last.before, details_of(competition), by)


def _read(name: str, value: Any) -> Any:
    """A value of the record as the details have it."""
    if name == "check_in_items":
        return tuple(filter(None, str(value or "").split("、")))
    return msgspec.convert(value, _TYPES[name], strict=False)

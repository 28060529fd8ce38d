"""Words for the fixed lists of the bundle format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import g
from flask_babel import gettext, ngettext
from flask_babel import gettext as _

from compete.domain.bundle.attempts import WAIVED_WORD
from compete.domain.bundle.crews import heads
from compete.domain.explanation.times import time_words
from compete.domain.grades.ladder import GRADES, NATIONAL, grade_label
from compete.domain.kinds.contest import CONTEST
from compete.domain.kinds.description import KindDescription
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.kinds import GROUP_WORDS
from compete.domain.values.messages import some_of
from compete.domain.values.numerals import plain
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Event, FieldRecord, Slot, Stoppage
from compete.services.judging.field_records import field_facts
from compete.services.kernel.event_rules import ladder_of
from compete.services.kernel.participants import crewed_in
from compete.services.schedule.arrivals import NOT_PASSED
from compete.services.schedule.slots import station_words
from compete.web.kind_words import competition_here
from compete.web.language import say

NAMES_SHOWN = 12
_HOUR = 60
"""Minutes."""


def heads_in(n: int, competition: Competition, event: Event | None = None) -> str:
    """Count those who take part, with their noun: 12 人, 3 个组合."""
    return say(heads(n, crewed_in(competition, event)))


def ranked_here() -> bool:
    """True if anybody is ranked in the competition whose page is shown; for templates too."""
    return not kind_here().gives_verdicts


def kind_here() -> KindDescription:
    """The kind of the competition whose page is shown, a contest's elsewhere; for templates too."""
    competition = competition_here()
    return CONTEST if competition is None else competition_kind(competition)


def begun_here() -> bool:
    """True if anything of the competition whose page is shown was judged yet; for templates."""
    competition: Competition | None = g.get("competition")
    return competition is not None and competition.state is not CompetitionState.REGISTERING


def told_to_all() -> str:
    """Return the words under a reason that is published or shown to whoever looks something up."""
    if kind_here().has_periods:
        return _("理由谁都看得到。")
    return _("理由谁都看得到：写参赛号，不写姓名。")


def heads_here(n: int) -> str:
    """Count as `heads_in`, of the competition whose page is shown; for templates."""
    competition: Competition | None = g.get("competition")
    return heads_in(n, competition) if competition is not None else say(heads(n, (False,)))


def station_of(slot: Slot) -> str:
    """The station of a slot, with the seat where it is a room; empty for none."""
    return station_words(slot, gettext)


def stretch_words(first: str, last: str) -> str:
    """一季度到四季度; a name that begins with a digit stands apart, as in 1 月到 12 月."""
    if last[:1].isascii():
        return _("%(first)s到 %(last)s", first=first, last=last)
    return _("%(first)s到%(last)s", first=first, last=last)


def onward_words(first: str) -> str:
    """从五月起; a name that begins with a digit stands apart, as in 从 5 月起."""
    if first[:1].isascii():
        return _("从 %(first)s起", first=first)
    return _("从%(first)s起", first=first)


def group_word(group: str) -> str:
    """职工, 教师 or 学生."""
    return say(GROUP_WORDS[group])


def gender_word(gender: str) -> str:
    """男 or 女; what a file spelt otherwise as it stands."""
    return {"male": _("男"), "female": _("女")}.get(gender, gender)


def amount_words(points: Decimal | None, seconds: Decimal | None) -> list[str]:
    """What a penalty takes: points off, seconds on; of neither nothing."""
    words = []
    if points:
        words.append(_("扣 %(n)s 分", n=plain(points)))
    if seconds:
        words.append(_("罚 %(n)s 秒", n=plain(seconds)))
    return words


def outcome_word(status: str) -> str:
    """An outcome in words."""
    return {"dns": _("缺考"), "dnf": _("中途退出"), "dsq": _("取消成绩")}[status]


def absence_word(outcome: str, *, waived: bool) -> str:
    """An outcome where somebody was to come: who waived an attempt is not absent."""
    if outcome == NOT_PASSED:
        return _("没有通过审核")
    return say(WAIVED_WORD) if waived else outcome_word(outcome)


def typed_grade(text: str, event: Event | None) -> str:
    """A grade as a unit's form keeps it: its number in the event's words, else as it stands."""
    known = {str(grade): grade for grade in GRADES}
    ladder = ladder_of(event) if event is not None else NATIONAL
    return say(grade_label(known[text], ladder)) if text in known else text or "—"


def shift_words(minutes: object) -> str:
    """`推迟 12 分钟` or `提早 10 分钟`."""
    number = minutes if isinstance(minutes, int) else 0
    if number < 0:
        return _("提早 %(n)s 分钟", n=-number)
    return _("推迟 %(n)s 分钟", n=number)


def moved_session_words(name: str, module: str, before: str, after: str) -> str:
    """Say which session of which module was moved from when to when."""
    what = _("%(name)s（%(module)s）", name=name, module=module) if name else module
    at = {"before": before.replace("T", " "), "after": after.replace("T", " ")}
    return _("%(what)s从 %(before)s 移到 %(after)s", what=what, **at)


def moved_days_words(days: int) -> str:
    """`日程整个往后移 6 天`; a negative number is 往前."""
    if days < 0:
        return ngettext("日程整个往前移 %(num)s 天", "日程整个往前移 %(num)s 天", -days)
    return ngettext("日程整个往后移 %(num)s 天", "日程整个往后移 %(num)s 天", days)


def late_words(by: timedelta) -> str:
    """`12 分钟`, `2 小时 5 分`, from two days on `3 天`; never none."""
    minutes = max(1, round(by.total_seconds() / 60))
    if minutes < 2 * _HOUR:
        return _("%(n)s 分钟", n=minutes)
    if minutes < 48 * _HOUR:
        return _("%(h)s 小时 %(m)s 分", h=minutes // _HOUR, m=minutes % _HOUR)
    return ngettext("%(num)s 天", "%(num)s 天", minutes // (24 * _HOUR))


def length_words(seconds: object) -> str:
    """`11 分 20 秒`, `5 分` or `40 秒`."""
    minutes, rest = divmod(seconds if isinstance(seconds, int) else 0, 60)
    if not minutes:
        return _("%(n)s 秒", n=rest)
    return _("%(n)s 分", n=minutes) if not rest else _("%(m)s 分 %(s)s 秒", m=minutes, s=rest)


def stop_sentence(stop: Stoppage) -> str:
    """Say how a stop was settled, or that it is not."""
    return _stop_sentence(stop.seconds, stop.last)


def _stop_sentence(seconds: int | None, last: bool) -> str:
    if last:
        return _("换到最后一批")
    if seconds:
        return _("补时 %(length)s", length=length_words(seconds))
    return _("还没定怎么补")


def extra_time_words(facts: Mapping[str, Any]) -> str:
    """The extra time of a field record: `2 分`, `11 分 20 秒`, or 没有."""
    seconds = facts["extra_minutes"] * 60 + facts.get("extra_seconds", 0)
    return length_words(seconds) if seconds else _("没有")


def _recorded_time(facts: Mapping[str, Any]) -> str | None:
    """The working time of a field record with its readings.

    None in a record of a module without a clock, or of an earlier version.
    """
    time = facts.get("working_time")
    if not time:
        return None
    return _("用时 %(time)s", time=say(time_words(Decimal(time["seconds"]), time)))


def told_record(record: FieldRecord) -> dict[str, Any]:
    """What a signed field record says, as pages show it: no drawing, and no name."""
    facts = field_facts(record)
    return {
        **{key: facts[key] for key in ("started", "ended", "violations")},
        "extra_time": extra_time_words(facts),
        "stops": signed_stops(facts),
        "working_time": _recorded_time(facts),
    }


def signed_stops(facts: Mapping[str, Any]) -> Sequence[str]:
    """Describe the stops during the contestant's work, as they stand in a field record."""
    return [
        _("，").join(
            [
                _("%(at)s 停：%(why)s", at=stop["at"], why=stop["reason"]),
                _stop_sentence(stop.get("seconds"), bool(stop.get("last"))),
            ]
        )
        for stop in facts.get("stops", ())
    ]


def some_names(names: list[str], number: int | None = None) -> str:
    """The first few names, and how many there are; `number` where more than these are meant."""
    return say(some_of(names, NAMES_SHOWN, number))

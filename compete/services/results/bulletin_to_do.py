"""The bulletin's to-do list: what is next, each with its day, and with who is to do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import dropwhile

from compete.documents.bulletin import Chapter
from compete.domain.bundle.results import LabourRow
from compete.domain.labour.gaps import lacking
from compete.domain.labour.self_assessment import self_assessed
from compete.domain.values.days import day_words
from compete.domain.values.messages import Message, listed, msg, some_of
from compete.models import Competition
from compete.services.kernel.clock import local_time
from compete.services.kernel.competition_settings import EntryDeadline, FollowUp, settings_of
from compete.services.results.bulletin_tables import Told


def to_do_chapter(competition: Competition, report: Told) -> Chapter:
    """The chapter of what is to do: missing values, warnings, vetoes, and the next deadlines."""
    settings = settings_of(competition)
    deadlines = settings.entry_deadlines
    follow_ups = settings.follow_ups.get(report.period, {})
    asked = [
        *_missing(report, deadlines),
        *_warned(report, follow_ups),
        *_vetoed(report, follow_ups),
    ]
    numbered = [
        f"{place}. {report.say(task)}"
        for place, task in enumerate([*asked, *_next(report, deadlines)], 1)
    ]
    quiet = [] if asked else [report.say(msg("没有缺项、黄牌和一票否决。"))]
    return Chapter(report.say(msg("要做的")), before=[*quiet, *numbered])


def _missing(report: Told, deadlines: Mapping[str, EntryDeadline]) -> list[Message]:
    """List what is to be filled in, by whom and until when; in a closed period two correct it."""
    names = {indicator.code: indicator.name for indicator in report.live.labour.indicators}
    lines = []
    for (leaf, code), units in lacking(report.live.outcome, report.period).items():
        line = msg(
            "补填 %(period)s 的%(indicator)s：%(units)s",
            period=report.name(leaf),
            indicator=names[code],
            units=some_of([report.unit(unit) for unit in units]),
        )
        beside: list[Message | str] = []
        if code in report.departments:
            beside.append(report.departments[code])
        sign = deadlines.get(leaf, EntryDeadline()).sign
        if leaf not in report.still_open:
            beside.append(msg("已经结账，由两个人更正"))
        elif sign is not None:
            beside.append(msg("%(at)s 前", at=_moment(sign)))
        if beside:
            line = msg("%(said)s（%(beside)s）", said=line, beside=listed(beside, msg("，")))
        lines.append(line)
    return lines


def _warned(report: Told, follow_ups: Mapping[str, FollowUp]) -> list[Message]:
    rows = [row for row in report.rows if row.warned]
    line = f"{report.live.labour.warn_below:f}" if rows else ""
    alone = [row for row in rows if not _is_said(row, follow_ups)]
    lines = []
    if alone:
        units = listed([f"{report.unit(row.unit)} {row.total}" for row in alone])
        lines.append(msg("低于 %(line)s，黄牌，要整改：%(units)s", line=line, units=units))
    for row in rows:
        if row not in alone and not row.vetoed:
            lines.append(
                msg(
                    "%(unit)s %(total)s，低于 %(line)s，黄牌：%(said)s",
                    unit=report.unit(row.unit),
                    total=row.total or "",
                    line=line,
                    said=_follow_up_words(follow_ups[row.unit]),
                )
            )
    return lines


def _vetoed(report: Told, follow_ups: Mapping[str, FollowUp]) -> list[Message]:
    rows = [row for row in report.rows if row.vetoed]
    alone = [report.unit(row.unit) for row in rows if not _is_said(row, follow_ups)]
    lines = []
    if alone:
        why = msg("一票否决，这一期不评优，查清原因再整改：%(units)s", units=listed(alone))
        lines.append(why)
    lines += [
        msg(
            "%(unit)s 一票否决，这一期不评优：%(said)s",
            unit=report.unit(row.unit),
            said=_follow_up_words(follow_ups[row.unit]),
        )
        for row in rows
        if _is_said(row, follow_ups)
    ]
    return lines


def _is_said(row: LabourRow, follow_ups: Mapping[str, FollowUp]) -> bool:
    follow_up = follow_ups.get(row.unit)
    return follow_up is not None and follow_up != FollowUp()


def _follow_up_words(follow_up: FollowUp) -> Message | str:
    """Say when and where the unit comes to a talk, until when all is right, who sees to it."""
    parts: list[Message | str] = []
    if follow_up.at is not None and follow_up.place:
        parts.append(msg("%(at)s 到%(place)s约谈", at=_moment(follow_up.at), place=follow_up.place))
    elif follow_up.at is not None:
        parts.append(msg("%(at)s 约谈", at=_moment(follow_up.at)))
    elif follow_up.place:
        parts.append(msg("到%(place)s约谈，时间另定", place=follow_up.place))
    if follow_up.by is not None:
        parts.append(msg("%(day)s前整改完", day=day_words(follow_up.by)))
    if follow_up.who:
        parts.append(msg("%(who)s负责", who=follow_up.who))
    return listed(parts, msg("，"))


def _next(report: Told, deadlines: Mapping[str, EntryDeadline]) -> list[Message]:
    """The first leaf after this period that has a deadline: units' own marks, then sign-off."""
    inside = set(report.live.outcome.field.tree.leaves_in(report.period))
    after = list(dropwhile(lambda leaf: leaf not in inside, report.live.outcome.field.tree.leaves))
    later = [leaf for leaf in after if leaf not in inside]
    leaf = next((later_leaf for later_leaf in later if later_leaf in deadlines), None)
    if leaf is None:
        return []
    codes = report.live.outcome.field.asked.get(leaf, ())
    lines, until = [], deadlines[leaf]
    own = any(
        self_assessed(indicator)
        for indicator in report.live.labour.indicators
        if indicator.code in codes
    )
    if until.own is not None and own:
        at = _moment(until.own)
        lines.append(msg("各单位 %(period)s自评 %(at)s 前交", period=report.name(leaf), at=at))
    if until.sign is not None:
        lines.append(
            msg(
                "%(who)s %(period)s打分 %(at)s 前签核",
                who=_departments(report, codes),
                period=report.name(leaf),
                at=_moment(until.sign),
            )
        )
    return lines


def _departments(report: Told, codes: Sequence[str]) -> Message | str:
    known = [report.departments[code] for code in codes if code in report.departments]
    names = list(dict.fromkeys(known))
    return some_of(names) if names else msg("各部门")


def _moment(at: datetime) -> Message:
    """The words of a moment, 10月18日 14:00, by the competition's clocks."""
    here = local_time(at)
    return msg("%(day)s %(clock)s", day=day_words(here), clock=f"{here:%H:%M}")

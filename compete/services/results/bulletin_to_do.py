"""The bulletin's to-do list: what is next, each with its day, and with who is to do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import dropwhile

from compete.documents.bulletin import Chapter
from compete.domain.bundle.results import LabourRow
from compete.domain.labour.gaps import lacking, leaves_of
from compete.domain.labour.self_assessment import self_assessed
from compete.domain.values.days import day_words
from compete.domain.values.messages import Message, listed, msg, some_of
from compete.models import Competition
from compete.services.kernel.clock import local_time
from compete.services.kernel.competition_settings import EntryDeadline, FollowUp, settings_of
from compete.services.results.bulletin_tables import Told


def to_do_chapter(competition: Competition, told: Told) -> Chapter:
    """The chapter of what is to do: missing values, warnings, vetoes, and the next deadlines."""
    settings = settings_of(competition)
    deadlines = settings.entry_deadlines
    follow_ups = settings.follow_ups.get(told.period, {})
    asked = [
        *_missing(told, deadlines),
        *_warned(told, follow_ups),
        *_vetoed(told, follow_ups),
    ]
    numbered = [
        f"{place}. {told.say(each)}"
        for place, each in enumerate([*asked, *_next(told, deadlines)], 1)
    ]
    quiet = [] if asked else [told.say(msg("没有缺项、黄牌和一票否决。"))]
    return Chapter(told.say(msg("要做的")), before=[*quiet, *numbered])


def _missing(told: Told, deadlines: Mapping[str, EntryDeadline]) -> list[Message]:
    """List what is to be filled in, by whom and until when; in a closed period two correct it."""
    names = {each.code: each.name for each in told.live.labour.indicators}
    lines = []
    for (leaf, code), units in lacking(told.live.outcome, told.period).items():
        line = msg(
            "补填 %(period)s 的%(indicator)s：%(units)s",
            period=told.name(leaf),
            indicator=names[code],
            units=some_of([told.unit(unit) for unit in units]),
        )
        beside: list[Message | str] = []
        if code in told.departments:
            beside.append(told.departments[code])
        sign = deadlines.get(leaf, EntryDeadline()).sign
        if leaf not in told.still_open:
            beside.append(msg("已经结账，由两个人更正"))
        elif sign is not None:
            beside.append(msg("%(at)s 前", at=_moment(sign)))
        if beside:
            line = msg("%(said)s（%(beside)s）", said=line, beside=listed(beside, msg("，")))
        lines.append(line)
    return lines


def _warned(told: Told, follow_ups: Mapping[str, FollowUp]) -> list[Message]:
    rows = [row for row in told.rows if row.warned]
    line = f"{told.live.labour.warn_below:f}" if rows else ""
    alone = [row for row in rows if not _is_said(row, follow_ups)]
    lines = []
    if alone:
        units = listed([f"{told.unit(row.unit)} {row.total}" for row in alone])
        lines.append(msg("低于 %(line)s，黄牌，要整改：%(units)s", line=line, units=units))
    for row in rows:
        if row not in alone and not row.vetoed:
            lines.append(
                msg(
                    "%(unit)s %(total)s，低于 %(line)s，黄牌：%(said)s",
                    unit=told.unit(row.unit),
                    total=row.total or "",
                    line=line,
                    said=_follow_up_words(follow_ups[row.unit]),
                )
            )
    return lines


def _vetoed(told: Told, follow_ups: Mapping[str, FollowUp]) -> list[Message]:
    rows = [row for row in told.rows if row.vetoed]
    alone = [told.unit(row.unit) for row in rows if not _is_said(row, follow_ups)]
    lines = []
    if alone:
        why = msg("一票否决，这一期不评优，查清原因再整改：%(units)s", units=listed(alone))
        lines.append(why)
    lines += [
        msg(
            "%(unit)s 一票否决，这一期不评优：%(said)s",
            unit=told.unit(row.unit),
            said=_follow_up_words(follow_ups[row.unit]),
        )
        for row in rows
        if _is_said(row, follow_ups)
    ]
    return lines


def _is_said(row: LabourRow, follow_ups: Mapping[str, FollowUp]) -> bool:
    each = follow_ups.get(row.unit)
    return each is not None and each != FollowUp()


def _follow_up_words(each: FollowUp) -> Message | str:
    """Say when and where the unit comes to a talk, until when all is right, who sees to it."""
    said: list[Message | str] = []
    if each.at is not None and each.place:
        said.append(msg("%(at)s 到%(place)s约谈", at=_moment(each.at), place=each.place))
    elif each.at is not None:
        said.append(msg("%(at)s 约谈", at=_moment(each.at)))
    elif each.place:
        said.append(msg("到%(place)s约谈，时间另定", place=each.place))
    if each.by is not None:
        said.append(msg("%(day)s前整改完", day=day_words(each.by)))
    if each.who:
        said.append(msg("%(who)s负责", who=each.who))
    return listed(said, msg("，"))


def _next(told: Told, deadlines: Mapping[str, EntryDeadline]) -> list[Message]:
    """The first leaf after this period that has a deadline: units' own marks, then sign-off."""
    inside = set(leaves_of(told.live.outcome, told.period))
    after = list(dropwhile(lambda leaf: leaf not in inside, told.live.outcome.field.tree.leaves))
    later = [leaf for leaf in after if leaf not in inside]
    leaf = next((each for each in later if each in deadlines), None)
    if leaf is None:
        return []
    codes = told.live.outcome.field.asked.get(leaf, ())
    lines, until = [], deadlines[leaf]
    own = any(self_assessed(each) for each in told.live.labour.indicators if each.code in codes)
    if until.own is not None and own:
        at = _moment(until.own)
        lines.append(msg("各单位 %(period)s自评 %(at)s 前交", period=told.name(leaf), at=at))
    if until.sign is not None:
        lines.append(
            msg(
                "%(who)s %(period)s打分 %(at)s 前签核",
                who=_departments(told, codes),
                period=told.name(leaf),
                at=_moment(until.sign),
            )
        )
    return lines


def _departments(told: Told, codes: Sequence[str]) -> Message | str:
    known = [told.departments[code] for code in codes if code in told.departments]
    names = list(dict.fromkeys(known))
    return some_of(names) if names else msg("各部门")


def _moment(at: datetime) -> Message:
    """The words of a moment, 10月18日 14:00, by the competition's clocks."""
    here = local_time(at)
    return msg("%(day)s %(clock)s", day=day_words(here), clock=f"{here:%H:%M}")

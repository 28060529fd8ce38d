"""The flags in a bulletin (流动红旗): where each goes, from whom, and who held it in a year."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from compete.documents.bulletin import Chapter
from compete.documents.lists import Column, Row, Section
from compete.documents.standings_list import NONE
from compete.domain.labour import before_of, flag_periods
from compete.domain.values import Message, day_words, listed, msg
from compete.services.publication.bulletin_tables import Told


def has_flags(told: Told) -> bool:
    return told.live.labour.flags is not None and told.period in flag_periods(
        told.live.outcome.field
    )


def flags_chapter(told: Told) -> Chapter:
    """Where the flag of each group goes, and from whom."""
    flags = told.live.labour.flags
    assert flags is not None
    before = told.before if told.before in flag_periods(told.live.outcome.field) else None
    rows = []
    for group in told.groups:
        now = [row for row in told.of_group(group) if row.flag]
        then = [row.unit for row in told.of_group(group, before) if row.flag] if before else []
        rows.append(
            Row(
                (
                    told.group_words(group),
                    _names(told, then) if before else NONE,
                    _names(told, [row.unit for row in now]) or told.say(_vacant(told, told.period)),
                    now[0].total or NONE if now else NONE,
                    _flag_words(told, group, then, [row.unit for row in now]),
                ),
                who=told.group_words(group),
            )
        )
    columns = [
        Column(msg("组"), width=1.5),
        Column(msg("上期"), width=2.5),
        Column(msg("本期"), width=2.5),
        Column(msg("得分"), align="right"),
        Column(msg("说明"), width=4),
    ]
    return Chapter(told.say(msg("流动红旗")), table=Section("", columns, rows))


def flags_within(told: Told) -> list[Chapter]:
    """Who held the flag of each group, period by period inside a longer one such as a year."""
    tree = told.live.outcome.field.tree
    inside = [
        code for code in flag_periods(told.live.outcome.field) if told.period in tree.around(code)
    ]
    if not inside:
        return []
    rows = []
    for group in told.groups:
        for code in inside:
            there = told.of_group(group, code)
            flying = [row for row in there if row.flag]
            holder: Message | str = _names(told, [row.unit for row in flying])
            if code in told.still_open:
                holder = (
                    msg("还没结账，现在是%(units)s", units=holder) if holder else msg("还没结账")
                )
            elif not holder:
                totals = any(row.total is not None for row in there)
                holder = msg("空缺") if totals else msg("还没有总分")
            cells = (
                told.group_words(group),
                told.name(code),
                told.say(holder),
                flying[0].total or NONE if flying else NONE,
                *(
                    _flag_day(told, code, [row.unit for row in flying], back=back)
                    for back in (False, True)
                ),
            )
            rows.append(Row(cells, who=f"{cells[0]} {cells[1]}"))
    columns = [
        Column(msg("组"), width=2),
        Column(msg("哪一期"), width=2),
        Column(msg("流动红旗"), width=4),
        Column(msg("得分"), align="right"),
        Column(msg("授旗"), width=2),
        Column(msg("回收"), width=2),
    ]
    return [Chapter(told.say(msg("流动红旗")), table=Section("", columns, rows))]


def _vacant(told: Told, period: str) -> Message:
    return msg("还没结账") if period in told.still_open else msg("空缺")


def _names(told: Told, units: Sequence[str]) -> str:
    return told.say(msg("、")).join(told.unit(unit) for unit in units)


def _flag_words(told: Told, group: str | None, then: Sequence[str], now: Sequence[str]) -> str:
    """Whence the flag came, and for how long who keeps it has had it; why nobody has."""
    if not now:
        return told.say(_vacant_words(told, group))
    kept = [unit for unit in now if unit in then]
    said: list[Message | str] = []
    if set(kept) != set(now):
        gone = [unit for unit in then if unit not in kept]
        new = _names(told, [unit for unit in now if unit not in kept])
        if gone:
            said.append(msg("从%(then)s转到%(now)s", then=_names(told, gone), now=new))
        else:
            said.append(msg("%(now)s新得", now=new) if kept else msg("新得红旗"))
    for unit in kept:
        words = _running_words(told, periods_running(told, unit))
        alone = len(now) == 1
        said.append(words if alone else msg("%(unit)s%(said)s", unit=told.unit(unit), said=words))
    said += _day_words(told, then, now)
    return told.say(listed(said, msg("；")))


def _day_words(told: Told, then: Sequence[str], now: Sequence[str]) -> list[Message | str]:
    """On which days the flag was given here, and taken back from who had it before."""
    said: list[Message | str] = []
    here = told.flag_days.get(told.period, {})
    for unit in now:
        given = here[unit].given if unit in here else None
        if given is not None:
            words = msg("%(day)s授旗", day=day_words(given))
            alone = len(now) == 1
            said.append(
                words if alone else msg("%(unit)s%(said)s", unit=told.unit(unit), said=words)
            )
    before = told.flag_days.get(told.before or "", {})
    for unit in then:
        back = before[unit].back if unit in before else None
        if back is not None:
            said.append(msg("%(unit)s %(day)s交回", unit=told.unit(unit), day=day_words(back)))
    return said


def _flag_day(told: Told, period: str, units: Sequence[str], *, back: bool = False) -> str:
    """The days in a register, one for each who has it."""
    days = [told.flag_days.get(period, {}).get(unit) for unit in units]
    found = [(each.back if back else each.given) if each is not None else None for each in days]
    if not any(found):
        return NONE
    return told.say(listed([day_words(day) if day is not None else NONE for day in found]))


def periods_running(told: Told, unit: str) -> int:
    """How many periods alike a unit has had the flag by now, one after another."""
    outcome, count, at = told.live.outcome, 0, told.period
    while (at, unit) in outcome.flagged:
        count += 1
        before = before_of(outcome, at)
        if before is None:
            break
        at = before
    return count


def _running_words(told: Told, count: int) -> Message:
    name = told.name(told.period)
    if name.endswith(("季度", "季")):
        return msg("连续第 %(n)s 季", n=count)
    if name.endswith(("月", "月份")):
        return msg("连续第 %(n)s 个月", n=count)
    return msg("连续第 %(n)s 期", n=count)


def _vacant_words(told: Told, group: str | None) -> Message:
    flags = told.live.labour.flags
    assert flags is not None
    ranked = [row for row in told.of_group(group) if row.rank is not None]
    if not ranked:
        return msg("还没有总分")
    if Fraction(ranked[0].total or 0) < Fraction(flags.min):
        return msg(
            "第 1 名%(name)s %(total)s，不到 %(least)s",
            name=told.unit(ranked[0].unit),
            total=ranked[0].total,
            least=f"{flags.min:f}",
        )
    return msg("够分的单位被否决，或参加的期次不够")

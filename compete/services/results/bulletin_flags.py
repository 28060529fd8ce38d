"""The flags in a bulletin (流动红旗): where each goes, from whom, and who held it in a year."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from compete.documents.bulletin import Chapter
from compete.documents.lists import Column, Row, Section
from compete.documents.standings_list import NONE
from compete.domain.labour.flags import flag_periods
from compete.domain.values.days import day_words
from compete.domain.values.messages import Message, listed, msg
from compete.services.results.bulletin_tables import Told, unit_words


def has_flags(told: Told) -> bool:
    return told.live.labour.flags is not None and told.period in flag_periods(
        told.live.outcome.field
    )


def flags_chapter(told: Told) -> Chapter:
    """The chapter of where the flag of each group goes, and from whom."""
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
                    (_names(told, then) or told.say(_vacant(told, before))) if before else NONE,
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
    """The chapters of who held each group's flag, by periods inside a longer one such as a year."""
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
        Column(msg("交回"), width=2),
    ]
    return [Chapter(told.say(msg("流动红旗")), table=Section("", columns, rows))]


def _vacant(told: Told, period: str) -> Message:
    return msg("还没结账") if period in told.still_open else msg("空缺")


def _names(told: Told, units: Sequence[str]) -> str:
    return told.say(msg("、")).join(told.unit(unit) for unit in units)


def _flag_words(told: Told, group: str | None, then: Sequence[str], now: Sequence[str]) -> str:
    """Say whence the flag came, and for how long the unit has had it; why nobody has it.

    Where somebody was left the one before for good, this is a new one.
    """
    good = [unit for unit in then if _is_kept(told, unit)]
    new: list[Message | str] = []
    if good:
        new.append(msg("上一面归%(units)s永久保留，这是新的一面", units=_names(told, good)))
        then = [unit for unit in then if unit not in good]
    if not now:
        return told.say(listed([_vacant_words(told, group), *new], msg("；")))
    kept = [unit for unit in now if unit in then]
    said = new
    if set(kept) != set(now):
        gone = [unit for unit in then if unit not in kept]
        fresh = _names(told, [unit for unit in now if unit not in kept])
        if gone:
            said.append(msg("从%(then)s转到%(now)s", then=_names(told, gone), now=fresh))
        else:
            said.append(msg("%(now)s新得", now=fresh) if kept else msg("新得红旗"))
    said += [
        _of_unit(told, unit, now, told.journey.running_words(told.period, unit)) for unit in kept
    ]
    said += _day_words(told, then, now)
    for unit in now:
        stays = told.journey.kept_words(told.period, unit)
        if stays is not None:
            said.append(_of_unit(told, unit, now, stays))
    return told.say(listed(said, msg("；")))


def _is_kept(told: Told, unit: str) -> bool:
    """True if the flag of the period before was left to a unit for good."""
    return told.before is not None and told.journey.days_of(told.before, unit).kept is not None


def _of_unit(told: Told, unit: str, units: Sequence[str], words: Message) -> Message:
    """Say something of a unit, by its name where it shares the flag with others."""
    return words if len(units) == 1 else msg("%(unit)s%(said)s", unit=told.unit(unit), said=words)


def _day_words(told: Told, then: Sequence[str], now: Sequence[str]) -> list[Message | str]:
    """The days on which the flag was given here, and taken back from who had it before."""
    said: list[Message | str] = []
    for unit in now:
        given = told.journey.days_of(told.period, unit).given
        if given is not None:
            said.append(_of_unit(told, unit, now, msg("%(day)s授旗", day=day_words(given))))
    for unit in then:
        back = told.journey.days_of(told.before, unit).back if told.before is not None else None
        if back is not None:
            said.append(msg("%(unit)s %(day)s交回", unit=told.unit(unit), day=day_words(back)))
    return said


def _flag_day(told: Told, period: str, units: Sequence[str], *, back: bool = False) -> str:
    """The days in a register, one for each who has it; from which it stays for good instead."""
    found: list[Message | str] = []
    for days in (told.journey.days_of(period, unit) for unit in units):
        day = days.back if back else days.given
        if back and days.kept is not None:
            found.append(msg("%(day)s起永久保留", day=day_words(days.kept)))
        else:
            found.append(day_words(day) if day is not None else NONE)
    return NONE if all(each == NONE for each in found) else told.say(listed(found))


def _vacant_words(told: Told, group: str | None) -> Message:
    flags = told.live.labour.flags
    assert flags is not None
    rows = told.of_group(group)
    ranked = [row for row in rows if row.rank is not None]
    if not any(row.total is not None for row in rows):
        return msg("还没有总分")
    if ranked and Fraction(ranked[0].total or 0) < Fraction(flags.min):
        return msg(
            "第 1 名%(name)s %(total)s，不到 %(least)s",
            name=unit_words(told, ranked[0]),
            total=ranked[0].total,
            least=f"{flags.min:f}",
        )
    return msg("够分的单位被否决，或参加的期次不够")

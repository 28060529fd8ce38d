"""The flags in a bulletin (流动红旗): where each goes, from whom, and who held it in a year."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from compete.documents.bulletin import Chapter
from compete.documents.lists import Column, Row, Section
from compete.documents.standings_list import NONE
from compete.domain.labour.flags import flag_periods
from compete.domain.labour.prizes import prizes_won
from compete.domain.labour.totals import PLACES
from compete.domain.values.days import day_words
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.points import show
from compete.services.results.bulletin_tables import Told, unit_words


def has_flags(report: Told) -> bool:
    return report.live.labour.flags is not None and report.period in flag_periods(
        report.live.outcome.field
    )


def flags_chapter(report: Told) -> Chapter:
    """The chapter of where the flag of each group goes, and from whom."""
    flags = report.live.labour.flags
    assert flags is not None
    before = report.before if report.before in flag_periods(report.live.outcome.field) else None
    rows = []
    for group in report.groups:
        now = [row for row in report.of_group(group) if row.flag]
        then = [row.unit for row in report.of_group(group, before) if row.flag] if before else []
        rows.append(
            Row(
                (
                    report.group_words(group),
                    (_names(report, then) or report.say(_vacant(report, before)))
                    if before
                    else NONE,
                    _names(report, [row.unit for row in now])
                    or report.say(_vacant(report, report.period)),
                    now[0].total or NONE if now else NONE,
                    _flag_words(report, group, then, [row.unit for row in now]),
                ),
                who=report.group_words(group),
            )
        )
    columns = [
        Column(msg("组"), width=1.5),
        Column(msg("上期"), width=2.5),
        Column(msg("本期"), width=2.5),
        Column(msg("得分"), align="right"),
        Column(msg("说明"), width=4),
    ]
    return Chapter(report.say(msg("流动红旗")), table=Section("", columns, rows))


def prizes_chapter(report: Told) -> list[Chapter]:
    """The chapter of prizes by some indicators alone, where the period gives any."""
    field = report.live.outcome.field
    rows = [
        Row(
            (
                won.prize.name,
                report.group_words(won.group),
                _names(report, [unit for unit, _value in won.units]) or report.say(msg("空缺")),
                report.say(msg("、")).join(
                    dict.fromkeys(show(value, PLACES) for _unit, value in won.units)
                )
                or NONE,
            ),
            who=won.prize.name,
        )
        for won in prizes_won(report.live.outcome.prizes, field.group_of, report.period)
    ]
    columns = [
        Column(msg("单项奖"), width=3),
        Column(msg("组"), width=1.5),
        Column(msg("单位"), width=4),
        Column(msg("得分"), align="right"),
    ]
    return [Chapter(report.say(msg("单项奖")), table=Section("", columns, rows))] if rows else []


def flags_within(report: Told) -> list[Chapter]:
    """The chapters of who held each group's flag, by periods inside a longer one such as a year."""
    tree = report.live.outcome.field.tree
    inside = [
        code
        for code in flag_periods(report.live.outcome.field)
        if report.period in tree.around(code)
    ]
    if not inside:
        return []
    rows = []
    for group in report.groups:
        for code in inside:
            there = report.of_group(group, code)
            flying = [row for row in there if row.flag]
            holder: Message | str = _names(report, [row.unit for row in flying])
            if code in report.still_open:
                holder = (
                    msg("还没结账，现在是%(units)s", units=holder) if holder else msg("还没结账")
                )
            elif not holder:
                totals = any(row.total is not None for row in there)
                holder = msg("空缺") if totals else msg("还没有总分")
            cells = (
                report.group_words(group),
                report.name(code),
                report.say(holder),
                flying[0].total or NONE if flying else NONE,
                *(
                    _flag_day(report, code, [row.unit for row in flying], back=back)
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
    return [Chapter(report.say(msg("流动红旗")), table=Section("", columns, rows))]


def _vacant(report: Told, period: str) -> Message:
    return msg("还没结账") if period in report.still_open else msg("空缺")


def _names(report: Told, units: Sequence[str]) -> str:
    return report.say(msg("、")).join(report.unit(unit) for unit in units)


def _flag_words(report: Told, group: str | None, then: Sequence[str], now: Sequence[str]) -> str:
    """Say whence the flag came, and for how long the unit has had it; why nobody has it.

    Where somebody was left the one before for good, this is a new one.
    """
    good = [unit for unit in then if _is_kept(report, unit)]
    new: list[Message | str] = []
    if good:
        new.append(msg("上一面归%(units)s永久保留，这是新的一面", units=_names(report, good)))
        then = [unit for unit in then if unit not in good]
    if not now:
        return report.say(listed([_vacant_words(report, group), *new], msg("；")))
    kept = [unit for unit in now if unit in then]
    lines = new
    if set(kept) != set(now):
        gone = [unit for unit in then if unit not in kept]
        fresh = _names(report, [unit for unit in now if unit not in kept])
        if gone:
            lines.append(msg("从%(then)s转到%(now)s", then=_names(report, gone), now=fresh))
        else:
            lines.append(msg("%(now)s新得", now=fresh) if kept else msg("新得红旗"))
    lines += [
        _of_unit(report, unit, now, report.journey.running_words(report.period, unit))
        for unit in kept
    ]
    lines += _day_words(report, then, now)
    for unit in now:
        stays = report.journey.kept_words(report.period, unit)
        if stays is not None:
            lines.append(_of_unit(report, unit, now, stays))
    return report.say(listed(lines, msg("；")))


def _is_kept(report: Told, unit: str) -> bool:
    """True if the flag of the period before was left to a unit for good."""
    return (
        report.before is not None and report.journey.days_of(report.before, unit).kept is not None
    )


def _of_unit(report: Told, unit: str, units: Sequence[str], words: Message) -> Message:
    """Say something of a unit, by its name where it shares the flag with others."""
    return words if len(units) == 1 else msg("%(unit)s%(said)s", unit=report.unit(unit), said=words)


def _day_words(report: Told, then: Sequence[str], now: Sequence[str]) -> list[Message | str]:
    """The days on which the flag was given here, and taken back from who had it before."""
    lines: list[Message | str] = []
    for unit in now:
        given = report.journey.days_of(report.period, unit).given
        if given is not None:
            lines.append(_of_unit(report, unit, now, msg("%(day)s授旗", day=day_words(given))))
    for unit in then:
        back = (
            report.journey.days_of(report.before, unit).back if report.before is not None else None
        )
        if back is not None:
            lines.append(msg("%(unit)s %(day)s交回", unit=report.unit(unit), day=day_words(back)))
    return lines


def _flag_day(report: Told, period: str, units: Sequence[str], *, back: bool = False) -> str:
    """The days in a register, one for each who has it; from which it stays for good instead."""
    texts: list[Message | str] = []
    for days in (report.journey.days_of(period, unit) for unit in units):
        day = days.back if back else days.given
        if back and days.kept is not None:
            texts.append(msg("%(day)s起永久保留", day=day_words(days.kept)))
        else:
            texts.append(day_words(day) if day is not None else NONE)
    return NONE if all(text == NONE for text in texts) else report.say(listed(texts))


def _vacant_words(report: Told, group: str | None) -> Message:
    flags = report.live.labour.flags
    assert flags is not None
    rows = report.of_group(group)
    ranked = [row for row in rows if row.rank is not None]
    if not any(row.total is not None for row in rows):
        return msg("还没有总分")
    if ranked and Fraction(ranked[0].total or 0) < Fraction(flags.min):
        return msg(
            "第 1 名%(name)s %(total)s，不到 %(least)s",
            name=unit_words(report, ranked[0]),
            total=ranked[0].total,
            least=f"{flags.min:f}",
        )
    return msg("够分的单位被否决，或参加的期次不够")

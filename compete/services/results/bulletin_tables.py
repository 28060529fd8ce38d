"""The tables of a bulletin: ranks, who moved and why, and the whole standings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from compete.documents.bulletin import Chapter
from compete.documents.lists import Column, Row, Section
from compete.documents.standings_list import NONE
from compete.domain.bundle.results import LabourRow
from compete.domain.explanation.labour import unit_tie_sentence
from compete.domain.explanation.labour_moves import causes_words, named_changes
from compete.domain.labour.head_counts import grouped, head_count, heads_in
from compete.domain.labour.rows import barred_words
from compete.domain.labour.totals import PLACES
from compete.domain.values.messages import Message, Translate, msg, some_of
from compete.domain.values.points import show
from compete.services.results.mark_heads import mark_heads
from compete.services.scoring.journeys import FlagJourney
from compete.services.scoring.live_labour import LabourLive

MOVERS = 8
"""So many of those that won or lost most places are named."""
HEADS_TOGETHER = 24
"""So many characters have room in the heads of the periods within; longer ones have a number."""
SHARED_NAMED = 3
"""So many of those that share a place are named in the table of the first three."""


@dataclass(frozen=True)
class Told:
    """A told period, and what the chapters ask about it again and again."""

    live: LabourLive
    period: str
    before: str | None
    rows: Sequence[LabourRow]
    translate: Translate | None
    journey: FlagJourney
    departments: Mapping[str, str] = field(default_factory=dict)
    """By indicator, who gives its points."""
    still_open: frozenset[str] = frozenset()
    """Periods that are not closed yet: what they come to may still be another."""

    @property
    def groups(self) -> list[str | None]:
        """The groups in order; one that is None where there are none."""
        return sorted({row.group for row in self.rows}, key=lambda group: group or "")

    @cached_property
    def heads(self) -> dict[str, int]:
        """Count the workers of each unit who take part; who reported none is left out."""
        return heads_in(self.live.labour, self.live.outcome.field.tree, self.period)

    def of_group(self, group: str | None, period: str | None = None) -> list[LabourRow]:
        """The rows of a group, in this period or another."""
        rows = self.rows if period is None else self.live.standings[period]
        return [row for row in rows if row.group == group]

    @property
    def away(self) -> frozenset[str]:
        """The units that take no part in the period."""
        return self.live.away[self.period]

    def taking_part(self, group: str | None) -> int:
        """Count the units of a group that take part."""
        return sum(row.unit not in self.away for row in self.of_group(group))

    def unit(self, code: str) -> str:
        """A unit's name."""
        return self.live.units[code]

    def name(self, period: str) -> str:
        """A period's name."""
        return self.live.outcome.field.tree.periods[period].name

    def say(self, message: Message | str) -> str:
        """A sentence in the reader's language."""
        return message if isinstance(message, str) else message.render(self.translate)

    def group_words(self, group: str | None) -> str:
        """A group's name."""
        return group or self.say(msg("全部单位"))


def ranks_chapter(report: Told) -> Chapter:
    """The first three places and the last of each group: of a shared place, all who share it."""
    rows = []
    for group in report.groups:
        ranked = [row for row in report.of_group(group) if row.rank is not None]
        places = [_place(report, ranked, rank) for rank in (1, 2, 3)]
        lowest = max((row.rank or 0 for row in ranked), default=0)
        last = _place(report, ranked, lowest) if lowest > 3 else NONE
        name = report.say(
            msg("%(group)s %(n)s 家", group=report.group_words(group), n=report.taking_part(group))
        )
        rows.append(Row((name, *places, last), who=name))
    columns = [
        Column(msg("组"), width=2.6),
        Column(msg("第 1 名"), width=3),
        Column(msg("第 2 名"), width=3),
        Column(msg("第 3 名"), width=3),
        Column(msg("最后一名"), width=3),
    ]
    title = report.say(msg("%(period)s名次", period=report.name(report.period)))
    note = report.say(msg("名次是组内的。同分的照规定比，还相同的名次相同。全部名次附在后面。"))
    return Chapter(title, table=Section("", columns, rows), after=[note])


def _place(report: Told, ranked: Sequence[LabourRow], rank: int) -> str:
    """The unit at that place, and the total; nobody after a place that is shared."""
    there = [row for row in ranked if row.rank == rank]
    if not there:
        return NONE
    names = some_of([unit_words(report, row) for row in there], SHARED_NAMED)
    return f"{report.say(names)} {there[0].total}"


def unit_words(report: Told, row: LabourRow) -> Message | str:
    """A unit by name; a vetoed one keeps its rank, and nobody takes it for the best."""
    name = report.unit(row.unit)
    if not row.vetoed:
        return name
    return msg("%(unit)s（%(said)s）", unit=name, said=barred_words())


def moves_chapter(report: Told) -> Chapter:
    """The chapter of who won or lost most places, and why; everybody vetoed or warned besides."""
    assert report.before is not None
    before = {row.unit: row.rank for row in report.live.standings[report.before]}

    def places(row: LabourRow) -> int:
        then = before.get(row.unit)
        return 0 if then is None or row.rank is None else then - row.rank

    movers = sorted(
        (row for row in report.rows if places(row)), key=lambda row: (-abs(places(row)), row.unit)
    )
    named = {row.unit for row in movers[:MOVERS]}
    shown = movers[:MOVERS] + [
        row for row in report.rows if (row.vetoed or row.warned) and row.unit not in named
    ]
    rows = [
        Row(
            (
                report.unit(row.unit),
                report.group_words(row.group),
                report.say(_step_words(before.get(row.unit), row.rank)),
                report.say(_causes(report, row)),
                *([_department(report, row)] if report.departments else []),
            ),
            who=report.unit(row.unit),
        )
        for row in shown
    ]
    columns = [
        Column(msg("单位"), width=3),
        Column(msg("组"), width=1.4),
        Column(msg("名次"), width=2.2),
        Column(msg("原因"), width=6.5),
        *([Column(msg("部门"), width=1.8)] if report.departments else []),
    ]
    quiet = [report.say(msg("名次都和%(before)s一样。", before=report.name(report.before)))]
    note = msg(
        "名次升降最多的 %(n)s 家，和被否决、黄牌的；比%(before)s。",
        n=MOVERS,
        before=report.name(report.before),
    )
    notes = [note]
    if report.departments:
        notes.append(msg("写着的部门打变得最多的那一项。"))
    return Chapter(
        report.say(msg("升降和原因")),
        before=[] if rows else quiet,
        table=Section("", columns, rows) if rows else None,
        after=[report.say(sentence) for sentence in notes] if rows else [],
    )


def _step_words(then: int | None, now: int | None) -> Message | str:
    if then is None or now is None or then == now:
        return NONE if now is None else msg("第 %(rank)s 名", rank=now)
    if now < then:
        return msg("%(then)s → %(now)s 升 %(n)s", then=then, now=now, n=then - now)
    return msg("%(then)s → %(now)s 降 %(n)s", then=then, now=now, n=now - then)


def _causes(report: Told, row: LabourRow) -> Message | str:
    assert report.before is not None
    causes = causes_words(report.live.outcome, report.before, report.period, row.unit)
    words: Message | str = causes or msg("没有两期的总分可比")
    if row.vetoed:
        words = msg("%(said)s；一票否决", said=words)
    if row.warned:
        words = msg("%(said)s；黄牌", said=words)
    return words


def _department(report: Told, row: LabourRow) -> str:
    """The department that gives the points of the cause that weighs most."""
    assert report.before is not None
    changes = named_changes(report.live.outcome, report.before, report.period, row.unit)
    codes = [change.code for change in changes if change.code is not None]
    return next((report.departments[code] for code in codes if code in report.departments), NONE)


def whole_standings(report: Told) -> list[Chapter]:
    """The whole standings, a table for each group, on pages of their own."""
    inner = [period for period in report.live.labour.periods if period.part_of == report.period]
    heads, long_names = mark_heads(
        [period.name for period in inner],
        report.translate,
        HEADS_TOGETHER // max(len(inner), 1),
        lambda number: msg("第 %(n)s 期", n=number),
    )
    columns = [
        Column(msg("名次"), align="right"),
        Column(msg("单位"), width=5),
        *([Column(msg("参赛人数"), align="right")] if report.heads else []),
        *(Column(msg("%(name)s", name=head), align="right") for head in heads),
        Column(msg("得分"), align="right"),
        Column(msg("结果"), width=3),
    ]
    chapters = []
    for place, group in enumerate(report.groups):
        rows = [
            Row(
                (
                    str(row.rank) if row.rank is not None else NONE,
                    report.unit(row.unit),
                    *([_people(report, row.unit)] if report.heads else []),
                    *(_total_in(report, period.code, row.unit) for period in inner),
                    row.total or NONE,
                    report.say(_result(report, row)),
                ),
                who=report.unit(row.unit),
            )
            for row in report.of_group(group)
        ]
        title = msg(
            "附：%(group)s%(period)s全部名次",
            group=report.group_words(group),
            period=report.name(report.period),
        )
        chapters.append(
            Chapter(
                report.say(title),
                before=_group_people(report, group) + long_names,
                table=Section("", columns, rows),
                after=_ties(report, group),
                fresh=place == 0,
            )
        )
    return chapters


def _people(report: Told, unit: str) -> str:
    return grouped(report.heads[unit]) if unit in report.heads else NONE


def _group_people(report: Told, group: str | None) -> list[str]:
    """The sums of the group's workers, where any of its units reported."""
    rows = report.of_group(group)
    count = head_count(report.heads, [row.unit for row in rows], report.away)
    if count.words is None:
        return []
    return [report.say(msg("%(n)s 家，%(said)s。", n=count.units, said=count.words))]


def _ties(report: Told, group: str | None) -> list[str]:
    """The reasons why units with one total do not share a place, a line each."""
    ranked = [row for row in report.of_group(group) if row.rank is not None]
    lines = []
    for better, worse in pairwise(ranked):
        why = unit_tie_sentence(report.live.outcome, report.period, better.unit, worse.unit)
        if why is not None:
            name = report.unit(worse.unit)
            line = msg("第 %(rank)s 名 %(name)s%(why)s", rank=worse.rank, name=name, why=why)
            lines.append(report.say(line))
    return lines


def _total_in(report: Told, period: str, unit: str) -> str:
    total = report.live.outcome.totals[period, unit].total
    return NONE if total is None else show(total, PLACES)


def _result(report: Told, row: LabourRow) -> Message | str:
    if row.vetoed:
        return barred_words()
    if row.flag:
        return msg("流动红旗")
    if row.warned:
        return msg("黄牌")
    if row.unit in report.away:
        return msg("没有参加")
    if report.live.is_absent(report.period, row.unit):
        return msg("还没有数")
    if row.total is None:
        names = {indicator.code: indicator.name for indicator in report.live.labour.indicators}
        missing = some_of([names[code] for code in row.missing])
        return msg("缺 %(what)s", what=missing) if row.missing else msg("没有总分")
    return ""

"""The whole of a competition's results as a workbook, for reading and for further work."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from compete.domain.bundle.crews import called
from compete.domain.bundle.event_types import Event
from compete.domain.bundle.labour_types import Labour
from compete.domain.bundle.overall_types import Overall
from compete.domain.bundle.results import EventResults, LabourResults, LabourRow, Results
from compete.domain.bundle.types import Bundle
from compete.domain.explanation.brought import CountedRow
from compete.domain.explanation.ties import TieSentences
from compete.domain.grades.ladder import grade_label, ladder_in
from compete.domain.grades.proposals import Decided, promotions
from compete.domain.labour.head_counts import head_count, heads_in
from compete.domain.labour.rows import barred_words
from compete.domain.labour.tree import PeriodTree
from compete.domain.values.kinds import GROUP_WORDS, OverallBy, OverallWho
from compete.domain.values.messages import Message, Translate, listed, msg
from compete.sheets.results_workbook.score_columns import (
    Names,
    award_names,
    points,
    remark,
    score_titles,
    score_values,
    stage_rows,
    timed_module,
)
from compete.sheets.workbook.tables import About, Table, Value, write_tables

APPEALED = msg("申诉中")


def teams_table(
    event: Event,
    results: EventResults,
    names: Names,
    ties: Mapping[str, Message] | None = None,
    appealed: Collection[str] = (),
) -> Table | None:
    """Teams with the members that count; none where the event ranks no teams.

    With what parted equal totals, and whose may still change by an appeal of one that counts.
    """
    if results.teams is None:
        return None
    awards = award_names(results.awards, {a.code: a.name for a in event.awards}, "team")
    rows: list[list[Value]] = [
        [
            row.rank,
            names.team_of(row.team).name,
            names.unit(names.team_of(row.team).unit),
            listed(names.person(member).name for member in row.members),
            points(row.total) if row.rank is not None else None,
            listed(awards.get(row.team, [])),
            listed(
                [
                    *([APPEALED] if any(member in appealed for member in row.members) else []),
                    *([ties[row.team]] if ties and row.team in ties else []),
                ]
            ),
        ]
        for row in results.teams
    ]
    columns: list[Message | str] = [
        msg("名次"),
        msg("代表队"),
        msg("单位"),
        msg("计分队员"),
        msg("团体总分"),
        msg("奖项"),
        msg("说明"),
    ]
    return Table(
        msg("%(event)s 团体", event=event.name),
        msg("%(event)s 团体成绩", event=event.name),
        *_without_idle_remarks(columns, rows),
        frozen=2,
    )


def units_table(event: Event, results: EventResults, names: Names) -> Table | None:
    """Units by points or medals; none where the event ranks no units."""
    if results.units is None:
        return None
    by_medals = event.unit_ranking is not None and bool(event.unit_ranking.medals)
    rows: list[list[Value]] = [
        [
            row.rank,
            names.unit(row.unit),
            *(row.medals if by_medals else [points(row.points)]),
        ]
        for row in results.units
    ]
    counted = [msg("第 1 名"), msg("第 2 名"), msg("第 3 名")] if by_medals else [msg("积分")]
    columns = [msg("名次"), msg("单位"), *counted]
    return Table(
        msg("%(event)s 单位", event=event.name),
        msg("%(event)s 单位排名", event=event.name),
        columns,
        rows,
        frozen=2,
    )


def _items_table(
    event: Event, results: EventResults, names: Names, appealed: Collection[str] = ()
) -> Table | None:
    """A table of all single items, with results that an appeal may change; none without any."""
    if not results.items:
        return None
    named = {award.code: award.name for award in event.awards}
    awards: dict[tuple[str, str], list[str]] = {}
    for award in results.awards or ():
        if award.item is not None and award.entrant is not None:
            awards.setdefault((award.item, award.entrant), []).append(named[award.award])
    item_names = {item.code: item.name for item in event.items}
    rows: list[list[Value]] = []
    for item in results.items:
        for row in item.standings:
            person = names.person(row.entrant)
            won = listed(awards.get((item.item, row.entrant), []))
            rows.append(
                [
                    item_names[item.item],
                    row.rank,
                    person.code,
                    person.name,
                    names.unit(person.unit),
                    points(row.score),
                    won,
                    APPEALED if row.entrant in appealed else "",
                ]
            )
    columns: list[Message | str] = [
        msg("单项"),
        msg("名次"),
        msg("编号"),
        msg("姓名"),
        msg("单位"),
        msg("成绩"),
        msg("奖项"),
        msg("说明"),
    ]
    return Table(
        msg("%(event)s 单项", event=event.name),
        msg("%(event)s 单项成绩", event=event.name),
        *_without_idle_remarks(columns, rows),
        frozen=4,
    )


def _overall_table(table: Overall, rows: Sequence[CountedRow]) -> Table:
    """The units of a table over several events, with what counts for each and what does not."""
    by_medals = table.by is OverallBy.MEDALS
    return Table(
        table.name,
        table.name,
        [
            msg("名次"),
            msg("代表团") if table.who is OverallWho.DELEGATIONS else msg("单位"),
            *([] if by_medals else [msg("合计")]),
            msg("第 1 名"),
            msg("第 2 名"),
            msg("第 3 名"),
            msg("赛项数"),
            msg("计入的"),
            msg("不计的"),
        ],
        [
            [
                row.rank,
                row.unit,
                *([] if by_medals else [points(row.value)]),
                *row.medals,
                row.events,
                row.counted,
                row.left_out,
            ]
            for row in rows
        ],
        frozen=2,
    )


def _without_idle_remarks(
    columns: list[Message | str], rows: list[list[Value]]
) -> tuple[list[Message | str], list[list[Value]]]:
    """Columns and rows without the last one, the remarks, where it says nothing of anybody."""
    if any(row[-1] for row in rows):
        return columns, rows
    return columns[:-1], [row[:-1] for row in rows]


def labour_tables(
    labour: Labour,
    results: LabourResults,
    names: Names,
    editions: Mapping[str, Message],
    away: Mapping[str, Collection[str]],
) -> list[Table]:
    """A table for each period, in the bundle's order, each with its own edition if it has one.

    Where units reported how many workers take part, with that, and a table that adds them up.
    `away` are, by period, the units that take no part in it.
    """
    tree = PeriodTree(labour.periods)
    heads = {row.code: heads_in(labour, tree, row.code) for row in results.periods}
    counted = any(heads.values())
    indicators, period_names = labour.indicator_names, labour.period_names
    columns = [
        msg("名次"),
        msg("组别"),
        msg("单位"),
        msg("总分"),
        msg("流动红旗"),
        msg("说明"),
        msg("缺的指标"),
        *([msg("参赛人数")] if counted else []),
    ]
    tables = []
    for period in results.periods:
        name = period_names[period.code]
        rows: list[list[Value]] = [
            [
                row.rank,
                row.group,
                names.unit(row.unit),
                points(row.total),
                msg("红旗") if row.flag else "",
                _remark(row),
                listed(indicators[code] for code in row.missing),
                *([heads[period.code].get(row.unit)] if counted else []),
            ]
            for row in period.standings
        ]
        title = msg("%(period)s 排名", period=name)
        edition = editions.get(period.code)
        tables.append(Table(name, title, columns, rows, frozen=3, edition=edition))
    return [*tables, _heads_table(results, period_names, heads, away)] if counted else tables


def _heads_table(
    results: LabourResults,
    names: Mapping[str, str],
    heads: Mapping[str, Mapping[str, int]],
    away: Mapping[str, Collection[str]],
) -> Table:
    """The head counts of each group and of all, period after period."""
    rows: list[list[Value]] = []
    for period in results.periods:
        by_group: dict[str | None, list[str]] = {}
        for row in period.standings:
            by_group.setdefault(row.group, []).append(row.unit)
        units = [row.unit for row in period.standings]
        groups: list[tuple[Message | str, list[str]]] = [(msg("全部单位"), units)]
        groups += [(group, by_group[group]) for group in sorted(filter(None, by_group))]
        for group, own in groups:
            count = head_count(heads[period.code], own, away.get(period.code, ()))
            people = count.people if count.reported else None
            figures = [count.units, count.reported, count.away, people]
            rows.append([names[period.code], group, *figures])
    columns = [
        msg("期次"),
        msg("组别"),
        msg("单位数"),
        msg("报了的单位"),
        msg("没有参加的单位"),
        msg("参赛人数"),
    ]
    return Table(msg("参赛人数"), msg("参赛人数"), columns, rows, frozen=2)


def _remark(row: LabourRow) -> Message | str:
    if row.vetoed:
        return barred_words()
    if row.warned:
        return msg("黄牌")
    return msg("没有总分") if row.total is None else ""


_FROZEN = 3


def _people_table(
    event: Event,
    results: EventResults,
    names: Names,
    decided: Decided,
    appealed: Collection[str] = (),
    honours: Mapping[tuple[str, str, str], Message] | None = None,
    ties: Mapping[str, Message] | None = None,
    settled: bool = False,
) -> Table:
    """Final standings in their order; of each stage its modules, parts and total.

    Who has no rank has no total either, but the word why: absent is never 0. `honours` are
    those that are to be called otherwise than by their title, by event, title and person;
    `settled` grades are no longer proposed.
    """
    awards = award_names(results.awards, {a.code: a.name for a in event.awards}, "entrant")
    promoted = promotions(results, decided, names.members, ladder_in(event))
    titles: dict[str, list[Message | str]] = {}
    for honour in results.honours or ():
        whose = titles.setdefault(honour.entrant, [])
        key = event.code, honour.title, honour.member or honour.entrant
        title_words: Message | str = (honours or {}).get(key, honour.title)
        by = names.member(honour.member)
        whose.append(msg("%(who)s%(title)s", who=by, title=title_words) if by else title_words)
    by_stage = stage_rows(results)
    rows: list[list[Value]] = []
    for final in results.standings:
        person = names.person(final.entrant)
        rows.append(
            [
                final.rank,
                person.code,
                called(person),
                names.unit(person.unit),
                names.team(person.team),
                GROUP_WORDS[person.group],
                *score_values(event, by_stage, person.code),
                points(final.total) if final.rank is not None else None,
                *([points(final.scaled or None)] if event.scale is not None else []),
                *([names.time_of(event, final, by_stage)] if timed_module(event) else []),
                remark(event, final, appealed, (ties or {}).get(final.entrant)),
                listed(awards.get(person.code, [])),
                grade_label(person.grade, ladder_in(event)) if person.grade else None,
                promoted.get(person.code, ""),
                listed(titles.get(person.code, [])),
            ]
        )
    return Table(
        name=event.name,
        title=msg("%(event)s 成绩", event=event.name),
        columns=_columns(event, settled),
        rows=rows,
        frozen=_FROZEN,
    )


def _columns(event: Event, settled: bool) -> list[Message | str]:
    return [
        msg("名次"),
        msg("编号"),
        msg("姓名"),
        msg("单位"),
        msg("代表队"),
        msg("组别"),
        *score_titles(event),
        msg("总成绩"),
        *([msg("标准分")] if event.scale is not None else []),
        *([msg("用时")] if timed_module(event) else []),
        msg("说明"),
        msg("奖项"),
        msg("现等级"),
        msg("晋升等级") if settled else msg("拟晋升等级"),
        msg("荣誉"),
    ]


def write_results_book(
    bundle: Bundle,
    results: Results,
    translate: Translate | None = None,
    *,
    edition: Message | None = None,
    decided: Decided | None = None,
    appealed: Collection[str] = (),
    distinctions: Sequence[tuple[str, str, str, str]] = (),
    editions: Mapping[str, Message] | None = None,
    honours: Mapping[tuple[str, str, str], Message] | None = None,
    ties: Mapping[str, TieSentences] | None = None,
    away: Mapping[str, Collection[str]] | None = None,
    settled: Collection[str] = (),
    overall: Sequence[tuple[Overall, Sequence[CountedRow]]] = (),
) -> bytes:
    """An .xlsx with a sheet for each event, its teams, units and single items, or each period.

    `results` must be those of `bundle`. `edition` says which version they are,
    with its hash words, and stands beside every title and in every foot; None
    says 暂定. `decided` is what became of proposed grades, `appealed` whose
    results an appeal may still change, `honours` how those
    are called that wait for another body, `editions` what each period of a labour
    competition is called by its code, where it is not `edition`; `distinctions` are the
    awards given by hand: title, to whom, of which unit, for what; `ties` is by event what
    parted equal totals, `away` by period the units that take no part in it, `settled` the events
    whose results are final, `overall` the tables over several events. ID numbers, telephones
    and birth dates are left out: the book is made to be handed round.
    """
    names = Names(bundle)
    events = {event.code: event for event in bundle.events}
    tables: list[Table] = []
    for event_results in results.events:
        event = events[event_results.code]
        sentences = (ties or {}).get(event_results.code, TieSentences())
        tables.append(
            _people_table(
                event,
                event_results,
                names,
                decided or {},
                appealed,
                honours,
                sentences.people,
                event_results.code in settled,
            )
        )
        others = (
            teams_table(event, event_results, names, sentences.teams, appealed),
            units_table(event, event_results, names),
            _items_table(event, event_results, names, appealed),
        )
        tables += [table for table in others if table is not None]
    tables += [_overall_table(table, rows) for table, rows in overall]
    if results.labour is not None and bundle.labour is not None:
        tables += labour_tables(bundle.labour, results.labour, names, editions or {}, away or {})
    if distinctions:
        tables.append(_distinctions_table(bundle.competition.name, distinctions))
    if not tables:
        tables = [Table(msg("成绩"), bundle.competition.name, [msg("还没有成绩")], [])]
    about = About(bundle.competition.name, bundle.competition.host or "", edition or msg("暂定"))
    return write_tables(tables, translate, about)


def _distinctions_table(competition: str, lines: Sequence[tuple[str, str, str, str]]) -> Table:
    return Table(
        msg("评选奖项"),
        msg("%(name)s 评选奖项", name=competition),
        [msg("奖项"), msg("评给"), msg("单位"), msg("理由")],
        [list(line) for line in lines],
        frozen=2,
    )

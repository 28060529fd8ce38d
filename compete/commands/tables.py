"""Tables of results for people at a terminal."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from compete.commands.columns import Table
from compete.domain.bundle.attempts import with_attempt
from compete.domain.bundle.crews import called
from compete.domain.bundle.event_types import Event, Stage
from compete.domain.bundle.results import (
    EvaluationEvent,
    EvaluationResults,
    EventResults,
    LabourResults,
    LabourRow,
    Results,
    StageResults,
)
from compete.domain.bundle.types import Bundle
from compete.domain.explanation.evaluations import VERDICT_WORDS
from compete.domain.explanation.ties import TieSentences, any_parted, explain_ties
from compete.domain.grades.ladder import grade_label, ladder_in
from compete.domain.labour.rows import barred_words
from compete.domain.scoring.scorer import Scorer
from compete.domain.values.messages import Message, listed, msg
from compete.language import say


def labour_tables(bundle: Bundle, results: LabourResults) -> Iterator[Table]:
    """A table for each period, in the bundle's order, and one of prizes."""
    assert bundle.labour is not None
    units = {unit.code: unit.name for unit in bundle.units}
    periods, indicators = bundle.labour.period_names, bundle.labour.indicator_names
    head = [*_UNIT, msg("组别"), msg("总分"), msg("说明")]
    for period in results.periods:
        rows = [
            [
                cell_text(row.rank),
                row.unit,
                units[row.unit],
                row.group or "",
                row.total or "-",
                _note(row, indicators),
            ]
            for row in period.standings
        ]
        yield _make_table(msg("时段：%(name)s", name=periods[period.code]), head, rows, [0, 4])
    if results.prizes:
        prizes = {prize.code: prize.name for prize in bundle.labour.prizes}
        head = [msg("奖项"), msg("组别"), msg("名次"), msg("单位"), msg("名称"), msg("得分")]
        rows = [
            [prizes[it.prize], it.group or "", str(it.rank), it.unit, units[it.unit], it.value]
            for it in results.prizes
        ]
        yield _make_table(msg("单项奖"), head, rows, [2, 5])


def _note(row: LabourRow, indicators: dict[str, str]) -> str:
    notes = []
    if row.flag:
        notes.append(say(msg("流动红旗")))
    if row.vetoed:
        notes.append(say(barred_words()))
    if row.warned:
        notes.append(say(msg("黄牌警示")))
    if row.missing:
        names = listed(indicators[code] for code in row.missing)
        notes.append(say(msg("缺：%(names)s", names=names)))
    return " ".join(notes)


_FLAGS = {
    "carried": msg("带来的成绩"),
    "carry_void": msg("带来的成绩作废"),
    "disputed": msg("待复核"),
    "dnf": msg("中途退出"),
    "dns": msg("缺考"),
    "dsq": msg("取消成绩"),
    "incomplete": msg("未评完"),
    "penalised": msg("有扣罚"),
}
_CHANGE = {"promoted": msg("晋升"), "kept": msg("保持")}


def results_tables(bundle: Bundle, results: Results, room: int | None = None) -> str:
    """All results, a heading over each table; `room` is how many columns there are, if few."""
    names = _Names(bundle)
    events = {event.code: event for event in bundle.events}
    blocks: list[str | Table] = [bundle.competition.name]
    if isinstance(results, EvaluationResults):
        for judged in results.events:
            blocks += _verdict_tables(events[judged.code], judged, names)
        return _block_text(blocks, room)
    parted = [event for event in results.events if any_parted(event)]
    scored = Scorer(bundle).events if parted else {}
    ties = {event.code: explain_ties(scored[event.code], event) for event in parted}
    for event_results in results.events:
        code = event_results.code
        blocks += _event_tables(events[code], event_results, names, ties.get(code, TieSentences()))
    tables = {table.code: table.name for table in bundle.overall}
    for table in results.overall or ():
        blocks.append(
            _make_table(
                msg("总表：%(name)s", name=tables[table.code]),
                [*_UNIT, msg("合计"), msg("第一、二、三名"), msg("赛项")],
                [
                    [
                        cell_text(row.rank),
                        row.unit,
                        names.units[row.unit],
                        cell_text(row.value),
                        " ".join(map(str, row.medals)),
                        str(row.events),
                    ]
                    for row in table.standings
                ],
                [0, 3, 5],
            )
        )
    if results.labour is not None:
        blocks += labour_tables(bundle, results.labour)
    return _block_text(blocks, room)


def _block_text(blocks: Iterable[str | Table], room: int | None) -> str:
    return "\n".join(
        block.drawn(room) if isinstance(block, Table) else f"{block}\n" for block in blocks
    )


class _Names:
    """Names of people, units and teams by their codes."""

    def __init__(self, bundle: Bundle) -> None:
        self.entrants = {entrant.code: entrant for entrant in bundle.entrants}
        self.units = {unit.code: unit.name for unit in bundle.units}
        self.teams = {team.code: team.name for team in bundle.teams}

    def graded(self, code: str, member: str | None) -> tuple[str, str]:
        """The code and name of who is graded: of a crew the member's."""
        entrant = self.entrants[code]
        if member is None:
            return code, entrant.name
        return member, next(person.name for person in entrant.members if person.code == member)

    def person(self, code: str) -> tuple[str, str, str]:
        """Code, name and unit."""
        entrant = self.entrants[code]
        return code, called(entrant), self.units[entrant.unit]


def _event_tables(
    event: Event, results: EventResults, names: _Names, ties: TieSentences
) -> Iterator[str | Table]:
    yield say(msg("赛项：%(name)s", name=event.name))
    stages = {stage.code: stage for stage in event.stages}
    scaled = [msg("标准分")] if event.scale is not None else []
    yield _make_table(
        msg("最终名次"),
        [*_WHO, msg("总分"), *scaled, msg("赛段"), msg("状态"), *_why(ties.people)],
        [
            [
                cell_text(row.rank),
                *names.person(row.entrant),
                cell_text(row.total),
                *(cell_text(row.scaled or None) for _ in scaled),
                stages[row.stage].name,
                _status(row.status),
                *_why_cell(ties.people, row.entrant),
            ]
            for row in results.standings
        ],
        [0, 4, *(5 for _ in scaled)],
    )
    for stage_results in results.stages:
        yield _stage_table(stages[stage_results.code], stage_results, names)
    yield from _after_ranks(event, results, names, ties)


def _why(ties: Mapping[str, Message]) -> list[Message]:
    """The head of the column of what parted equal totals, where it did."""
    return [msg("同分凭什么")] if ties else []


def _why_cell(ties: Mapping[str, Message], code: str) -> list[str]:
    return [say(ties[code]) if code in ties else ""] if ties else []


_UNIT = [msg("名次"), msg("单位"), msg("名称")]


def _verdict_tables(event: Event, results: EvaluationEvent, names: _Names) -> Iterator[str | Table]:
    """Tables of everybody with scores, verdict, conditions and grade, and how many of each."""
    yield say(msg("赛项：%(name)s", name=event.name))
    stage = event.stages[0]
    got = {row.entrant: grade_label(row.grade, ladder_in(event)) for row in results.grades}
    rows = []
    for row in results.verdicts:
        judged = [*row.modules.values(), *row.parts.values()]
        flags = sorted({flag for score in judged for flag in score.flags})
        rows.append(
            [
                *names.person(row.entrant),
                str(row.attempt),
                *(cell_text(score.score) for score in judged),
                say(VERDICT_WORDS[row.verdict]),
                say(msg("符合")) if row.eligible else cell_text(row.earliest),
                say(got[row.entrant]) if row.entrant in got else "-",
                " ".join(say(_FLAGS[flag]) for flag in flags),
            ]
        )
    heads: list[Message | str] = [msg("选手"), msg("姓名"), msg("单位"), msg("第几次")]
    heads += [module.name for module in stage.modules] + [part.name for part in stage.parts]
    numbers = [*range(3, len(heads))]
    heads += [msg("结论"), msg("条件"), msg("等级"), msg("说明")]
    yield _make_table(msg("考核"), heads, rows, numbers)
    counts = [VERDICT_WORDS.get(word, msg("报名")) for word in results.counts]
    yield _make_table(msg("人数"), counts, [[str(n) for n in results.counts.values()]], [])


_WHO = [msg("名次"), msg("选手"), msg("姓名"), msg("单位")]


def _stage_table(stage: Stage, results: StageResults, names: _Names) -> Table:
    modules = [module.code for module in stage.modules]
    parts = [part.code for part in stage.parts]
    heads = [with_attempt(stage, module.code, module.name) for module in stage.modules]
    heads += [part.name for part in stage.parts]
    rows = []
    for row in results.standings:
        scores = [cell_text(row.modules[code].score) for code in modules]
        scores += [cell_text(row.parts[code]) for code in parts]
        flags = sorted({flag for module in row.modules.values() for flag in module.flags})
        note = [_status(row.status), *(say(_FLAGS[flag]) for flag in flags)]
        rows.append(
            [
                cell_text(row.rank),
                *names.person(row.entrant),
                *scores,
                cell_text(row.total),
                " ".join(dict.fromkeys(word for word in note if word)),
            ]
        )
    return _make_table(
        msg("赛段：%(name)s", name=stage.name),
        [*_WHO, *heads, msg("总分"), msg("说明")],
        rows,
        [0, *range(4, 5 + len(heads))],
    )


def _after_ranks(
    event: Event, results: EventResults, names: _Names, ties: TieSentences
) -> Iterator[Table]:
    """Tables that follow from the ranks, as far as the event asks for them."""
    if results.teams is not None:
        yield _make_table(
            msg("团体"),
            [
                msg("名次"),
                msg("代表队"),
                msg("名称"),
                msg("总分"),
                msg("计分队员"),
                *_why(ties.teams),
            ],
            [
                [
                    cell_text(team.rank),
                    team.team,
                    names.teams[team.team],
                    team.total,
                    " ".join(team.members),
                    *_why_cell(ties.teams, team.team),
                ]
                for team in results.teams
            ],
            [0, 3],
        )
    if results.units is not None:
        yield _make_table(
            msg("单位"),
            [*_UNIT, msg("积分"), msg("第一、二、三名")],
            [
                [
                    cell_text(unit.rank),
                    unit.unit,
                    names.units[unit.unit],
                    unit.points,
                    " ".join(map(str, unit.medals)),
                ]
                for unit in results.units
            ],
            [0, 3],
        )
    titles = {item.code: item.name for item in event.items}
    for item in results.items or ():
        yield _make_table(
            msg("单项：%(name)s", name=titles[item.item]),
            [*_WHO, msg("得分")],
            [
                [cell_text(row.rank), *names.person(row.entrant), row.score]
                for row in item.standings
            ],
            [0, 4],
        )
    yield from _honours(event, results, names, titles)


def _honours(
    event: Event, results: EventResults, names: _Names, titles: Mapping[str, str]
) -> Iterator[Table]:
    if results.awards:
        award = {award.code: award.name for award in event.awards}
        yield _make_table(
            msg("奖项"),
            [msg("奖项"), msg("单项"), msg("得奖者"), msg("名称")],
            [
                [
                    award[row.award],
                    titles.get(row.item or "", ""),
                    row.team or row.entrant or "",
                    names.teams[row.team] if row.team else names.person(row.entrant or "")[1],
                ]
                for row in results.awards
            ],
            [],
        )
    if results.grades:
        yield _make_table(
            msg("技能等级"),
            [msg("选手"), msg("姓名"), msg("等级"), msg("变化"), msg("规则")],
            [
                [
                    *names.graded(grade.entrant, grade.member),
                    say(grade_label(grade.grade, ladder_in(event))),
                    say(_CHANGE[grade.change]),
                    grade.rule,
                ]
                for grade in results.grades
            ],
            [],
        )
    if results.honours:
        yield _make_table(
            msg("荣誉"),
            [msg("选手"), msg("姓名"), msg("称号"), msg("规则")],
            [
                [*names.graded(honour.entrant, honour.member), honour.title, honour.rule]
                for honour in results.honours
            ],
            [],
        )


def _make_table(
    title: Message, head: Iterable[Message | str], rows: list[list[str]], numbers: list[int]
) -> Table:
    heads = [say(heading) if isinstance(heading, Message) else heading for heading in head]
    return Table(say(title), heads, rows, numbers)


def _status(status: str) -> str:
    """The word of a status that is a flag, too; the ranked need none."""
    return say(_FLAGS[status]) if status in _FLAGS else ""


def cell_text(value: Any) -> str:
    """Show a rank or number, or a dash where there is none."""
    return "-" if value is None else str(value)

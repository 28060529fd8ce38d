"""The table of one event's people: ranks, every module of every stage, awards, grades."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from compete.domain.bundle.crews import called
from compete.domain.bundle.event_types import Event
from compete.domain.bundle.results import EventResults
from compete.domain.grades.ladder import grade_label, ladder_in
from compete.domain.grades.proposals import Decided, promotions
from compete.domain.values.messages import Message, listed, msg
from compete.sheets.results_workbook.names import (
    GROUP_WORDS,
    Names,
    award_names,
    points,
    timed_module,
)
from compete.sheets.results_workbook.score_columns import (
    remark,
    score_titles,
    score_values,
    stage_rows,
)
from compete.sheets.workbook.tables import Table, Value

_FROZEN = 3


def people_table(
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
        said: Message | str = (honours or {}).get(key, honour.title)
        by = names.member(honour.member)
        whose.append(msg("%(who)s%(title)s", who=by, title=said) if by else said)
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
                *([names.time_of(event, final)] if timed_module(event) else []),
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
        *([msg("用时")] if timed_module(event) else []),
        msg("说明"),
        msg("奖项"),
        msg("现等级"),
        msg("晋升等级") if settled else msg("拟晋升等级"),
        msg("荣誉"),
    ]

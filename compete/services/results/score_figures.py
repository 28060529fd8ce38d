"""Score figures of an event: people with a mark, mean, median, extremes, who passed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import median

from compete.documents.lists import Column, Row, Section
from compete.documents.standings_list import NONE
from compete.domain.bundle.event_types import Event
from compete.domain.bundle.naming import module_name, name_in_stage
from compete.domain.bundle.results import EventResults, FinalRow, StageRow
from compete.domain.values.messages import Message, Translate, listed, msg
from compete.domain.values.points import round_half_up, show
from compete.sheets.results_workbook.score_columns import STATUS_WORDS, absent_word

PLACES = 2


@dataclass(frozen=True, slots=True)
class _Marks:
    """The marks of one row of the figures; `least` is what passes."""

    name: Message | str
    scores: Sequence[Decimal]
    absent: int
    least: Decimal | None = None


def took_part(results: EventResults) -> Message:
    """Count who took part by state: 参赛 40，有名次 38，缺考 2."""
    states = Counter(row.status for row in results.standings if row.rank is None)
    ranked = len(results.standings) - states.total()
    counts: list[Message | str] = [
        msg("参赛 %(n)s", n=len(results.standings)),
        msg("有名次 %(n)s", n=ranked),
        *(
            msg("%(state)s %(n)s", state=word, n=states[state])
            for state, word in STATUS_WORDS.items()
            if states[state]
        ),
    ]
    return msg("%(name)s", name=listed(counts, msg("，")))


def figures(
    rules: Event, results: EventResults, title: str, translate: Translate | None = None
) -> Section:
    """A line for each module and part of each stage, and for the total.

    Who was absent or disqualified in a module has no mark in it: the 0 that stands for it
    counts in no mean.
    """
    lines = list(_marks(rules, results))
    passing = any(line.least is not None for line in lines)
    columns = [
        Column(msg("项目"), width=4),
        Column(msg("有成绩"), align="right"),
        Column(msg("缺考"), align="right"),
        Column(msg("平均"), align="right"),
        Column(msg("中位数"), align="right"),
        Column(msg("最高"), align="right"),
        Column(msg("最低"), align="right"),
        *([Column(msg("及格率"), align="right")] if passing else []),
    ]
    rows = []
    for line in lines:
        name = line.name if isinstance(line.name, str) else line.name.render(translate)
        rate = [_passed(line)] if passing else []
        rows.append(
            Row((name, str(len(line.scores)), str(line.absent), *_spread(line), *rate), who=name)
        )
    return Section(title, columns, rows)


def _marks(rules: Event, results: EventResults) -> Iterator[_Marks]:
    several = len(rules.stages) > 1
    by_code = {stage.code: stage.standings for stage in results.stages}
    for stage in rules.stages:
        rows = by_code.get(stage.code, [])
        for module in stage.modules:
            judged = [row.modules[module.code] for row in rows if module.code in row.modules]
            yield _Marks(
                module_name(rules, stage, module),
                [
                    Decimal(result.score)
                    for result in judged
                    if result.score and absent_word(result) is None
                ],
                sum("dns" in result.flags for result in judged),
                module.pass_,
            )
        for part in stage.parts:
            own = [module.code for module in stage.modules if module.part == part.code]
            out = [_out_in(row, own) for row in rows]
            scores = [
                Decimal(score)
                for row, flags in zip(rows, out, strict=True)
                if not flags and (score := row.parts.get(part.code))
            ]
            named = name_in_stage(rules, stage.code, part.name)
            yield _Marks(named, scores, sum("dns" in flags for flags in out), part.pass_)
        if several:
            yield _totals(msg("%(stage)s 总分", stage=stage.name), rows)
    if not several:
        yield _totals(msg("总成绩"), results.standings)


def _out_in(row: StageRow, modules: Sequence[str]) -> set[str]:
    """The flags of somebody absent or disqualified in one of these modules."""
    judged = [row.modules[module] for module in modules if module in row.modules]
    out = (result.flags for result in judged if absent_word(result) is not None)
    return set[str]().union(*out)


def _totals(name: Message, rows: Sequence[StageRow | FinalRow]) -> _Marks:
    """The totals of who has a rank: who was absent has what is left of one, which is no result."""
    ranked = [Decimal(row.total) for row in rows if row.rank is not None and row.total is not None]
    return _Marks(name, ranked, sum(row.status == "dns" for row in rows))


def _spread(line: _Marks) -> tuple[str, str, str, str]:
    """The mean, median, highest and lowest; nothing where nobody has a mark."""
    if not line.scores:
        return NONE, NONE, NONE, NONE
    exact = [Fraction(score) for score in line.scores]
    spread = (sum(exact, Fraction(0)) / len(exact), median(exact), max(exact), min(exact))
    mean, middle, most, least = (show(round_half_up(value, 1, PLACES), PLACES) for value in spread)
    return mean, middle, most, least


def _passed(line: _Marks) -> str:
    if line.least is None or not line.scores:
        return NONE
    count = sum(score >= line.least for score in line.scores)
    share = show(round_half_up(Fraction(100 * count, len(line.scores)), 1, 1), 1)
    return f"{share}% ({count}/{len(line.scores)})"

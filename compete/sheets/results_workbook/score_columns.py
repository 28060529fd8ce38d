"""Scores in a table of people: modules, parts and totals of every stage."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from compete.domain.bundle.event_types import Event, Stage
from compete.domain.bundle.naming import name_in_stage
from compete.domain.bundle.results import EventResults, FinalRow, StageRow
from compete.domain.values.messages import Message, listed, msg
from compete.sheets.results_workbook.names import STATUS_WORDS, absent_word, points, status_word


def stage_rows(results: EventResults) -> dict[str, dict[str, StageRow]]:
    """Rows by stage and entrant."""
    return {stage.code: {row.entrant: row for row in stage.standings} for stage in results.stages}


def score_titles(event: Event) -> list[Message | str]:
    """Heads of the columns of marks, without the final total."""
    scores: list[Message | str] = []
    for stage in event.stages:
        named = [*(module.name for module in stage.modules), *(part.name for part in stage.parts)]
        if len(event.stages) == 1:
            scores += named
        else:
            scores += [name_in_stage(event, stage.code, name) for name in named]
            scores.append(msg("%(stage)s 总分", stage=stage.name))
    return scores


def score_values(
    event: Event, by_stage: Mapping[str, Mapping[str, StageRow]], entrant: str
) -> list[Decimal | Message | None]:
    """The values under `score_titles`, as many; none where the stage was not reached."""
    values: list[Decimal | Message | None] = []
    for stage in event.stages:
        row = by_stage.get(stage.code, {}).get(entrant)
        for module in stage.modules:
            found = row.modules.get(module.code) if row else None
            values.append((absent_word(found) or points(found.score)) if found else None)
        for part in stage.parts:
            values.append(_of_part(stage, part.code, row) if row else None)
        if len(event.stages) > 1:
            values.append(_of_stage(row) if row else None)
    return values


def _of_stage(row: StageRow) -> Decimal | Message | None:
    """The stage's total; for the absent or disqualified, who have no result, the word."""
    return STATUS_WORDS[row.status] if row.status in ("dns", "dsq") else points(row.total)


def _of_part(stage: Stage, part: str, row: StageRow) -> Decimal | Message | None:
    """The joint score; the word where that is all that each of its modules has."""
    own = [row.modules.get(module.code) for module in stage.modules if module.part == part]
    words = [absent_word(found) if found else None for found in own]
    if words and all(words):
        return words[0]
    return points(row.parts.get(part))


def remark(
    event: Event, final: FinalRow, appealed: Collection[str], tie: Message | None
) -> Message | str:
    """The remark on a person's place.

    Says why there is no rank, where it was over, an appeal that may still change it, what put
    it behind the same total.
    """
    said = status_word(final.status)
    if said:
        return said
    over = [
        msg("止步%(stage)s", stage=stage.name)
        for stage in event.stages[:-1]
        if stage.code == final.stage
    ]
    open_ = [msg("申诉中")] if final.entrant in appealed else []
    return listed([*over, *open_, *([tie] if tie is not None else [])])

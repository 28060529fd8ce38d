"""Published sums: each total's parts, from what was published alone: shares and modules."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from compete.domain.bundle.attempts import attempt_words, with_attempt
from compete.domain.bundle.event_types import Event, Module, Part, Stage
from compete.domain.bundle.results import EventResults, OverallResults, StageRow
from compete.domain.values.messages import Message
from compete.domain.values.numerals import plain
from compete.services.scoring.shares import carried_share, share_of
from compete.sheets.results_workbook.score_columns import absent_word


@dataclass(frozen=True, slots=True)
class WorkedLine:
    """A share of a total: `91.00`, ` × 20%`, `= 18.20`; or a module within the part above it.

    Such a module has its score alone: the part is what it leads to.
    """

    name: str
    score: Message | str
    times: str
    value: str

    @property
    def within(self) -> bool:
        return not self.value


def worked_totals(
    rules: Event, event: EventResults, entrants: Collection[str]
) -> dict[str, tuple[WorkedLine, ...]]:
    """Work out how the totals of those of the entrants who have a place came about.

    Who has no place is left out: why is said in a word, and nothing adds up to it.
    Penalties are within the modules' scores, without a word about them.
    """
    stages = {stage.code: stage for stage in rules.stages}
    rows = {
        (stage.code, row.entrant): row
        for stage in event.stages
        for row in stage.standings
        if row.entrant in entrants
    }
    return {
        final.entrant: tuple(_lines(stages[final.stage], final.entrant, stages, rows))
        for final in event.standings
        if final.rank is not None and final.entrant in entrants
    }


def moved_places(event: EventResults, before: EventResults) -> dict[str, int | None]:
    """The moved people, with their place in a version before; None for no place then."""
    then = {row.entrant: row.rank for row in before.standings}
    return {
        row.entrant: then[row.entrant]
        for row in event.standings
        if row.entrant in then and then[row.entrant] != row.rank
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesBefore:
    """The places before of lines of teams, units, items and tables over several events, in their
    order, if they changed."""

    teams: list[int | None]
    units: list[int | None]
    items: list[int | None]
    tables: list[int | None]


def places_before(
    event: EventResults,
    before: EventResults | None,
    tables: Sequence[OverallResults] = (),
    tables_then: Sequence[OverallResults] = (),
) -> PlacesBefore:
    """The places before, as they stand in `event`; None if it is the same, or there was none.

    `tables` over several events stand beside it, `tables_then` in the version before.
    """
    was = places_beside(event if before is None else before)
    teams, units, items = (
        _changed(now, then) for now, then in zip(places_beside(event), was, strict=True)
    )
    of_tables = _changed(_table_places(tables), _table_places(tables_then))
    return PlacesBefore(teams=teams, units=units, items=items, tables=of_tables)


_Places = dict[tuple[str, ...], int | None]


def _changed(now: _Places, then: _Places) -> list[int | None]:
    return [then.get(key) if then.get(key) != rank else None for key, rank in now.items()]


def _table_places(tables: Sequence[OverallResults]) -> _Places:
    return {(table.code, row.unit): row.rank for table in tables for row in table.standings}


def places_beside(event: EventResults) -> tuple[_Places, ...]:
    """The places of teams, of units, and of people in single items, in their order."""
    return (
        {(row.team,): row.rank for row in event.teams or ()},
        {(row.unit,): row.rank for row in event.units or ()},
        {
            (item.item, row.entrant): row.rank
            for item in event.items or ()
            for row in item.standings
        },
    )


def _lines(
    stage: Stage,
    entrant: str,
    stages: Mapping[str, Stage],
    rows: Mapping[tuple[str, str], StageRow],
) -> Iterator[WorkedLine]:
    row, carry = rows[stage.code, entrant], stage.carry
    own = Decimal(1) if carry is None else carry.own
    if carry is not None:
        earlier = rows[carry.from_, entrant].total or "0"
        times, value = carried_share(earlier, carry.weight)
        yield WorkedLine(stages[carry.from_].name, earlier, times, value)
    for part in stage.parts:
        yield _share(part, row.parts.get(part.code), own)
        for module in stage.modules:
            if module.part == part.code:
                result = row.modules[module.code]
                words = attempt_words(stage, row, module.code) or absent_word(result)
                score = words or result.score or "—"
                name = with_attempt(stage, module.code, module.name)
                yield WorkedLine(name, score, f" / {plain(module.full)}", "")
    for module in stage.modules:
        if module.part is None:
            yield _share(module, row.modules[module.code].score, own)


def _share(what: Module | Part, score: str | None, own: Decimal) -> WorkedLine:
    if score is None:
        return WorkedLine(what.name, "—", "", "= 0.00")
    return WorkedLine(what.name, score, *share_of(what, score, own))

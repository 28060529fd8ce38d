"""The rank table of a hall's board: whom it shows, in which columns, who may be named."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

import msgspec
from sqlalchemy import ColumnElement, select

from compete.domain.bundle import event_types
from compete.domain.bundle.attempts import UNCOUNTED, WAIVED, attempt_flag, with_attempt
from compete.domain.bundle.results import EventResults, StageRow
from compete.domain.explanation.ranks import parted_by
from compete.domain.hall import BoardRow, BoardTable
from compete.domain.scoring.scorer import Scorer
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import HANDED_IN, CompetitionState, SheetState
from compete.models import Competition, Entrant, Event, Sheet, db
from compete.services.hall.best_so_far import SoFar, best_so_far, rows_of
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.module_keys import of_event
from compete.services.scoring.bundle_out import export_bundle

_MOST_COLUMNS = 3
_NOTES = {WAIVED: msg("放弃"), UNCOUNTED: msg("不计")}
_ANNOUNCED = (CompetitionState.NOTICE, CompetitionState.FINAL)


def names_open(event: Event) -> bool:
    """True if people may be named: always in an open event, else once all is announced."""
    return not event.blind or event.competition.state in _ANNOUNCED


def stage_at_work(event: Event) -> event_types.Stage:
    """The last stage that was begun, or the first: what goes on at the stations."""
    return _last(event, Sheet.state != SheetState.WITHDRAWN)


def _stage_on_show(event: Event) -> event_types.Stage:
    """The last stage of which a sheet is in, or the first."""
    return _last(event, Sheet.state.in_(HANDED_IN))


def _last(event: Event, which: ColumnElement[bool]) -> event_types.Stage:
    rules = rules_of(event)
    codes = set(
        db.session.scalars(select(Sheet.stage).where(of_event(Sheet, event), which).distinct())
    )
    return next((stage for stage in reversed(rules.stages) if stage.code in codes), rules.stages[0])


def board_table(competition: Competition, event: Event) -> BoardTable:
    """The table of everybody who has a rank in the stage on show, best first."""
    stage = _stage_on_show(event)
    bundle = export_bundle(competition)
    scorer, so_far = best_so_far(Scorer(bundle), bundle, event.code, stage)
    of_event = next(
        event_results for event_results in scorer.results.events if event_results.code == event.code
    )
    rows = rows_of(scorer, event.code, stage.code)
    ranked = sorted(
        (row for row in rows if row.rank is not None and row.total is not None),
        key=lambda row: (row.rank, row.entrant),
    )
    columns = _columns(rules_of(event), stage)
    carried = _earlier_totals(of_event, stage)
    people = _people(event)
    first = Decimal(ranked[0].total or 0) if ranked else Decimal(0)
    state = next(it for it in scorer.events[event.code].stages if it.plan.code == stage.code)
    parted = {
        worse.entrant: parted_by(state, better.entrant, worse.entrant)
        for better, worse in pairwise(ranked)
        if better.total == worse.total and better.rank != worse.rank
    }
    return BoardTable(
        rows=tuple(
            _with_attempts(
                _row(row, columns, people[row.entrant], first, carried, parted.get(row.entrant)),
                [_note(stage, row, code) for _kind, code, _name in columns],
                [code for _kind, code, _name in columns],
                so_far.get(row.entrant),
            )
            for row in ranked
        ),
        columns=tuple(name for _kind, _code, name in columns),
        stage=stage.name,
    )


def _columns(rules: event_types.Event, stage: event_types.Stage) -> list[tuple[str, str, str]]:
    """The columns (kind, code, name) of the shares of the total; none where they would not fit.

    An earlier stage that counts stands before them where there is room. So do, instead of their
    part, several attempts.
    """
    before = stage.carry.from_ if stage.carry else None
    earlier = [("stage", it.code, it.name) for it in rules.stages if it.code == before]
    own = [_module(stage, module) for module in stage.modules if not module.part]
    shares = [*(("part", part.code, part.name) for part in stage.parts), *own]
    tried = [
        column
        for part in stage.parts
        for column in (
            [_module(stage, it) for it in stage.modules if it.part == part.code]
            if part.take
            else [("part", part.code, part.name)]
        )
    ] + own
    ways = ([*earlier, *tried], tried, [*earlier, *shares], shares)
    return next((it for it in ways if 1 < len(it) <= _MOST_COLUMNS), [])


def _module(stage: event_types.Stage, module: event_types.Module) -> tuple[str, str, str]:
    return "module", module.code, with_attempt(stage, module.code, module.name)


def _note(stage: event_types.Stage, row: StageRow, code: str) -> Message | None:
    """Why an attempt does not count; None for what counts, or is none."""
    flag = attempt_flag(stage, row, code)
    return _NOTES[flag] if flag else None


def _with_attempts(
    row: BoardRow, notes: Sequence[Message | None], codes: Sequence[str], so_far: SoFar | None
) -> BoardRow:
    """The row with what became of attempts: `best_so_far` has those that are left as waived."""
    left = so_far.left if so_far else ()
    notes = [None if code in left else note for code, note in zip(codes, notes, strict=True)]
    values = [
        "—" if code in left or note == _NOTES[WAIVED] else value
        for code, note, value in zip(codes, notes, row.values, strict=True)
    ]
    return msgspec.structs.replace(
        row,
        values=tuple(values),
        notes=tuple(note.render() if note else "" for note in notes) if any(notes) else (),
        so_far=so_far.words if so_far else "",
    )


def _earlier_totals(results: EventResults, stage: event_types.Stage) -> dict[str, str | None]:
    """The total of an earlier stage that counts in this one's, by entrant."""
    before = stage.carry.from_ if stage.carry else None
    rows = (it.standings for it in results.stages if it.code == before)
    return {row.entrant: row.total for standings in rows for row in standings}


def _people(event: Event) -> dict[str, tuple[str, str, str]]:
    """The number, name and unit of each entrant; in a coded event the code alone."""
    rows = db.session.scalars(select(Entrant).where(Entrant.event_id == event.id)).all()
    if names_open(event):
        return {row.code: (row.code, row.name, row.unit.name) for row in rows}
    pairs = db.session.execute(
        select(Sheet.entrant_id, Sheet.label).where(of_event(Sheet, event)).distinct()
    ).tuples()
    labels = dict(pairs.all())
    return {row.code: (labels.get(row.id, "—"), "", "") for row in rows}


def _row(
    row: StageRow,
    columns: list[tuple[str, str, str]],
    person: tuple[str, str, str],
    first: Decimal,
    carried: dict[str, str | None],
    parted: Message | None,
) -> BoardRow:
    assert row.rank is not None
    assert row.total is not None
    number, name, unit = person
    behind = Decimal(row.total) - first
    return BoardRow(
        rank=row.rank,
        number=number,
        name=name,
        unit=unit,
        total=row.total,
        gap=f"{behind}".replace("-", "−") if behind else "",
        values=tuple(_value(row, kind, code, carried) for kind, code, _name in columns),
        parted=parted.render() if parted else "",
    )


def _value(row: StageRow, kind: str, code: str, carried: dict[str, str | None]) -> str:
    if kind == "stage":
        return carried.get(row.entrant) or "—"
    if kind == "part":
        return row.parts.get(code) or "—"
    module = row.modules.get(code)
    return (module.score if module else None) or "—"

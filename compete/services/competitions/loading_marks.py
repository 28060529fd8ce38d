"""Marks, outcomes, penalties and times of a bundle, as the rows that judging makes."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select

from compete.domain.bundle.types import Mark
from compete.domain.values.states import SheetState
from compete.models import (
    Act,
    Assignment,
    DifficultyEntry,
    Entrant,
    Event,
    OutcomeEntry,
    PenaltyEntry,
    Sheet,
    TimeEntry,
    db,
    utc_now,
)
from compete.models.compiled_statements import Prepared, table_of
from compete.models.types import stored_number
from compete.services.competitions.loading_parts import Loading, count_rows
from compete.services.kernel.chunks import tuples_among
from compete.services.kernel.numbering import reserve_ids
from compete.services.kernel.portions import Portion
from compete.services.kernel.row_seals import note
from compete.services.kernel.text_limits import check_text
from compete.services.schedule.slots import seat_judges
from compete.services.sheets.act_seals import ActsSeal, acts_of, prints_of
from compete.services.sheets.blind_codes import drawn_codes

_PUT_ACTS = insert(table_of(Act))
_PUT_SHEETS = insert(table_of(Sheet)).execution_options(noted=True)
_BARE_COLUMNS = (
    *("uuid", "sheet_id", "judge_id", "kind", "aspect", "value"),
    *("said_at", "held_at", "prints"),
)
_WITH_EXTRA = (*_BARE_COLUMNS, "extra")
_PUT_NUMBERED = {
    columns: Prepared(_PUT_ACTS, columns=("id", *columns))
    for columns in (_BARE_COLUMNS, _WITH_EXTRA)
}
_LIGHT_SHEETS, _LIGHT_ACTS = 2, 20
_SheetKey = tuple[str, str, str, str]
_Act = dict[str, Any]


class _Sheet(NamedTuple):
    """The rows of a sheet, its entrant and its judge."""

    id: int
    entrant: int
    judge: int


def seat_all(loading: Loading, away: Iterable[str]) -> None:
    """Assign judges, in one part: by the plan, and of modules that it leaves out who marked them.

    Who is `away` gets no seat of the plan.
    """
    events = select(Event.id).where(Event.competition_id == loading.number)
    if count_rows(Assignment, Assignment.event_id.in_(events)):
        return
    event_of = {entrant.code: entrant.event for entrant in loading.bundle.entrants}
    marked = {
        (event_of[mark.entrant], mark.stage, mark.module, mark.judge)
        for mark in loading.bundle.marks
    }
    with loading.part() as competition:
        planned = seat_judges(competition, away)
        db.session.add_all(
            Assignment(
                event_id=loading.events[event],
                stage=stage,
                module=module,
                judge_id=loading.judges[judge],
            )
            for event, stage, module, judge in sorted(marked)
            if (event, stage, module) not in planned
        )


def load_marks(loading: Loading) -> dict[str, Any] | None:
    """Write sheets and acts; the seal over the acts.

    A sheet is submitted when it has a value for every aspect, else begun.
    """
    sheets = _sheets(loading)
    seal = ActsSeal()
    seal.add_there(acts_of(loading.competition))
    marks = iter(loading.bundle.marks[seal.count :])
    portion = Portion(_LIGHT_ACTS)
    # A portion at a time: all acts of a large competition as dicts are as much again as its file.
    while part := list(islice(marks, portion.size)):
        now, named = utc_now(), zip(part, _uuids(len(part)), strict=True)
        acts = [_act(mark, uuid, sheets[_key(mark)], now) for mark, uuid in named]
        with loading.part(portion):
            acts = _put_acts(acts)
        seal.add(acts)
    return seal.seal()


def _put_acts(acts: list[_Act]) -> list[_Act]:
    """Write the acts; each as it stands in the database, in the order of their numbers."""
    connection = db.session.connection()
    # Writing that there is nothing more costs as much as the rest of the row.
    bare = all(act["extra"] is None for act in acts)
    columns = _BARE_COLUMNS if bare else _WITH_EXTRA
    rows = [{key: act[key] for key in columns} for act in acts]
    if (ids := reserve_ids(connection, Act, len(acts))) is None:
        return list(_numbered(acts, rows))
    for act, row, number in zip(acts, rows, ids, strict=True):
        act["id"] = row["id"] = number
    _PUT_NUMBERED[columns].run_many(connection, rows)
    return acts


def _numbered(acts: Sequence[_Act], rows: Sequence[dict[str, Any]]) -> Iterator[_Act]:
    """Write them where the database gives the numbers; the acts by their numbers."""
    last = db.session.scalar(select(func.max(Act.id))) or 0
    db.session.execute(_PUT_ACTS, rows)
    written = {act["uuid"]: act for act in acts}
    came = select(Act.id, Act.uuid).where(Act.id > last).order_by(Act.id)
    for number, name in db.session.execute(came).tuples():
        if (act := written.pop(name, None)) is not None:
            yield act | {"id": number}
    assert not written


def _act(mark: Mark, uuid: str, sheet: _Sheet, now: datetime) -> _Act:
    act: _Act = {
        "uuid": uuid,
        "sheet_id": sheet.id,
        "judge_id": sheet.judge,
        "kind": "mark",
        "aspect": mark.aspect,
        "value": _shared_value(mark.value),
        "note": None,
        "said_at": mark.at,
        "tablet": None,
        "tablet_seq": None,
        "held_at": now,
        "extra": mark.extra,
    }
    act["prints"] = prints_of(act)
    act["entrant_id"], act["stage"], act["module"] = sheet.entrant, mark.stage, mark.module
    return act


def _uuids(count: int) -> Iterator[str]:
    """Make random UUIDs, quicker than their class does, and asked for at once."""
    drawn = secrets.token_hex(16 * count)
    for at in range(0, len(drawn), 32):
        digits = drawn[at : at + 32]
        variant = "89ab"[int(digits[16], 16) % 4]
        yield "-".join(
            (digits[:8], digits[8:12], "4" + digits[13:16], variant + digits[17:20], digits[20:])
        )


def _key(mark: Mark) -> _SheetKey:
    return mark.entrant, mark.stage, mark.module, mark.judge


@lru_cache(maxsize=2000, typed=True)
def _shared_value(value: bool | Decimal) -> Decimal:
    """The value, kept as one object: of most aspects there are few values."""
    return stored_number(Decimal(int(value)) if isinstance(value, bool) else value)


def _sheets(loading: Loading) -> dict[_SheetKey, _Sheet]:
    """Write the sheets that are not there; all of them, by whose they are."""
    bundle, entrants, judges = loading.bundle, loading.entrants, loading.judges
    # A set of aspects for each sheet would be as large as the marks: a bit for each instead.
    bits: dict[str, int] = {}
    aspects: dict[_SheetKey, int] = defaultdict(int)
    for mark in bundle.marks:
        aspects[_key(mark)] |= bits.setdefault(mark.aspect, 1 << len(bits))
    for stage, module in {key[1:3] for key in aspects}:
        check_text(stage, 80)
        check_text(module, 80)
    wanted = {
        (event.code, stage.code, module.code): len(module.aspects)
        for event in bundle.events
        for stage in event.stages
        for module in stage.modules
    }
    event_of = {entrant.code: entrant.event for entrant in bundle.entrants}
    sheets = _sheets_there(loading)
    waiting = iter([key for key in aspects if key not in sheets])
    labels = _blind_labels(loading)
    portion = Portion(_LIGHT_SHEETS)
    while part := list(islice(waiting, portion.size)):
        rows = []
        for key in part:
            code, stage, module, judge = key
            whole = aspects[key].bit_count() == wanted[event_of[code], stage, module]
            rows.append(
                {
                    "public_id": secrets.token_hex(16),
                    "competition_id": loading.number,
                    "entrant_id": entrants[code].id,
                    "judge_id": judges[judge],
                    "stage": stage,
                    "module": module,
                    "label": labels.get(code, code),
                    "state": SheetState.SUBMITTED if whole else SheetState.BEGUN,
                    "version": aspects[key].bit_count(),
                }
            )
        with loading.part(portion):
            sheets |= zip(part, _put_sheets(rows), strict=True)
    return sheets


def _sheets_there(loading: Loading) -> dict[_SheetKey, _Sheet]:
    """The sheets that an earlier try has written."""
    entrant_of = {person.id: code for code, person in loading.entrants.items()}
    judge_of = {number: code for code, number in loading.judges.items()}
    query = select(Sheet.id, Sheet.entrant_id, Sheet.judge_id, Sheet.stage, Sheet.module)
    here = query.where(Sheet.competition_id == loading.number)
    return {
        (entrant_of[entrant], stage, module, judge_of[judge]): _Sheet(number, entrant, judge)
        for number, entrant, judge, stage, module in db.session.execute(here).tuples()
    }


def _put_sheets(rows: list[dict[str, Any]]) -> list[_Sheet]:
    """Write them past the session, which would hold each by itself; in their order."""
    db.session.execute(_PUT_SHEETS, rows)
    names = [row["public_id"] for row in rows]
    query = select(Sheet.public_id, Sheet.id)
    numbers = dict(tuples_among(query, Sheet.public_id, names))
    sheets = [_Sheet(numbers[r["public_id"]], r["entrant_id"], r["judge_id"]) for r in rows]
    for sheet in sheets:
        note("sheet", sheet.id)
    return sheets


def _blind_labels(loading: Loading) -> dict[str, str]:
    """The last layer's blind code of everybody who has one."""
    drawn: dict[int, str] = {}
    for event in loading.competition.events:
        drawn |= drawn_codes(event)
    return {
        code: drawn[person.id] for code, person in loading.entrants.items() if person.id in drawn
    }


def load_entries(loading: Loading) -> None:
    """Write difficulties, outcomes, penalties and times."""
    bundle, entrants = loading.bundle, loading.entrants
    people = select(Entrant.id).where(Entrant.competition_id == loading.number)

    attempted = {
        (mark.entrant, mark.stage, mark.module, mark.aspect): mark.difficulty
        for mark in bundle.marks
        if mark.difficulty is not None
    }
    loading.add_in_parts(
        DifficultyEntry,
        DifficultyEntry.entrant_id.in_(people),
        list(attempted.items()),
        lambda it: DifficultyEntry(
            entrant_id=entrants[it[0][0]].id,
            stage=it[0][1],
            module=it[0][2],
            aspect=it[0][3],
            difficulty=it[1],
        ),
    )
    loading.add_in_parts(
        OutcomeEntry,
        OutcomeEntry.entrant_id.in_(people),
        bundle.outcomes,
        lambda it: OutcomeEntry(
            entrant_id=entrants[it.entrant].id,
            status=it.status.value,
            **same_fields(it, "stage module reason extra"),
        ),
    )
    loading.add_in_parts(
        PenaltyEntry,
        PenaltyEntry.entrant_id.in_(people),
        bundle.penalties,
        lambda it: PenaltyEntry(
            entrant_id=entrants[it.entrant].id,
            **same_fields(it, "stage module points seconds reason extra"),
        ),
    )
    loading.add_in_parts(
        TimeEntry,
        TimeEntry.entrant_id.in_(people),
        bundle.times,
        lambda it: TimeEntry(
            entrant_id=entrants[it.entrant].id, **same_fields(it, "stage module seconds extra")
        ),
    )


def same_fields(source: object, same: str) -> Mapping[str, Any]:
    """The fields of what a bundle says that the table calls the same."""
    return {key: getattr(source, key) for key in same.split()}

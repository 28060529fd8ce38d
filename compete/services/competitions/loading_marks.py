"""Marks, outcomes, penalties and times of a bundle, as the rows that judging makes."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from itertools import chain, islice
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select

from compete.domain.bundle.types import Bundle, Mark
from compete.domain.values.states import SheetState
from compete.models import (
    Act,
    Assignment,
    Competition,
    DifficultyEntry,
    Entrant,
    Judge,
    OutcomeEntry,
    PenaltyEntry,
    Sheet,
    TimeEntry,
    db,
    utc_now,
)
from compete.models.compiled_statements import Prepared, table_of
from compete.models.types import as_kept
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.numbering import reserve_ids
from compete.services.kernel.row_seals import note
from compete.services.kernel.text_limits import check_text
from compete.services.sheets.act_seals import prints_of, seal_rows
from compete.services.sheets.blind_codes import drawn_codes

_PORTION = 2000
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
_SheetKey = tuple[str, str, str, str]
_Act = dict[str, Any]


class _Sheet(NamedTuple):
    """The rows of a sheet, its entrant and its judge."""

    id: int
    entrant: int
    judge: int


def load_marks(
    bundle: Bundle,
    entrants: dict[str, Entrant],
    judges: dict[str, Judge],
    competition: Competition,
    planned: set[tuple[str, str, str]],
) -> dict[str, Any] | None:
    """Write them for the entrants that are there; the others' stay out. The seal over the marks.

    A sheet is submitted when it has a value for every aspect, else begun. The
    judges who marked a module become those assigned to it, unless the plan
    says who is (`planned`: event, stage and module codes).
    """
    sheets = _sheets(bundle, entrants, judges, competition, planned)
    marks = (mark for mark in bundle.marks if mark.entrant in entrants)
    acts = _put_acts(marks, sheets)
    first = next(acts, None)
    seal = None if first is None else seal_rows(chain([first], acts))
    _entries(bundle, entrants)
    return seal


def _put_acts(marks: Iterator[Mark], sheets: Mapping[_SheetKey, _Sheet]) -> Iterator[_Act]:
    """Write the acts, and give each as it stands in the database, in the order of their numbers."""
    now, connection = utc_now(), db.session.connection()
    # A portion at a time: all acts of a large competition as dicts are as much again as its file.
    while portion := list(islice(marks, _PORTION)):
        named = zip(portion, _uuids(len(portion)), strict=True)
        acts = [_act(mark, uuid, sheets[_key(mark)], now) for mark, uuid in named]
        # Writing that there is nothing more costs as much as the rest of the row.
        bare = all(act["extra"] is None for act in acts)
        columns = _BARE_COLUMNS if bare else _WITH_EXTRA
        rows = [{key: act[key] for key in columns} for act in acts]
        if (ids := reserve_ids(connection, Act, len(acts))) is not None:
            for act, row, number in zip(acts, rows, ids, strict=True):
                act["id"] = row["id"] = number
            _PUT_NUMBERED[columns].run_many(connection, rows)
            yield from acts
        else:
            yield from _numbered(acts, rows)


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
        "value": _kept(mark.value),
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
def _kept(value: bool | Decimal) -> Decimal:
    """The value, kept as one object: of most aspects there are few values."""
    return as_kept(Decimal(int(value)) if isinstance(value, bool) else value)


def _sheets(
    bundle: Bundle,
    entrants: dict[str, Entrant],
    judges: dict[str, Judge],
    competition: Competition,
    planned: set[tuple[str, str, str]],
) -> dict[_SheetKey, _Sheet]:
    # A set of aspects for each sheet would be as large as the marks: a bit for each instead.
    bits: dict[str, int] = {}
    aspects: dict[_SheetKey, int] = defaultdict(int)
    for mark in bundle.marks:
        if mark.entrant in entrants:
            aspects[_key(mark)] |= bits.setdefault(mark.aspect, 1 << len(bits))
    wanted = {
        (event.code, stage.code, module.code): len(module.aspects)
        for event in bundle.events
        for stage in event.stages
        for module in stage.modules
    }
    event_of = {entrant.code: entrant.event for entrant in bundle.entrants}
    labels = _blind_labels(entrants)
    rows: list[dict[str, Any]] = []
    assigned: set[tuple[int, str, str, int]] = set()
    for key, marked in aspects.items():
        code, stage, module, judge = key
        whole = marked.bit_count() == wanted[event_of[code], stage, module]
        rows.append(
            {
                "public_id": secrets.token_hex(16),
                "competition_id": competition.id,
                "entrant_id": entrants[code].id,
                "judge_id": judges[judge].id,
                "stage": stage,
                "module": module,
                "label": labels.get(code, code),
                "state": SheetState.SUBMITTED if whole else SheetState.BEGUN,
                "version": marked.bit_count(),
            }
        )
        if (event_of[code], stage, module) not in planned:
            assigned.add((entrants[code].event_id, stage, module, judges[judge].id))
    db.session.add_all(
        Assignment(event_id=event, stage=stage, module=module, judge_id=judge)
        for event, stage, module, judge in sorted(assigned)
    )
    db.session.flush()
    return dict(zip(aspects, _put_sheets(competition, rows), strict=True))


def _put_sheets(competition: Competition, rows: list[dict[str, Any]]) -> list[_Sheet]:
    """Write them past the session, which would hold each by itself; in their order."""
    for stage, module in {(row["stage"], row["module"]) for row in rows}:
        check_text(stage, 80)
        check_text(module, 80)
    for chunk in in_chunks(rows, _PORTION):
        db.session.execute(_PUT_SHEETS, chunk)
    query = select(Sheet.public_id, Sheet.id).where(Sheet.competition_id == competition.id)
    numbers = dict(db.session.execute(query).tuples().all())
    sheets = [_Sheet(numbers[r["public_id"]], r["entrant_id"], r["judge_id"]) for r in rows]
    for sheet in sheets:
        note("sheet", sheet.id)
    return sheets


def _blind_labels(entrants: dict[str, Entrant]) -> dict[str, str]:
    """The last layer's blind code of everybody who has one."""
    drawn: dict[int, str] = {}
    for event in {entrant.event for entrant in entrants.values()}:
        drawn |= drawn_codes(event)
    return {code: drawn[entrant.id] for code, entrant in entrants.items() if entrant.id in drawn}


def _entries(bundle: Bundle, entrants: dict[str, Entrant]) -> None:
    attempted = {
        (mark.entrant, mark.stage, mark.module, mark.aspect): mark.difficulty
        for mark in bundle.marks
        if mark.difficulty is not None and mark.entrant in entrants
    }
    for (entrant, stage, module, aspect), difficulty in attempted.items():
        db.session.add(
            DifficultyEntry(
                entrant_id=entrants[entrant].id,
                stage=stage,
                module=module,
                aspect=aspect,
                difficulty=difficulty,
            )
        )
    for outcome in bundle.outcomes:
        if outcome.entrant in entrants:
            db.session.add(
                OutcomeEntry(
                    entrant_id=entrants[outcome.entrant].id,
                    stage=outcome.stage,
                    module=outcome.module,
                    status=outcome.status.value,
                    reason=outcome.reason,
                    extra=outcome.extra,
                )
            )
    for penalty in bundle.penalties:
        if penalty.entrant in entrants:
            db.session.add(
                PenaltyEntry(
                    entrant_id=entrants[penalty.entrant].id,
                    stage=penalty.stage,
                    module=penalty.module,
                    points=penalty.points,
                    seconds=penalty.seconds,
                    reason=penalty.reason,
                    extra=penalty.extra,
                )
            )
    for time in bundle.times:
        if time.entrant in entrants:
            db.session.add(
                TimeEntry(
                    entrant_id=entrants[time.entrant].id,
                    stage=time.stage,
                    module=time.module,
                    seconds=time.seconds,
                    extra=time.extra,
                )
            )

"""Seals over judges' acts: what stands in the record of each batch, and whether it still fits.

Acts are rows that nobody changes. Whoever adds some puts a seal over them
into the audit chain, under the key `acts`, or by sheet under `sheets` where it
writes several: `{"first", "last", "count", "sha256", "form"}`, the numbers of the
first and the last and a hash over all columns of all of them in their order, each
with whose sheet it is on. `form` says over which columns; a seal keeps its form for
ever, and one without it is of the first three. So an act that was changed, added,
taken away or moved behind the program's back, or a sheet that was given to another,
no longer fits what the chain says.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache, partial
from itertools import chain, islice
from operator import itemgetter
from typing import Any
from uuid import uuid4
from zlib import crc32

from sqlalchemy import ColumnElement, select

from compete.domain.values.messages import Message, msg
from compete.models import Act, AuditEntry, Competition, Sheet, db
from compete.services.kernel.batch_seals import GrowingSeal, batch_seal, is_batch_seal
from compete.services.kernel.progress import passed

SHEET_COLUMNS = ("entrant_id", "stage", "module")
"""The columns of its sheet that an act is sealed with."""

_OF_ACTS = (
    *("id", "uuid", "sheet_id", "judge_id", "kind", "aspect", "value", "note", "said_at"),
    *("tablet", "tablet_seq", "held_at", "extra"),
)
_PRINTED = _OF_ACTS[1:]
# A column more in the table is a new form, never a change of an old one.
_FORMS: Mapping[int, tuple[str, ...]] = {
    1: _OF_ACTS,
    2: (*_OF_ACTS, *SHEET_COLUMNS),
    3: (*_OF_ACTS, "prints", *SHEET_COLUMNS),
}
_NEWEST = 3
_MOST_NAMED = 20
_PORTION = 1000
_PLAIN = frozenset({str, int, bool, type(None)})
_TREES = frozenset({dict, list})
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
_ADDING = frozenset({"acts.take", "competition.load"})


def add_act(
    sheet: Sheet,
    judge_id: int,
    kind: str,
    aspect: str | None,
    value: Decimal | None,
    extra: dict[str, Any],
    **more: Any,
) -> None:
    """Add an act that no tablet made; who adds some seals them."""
    content = {"kind": kind, "aspect": aspect, "value": value, "extra": extra, **more}
    db.session.add(Act(uuid=str(uuid4()), sheet_id=sheet.id, judge_id=judge_id, **content))


def seal_acts(*which: ColumnElement[bool]) -> dict[str, Any] | None:
    """The seal over the acts that fit the conditions; None where there are none."""
    rows = _rows(_NEWEST, which)
    first = next(rows, None)
    return None if first is None else {**seal_of(chain([first], rows)), "form": _NEWEST}


def _rows(form: int, which: Sequence[ColumnElement[bool]]) -> Iterator[Sequence[Any]]:
    """List the values that a seal of that form is over, in the order of the acts."""
    columns = [getattr(Sheet if key in SHEET_COLUMNS else Act, key) for key in _FORMS[form]]
    query = select(*columns).join(Sheet, Sheet.id == Act.sheet_id).where(*which)
    return iter(db.session.execute(query.order_by(Act.id).execution_options(yield_per=_PORTION)))


def seal_rows(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The seal over acts that were added just now, as they stand in the database; at least one.

    Each row has the act's columns, and those of its sheet in `SHEET_COLUMNS`. They come in
    the order of their numbers, and are read once.
    """
    sealed = seal_of([row[key] for key in _FORMS[_NEWEST]] for row in rows)
    return {**sealed, "form": _NEWEST}


class ActsSeal:
    """The seal over acts that are added part by part, none of which is kept."""

    def __init__(self) -> None:
        self._whole = GrowingSeal()
        self.count = 0

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add acts as `seal_rows` takes them, after those before."""
        self._whole.add(_plain_row([row[key] for key in _FORMS[_NEWEST]]) for row in rows)
        self.count += len(rows)

    def add_there(self, *which: ColumnElement[bool]) -> None:
        """Add the acts of the database that fit the conditions."""
        for row in _rows(_NEWEST, which):
            self._whole.add([_plain_row(row)])
            self.count += 1

    def seal(self) -> dict[str, Any] | None:
        """The seal; None where there are none."""
        return {**self._whole.seal(), "form": _NEWEST} if self.count else None


def seal_of(rows: Iterable[Sequence[Any]]) -> dict[str, Any]:
    """The seal over rows in their order, each with its number first; at least one."""
    return batch_seal(_plain_row(row) for row in rows)


def _plain_rows(form: int, which: Sequence[ColumnElement[bool]]) -> Iterator[list[Any]]:
    rows = _rows(form, which)
    while part := list(islice(rows, _PORTION)):
        yield from map(_plain_row, part)
        passed(len(part))


def _plain_row(row: Sequence[Any]) -> list[Any]:
    return [value if type(value) in _PLAIN else _plain(value) for value in row]


def prints_of(act: Mapping[str, Any]) -> str:
    """The prints of an act: four hex digits for each column, so a spoilt one can be named.

    They prove nothing by themselves: that is what the seal over the batch does.
    """
    value_of = act.get
    # Of most columns there are few values in a batch, and so few prints; no UUID comes twice.
    first, *others = map(value_of, _PRINTED)
    return _print_anew(first) + "".join(
        [_print_anew(value) if type(value) in _TREES else _print_of(value) for value in others]
    )


@lru_cache(maxsize=2000, typed=True)
def _print_of(value: Hashable) -> str:
    return _print_anew(value)


def _print_anew(value: Any) -> str:
    if isinstance(value, Decimal):
        value = value.normalize()
    text = _ENCODER.encode(_plain(value))
    return f"{crc32(text.encode('utf-8', 'surrogatepass')) & 0xFFFF:04x}"


def check_acts(competition: Competition) -> Iterator[tuple[int, Message]]:
    """Find every seal that its acts do not fit, by its number in the chain, and acts without one.

    What was recorded before there were seals is passed over. The number of an
    unsealed act is that of the seal it follows.
    """
    seals: list[tuple[int, dict[str, Any]]] = []
    before_seals = False
    records = (
        select(AuditEntry.seq, AuditEntry.action, AuditEntry.after)
        .where(AuditEntry.competition_id == competition.id, AuditEntry.after.is_not(None))
        .order_by(AuditEntry.seq)
    )
    for seq, action, after in db.session.execute(records):
        if not isinstance(after, dict):
            continue
        recorded = _seals_in(after)
        seals += [(seq, seal) for seal in recorded]
        adds = action in _ADDING and (after.get("held") or after.get("marks"))
        if adds and not recorded and not seals:
            before_seals = True
    for seq, seal in seals:
        if not _fits(competition, seal):
            where = _spoilt(competition, seal)
            yield seq, msg("这一批评分动作写入后被改过%(where)s", where=where)
    yield from _unsealed(competition, seals, before_seals)


def _seals_in(after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The seals of a record: of its one batch, or of each sheet's where an act wrote several."""
    sheets = after.get("sheets")
    several = sheets.values() if isinstance(sheets, dict) else ()
    return [
        seal for seal in (after.get("acts"), *several) if isinstance(seal, dict) and "first" in seal
    ]


def _fits(competition: Competition, seal: dict[str, Any]) -> bool:
    which = (acts_of(competition), Act.id.between(seal["first"], seal["last"]))
    head = {key: seal.get(key) for key in ("first", "last", "count", "sha256")}
    # Of the first three forms any may fit: the hash that the chain keeps was one of them.
    forms = [seal["form"]] if "form" in seal else sorted(_FORMS, reverse=True)
    try:
        return any(
            is_batch_seal(head, partial(_plain_rows, form, which))
            for form in forms
            if form in _FORMS
        )
    except Exception:
        # An instant, a number or a JSON text in an act was spoilt.
        return False


def _spoilt(competition: Competition, seal: dict[str, Any]) -> str:
    """The acts of a batch that differ from their prints, as `act 12 value`; some of them."""
    query = select(Act.id).where(acts_of(competition), Act.id.between(seal["first"], seal["last"]))
    there = list(db.session.scalars(query.order_by(Act.id)))
    names: list[str] = []
    for number in there:
        names += [f"act {number} {name}".strip() for name in _spoilt_columns(number)]
        if len(names) >= _MOST_NAMED:
            break
    numbers = range(seal["first"], seal["last"] + 1)
    if len(numbers) == seal["count"]:
        names += [f"act {number}" for number in sorted(set(numbers) - set(there))]
    elif len(there) < seal["count"]:
        names.append(f"act −{seal['count'] - len(there)}")
    return f" ({', '.join(names[:_MOST_NAMED])})" if names else ""


def _spoilt_columns(number: int) -> list[str]:
    """The names of an act's columns that differ from its prints; an empty one for a row unread."""
    try:
        columns = [getattr(Act, key) for key in (*_OF_ACTS, "prints")]
        row = db.session.execute(select(*columns).where(Act.id == number)).one()._mapping
        prints, again = row["prints"] or "", prints_of({key: row[key] for key in _PRINTED})
    except Exception:
        return [""]
    if prints and len(prints) != len(again):
        return ["prints"]
    digits = len(again) // len(_PRINTED)
    return [
        name
        for place, name in enumerate(_PRINTED)
        if prints and prints[place * digits :][:digits] != again[place * digits :][:digits]
    ]


def _unsealed(
    competition: Competition, seals: list[tuple[int, dict[str, Any]]], before_seals: bool
) -> Iterator[tuple[int, Message]]:
    starts = sorted((seal["first"], seal["last"], seq) for seq, seal in seals)
    reported = set()
    for act in db.session.scalars(select(Act.id).where(acts_of(competition)).order_by(Act.id)):
        place = bisect_right(starts, act, key=itemgetter(0)) - 1
        if place < 0:
            if before_seals:
                continue
            outside, seq = True, 0
        else:
            _first, last, seq = starts[place]
            outside = act > last
        if outside and seq not in reported:
            reported.add(seq)
            yield seq, msg("这一条之后多出没有登记的评分动作 (act %(n)s)", n=act)


def acts_of(competition: Competition) -> ColumnElement[bool]:
    """The condition that an act is one of the competition's."""
    return Act.sheet_id.in_(select(Sheet.id).where(Sheet.competition_id == competition.id))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return _instant(value)
    return value


@lru_cache(maxsize=200)
def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")

"""Seals over judges' acts: what stands in the record of each batch, and whether it still fits.

Acts are rows that nobody changes. Whoever adds some puts a seal over them
into the audit chain, under the key `acts`: `{"first", "last", "count",
"sha256"}`, the numbers of the first and the last and a hash over all columns
of all of them in their order, each with whose sheet it is on. So an act that
was changed, added, taken away or moved behind the program's back, or a sheet
that was given to another, no longer fits what the chain says.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from compete.domain.values import Message, msg
from compete.models import Act, AuditEntry, Competition, Sheet, db

_COLUMNS = tuple(Act.__table__.columns)
SHEET_COLUMNS = ("entrant_id", "stage", "module")
"""What of its sheet an act is sealed with."""

_KEYS = (*(column.key for column in _COLUMNS), *SHEET_COLUMNS)
_ADDING = frozenset({"acts.take", "competition.load"})


def seal_acts(*which: ColumnElement[bool]) -> dict[str, Any] | None:
    """The seal over the acts that fit the conditions; None where there are none."""
    rows = db.session.execute(
        select(*_COLUMNS, *(getattr(Sheet, key) for key in SHEET_COLUMNS))
        .join(Sheet, Sheet.id == Act.sheet_id)
        .where(*which)
        .order_by(Act.id)
    ).all()
    return seal_of(rows) if rows else None


def seal_rows(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The seal over acts that were added just now, as they stand in the database; at least one.

    Each row has the act's columns, and those of its sheet in `SHEET_COLUMNS`.
    """
    return seal_of([[row[key] for key in _KEYS] for row in rows])


def seal_of(rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """The seal over rows in their order, each with its number first; at least one."""
    return {
        "first": rows[0][0],
        "last": rows[-1][0],
        "count": len(rows),
        "sha256": _digest(rows),
    }


def check_acts(competition: Competition) -> Iterator[tuple[int, Message]]:
    """Every seal that its acts do not fit, with its number in the chain, and every act without one.

    What was recorded before there were seals is passed over. The number of an
    unsealed act is that of the seal it follows.
    """
    seals: list[tuple[int, dict[str, Any]]] = []
    before_seals = False
    for seq, action, after in db.session.execute(_records(competition)):
        if not isinstance(after, dict):
            continue
        if isinstance(after.get("acts"), dict):
            seals.append((seq, after["acts"]))
        elif not seals and action in _ADDING and (after.get("held") or after.get("marks")):
            before_seals = True
    for seq, seal in seals:
        if not _fits(competition, seal):
            yield seq, msg("这一批评分动作写入后被改过")
    yield from _unsealed(competition, seals, before_seals)


def _fits(competition: Competition, seal: dict[str, Any]) -> bool:
    try:
        return seal_acts(acts_of(competition), Act.id.between(seal["first"], seal["last"])) == seal
    except (ValueError, TypeError):
        # An instant, a number or a JSON text in an act was spoilt.
        return False


def _unsealed(
    competition: Competition, seals: list[tuple[int, dict[str, Any]]], before_seals: bool
) -> Iterator[tuple[int, Message]]:
    starts = sorted((seal["first"], seal["last"], seq) for seq, seal in seals)
    told = set()
    for act in db.session.scalars(select(Act.id).where(acts_of(competition)).order_by(Act.id)):
        place = bisect_right(starts, act, key=itemgetter(0)) - 1
        if place < 0:
            if before_seals:
                continue
            outside, seq = True, 0
        else:
            _first, last, seq = starts[place]
            outside = act > last
        if outside and seq not in told:
            told.add(seq)
            yield seq, msg("这一条之后多出没有登记的评分动作")


def _records(competition: Competition) -> Select[tuple[int, str, Any]]:
    return (
        select(AuditEntry.seq, AuditEntry.action, AuditEntry.after)
        .where(AuditEntry.competition_id == competition.id, AuditEntry.after.is_not(None))
        .order_by(AuditEntry.seq)
    )


def acts_of(competition: Competition) -> ColumnElement[bool]:
    """The condition that an act is one of the competition's."""
    return Act.sheet_id.in_(select(Sheet.id).where(Sheet.competition_id == competition.id))


def _digest(rows: Sequence[Sequence[Any]]) -> str:
    whole = hashlib.sha256()
    for row in rows:
        line = json.dumps(
            [_plain(value) for value in row],
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )
        whole.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return whole.hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value

"""The marks of a competition as a bundle holds them, with their times and what goes with them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, exists, select
from sqlalchemy.orm import aliased

from compete.domain.aspects.checklist import met_checks
from compete.domain.bundle.types import Mark
from compete.models import Act, Competition, Entrant, Sheet, db
from compete.services.kernel.event_rules import rules_of
from compete.services.scoring.mark_rows import (
    deciding_acts,
    factored_of,
    flags_of,
)
from compete.services.sheets.difficulties import difficulties_by_code
from compete.services.sheets.values import VALUE_KINDS

_EXTRA = cast(Act.extra, Text)
_NOTHING = "null"


def marks_of(row: Competition, *, history: bool, telling: bool = False) -> Iterator[Mark]:
    """The marks as the bundle tells them, in the server's order.

    With `history` those that were replaced before those that replaced them; with
    `telling` only those that say more than a value.
    """
    events = [rules_of(event) for event in row.events]
    if not events:
        return
    flags, factored = flags_of(events), factored_of(events)
    attempted = difficulties_by_code(row) if factored else {}
    event_codes = {event.id: event.code for event in row.events}
    judges = {judge.id: judge.code for judge in row.judges}
    standing = deciding_acts(row)
    stands: ColumnElement[bool] = Act.id.in_(standing)
    if history:
        # Of what was cleared in the end nothing is written: the file has no word for it.
        last = aliased(Act)
        stands = exists().where(
            last.id.in_(standing),
            last.kind.in_(VALUE_KINDS),
            last.sheet_id == Act.sheet_id,
            last.aspect == Act.aspect,
        )
    query = (
        select(
            Entrant.code,
            Entrant.event_id,
            Sheet.stage,
            Sheet.module,
            Sheet.judge_id,
            Act.aspect,
            Act.value,
            Act.said_at,
            Act.note,
            _EXTRA,
        )
        .join(Sheet, Sheet.id == Act.sheet_id)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(stands, Act.kind.in_(VALUE_KINDS))
        .order_by(Act.id)
    )
    if telling:
        query = query.where(_EXTRA.is_not(None), _EXTRA != _NOTHING)
    for (
        code,
        event_id,
        stage,
        module,
        judge_id,
        aspect,
        value,
        at,
        note,
        extra,
    ) in db.session.execute(query).tuples():
        assert aspect is not None
        assert value is not None
        place = event_codes[event_id], stage, module, aspect
        difficulty = attempted.get((code, stage, module, aspect)) if place in factored else None
        if difficulty is None and place in factored:
            # A mark that waits for a difficulty has no word in the file.
            continue
        yield Mark(
            stage=stage,
            module=module,
            entrant=code,
            judge=judges[judge_id],
            aspect=aspect,
            value=_value(value, place in flags),
            difficulty=difficulty,
            at=at,
            extra=_with_met(_read(extra), note),
        )


def _read(extra: str | None) -> dict[str, Any] | None:
    """Read the extra, which hardly any mark has: those without are not decoded one by one."""
    if extra is None or extra == _NOTHING:
        return None
    content: dict[str, Any] = json.loads(extra)
    # Which acts a tablet knew of is between the judge's own tablets.
    content.pop("known", None)
    return content or None


def _with_met(extra: dict[str, Any] | None, note: str | None) -> dict[str, Any] | None:
    """The extra of a mark, with the checks of a checklist that the judge's note tells."""
    met = met_checks(note)
    return extra if met is None else {**(extra or {}), "met": met}


def _value(value: Decimal, is_flag: bool) -> bool | Decimal:
    return bool(value) if is_flag else value

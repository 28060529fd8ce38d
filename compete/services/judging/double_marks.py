"""Double marks: a judge marked on two tablets, neither of which knew of the other's taps.

A tap says how many there are by then, so that two that know nothing of each other are not
added up: one and one stands as one. Whether both saw the same fault only the judge knows.
Of any other mark the one that came last stands.

A tablet says with each act which was the last act on the sheet that it knew of. Of pages that
do not say so, an act that came later but was made earlier, by the tablets' clocks, knew nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from sqlalchemy import select

from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Module
from compete.models import Act, Sheet, db
from compete.services.sheets.values import SETTLING_KINDS


@dataclass(frozen=True)
class CountedApart:
    """A counted aspect: what one tablet had, what the other had, and what stands."""

    aspect: str
    first: Decimal
    other: Decimal


def counted_apart(sheet: Sheet, module: Module) -> list[CountedApart]:
    """The sheet's fault counters on which two tablets did not know of each other.

    A tap of a tablet that knew of both answers the question.
    """
    counted = [aspect.code for aspect in module.aspects if kind_of(aspect).counts_faults]
    if not counted:
        return []
    rows = _settling(sheet, counted)
    comparisons = (_apart(code, [row for row in rows if row.aspect == code]) for code in counted)
    return [apart for apart in comparisons if apart is not None]


@dataclass(frozen=True)
class MarkedApart:
    """An aspect whose mark replaced another tablet's, of which it did not know."""

    aspect: Aspect
    other: bool | Decimal
    stands: bool | Decimal


def marked_apart(sheet: Sheet, module: Module) -> list[MarkedApart]:
    """The sheet's aspects of which two tablets said different things, without knowing it.

    Faults apart, which `counted_apart` tells. A mark of a tablet that knew of both answers.
    """
    aspects = {it.code: it for it in module.aspects if not kind_of(it).counts_faults}
    rows = _settling(sheet, aspects)
    marked = []
    for code, aspect in aspects.items():
        acts = [row for row in rows if row.aspect == code]
        stands = acts[-1] if acts else None
        # One tablet may have sent several that it kept.
        other = next((act for act in reversed(acts) if stands and _by_others(act, stands)), None)
        if stands is None or other is None or stands.value is None or other.value is None:
            continue
        if other.value != stands.value and _is_unknown(other, stands):
            given = kind_of(aspect).judge_value
            marked.append(MarkedApart(aspect, given(other.value), given(stands.value)))
    return marked


def _settling(sheet: Sheet, aspects: Iterable[str]) -> Sequence[Act]:
    """The acts that settled a value of these aspects, in their order."""
    query = select(Act).where(
        Act.sheet_id == sheet.id, Act.aspect.in_(aspects), Act.kind.in_(SETTLING_KINDS)
    )
    return db.session.scalars(query.order_by(Act.id)).all()


def _apart(code: str, acts: list[Act]) -> CountedApart | None:
    apart: CountedApart | None = None
    later: Act | None = None
    for before, act in pairwise(acts):
        if apart is not None and later is not None:
            if _answers(act, later):
                apart = later = None
            else:
                apart = CountedApart(code, apart.first, _count(act))
                continue
        if _unaware(before, act):
            apart, later = CountedApart(code, _count(before), _count(act)), act
    return apart


def _answers(act: Act, later: Act) -> bool:
    """True if an act was made by somebody who could see the later of two that differ."""
    known = _known(act)
    if known is not None:
        return known >= later.id
    moment = _moment(act.said_at)
    return moment is not None and moment > later.held_at


def _unaware(before: Act, act: Act) -> bool:
    """True if the later act cannot have been one tap on what the earlier one left."""
    if not _by_others(before, act):
        return False
    if _known(act) is not None:
        return _is_unknown(before, act)
    return _is_reversed(before, act) or abs(_count(act) - _count(before)) != 1


def _by_others(before: Act, act: Act) -> bool:
    """True if two tablets made them, as far as is known."""
    return bool(before.tablet and act.tablet) and before.tablet != act.tablet


def _known(act: Act) -> int | None:
    """The number of the last act that the act's tablet knew of, where it said so."""
    known = (act.extra or {}).get("known")
    return known if isinstance(known, int) else None


def _is_unknown(before: Act, act: Act) -> bool:
    """True if whoever made the later act did not know of the earlier one."""
    known = _known(act)
    return before.id > known if known is not None else _is_reversed(before, act)


def _is_reversed(before: Act, act: Act) -> bool:
    """True if the one that came later was made earlier, by the tablets' clocks."""
    earlier, later = _moment(before.said_at), _moment(act.said_at)
    return earlier is not None and later is not None and later < earlier


def _count(act: Act) -> Decimal:
    return act.value if act.value is not None else Decimal(0)


def _moment(text: str | None) -> datetime | None:
    """The tablet's clock as it said it, where it is a moment with its zone."""
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return at if at.tzinfo is not None else None

"""Next in rank: follow somebody who goes on and leaves before the next stage begins.

The stage's `advance` names them (`without`), and its other keys then say who goes on. Files of
earlier programs say it otherwise: `top` is as many as go on, whoever left stands in a unit of their
own below theirs, and the `extra` of `advance` keeps for whom that was done, and the `top` before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from compete.domain.bundle.event_types import Advance, Event, Stage
from compete.domain.bundle.results import Notice, StageRow
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.versions import version_of
from compete.domain.ranking.advancement_cut import Going, advancing
from compete.domain.ranking.standing import Standing
from compete.domain.values.kinds import OutcomeStatus, RankStyle

CALLED_UP_FOR = "called_up_for"
"""In the `extra` of a stage's `advance`: who left before the next began."""
_PLACES = "places"
"""Beside it: `top` as it was before anybody was called up, null where there was none."""

_LONGEST_CODE = 100
replace = msgspec.structs.replace


class NextUp(msgspec.Struct, frozen=True):
    """The next in rank: the rule by which they follow, who they are, and where places stay open."""

    advance: Advance
    entrants: tuple[str, ...]
    open: tuple[Notice, ...]


def next_up(bundle: Bundle, stage: Stage, rows: Sequence[StageRow], leaver: str) -> NextUp | None:
    """List who follows this one, in rank order; None if nobody is left whose unit may send them.

    Where more go on than `top` since they are equals, it is as many more as it takes.
    """
    before = stage.advance
    if before is None:
        return None
    now = _going(bundle, stage, rows, _units(bundle))
    places = _rule_before(before).top
    tops = [None] if before.top is None else range(before.top, before.top + len(rows) + 1)
    for top in tops:
        extra = dict(before.extra or {}) | ({_PLACES: places} if top != places else {})
        without = (*before.without, leaver)
        advance = replace(before, top=top, without=without, extra=extra or None)
        then = _going(bundle, replace(stage, advance=advance), rows, _units(bundle))
        coming = then.entrants - now.entrants
        opened = tuple(it for it in then.notices if it not in now.notices)
        if now.entrants - {leaver} <= then.entrants and (coming or opened):
            ranks = {row.entrant: (row.rank, row.entrant) for row in rows}
            return NextUp(advance, tuple(sorted(coming, key=ranks.__getitem__)), opened)
    return None


def called_up_for(advance: Advance | None) -> list[str]:
    """List who left before the next stage began and was followed."""
    if advance is None:
        return []
    return [*(advance.extra or {}).get(CALLED_UP_FOR, ()), *advance.without]


def _rule_before(advance: Advance) -> Advance:
    """The rule as it was before anybody was called up."""
    advance = replace(advance, also=(), missed=())
    extra = dict(advance.extra or {})
    left = extra.pop(CALLED_UP_FOR, ())
    places = advance.top - len(left) if advance.top is not None else None
    top = extra.pop(_PLACES, places)
    return replace(advance, top=top, without=(), extra=extra or None)


def as_ruled(event: Event) -> Event:
    """The event by its rules before anybody was called up."""
    stages = tuple(
        replace(stage, advance=_rule_before(stage.advance)) if stage.advance else stage
        for stage in event.stages
    )
    return replace(event, stages=stages)


def called_up(
    bundle: Bundle, stage: Stage, rows: Sequence[StageRow]
) -> tuple[list[str], list[str]]:
    """List who left before the next stage began, and who goes on from this one in their stead."""
    advance = stage.advance
    left = called_up_for(advance)
    if not left or advance is None:
        return [], []
    units, above = _units(bundle), {unit.code: unit.parent for unit in bundle.units}
    for code in left:
        if code in units and _is_own(units[code], code):
            units[code] = above[units[code]] or units[code]
    first = _going(bundle, replace(stage, advance=_rule_before(advance)), rows, units)
    going = sorted((row.rank, row.entrant) for row in rows if row.advanced and row.rank is not None)
    return left, [code for _, code in going if code not in first.entrants]


def apart(bundle: Bundle) -> Bundle:
    """Put entrants whom others replaced in units of their own, where units have places.

    An entrant who comes after all, the outcome taken back, has the unit's place again.
    """
    wanted = set(_leaving_units(bundle))
    if not wanted:
        return bundle
    names = {unit.code: unit.name for unit in bundle.units}
    entrants, units = [], list(bundle.units)
    for entrant in bundle.entrants:
        if entrant.code in wanted and not _is_own(entrant.unit, entrant.code):
            own = _own_unit(entrant.unit, entrant.code)
            units.append(replace(units[0], code=own, name=names[entrant.unit], parent=entrant.unit))
            entrant = replace(entrant, unit=own)
        entrants.append(entrant)
    return replace(bundle, entrants=tuple(entrants), units=tuple(units))


def leaving(bundle: Bundle, stage: Stage) -> set[str]:
    """Codes of those who don't start in the stage or are out: by outcomes of it or each module."""
    out: dict[str, set[str | None]] = defaultdict(set)
    for outcome in bundle.outcomes:
        if outcome.stage == stage.code and outcome.status is not OutcomeStatus.DNF:
            out[outcome.entrant].add(outcome.module)
    modules = {module.code for module in stage.modules}
    return {code for code, of in out.items() if None in of or modules <= of}


def _leaving_units(bundle: Bundle) -> Iterable[str]:
    for event in bundle.events:
        for stage, after in zip(event.stages, event.stages[1:], strict=False):
            advance = stage.advance
            if advance is None or advance.per_unit is None:
                continue
            left = leaving(bundle, after)
            yield from (it for it in (advance.extra or {}).get(CALLED_UP_FOR, ()) if it in left)


def _going(bundle: Bundle, stage: Stage, rows: Sequence[StageRow], units: dict[str, str]) -> Going:
    ranked = {row.entrant: (row.rank,) for row in rows if row.rank is not None}
    standing = Standing(RankStyle.COMPETITION, ranked)
    return advancing(standing, stage, units, code_decides=version_of(bundle).code_decides)


def _units(bundle: Bundle) -> dict[str, str]:
    return {entrant.code: entrant.unit for entrant in bundle.entrants}


def _own_unit(unit: str, code: str) -> str:
    return f"{unit}·{code}"[-_LONGEST_CODE:]


def _is_own(unit: str, code: str) -> bool:
    return unit.endswith(f"·{code}"[-_LONGEST_CODE:])

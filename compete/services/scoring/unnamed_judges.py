"""A bundle that tells every mark and not which judge gave it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from msgspec.structs import replace
from sqlalchemy import func, select

from compete.domain.bundle import types
from compete.domain.identity.masks import mask_name
from compete.domain.values.record import Extra
from compete.models import Competition, Entrant, Judge, Sheet, db
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.module_keys import same_place

_Place = tuple[str, str, str]
_NAME = "裁判"
"""The name of everybody who has a number alone."""
_NO_VALUE = Decimal("-Infinity")


class PanelTold(NamedTuple):
    """A panel of the competition, and how it reads where judges are not told."""

    entrant: str
    module: str
    judges: Sequence[str]
    unnamed: Sequence[str]


def without_judges(bundle: types.Bundle) -> types.Bundle:
    """The same marks, the judges of each entrant's module numbered anew.

    Numbers follow from the marks alone, aspect by aspect the highest first, so that they
    lead to nobody; when a mark was made is not told either. No rule asks whose a
    mark is: the results are the same to the digit. Who judges is known, and stays in the list.
    """
    sheets = _sheets(bundle.marks)
    panels = [len(panel) for panel in sheets.values()]
    readings = [sum(map(len, _read(time.extra).values())) for time in bundle.times]
    # One list for all of them: who is told of in either stands among the judges.
    numbers = _numbers(max([*panels, *readings], default=0), bundle.judges)
    return replace(
        bundle,
        judges=(*bundle.judges, *(types.Judge(code=number, name=_NAME) for number in numbers)),
        marks=tuple(_marks(sheets, numbers)),
        times=tuple(replace(time, extra=_readings(time.extra, numbers)) for time in bundle.times),
    )


def largest_panel(competition: Competition) -> PanelTold | None:
    """The panel of most judges that anybody was marked by, to show what goes out; None without one.

    Names are masked as they are in the file.
    """
    judges = func.count(Sheet.judge_id.distinct())
    first = db.session.execute(
        select(Sheet.entrant_id, Sheet.stage, Sheet.module)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(Entrant.competition_id == competition.id)
        .group_by(Sheet.entrant_id, Sheet.stage, Sheet.module)
        .order_by(judges.desc(), Sheet.entrant_id)
        .limit(1)
    ).first()
    if first is None:
        return None
    entrant = db.session.get_one(Entrant, first.entrant_id)
    here = select(Sheet.judge_id).where(*same_place(Sheet, first))
    panel = db.session.scalars(select(Judge).where(Judge.id.in_(here)).order_by(Judge.code)).all()
    return PanelTold(
        entrant.code,
        module_title(entrant.event, first.stage, first.module),
        [f"{judge.code} {mask_name(judge.name)}" for judge in panel],
        _numbers(len(panel), ()),
    )


def _sheets(marks: Iterable[types.Mark]) -> dict[_Place, dict[str, list[types.Mark]]]:
    """The marks that each judge gave, by entrant and module."""
    sheets: dict[_Place, dict[str, list[types.Mark]]] = {}
    for mark in marks:
        place = (mark.stage, mark.module, mark.entrant)
        sheets.setdefault(place, {}).setdefault(mark.judge, []).append(mark)
    return sheets


def _marks(
    sheets: Mapping[_Place, Mapping[str, list[types.Mark]]], numbers: Sequence[str]
) -> Iterable[types.Mark]:
    for panel in sheets.values():
        aspects = sorted({mark.aspect for given in panel.values() for mark in given})
        highest_first = sorted(
            panel.values(), key=lambda given: _mark_values(given, aspects), reverse=True
        )
        for number, given in zip(numbers, highest_first, strict=False):
            for mark in sorted(given, key=lambda mark: mark.aspect):
                yield replace(mark, judge=number, at=None)


def _mark_values(marks: Iterable[types.Mark], aspects: Iterable[str]) -> list[Decimal]:
    values = {mark.aspect: Decimal(mark.value) for mark in marks}
    return [values.get(aspect, _NO_VALUE) for aspect in aspects]


def _read(extra: Extra | None) -> dict[str, Mapping[str, Any]]:
    """The readings that go with a time, by judge, and those that do not count."""
    content = extra or {}
    return {
        key: content[key] for key in ("readings", "aside") if isinstance(content.get(key), Mapping)
    }


def _readings(extra: Extra | None, numbers: Sequence[str]) -> dict[str, Any] | None:
    """The extra of a time, its readings numbered from the shortest."""
    content, left = dict(extra or {}), iter(numbers)
    for key, of in _read(extra).items():
        content[key] = {next(left): value for value in sorted(of.values(), key=_seconds)}
    return content or None


def _seconds(value: Any) -> Decimal:
    return Decimal(str(value))


def _numbers(count: int, judges: Iterable[types.Judge]) -> list[str]:
    """Make as many codes that no judge has."""
    taken = {judge.code for judge in judges}
    before = ""
    while not taken.isdisjoint(f"{before}{number}" for number in range(1, count + 1)):
        before += "0"
    return [f"{before}{number}" for number in range(1, count + 1)]

"""Points by section of theory modules as bars, for who may see the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from compete.models import Entrant
from compete.services.results.exam_sections import ModuleSections, SectionLine, sections_of
from compete.web.drawing.charts import share
from compete.web.templating import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionBar:
    """A section with its points and its bar; shares are of a hundred."""

    name: str
    points: str
    of: str
    share: Decimal
    median_share: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleBars:
    """A theory module with its sections."""

    name: str
    bars: Sequence[SectionBar]


def bars_of_people(people: Sequence[Entrant]) -> dict[int, list[ModuleBars]]:
    """The sections of people of one competition, by their numbers; of who has any to see."""
    return {number: [_bars(it) for it in shown] for number, shown in sections_of(people).items()}


def section_bars(entrant: Entrant) -> list[ModuleBars]:
    """The sections of one, none without."""
    return bars_of_people([entrant]).get(entrant.id, [])


def _bars(module: ModuleSections) -> ModuleBars:
    return ModuleBars(name=module.name, bars=[_bar(it) for it in module.lines])


def _bar(line: SectionLine) -> SectionBar:
    middle = line.median
    return SectionBar(
        name=line.name,
        points=plain(line.points),
        of=plain(line.of),
        share=share(line.points, line.of),
        median_share=None
        if middle is None
        else share(Decimal(middle.numerator), Decimal(middle.denominator)),
    )

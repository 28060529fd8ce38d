"""The worked cases behind the pictures: sample competitions, scored by the engine."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

from compete.domain.aspects.types import Aspect, AspectType
from compete.domain.bundle.event_types import Module
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.results import EventResults, FinalRow, Results, StageRow
from compete.domain.bundle.types import Bundle, Entrant, Mark
from compete.domain.scoring.scorer import score

SAMPLES = Path(__file__).parents[3] / "sample_events"


class Case:
    """A sample and its results, with the look-ups that pictures need."""

    def __init__(self, name: str) -> None:
        self.bundle: Bundle = read_bundle((SAMPLES / name / "bundle.json").read_bytes())
        self.results: Results = score(self.bundle)

    @property
    def event(self) -> EventResults:
        """The first event's results."""
        return self.results.events[0]

    def entrant(self, code: str) -> Entrant:
        return next(one for one in self.bundle.entrants if one.code == code)

    def unit(self, code: str) -> str:
        return next(one.name for one in self.bundle.units if one.code == code)

    def module(self, code: str) -> Module:
        stage = self.bundle.events[0].stages[-1]
        return next(one for one in stage.modules if one.code == code)

    def row(self, code: str) -> StageRow:
        return next(one for one in self.event.stages[-1].standings if one.entrant == code)

    def final(self, code: str) -> FinalRow:
        return next(one for one in self.event.standings if one.entrant == code)

    def marks(self, who: str, module: str) -> dict[tuple[str, str], Mark]:
        """By judge and aspect."""
        return {
            (mark.judge, mark.aspect): mark
            for mark in self.bundle.marks
            if (mark.entrant, mark.module) == (who, module)
        }


@cache
def case(name: str) -> Case:
    """A sample, read and scored once."""
    return Case(name)


def marks_of(aspect: Aspect, value: bool | Decimal) -> Fraction:
    """What a value brings, for the types that appear in the pictures."""
    full, number = Fraction(aspect.max), Fraction(value)
    match aspect.type:
        case AspectType.DEDUCTION:
            return max(full - number * Fraction(aspect.points or 0), Fraction(0))
        case AspectType.JUDGEMENT:
            return full * number / aspect.scale
        case AspectType.MEASUREMENT:
            fitting = (band.marks for band in aspect.bands if abs(number) <= band.within)
            return Fraction(next(fitting, Decimal(0)))
        case AspectType.TIME:
            none, all_of_it = Fraction(aspect.zero_at or 0), Fraction(aspect.full_at or 0)
            return full * min(max((none - number) / (none - all_of_it), Fraction(0)), Fraction(1))
    return number


def shown(number: Fraction, places: int = 2) -> str:
    """Rounded half up for people, without needless zeros."""
    scaled = int(number * 10**places + Fraction(1, 2))
    text = f"{scaled // 10**places}.{scaled % 10**places:0{places}d}" if places else str(scaled)
    return text.rstrip("0").rstrip(".") if "." in text else text

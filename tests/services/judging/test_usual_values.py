"""Who marks is asked where a value is implausible, not where it is merely far."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect, AspectType, Band
from compete.domain.bundle.reading import read_bundle
from compete.services.judging.tablet_view import plausible

SAMPLES = sorted(Path(__file__).resolve().parents[3].glob("sample_events/*/bundle.json"))


def asked(aspect: Aspect, value: Decimal | bool, others: list[Decimal]) -> bool:
    """As the tablet decides, by what it is sent."""
    usual = plausible(aspect, others).get("plausible")
    if usual is None or isinstance(value, bool):
        return False
    return not Decimal(usual["least"]) <= value <= Decimal(usual["most"])


def test_at_most_one_sheet_in_twenty_of_each_sample_asks() -> None:
    played = 0
    for path in SAMPLES:
        bundle = read_bundle(path.read_bytes())
        aspects = {
            (stage.code, module.code, aspect.code): aspect
            for event in getattr(bundle, "events", ())
            for stage in event.stages
            for module in stage.modules
            for aspect in module.aspects
        }
        before = defaultdict[tuple[str, ...], list[Decimal]](list)
        sheets = defaultdict[tuple[str, ...], list[bool]](list)
        for mark in getattr(bundle, "marks", ()):
            place = (mark.stage, mark.module, mark.judge)
            aspect = aspects[mark.stage, mark.module, mark.aspect]
            others = before[*place, mark.aspect]
            sheets[*place, mark.entrant].append(asked(aspect, mark.value, others))
            if not isinstance(mark.value, bool):
                others.append(mark.value)
        played += len(sheets)
        assert sum(map(any, sheets.values())) * 20 <= len(sheets), path
    assert played > 700


def made(kind: AspectType, **more: object) -> Aspect:
    return Aspect(code="a", name="某项", type=kind, max=Decimal(10), **more)  # type: ignore[arg-type]


BANDS = [Band(within=Decimal(10), marks=Decimal(10)), Band(within=Decimal(40), marks=Decimal(2))]


@pytest.mark.parametrize(
    ("aspect", "others", "quiet", "odd"),
    [
        (made(AspectType.SCORE, step=Decimal("0.5")), [], "10 0.5", "0"),
        (made(AspectType.SCORE, step=Decimal("0.5")), [8, 9, 7], "10 4", "1 0"),
        (made(AspectType.DEDUCTION, points=Decimal(2)), [0, 0, 0], "0 1 5 10", "11 50"),
        (made(AspectType.DEDUCTION, points=Decimal(10)), [0, 0, 0], "1 2", "3"),
        (made(AspectType.JUDGEMENT, scale=3), [3, 3, 2], "1 2 3", "0"),
        (made(AspectType.JUDGEMENT, scale=3), [3, 1, 2], "0 1 2 3", ""),
        (made(AspectType.MEASUREMENT, bands=BANDS), [1, 2, 3], "0 6 80", "81 660"),
        (made(AspectType.MEASUREMENT, bands=[]), [], "", ""),
    ],
)
def test_full_marks_and_one_fault_ask_nothing_and_slips_do(
    aspect: Aspect, others: list[int], quiet: str, odd: str
) -> None:
    known = [Decimal(other) for other in others]
    assert [value for value in quiet.split() if asked(aspect, Decimal(value), known)] == []
    assert [value for value in odd.split() if not asked(aspect, Decimal(value), known)] == []
    assert kind_of(aspect).plausible(known) == kind_of(aspect).plausible(known[::-1])

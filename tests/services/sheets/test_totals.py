"""What a sheet comes to on its own."""

from __future__ import annotations

from decimal import Decimal

from compete.domain.aspects.types import Aspect, AspectType
from compete.domain.bundle.event_types import Module
from compete.services.sheets.totals import is_only_compared, running_total


def module(*kinds: AspectType) -> Module:
    aspects = tuple(
        Aspect(code=f"a{place}", name="要点", type=kind, max=Decimal(10))
        for place, kind in enumerate(kinds)
    )
    return Module(code="m", name="模块", weight=Decimal(1), full=Decimal(10), aspects=aspects)


def test_marks_that_come_from_comparing_alone_are_no_total_of_nothing() -> None:
    compared = module(AspectType.RELATIVE, AspectType.RELATIVE)
    mixed = module(AspectType.RELATIVE, AspectType.SCORE)
    values = {"a0": Decimal("45.6"), "a1": Decimal(7)}
    assert (is_only_compared(compared), is_only_compared(mixed)) == (True, False)
    assert running_total(compared, values) is None
    assert running_total(mixed, values) == "7.00"
    assert running_total(mixed, {}) == "0.00"

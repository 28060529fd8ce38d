"""What one judge marked on two tablets, neither of which knew of the other's taps."""

from __future__ import annotations

from datetime import timedelta

import pytest

from compete.models import Account, Competition, utc_now
from compete.services.judging.double_marks import counted_apart, marked_apart
from compete.services.kernel.event_rules import module_of, rules_of
from tests.support.judging import Tablet, seat_and_open

Tap = tuple[str, int, int]
"""On which tablet, how many by then, and how many seconds ago or ahead."""


@pytest.mark.parametrize(
    ("taps", "counts"),
    [
        # Online, each tap upon the other's.
        ([("A", 1, -9), ("B", 2, -8), ("A", 1, -7)], None),
        # One tablet alone.
        ([("A", 1, -9), ("A", 1, -9)], None),
        # Both were offline, and counted one each.
        ([("A", 1, -9), ("B", 1, -8)], (1, 1)),
        ([("A", 1, -9), ("B", 1, -8), ("B", 2, -7)], (1, 2)),
        ([("A", 3, -9), ("B", 1, -8)], (3, 1)),
        # It only looks like one more: it was made before.
        ([("A", 1, -5), ("B", 2, -9)], (1, 2)),
        # Tapped since, with the warning on the sheet.
        ([("A", 1, -9), ("B", 1, -8), ("B", 2, 60)], None),
    ],
)
def test_two_counts_that_know_nothing_of_each_other_are_told(
    fresh: Competition, organiser: Account, taps: list[Tap], counts: tuple[int, int] | None
) -> None:
    seat_and_open(fresh, organiser)
    judge, now = Tablet(fresh, "J1"), utc_now()
    for tablet, count, seconds in taps:
        at = (now + timedelta(seconds=seconds)).isoformat()
        assert judge.send(judge.mark("f", str(count), tablet=tablet, at=at)).stored
    sheet = judge.sheet()
    module = module_of(rules_of(sheet.entrant.event), sheet.stage, sheet.module)
    pairs = [(row.first, row.other) for row in counted_apart(sheet, module)]
    assert pairs == ([counts] if counts else [])


@pytest.mark.parametrize(
    ("taps", "marks"),
    [
        # In the order of the clocks, and one tablet alone.
        ([("A", 50, -9), ("B", 40, -8)], None),
        ([("A", 50, -8), ("A", 40, -9)], None),
        # The older one was offline, and came later.
        ([("A", 50, -8), ("B", 40, -9)], (50, 40)),
        ([("A", 50, -7), ("B", 45, -9), ("B", 40, -8)], (50, 40)),
        ([("A", 40, -8), ("B", 40, -9)], None),
        # Marked anew since.
        ([("A", 50, -8), ("B", 40, -9), ("A", 50, 60)], None),
    ],
)
def test_an_older_mark_that_stands_because_it_came_later_is_told(
    fresh: Competition, organiser: Account, taps: list[Tap], marks: tuple[int, int] | None
) -> None:
    seat_and_open(fresh, organiser)
    judge, now = Tablet(fresh, "J1"), utc_now()
    for tablet, value, seconds in taps:
        at = (now + timedelta(seconds=seconds)).isoformat()
        assert judge.send(judge.mark("a", str(value), tablet=tablet, at=at)).stored
    sheet = judge.sheet()
    module = module_of(rules_of(sheet.entrant.event), sheet.stage, sheet.module)
    pairs = [(row.newer, row.stands) for row in marked_apart(sheet, module)]
    assert pairs == ([marks] if marks else [])

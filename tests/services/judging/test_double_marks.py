"""What one judge marked on two tablets, neither of which knew of the other's taps."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from compete.domain.values.states import SheetState
from compete.models import Account, Act, Competition, db, utc_now
from compete.services.judging.double_marks import counted_apart, marked_apart
from compete.services.kernel.event_rules import module_of, rules_of
from compete.services.sheets.act_rules import ActIn
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
    pairs = [(row.other, row.stands) for row in marked_apart(sheet, module)]
    assert pairs == ([marks] if marks else [])


def test_what_was_marked_late_is_not_handed_in_over_the_other_tablets_marks(
    fresh: Competition, organiser: Account
) -> None:
    seat_and_open(fresh, organiser)
    judge = Tablet(fresh, "J1")
    first = [judge.mark("f", "0", tablet="A", known=0), judge.mark("y", True, tablet="A", known=0)]
    seen = {"a": "50", "f": "0", "y": True}
    late = [*first, judge.mark("a", "50", tablet="A", known=0)]
    submit = judge.act("submit", tablet="A", known=0, note=json.dumps(seen))
    assert judge.send(judge.mark("a", "40", tablet="B", known=0)).stored
    taken = judge.send(*late, submit)
    assert [str(why) for _, why in taken.refused] == ["a在另一台平板上改过，请看过再提交"]
    sheet = judge.sheet()
    assert sheet.state is SheetState.COMPLETE
    module = module_of(rules_of(sheet.entrant.event), sheet.stage, sheet.module)
    assert [(row.other, row.stands) for row in marked_apart(sheet, module)] == [(40, 50)]
    # Whoever has seen it hands in what stands.
    (opened,) = taken.sheets.values()
    known = opened.standing.last_act
    again = judge.act("submit", tablet="A", known=known, note=json.dumps(seen))
    assert judge.send(again).refused == []


@dataclass
class Device:
    """A tablet of the model: what the server last told it, and what it has not sent."""

    name: str
    told: dict[str, Any] = field(default_factory=dict)
    known: int = 0
    unsent: list[tuple[ActIn, dict[str, Any]]] = field(default_factory=list)

    @property
    def shown(self) -> dict[str, Any]:
        values = dict(self.told)
        for act, _seen in self.unsent:
            if act.kind == "mark":
                values[str(act.aspect)] = act.value
        return values

    @property
    def behind(self) -> int:
        return min([self.known, *(act.known or 0 for act, _seen in self.unsent)])


CHOICES: dict[str, list[Any]] = {"a": ["10", "20", "30"], "f": ["0", "1"], "y": [True, False]}


@pytest.mark.parametrize("seed", range(12))
def test_three_tablets_in_any_order_hand_in_only_what_was_seen(
    fresh: Competition, organiser: Account, seed: int
) -> None:
    """By a model of the judge's tablets, offline in turns, with clocks that say anything."""
    seat_and_open(fresh, organiser)
    judge, chance = Tablet(fresh, "J1"), random.Random(seed)
    devices = [Device(name) for name in "ABC"]
    stored: list[tuple[str, str, Any, int]] = []
    submitted = False
    for step in range(60):
        device = chance.choice(devices)
        at = (utc_now() + timedelta(hours=chance.uniform(-30, 30))).isoformat()
        more = {"tablet": device.name, "known": device.behind, "at": at}
        what = chance.choice(["mark", "mark", "mark", "send", "submit"])
        if what == "mark" or (what == "submit" and len(device.shown) < len(CHOICES)):
            aspect = chance.choice(list(CHOICES))
            act = judge.mark(aspect, chance.choice(CHOICES[aspect]), **more)
            device.unsent.append((act, {}))
        elif what == "submit":
            act = judge.act("submit", note=json.dumps(device.shown), **more)
            device.unsent.append((act, device.shown))
        if what == "mark" and step < 55:
            continue
        before = len(stored)
        acts = [act for act, _seen in device.unsent]
        taken = judge.send(*acts)
        refused = {uuid for uuid, _why in taken.refused}
        for act, seen in device.unsent:
            if act.kind == "mark" and act.uuid not in refused:
                number = db.session.scalars(select(Act.id).where(Act.uuid == act.uuid)).one()
                stored.append((device.name, str(act.aspect), act.value, number))
            elif act.kind == "submit" and act.uuid not in refused:
                submitted = True
                _nothing_unseen(stored, device.name, act.known or 0, seen)
        assert before <= len(stored)
        stands = {aspect: value for _name, aspect, value, _number in stored}
        assert {code: str(int(value)) for code, value in stands.items()} == judge.values()
        device.unsent = []
        device.told = stands
        device.known = max([number for *_rest, number in stored], default=0)
        if submitted:
            break
    assert stored


def _nothing_unseen(
    stored: list[tuple[str, str, Any, int]], name: str, known: int, seen: dict[str, Any]
) -> None:
    """What others did of which the tablet did not know is what was on its screen anyhow."""
    unknown = {
        aspect: value for who, aspect, value, number in stored if who != name and number > known
    }
    assert {aspect: seen[aspect] for aspect in unknown} == unknown

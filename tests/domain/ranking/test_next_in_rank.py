"""Who leaves before the next stage begins is followed by the next in order, by the file's keys."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from compete.domain.bundle.types import Bundle
from compete.domain.ranking.next_in_rank import apart, as_ruled, called_up, next_up
from compete.domain.scoring.scorer import score
from tests.domain.scoring.build import bundle, entrant, event, mark, module, stage
from tests.support.small import read

FORMATS = ("compete-bundle/1", "compete-bundle/2")


def _read(
    people: str,
    rule: dict[str, Any],
    leavers: str = "",
    form: str = FORMATS[1],
    status: str = "dns",
) -> Bundle:
    """Of `a1=90`: the entrant a1 of unit A with 90 points in the stage S, before the stage T."""
    points = dict(pair.split("=") for pair in people.split())
    rules = event(stage(module(), advance=rule), stage(module(), code="T"))
    entrants = [entrant(code, unit=code[0].upper()) for code in points]
    plain = bundle(rules, entrants, [mark(code, value) for code, value in points.items()])
    plain["format"] = form
    units = sorted({person["unit"] for person in entrants})
    plain["units"] = [{"code": code, "name": f"{code}厂"} for code in units]
    plain["outcomes"] = [
        {"stage": "T", "entrant": code, "status": status} for code in leavers.split()
    ]
    return read(plain)


def _going(made: Bundle) -> list[str]:
    rows = score(apart(made)).events[0].stages[0].standings
    return sorted(row.entrant for row in rows if row.advanced)


def _after(made: Bundle, leaver: str) -> tuple[Bundle, tuple[str, ...], tuple[str, ...]]:
    """With who was called up, and who was to come or is to be parted."""
    first = made.events[0].stages[0]
    up = next_up(made, first, score(made).events[0].stages[0].standings, leaver)
    if up is None:
        return made, (), ()
    stages = (msgspec.structs.replace(first, advance=up.advance), *made.events[0].stages[1:])
    events = (msgspec.structs.replace(made.events[0], stages=stages),)
    equal = tuple(code for it in up.open for code in it.entrants)
    return apart(msgspec.structs.replace(made, events=events)), up.entrants, equal


PLAIN = "a1=90 b1=80 c1=70 d1=60 e1=50"


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("people", "rule", "leaver", "comes"),
    [
        (PLAIN, {"top": 3}, "b1", "d1"),
        # More than `top` go on already, since the last share their rank.
        ("a1=90 b1=80 c1=80 d1=60", {"top": 2}, "a1", "d1"),
        # Those who come share their rank.
        ("a1=90 b1=80 c1=70 d1=70 e1=50", {"top": 2}, "a1", "c1 d1"),
        # The unit of the leaver is the only one with a place left.
        ("a1=90 b1=80 b2=70 a2=60", {"per_unit": 1}, "a1", "a2"),
        ("a1=90 b1=80 b2=70 c1=65 a2=60", {"top": 2, "per_unit": 1}, "a1", "c1"),
        ("a1=90 b1=80 b2=70 a2=60 c1=50", {"top": 2, "per_unit": 1}, "a1", "a2"),
        # There were more places than units to take them.
        ("a1=90 b1=80 b2=70 a2=60", {"top": 9, "per_unit": 1}, "b1", "b2"),
        # Nobody is left.
        ("a1=90 b1=80", {"top": 3}, "a1", ""),
        ("a1=90 b1=80 b2=70", {"per_unit": 1}, "a1", ""),
    ],
)
def test_the_next_in_order_comes(
    people: str, rule: dict[str, Any], leaver: str, comes: str, form: str
) -> None:
    made = _read(people, rule, leaver, form)
    before = _going(made)
    after, successors, equal = _after(made, leaver)
    assert (" ".join(successors), equal) == (comes, ())
    away = {leaver} if comes else set()
    assert _going(after) == sorted([*{*before} - away, *comes.split()])
    rows = score(after).events[0].stages[0].standings
    codes = called_up(after, after.events[0].stages[0], rows)
    assert codes == (([leaver], comes.split()) if comes else ([], []))
    assert as_ruled(after.events[0]) == made.events[0]
    assert apart(after) == after


def test_equals_among_whom_one_place_is_left_are_parted_first() -> None:
    people, rule = "a1=90 b1=80 c1=70 d1=70 e1=50", {"top": 2, "ties": "cut"}
    after, successors, equal = _after(_read(people, rule, "a1"), "a1")
    assert (successors, equal) == ((), ("c1", "d1"))
    (notice,) = score(after).events[0].notices or ()
    assert (notice.open, tuple(notice.entrants)) == (1, equal)
    # Under the first version the lower code goes on.
    _made, successors, equal = _after(_read(people, rule, "a1", FORMATS[0]), "a1")
    assert (successors, equal) == (("c1",), ())


def test_one_after_the_other_may_leave() -> None:
    made = _read("a1=90 b1=80 b2=75 a2=60 a3=50", {"per_unit": 1}, "a1 a2 b1")
    for leaver, comes in (("a1", "a2"), ("a2", "a3"), ("b1", "b2")):
        made, successors, _equal = _after(made, leaver)
        assert successors == (comes,)
    first = made.events[0].stages[0]
    rows = score(made).events[0].stages[0].standings
    assert called_up(made, first, rows) == (["a1", "a2", "b1"], ["b2", "a3"])
    assert len(made.units) == 2


@pytest.mark.parametrize("status", ["dns", "dnf", None])
def test_who_was_followed_is_not_one_too_many_when_they_come_after_all(status: str | None) -> None:
    people, rule = "a1=90 b1=80 a2=60", {"per_unit": 1}
    after, _successors, _equal = _after(_read(people, rule, "a1"), "a1")
    back = _read(people, rule, "a1" if status else "", status=status or "dns")
    assert _going(msgspec.structs.replace(back, events=after.events)) == ["a2", "b1"]


@pytest.mark.parametrize("form", FORMATS)
def test_ranks_have_no_hole_where_somebody_was_followed(form: str) -> None:
    made = _read("a1=90 b1=80 c1=70 d1=60 e1=50", {"top": 2}, "a1", form)
    after, successors, _equal = _after(made, "a1")
    assert successors == ("c1",)
    rows = score(after).events[0].standings
    # Of the second stage there are no marks yet.
    assert [(row.entrant, row.rank, row.status) for row in rows] == [
        ("d1", 3, "ranked"),
        ("e1", 4, "ranked"),
        ("b1", None, "incomplete"),
        ("c1", None, "incomplete"),
        ("a1", None, "dns"),
    ]

"""Several attempts of one thing, of which the best count: worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.domain.bundle.test_version_2 import problems
from tests.domain.scoring.build import (
    Plain,
    aspect,
    bundle,
    event,
    mark,
    module,
    people,
    ranks,
    results_of,
    row_of,
    stage,
)

V2: dict[str, Any] = {"format": "compete-bundle/2"}
TIMES = {"P1": "30", "P2": "20"}


def contest(
    best: int = 1,
    attempts: int = 3,
    *,
    ties: tuple[str, ...] = (),
    aspects: list[Plain] | None = None,
    **keys: Any,
) -> Plain:
    """An event whose one part is so many attempts of 10 points each, of the full marks 100."""
    modules = [
        module(f"t{n}", aspects or [aspect(full=10)], weight=5, part="run")
        for n in range(1, attempts + 1)
    ]
    part = {"code": "run", "name": "跑", "weight": 100, "full": 100, "take": {"best": best}}
    return event(stage(*modules, parts=[part]), ranking={"ties": list(ties)}, **keys)


def marks(**by_entrant: tuple[Any, ...]) -> list[Plain]:
    """One mark for each attempt, None for none."""
    return [
        mark(code, str(value), module_code=f"t{n}")
        for code, values in by_entrant.items()
        for n, value in enumerate(values, 1)
        if value is not None
    ]


def outcome(code: str, status: str, attempt: int | None) -> Plain:
    where = {} if attempt is None else {"module": f"t{attempt}"}
    return {"stage": "S", "entrant": code, "status": status, **where}


def row(plain: Plain, code: str = "P1") -> Plain:
    return row_of(results_of(plain | V2)["stages"][0]["standings"], code)


def test_the_best_count_and_of_equal_ones_the_earlier() -> None:
    own = row(bundle(contest(2), people(1), marks(P1=(8, 6, 8))))
    assert (own["parts"], own["counted"], own["total"]) == (
        {"run": "80.00"},
        {"run": ["t1", "t3"]},
        "80.00",
    )
    assert row(bundle(contest(1), people(1), marks(P1=(8, 6, 8))))["counted"] == {"run": ["t1"]}
    # The module's own points go by its weight, as ever.
    assert own["modules"]["t2"] == {"score": "6.00", "points": "3.00", "flags": []}


def test_an_attempt_not_made_or_annulled_counts_nothing_and_spoils_nothing() -> None:
    outcomes = [outcome("P1", "dns", 1), outcome("P1", "dsq", 2)]
    own = row(bundle(contest(), people(1), marks(P1=(None, 9, 5)), outcomes=outcomes))
    assert (own["status"], own["total"], own["counted"]) == ("ranked", "50.00", {"run": ["t3"]})
    assert [own["modules"][f"t{n}"]["flags"] for n in (1, 2, 3)] == [["dns"], ["dsq"], []]
    assert [own["modules"][f"t{n}"]["score"] for n in (1, 2)] == ["0.00", "0.00"]


@pytest.mark.parametrize(
    ("outcomes", "status", "total"),
    [
        ([("dns", 1), ("dns", 2), ("dns", 3)], "dns", "0.00"),
        ([("dns", 1), ("dsq", 2), ("dns", 3)], "dsq", None),
        ([("dns", None)], "dns", "0.00"),
        ([("dns", None), ("dnf", 2)], "dns", "70.00"),
        ([("dsq", 1), ("dnf", 2), ("dns", 3)], "ranked", "70.00"),
        ([("dnf", 1)], "ranked", "90.00"),
        ([], "ranked", "90.00"),
    ],
)
def test_who_has_no_attempt_has_not_taken_part(
    outcomes: list[tuple[str, int | None]], status: str, total: str | None
) -> None:
    given = [outcome("P1", what, attempt) for what, attempt in outcomes]
    own = row(bundle(contest(), people(1), marks(P1=(9, 7, 5)), outcomes=given))
    assert (own["status"], own["total"]) == (status, total)


def test_an_attempt_without_a_sheet_is_waited_for() -> None:
    own = row(bundle(contest(), people(1), marks(P1=(9, None, 5))))
    assert (own["status"], own["parts"], own["counted"]) == (
        "incomplete",
        {"run": None},
        {"run": []},
    )


def order(the_event: Plain, given: list[Plain], **keys: Any) -> dict[str, int | None]:
    return ranks(results_of(bundle(the_event, people(2), given, **keys) | V2)["standings"])


def test_the_best_of_the_rest_parts_equals() -> None:
    given = marks(P1=(9, 5, 6), P2=(7, 9, 1))
    assert order(contest(ties=("next:run",)), given) == {"P2": 1, "P1": 2}
    annulled = {"outcomes": [outcome("P2", "dsq", 1)]}
    assert order(contest(ties=("next:run",)), given, **annulled) == {"P1": 1, "P2": 2}
    # Whoever has no other attempt is last, behind one of 0.
    waived = {"outcomes": [outcome("P1", "dns", 1), outcome("P1", "dns", 2)]}
    assert order(contest(ties=("next:run",)), marks(P1=(9, 9, 9), P2=(9, 0, 0)), **waived) == {
        "P2": 1,
        "P1": 2,
    }


def test_times_and_aspects_of_attempts_that_do_not_count_part_nobody() -> None:
    given = marks(P1=(9, 5, 6), P2=(7, 9, 1))
    times = [
        {"stage": "S", "module": module_code, "entrant": code, "seconds": seconds}
        for module_code, code, seconds in (
            *(("t1", "P1", "30"), ("t2", "P1", "10")),
            *(("t1", "P2", "20"), ("t2", "P2", "25")),
        )
    ]
    # P1's first and P2's second attempt count: 30 s against 25 s.
    assert order(contest(ties=("time:all",)), given, times=times) == {"P2": 1, "P1": 2}
    # P2's first does not count: no time, last.
    assert order(contest(ties=("time:t1",)), given, times=times) == {"P1": 1, "P2": 2}
    assert order(contest(ties=("aspect:a",)), given) == {"P1": 1, "P2": 1}
    assert order(contest(ties=("module:t1",)), given) == {"P1": 1, "P2": 2}


def test_attempts_are_measured_against_one_best() -> None:
    fast = [aspect(full=10, kind="relative")]
    given = marks(P1=(4, 8), P2=(5, 2))
    own = results_of(bundle(contest(1, 2, aspects=fast), people(2), given) | V2)
    scores = {
        it["entrant"]: [it["modules"][code]["score"] for code in ("t1", "t2")]
        for it in own["stages"][0]["standings"]
    }
    assert scores == {"P1": ["5.00", "2.50"], "P2": ["4.00", "10.00"]}


def test_an_item_of_an_attempt_is_without_those_who_did_not_make_it() -> None:
    items = [{"code": "one", "name": "一", "of": "t1"}, {"code": "all", "name": "全", "of": "run"}]
    given = bundle(
        contest(items=items),
        people(2),
        marks(P1=(9, 5, 6), P2=(7, 9, 1)),
        outcomes=[outcome("P1", "dsq", 1)],
    )
    first, both = results_of(given | V2)["items"]
    assert [it["entrant"] for it in first["standings"]] == ["P2"]
    assert [it["entrant"] for it in both["standings"]] == ["P2", "P1"]


def with_part(**keys: Any) -> Plain:
    plain = bundle(contest(), people(1), []) | V2
    plain["events"][0]["stages"][0]["parts"][0] |= keys
    return plain


def with_attempt(**keys: Any) -> Plain:
    plain = bundle(contest(), people(1), []) | V2
    plain["events"][0]["stages"][0]["modules"][2] |= keys
    return plain


S = "events[0].stages[0]"


@pytest.mark.parametrize(
    ("plain", "places"),
    [
        (with_part(), []),
        (with_part(take={"best": 3}), []),
        (with_part(take={"best": 4}), [f"{S}.parts[0].take.best"]),
        (with_part(take={"best": 0}), [f"{S}.parts[0].take.best"]),
        (with_part(take={}), [f"{S}.parts[0].take.best"]),
        (with_part(**{"pass": 60}), []),
        (with_attempt(weight=6), [f"{S}.modules[2].weight"]),
        (with_attempt(**{"pass": 6}), [f"{S}.modules[2].pass"]),
        (with_part() | {"format": "compete-bundle/1"}, [f"{S}.parts[0].take"]),
        (bundle(contest(ties=("next:run",)), people(1), []) | V2, []),
        (
            bundle(contest(3, ties=("next:run",)), people(1), []) | V2,
            ["events[0].ranking.ties[0]"],
        ),
        (bundle(contest(ties=("next:t1",)), people(1), []) | V2, ["events[0].ranking.ties[0]"]),
        (
            bundle(contest(team_ranking={"best": 1, "ties": ["next:run"]}), people(1), []) | V2,
            ["events[0].team_ranking.ties[0]"],
        ),
    ],
)
def test_what_is_wrong_is_told_by_its_place(plain: Plain, places: list[str]) -> None:
    assert problems(plain) == places

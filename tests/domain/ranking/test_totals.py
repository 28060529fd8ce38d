"""Parts, stage totals, carry, and the rounding at each published step."""

from __future__ import annotations

from tests.domain.scoring.build import (
    aspect,
    event,
    mark,
    module,
    people,
    row_of,
    scored,
    stage,
)


def test_modules_count_by_their_weight() -> None:
    two = event(stage(module("m", weight=30), module("n", [aspect(full=50)], weight=70)))
    marks = [mark("P1", "88"), mark("P1", "40", module_code="n")]
    row = scored(two, people(1), marks)["stages"][0]["standings"][0]
    assert row["modules"]["m"]["points"] == "26.40"
    assert row["modules"]["n"]["points"] == "56.00"
    assert row["total"] == "82.40"


def test_the_total_adds_exact_shares_and_not_the_shown_points() -> None:
    thirds = [module(code, [aspect(full=3)], weight=1) for code in ("m", "n", "o")]
    marks = [mark("P1", "1", module_code=code) for code in ("m", "n", "o")]
    row = scored(event(stage(*thirds)), people(1), marks)["stages"][0]["standings"][0]
    assert [row["modules"][code]["points"] for code in ("m", "n", "o")] == ["0.33"] * 3
    assert row["total"] == "1.00"


def test_a_part_is_scored_on_its_own_scale_and_rounded_before_it_counts() -> None:
    part = {"code": "p", "name": "实操", "weight": "70", "full": "50"}
    modules = [
        module("m", weight=30),
        module("n", weight=1, part="p"),
        module("o", [aspect(full=30)], weight=2, part="p"),
    ]
    marks = [
        mark("P1", "90"),
        mark("P1", "80", module_code="n"),
        mark("P1", "20", module_code="o"),
    ]
    the_event = event(stage(*modules, parts=[part]))
    row = scored(the_event, people(1), marks)["stages"][0]["standings"][0]
    # 50 × (80 ÷ 100 × 1 + 20 ÷ 30 × 2) ÷ 3 = 35.555…
    assert row["parts"] == {"p": "35.56"}
    # 27 + 35.56 ÷ 50 × 70 = 76.784
    assert row["total"] == "76.78"
    assert row["modules"]["o"]["points"] == "1.33"


def test_an_incomplete_module_of_no_weight_leaves_part_and_total_open() -> None:
    part = {"code": "p", "name": "实操", "weight": "100", "full": "100"}
    the_event = event(
        stage(module("m", weight=100, part="p"), module("n", weight=0, part="p"), parts=[part])
    )
    row = scored(the_event, people(1), [mark("P1", "80")])["stages"][0]["standings"][0]
    assert (row["status"], row["total"], row["parts"]) == ("incomplete", None, {"p": None})
    assert row["modules"]["m"]["score"] == "80.00"


def test_a_stage_may_carry_the_rounded_total_of_an_earlier_one() -> None:
    thirds = module("m", [aspect(full=3)], weight=100)
    carry = {"from": "A", "weight": "0.3", "own": "0.7"}
    two = event(stage(thirds, code="A"), stage(module(), code="B", carry=carry))
    marks = [mark("P1", "1", stage_code="A"), mark("P1", "80.01", stage_code="B")]
    results = scored(two, people(1), marks)
    assert results["stages"][0]["standings"][0]["total"] == "33.33"
    # 0.3 × 33.33 + 0.7 × 80.01 = 9.999 + 56.007
    assert results["stages"][1]["standings"][0]["total"] == "66.01"
    assert results["standings"][0]["total"] == "66.01"


def test_a_stage_may_carry_from_two_stages_back() -> None:
    carry = {"from": "A", "weight": "1", "own": "1"}
    three = event(
        stage(module(), code="A"), stage(module(), code="B"), stage(module(), code="C", carry=carry)
    )
    marks = [mark("P1", value, stage_code=code) for code, value in zip("ABC", "578", strict=True)]
    assert scored(three, people(1), marks)["standings"][0]["total"] == "13.00"


def test_totals_have_their_own_places() -> None:
    the_event = event(stage(module(weight="33.3")), rounding={"module": 1, "total": 3})
    row = scored(the_event, people(1), [mark("P1", "77.77")])["stages"][0]["standings"][0]
    assert row["modules"]["m"] == {"score": "77.8", "points": "25.907", "flags": []}
    assert row["total"] == "25.907"  # 77.8 × 0.333 = 25.9074


def test_every_entrant_has_a_row_in_the_first_stage() -> None:
    results = scored(event(stage(module())), people(3), [mark("P2", "1")])
    assert [row["entrant"] for row in results["stages"][0]["standings"]] == ["P2", "P1", "P3"]
    assert row_of(results["standings"], "P3")["status"] == "incomplete"

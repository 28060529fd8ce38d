"""What a series comes to: counts, and for every berth who goes up."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from compete.domain.bundle.reader.yaml_text import yaml_text
from compete.domain.bundle.results import write_results
from compete.domain.series.reading import read_series
from compete.domain.series.reckoning import series_results
from tests.domain.bundle.sample import EXAMPLES, Plain
from tests.domain.reference.series import results
from tests.domain.series_files import series as made_up

SMALL = EXAMPLES / "series" / "small.json"
MUNICIPAL = {"level": "municipal", "name": "片"}


def results_as_written(plain: Plain) -> Plain:
    plain_results: Plain = json.loads(
        write_results(series_results(read_series(json.dumps(plain).encode())))
    )
    return plain_results


def series(*ranks: int | None, **berth: Any) -> Plain:
    """One berth of two places from standings of these ranks: p0, p1, … each of a unit."""
    codes = [f"p{n}" for n in range(len(ranks))]
    way = {"from": "low", "event": "E", "to": "high", "to_event": "F"}
    return {
        "format": "compete-series/1",
        "series": {"code": "S", "name": "系列"},
        "nodes": [
            {"code": "high", "name": "省", "level": "provincial-1"},
            {"code": "low", **MUNICIPAL, "parent": "high"},
        ],
        "people": [{"code": code, "name": code, "unit": f"U{code}"} for code in codes],
        "standings": [
            {
                "node": "low",
                "event": "E",
                "rows": [
                    {"person": code, "rank": rank} for code, rank in zip(codes, ranks, strict=True)
                ],
            }
        ],
        "berths": [{"code": "b", **way, "places": 2, **berth}],
    }


def nominate(plain: Plain, person: str, state: str, berth: str = "b") -> None:
    reason = {} if state == "accepted" else {"reason": "外派"}
    plain.setdefault("nominations", []).append(
        {"berth": berth, "person": person, "state": state, "day": "2026-06-02", **reason}
    )


def of_units(plain: Plain, *units: str | None) -> Plain:
    for person, unit in zip(plain["people"], units, strict=True):
        person["unit"] = unit
    return plain


def states(plain: Plain, berth: int = 0) -> str:
    """Everybody's state in a berth, with their order where they have one."""
    return " ".join(
        f"{row['person']}:{row['state']}" + (f":{row['order']}" if row["order"] else "")
        for row in results_as_written(plain)["berths"][berth]["rows"]
    )


def test_the_worked_case_comes_out_to_the_byte() -> None:
    for form, data in (
        ("json", SMALL.read_bytes()),
        ("yaml", yaml_text(json.loads(SMALL.read_bytes()))),
    ):
        series_there = series_results(read_series(data, form))  # type: ignore[arg-type]
        assert write_results(series_there) == SMALL.with_name("small.results.json").read_bytes()


@pytest.mark.parametrize("seed", range(250))
def test_a_second_reckoning_comes_to_the_same(seed: int) -> None:
    plain = made_up(Random(seed))
    assert json.dumps(results_as_written(plain)) == json.dumps(results(plain))


def test_the_made_up_series_have_everything_in_them() -> None:
    berth_lists = [results_as_written(made_up(Random(seed)))["berths"] for seed in range(100)]
    berths = [berth for berth_list in berth_lists for berth in berth_list]
    rows = [row for berth in berths for row in berth["rows"]]
    kinds = "accepted proposed declined ineligible elsewhere undecided over_quota substitute below"
    assert {row["state"] for row in rows} == set(kinds.split())
    short = "rank max_rank min_total groups holds age ruled"
    assert {key for row in rows for key in row["short"]} == set(short.split())
    assert any(len(berth["undecided"]) > 1 for berth in berths)
    assert {group["unit"] is None for berth in berths for group in berth["undecided"]} == {
        True,
        False,
    }


def test_counts_go_up_through_many_levels_and_what_was_replaced_does_not() -> None:
    plain = series()
    deep = 5000
    plain["nodes"] += [
        {"code": f"d{n}", **MUNICIPAL, "parent": f"d{n - 1}" if n else "low"} for n in range(deep)
    ]
    counts = {"sessions": 1, "people": 2, "day": "2026-05-30", "by": "工会"}
    plain["reports"] = [
        {"code": "r1", "node": f"d{deep - 1}", **counts, "examined": 9, "passed": 9},
        {"code": "r2", "node": f"d{deep - 1}", **counts, "replaces": "r1"},
        {"code": "r3", "node": f"d{deep - 1}", **counts, "replaces": "r2", "examined": 8},
        {"code": "r4", "node": "high", **counts, "examined": 792, "passed": 1},
    ]
    top, low = results_as_written(plain)["nodes"][:2]
    assert low["total"] == {"sessions": 1, "people": 2, "examined": 8, "passed": 0}
    assert low["own"]["sessions"] == 0
    assert low["rate"] == "0.00"
    assert top["total"] == {"sessions": 2, "people": 4, "examined": 800, "passed": 1}
    assert top["rate"] == "0.13"


def test_without_standings_all_places_are_vacant() -> None:
    plain = series()
    plain["standings"] = []
    (berth,) = results_as_written(plain)["berths"]
    assert (berth["rows"], berth["taken"], berth["vacant"]) == ([], 0, 2)
    assert results_as_written(plain)["entries"] == [
        {"node": "high", "event": "F", "accepted": [], "proposed": []}
    ]


@pytest.mark.parametrize(
    ("person", "when", "short"),
    [
        ({}, {"max_rank": 1, "min_total": "60"}, ["min_total"]),
        ({"rank": 2}, {"max_rank": 1}, ["max_rank"]),
        ({"rank": None}, {"max_rank": 1}, ["rank", "max_rank"]),
        ({"total": "59.999"}, {"min_total": "60"}, ["min_total"]),
        ({"total": "60.000"}, {"min_total": 60}, []),
        ({}, {"groups": ["teacher", "worker"]}, []),
        ({"group": "student"}, {"groups": ["worker"]}, ["groups"]),
        ({}, {"holds": {"at_most": 2}}, []),
        ({}, {"holds": {"at_least": 5}}, ["holds"]),
        ({}, {"holds": {}}, []),
        ({"grade": 2}, {"holds": {"at_least": 3, "at_most": 2}}, []),
        ({"grade": 1}, {"holds": {"at_most": 2}}, ["holds"]),
        ({}, {"age": {"to": 45, "on": "2026-06-01"}}, ["age"]),
        ({"birth": "1981-06-01"}, {"age": {"from": 45, "to": 45, "on": "2026-06-01"}}, []),
        ({"birth": "1981-06-02"}, {"age": {"from": 45, "on": "2026-06-01"}}, ["age"]),
        ({"birth": "1992-02-29"}, {"age": {"from": 33, "on": "2025-02-28"}}, []),
        ({"birth": "1992-02-29"}, {"age": {"to": 32, "on": "2025-02-27"}}, []),
        ({"birth": "1992-02-29"}, {"age": {"from": 32, "on": "2024-02-28"}}, ["age"]),
        ({"birth": "1980-06-01"}, {"age": {"to": 45, "on": "2026-06-01"}}, ["age"]),
    ],
)
def test_who_is_short_of_what(person: Plain, when: Plain, short: list[str]) -> None:
    plain = series(1, when=when)
    row = {key: person.pop(key) for key in ("rank", "total") if key in person}
    plain["standings"][0]["rows"][0] |= row
    plain["people"][0] |= person
    (place_row,) = results_as_written(plain)["berths"][0]["rows"]
    assert place_row["short"] == short
    assert place_row["state"] == ("ineligible" if short else "proposed")


def test_a_ruling_stands_last_among_what_is_short_and_a_decline_before_it() -> None:
    plain = series(None, 1, when={"groups": ["student"]})
    nominate(plain, "p0", "ineligible")
    nominate(plain, "p1", "ineligible")
    nominate(plain, "p1", "declined")
    rows = results_as_written(plain)["berths"][0]["rows"]
    assert [(row["person"], row["state"], row["short"]) for row in rows] == [
        ("p1", "declined", ["groups"]),
        ("p0", "ineligible", ["rank", "groups", "ruled"]),
    ]


def test_a_decline_brings_up_the_next_and_no_acceptance_holds_a_place() -> None:
    plain = series(1, 2, 3, 4, substitutes=1)
    nominate(plain, "p2", "accepted")
    assert states(plain) == "p0:proposed:1 p1:proposed:2 p2:substitute:1 p3:below"
    assert [row["marked"] for row in results_as_written(plain)["berths"][0]["rows"]] == [
        False,
        False,
        True,
        False,
    ]
    nominate(plain, "p0", "declined")
    assert states(plain) == "p0:declined p1:proposed:1 p2:accepted:2 p3:substitute:1"


def test_a_tie_at_the_last_place_stays_open_until_it_is_settled() -> None:
    plain = series(1, 2, 2, 2, 5, substitutes=1)
    (berth,) = results_as_written(plain)["berths"]
    assert berth["undecided"] == [
        {"rank": 2, "unit": None, "places": 1, "persons": ["p1", "p2", "p3"]}
    ]
    assert (berth["taken"], berth["vacant"]) == (1, 0)
    assert states(plain).endswith("p3:undecided p4:substitute:1")
    plain["settled"] = [{"berth": "b", "order": ["p3", "p1"], "how": "加赛"}]
    assert states(plain) == ("p0:proposed:1 p3:proposed:2 p1:substitute:1 p2:below p4:below")
    plain["berths"][0]["ties"] = "include"
    plain["settled"] = []
    assert states(plain).endswith("p3:proposed:2 p4:substitute:1")
    assert results_as_written(plain)["berths"][0]["vacant"] == 0


def test_substitutes_of_one_rank_are_all_or_none() -> None:
    plain = series(1, 1, 3, 3, 3, 6, substitutes=2)
    assert states(plain).endswith("p2:substitute:1 p3:substitute:1 p4:substitute:1 p5:below")
    plain["berths"][0]["substitutes"] = 4
    assert states(plain).endswith("p5:substitute:4")


def test_a_units_room_is_kept_open_among_its_own() -> None:
    plain = series(1, 1, 1, 1, 5, places=4, per_unit=1)
    of_units(plain, "A", "A", None, "B", "A")
    (berth,) = results_as_written(plain)["berths"]
    assert berth["undecided"] == [{"rank": 1, "unit": "A", "places": 1, "persons": ["p0", "p1"]}]
    assert (berth["taken"], berth["vacant"]) == (2, 1)
    assert states(plain).endswith("p2:proposed:1 p3:proposed:1 p4:over_quota")


def test_where_units_ask_for_more_than_is_left_nobody_has_a_place() -> None:
    plain = series(1, 1, 1, 1, 5, places=2, per_unit=1)
    of_units(plain, "A", "A", None, None, "B")
    (berth,) = results_as_written(plain)["berths"]
    assert berth["undecided"] == [
        {"rank": 1, "unit": None, "places": 2, "persons": ["p0", "p1", "p2", "p3"]}
    ]
    assert states(plain).endswith("p3:undecided p4:below")


def test_contested_units_stand_in_their_order_and_who_is_over_quota_is_no_substitute() -> None:
    plain = series(1, 2, 2, 2, 2, 6, 7, places=4, per_unit=1, substitutes=1)
    of_units(plain, "C", "B", "A", "B", "A", "C", "C")
    (berth,) = results_as_written(plain)["berths"]
    assert [(group["unit"], group["persons"]) for group in berth["undecided"]] == [
        ("A", ["p2", "p4"]),
        ("B", ["p1", "p3"]),
    ]
    assert states(plain).endswith("p5:over_quota p6:over_quota")
    plain["berths"][0]["places"] = 3
    assert states(plain).endswith("p5:substitute:1 p6:below")


def test_with_ties_included_a_unit_may_go_beyond_its_quota_within_a_rank_only() -> None:
    plain = series(1, 1, 1, 4, places=5, per_unit=2, ties="include")
    of_units(plain, "A", "A", "A", "A")
    assert states(plain).endswith("p2:proposed:1 p3:over_quota")


def test_who_is_undecided_in_an_earlier_berth_is_elsewhere_in_the_next() -> None:
    plain = series(1, 1, 3, places=1)
    plain["nodes"].append({"code": "other", **MUNICIPAL})
    again = {**plain["berths"][0], "code": "b2", "from": "other", "places": 1}
    plain["berths"] += [again, {**again, "code": "b3", "to_event": "G"}]
    plain["standings"].append({**plain["standings"][0], "node": "other"})
    nominate(plain, "p0", "accepted", "b2")
    assert states(plain, 0) == "p0:undecided p1:undecided p2:below"
    assert states(plain, 1) == "p0:elsewhere p1:elsewhere p2:proposed:1"
    assert results_as_written(plain)["berths"][1]["rows"][0]["marked"] is True
    assert states(plain, 2) == "p0:undecided p1:undecided p2:below"


def test_once_the_final_has_begun_those_who_accepted_stay_and_nobody_comes() -> None:
    plain = series(1, 1, 1, 4, None, None, begun=True, substitutes=3)
    for person, state in {"p1": "accepted", "p2": "declined", "p3": "accepted"}.items():
        nominate(plain, person, state)
    nominate(plain, "p0", "ineligible")
    nominate(plain, "p4", "accepted")
    (berth,) = results_as_written(plain)["berths"]
    assert states(plain) == (
        "p0:below p1:accepted:1 p2:declined p3:accepted:2 p4:accepted:3 p5:below"
    )
    assert [row["marked"] for row in berth["rows"]] == [False, False, False, False, True, False]
    assert [row["short"] for row in berth["rows"]][3:] == [[], ["rank"], ["rank"]]
    assert (berth["taken"], berth["vacant"], berth["undecided"]) == (3, 0, [])
    assert results_as_written(plain)["entries"][0]["accepted"] == ["p1", "p3", "p4"]


def test_an_empty_unit_is_a_unit_and_none_is_none() -> None:
    plain = of_units(series(1, 2, 3, 4, places=4, per_unit=1), "", "", None, None)
    assert states(plain) == "p0:proposed:1 p1:over_quota p2:proposed:2 p3:proposed:3"

"""What a series may not say is refused at its place, all of it at once; garbage is refused too."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compete.domain.bundle.problems import BundleError, Problem
from compete.domain.bundle.results import write_results
from compete.domain.series.reading import read_series
from compete.domain.series.reckoning import series_results
from tests.domain.bundle.sample import EXAMPLES, GONE, Plain, changed
from tests.domain.bundle.spoiling import broken, spoiled
from tests.domain.series_files import series as made_up

SMALL: Plain = json.loads((EXAMPLES / "series" / "small.json").read_bytes())
NATION, PROV, NORTH, SOUTH, HOME = range(5)
BERTH: Plain = SMALL["berths"][0]
NOMINATION = {"berth": "south-prov", "person": "s3", "day": "2026-06-02"}
RANDOMS = st.randoms(use_true_random=False)


def place_of(problem: Problem) -> str:
    """The place of a problem, which can be printed with what is said."""
    f"{problem.path}: {problem.message}".encode()
    return problem.path


def places(plain: Any) -> list[str]:
    """The places of all that is wrong."""
    try:
        read_series(plain if isinstance(plain, bytes) else json.dumps(plain).encode())
    except BundleError as error:
        return [place_of(problem) for problem in error.problems]
    return []


def berth(**keys: Any) -> Plain:
    return {**BERTH, "code": "new", "event": "X", **keys}


OF_ANOTHER_SHAPE: list[tuple[str, Any]] = [
    ("format", "compete-series/2"),
    ("format", GONE),
    ("series", GONE),
    ("series.name", GONE),
    ("series.code", "x" * 101),
    ("series.year", 0),
    ("nodes[0].level", "county"),
    ("nodes[4].here.sessions", -1),
    ("nodes[4].here.entrants", GONE),
    ("outside[0].code", ""),
    ("reports[0].people", 10**9 + 1),
    ("reports[0].sessions", "12"),
    ("reports[0].sessions", 1.5),
    ("reports[0].day", "2026-5-30"),
    ("reports[0].by", GONE),
    ("people[0].unit", 1),
    ("people[0].group", "boss"),
    ("people[0].grade", 6),
    ("people[0].birth", "1990-02-30"),
    ("standings[0].event", GONE),
    ("standings[0].rows[0].rank", 0),
    ("standings[0].rows[0].total", "1e3"),
    ("standings[0].rows[0].unit", "U1"),
    ("berths[0].places", 0),
    ("berths[0].per_unit", 0),
    ("berths[0].ties", "cut"),
    ("berths[0].begun", "true"),
    ("berths[0].when.groups", []),
    ("berths[0].when.top_percent", 10),
    ("berths[0].when.holds.at_least", 0),
    ("berths[0].when.age.on", GONE),
    ("berths[0].when.age.from", -1),
    ("settled[0].how", GONE),
    ("settled[0].order", ["p2"]),
    ("nominations[0].state", "maybe"),
    ("nominations[0].day", GONE),
    ("outside[0].document", GONE),
    ("outside[0].honours[1]", 5),
]

WRONG: list[tuple[str, Any, str]] = [
    ("nodes[0].parent", "north", "nodes[0].parent"),
    ("nodes[0].parent", "nation", "nodes[0].parent"),
    ("nodes[2].parent", "west", "nodes[2].parent"),
    ("nodes[1].code", "south", "nodes[3].code"),
    ("reports[0].node", "home", "reports[0].node"),
    ("reports[0].node", "west", "reports[0].node"),
    ("reports[0].passed", 1, "reports[0].passed"),
    ("reports[0].replaces", "r2", "reports[0].replaces"),
    ("reports[2].replaces", "r3", "reports[2].replaces"),
    ("reports[2].replaces", "r9", "reports[2].replaces"),
    ("reports[2].replaces", "r1", "reports[2].replaces"),
    ("reports[3]", {**SMALL["reports"][2], "code": "r4"}, "reports[3].replaces"),
    ("people[1].code", "p1", "people[1].code"),
    ("standings[0].node", "west", "standings[0].node"),
    ("standings[3]", {"node": "north", "event": "PUMP", "rows": []}, "standings[3]"),
    ("standings[0].rows[6]", {"person": "p1", "rank": 7}, "standings[0].rows[6].person"),
    ("standings[0].rows[6]", {"person": "p9", "rank": 7}, "standings[0].rows[6].person"),
    ("berths[3]", berth(code="north-prov"), "berths[3].code"),
    ("berths[3]", berth(to="north"), "berths[3].to"),
    ("berths[3]", berth(to="home"), "berths[3].to"),
    ("berths[3]", berth(to="west"), "berths[3].to"),
    ("berths[3]", {**BERTH, "code": "new"}, "berths[3]"),
    ("berths[3]", berth(begun=True), "berths[3].begun"),
    ("berths[2].when", {"age": {"on": "2026-06-01"}}, "berths[2].when.age"),
    ("settled[0].berth", "b", "settled[0].berth"),
    ("settled[0].order", ["p3", "s1"], "settled[0].order[1]"),
    ("settled[0].order", ["p3", "p1"], "settled[0].order[1]"),
    ("settled[0].order", ["p3", "p3"], "settled[0].order[1]"),
    ("settled[1]", {"berth": "north-prov", "order": ["p2", "p3"], "how": "抽签"}, "settled[1]"),
    ("nominations[0].person", "s1", "nominations[0].person"),
    ("nominations[0].berth", "b", "nominations[0].berth"),
    ("nominations[7]", {**NOMINATION, "state": "declined"}, "nominations[7].reason"),
    (
        "nominations[7]",
        {**NOMINATION, "state": "ineligible", "reason": " "},
        "nominations[7].reason",
    ),
    ("outside[0].person", "p9", "outside[0].person"),
    ("outside[0].document", "", "outside[0].document"),
    ("outside[0].agreed_by", "办事员甲", "outside[0].agreed_by"),
    ("outside[0].rank", 59, "outside[0].rank"),
]


def test_what_may_be_left_out_may_and_what_may_be_said_otherwise_too() -> None:
    assert places(SMALL) == []
    assert places({"format": SMALL["format"], "series": {"code": "S", "name": ""}}) == []
    for path, value in (
        ("extra", {"a": [1, "2"]}),
        ("standings[0].rows[0].extra", {}),
        ("berths[0].when.age.extra", None),
        ("berths[0].when", {}),
        ("nodes[4].here.sessions", 10**9),
        ("outside[0].rank", None),
        ("outside[0].of", GONE),
        ("outside[0].rank", 58),
        ("standings[0].rows[0].rank", GONE),
        ("standings[0].rows[0].total", 91.3),
        ("nominations[0].state", "accepted"),
        ("reports", GONE),
        ("settled", None),
    ):
        assert places(changed(SMALL, path, value)) == [], path


@pytest.mark.parametrize(("path", "value"), OF_ANOTHER_SHAPE)
def test_what_has_another_shape_is_refused_there(path: str, value: Any) -> None:
    assert places(changed(SMALL, path, value)) == [path]


@pytest.mark.parametrize(("path", "value", "place"), WRONG)
def test_what_does_not_fit_is_refused_there(path: str, value: Any, place: str) -> None:
    assert place in places(changed(SMALL, path, value))


def test_every_problem_is_told_at_once() -> None:
    plain = SMALL
    for path, value in (
        ("reports[0].passed", 1),
        ("people[0].grade", 9),
        ("berths[0].places", 0),
        ("outside[0].document", " "),
        ("more", 1),
    ):
        plain = changed(plain, path, value)
    assert sorted(places(plain)) == [
        "berths[0].places",
        "more",
        "outside[0].document",
        "people[0].grade",
        "reports[0].passed",
    ]


def test_a_circle_of_berths_is_refused_where_it_closes() -> None:
    plain = changed(SMALL, "nodes[5]", {"code": "west", "name": "西片", "level": "industry"})
    ways = [("north", "south"), ("south", "west"), ("north", "west"), ("west", "north")]
    plain["berths"] += [
        berth(code=f"c{n}", event=f"E{n}", **{"from": start, "to": end})
        for n, (start, end) in enumerate(ways)
    ]
    assert places(plain) == ["berths[6].to"]
    del plain["berths"][6]
    assert places(plain) == []


def test_nobody_is_accepted_in_two_berths_to_one_event_as_it_stands() -> None:
    plain = changed(SMALL, "berths[3]", berth(places=1))
    plain["standings"].append({"node": "north", "event": "X", "rows": [{"person": "p1"}]})
    again = {"berth": "new", "person": "p1", "day": "2026-06-02"}
    plain["nominations"].append({**again, "state": "accepted"})
    assert places(plain) == ["nominations[7].state"]
    plain["nominations"].append({**again, "state": "declined", "reason": "外派"})
    assert places(plain) == []
    plain["nominations"] = plain["nominations"][1:8]
    assert places(plain) == []
    plain["nominations"].append({**again, "berth": "north-prov", "state": "accepted"})
    assert places(plain) == ["nominations[7].state"]
    plain["berths"][3]["to_event"] = "Y"
    assert places(plain) == []


def test_checks_are_silent_about_what_could_not_be_read() -> None:
    for path in ("nodes", "people", "standings", "berths", "nodes[2]", "berths[0].from"):
        assert places(changed(SMALL, path, 5)) == [path]


def outcome(data: bytes, form: Any = "json") -> None:
    """Read, and work out what was read. Fails the test on anything but `BundleError`."""
    try:
        series = read_series(data, form)
    except BundleError as error:
        place_of(error.problems[0])
        return
    write_results(series_results(series))


@given(data=st.binary(max_size=200), form=st.sampled_from(["json", "yaml"]))
@settings(max_examples=100)
def test_random_bytes(data: bytes, form: str) -> None:
    outcome(data, form)


@pytest.mark.parametrize(
    "data", [b"[" * 100_000, b'{"extra":' * 100_000, b'{"nodes":' + b"[" * 999]
)
def test_deep_nesting(data: bytes) -> None:
    for form in ("json", "yaml"):
        with pytest.raises(BundleError):
            read_series(data, form)  # type: ignore[arg-type]


@given(rng=RANDOMS)
@settings(max_examples=80)
def test_right_files_with_broken_bytes(rng: Random) -> None:
    outcome(broken(rng, json.dumps(rng.choice([SMALL, made_up(rng)])).encode()))


@given(rng=RANDOMS, times=st.integers(1, 4))
@settings(max_examples=150)
def test_right_files_with_odd_values(rng: Random, times: int) -> None:
    outcome(json.dumps(spoiled(rng, rng.choice([SMALL, made_up(rng)]), times)).encode())

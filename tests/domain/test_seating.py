"""A seating that is worked out: what must not be is not, and what cannot be had is said."""

from __future__ import annotations

from time import monotonic
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compete.domain.seating import Candidate, Seat, Table, suggest_seating

TABLES = [Table("1号", 2, 12), Table("2号", 2, 11)]


def judges(count: int) -> list[Candidate]:
    return [Candidate(number) for number in range(count)]


def test_hard_pairs_are_left_out_and_soft_ones_avoided() -> None:
    hard = {(0, "1号"), (1, "1号")}
    seating = suggest_seating(TABLES, judges(4), hard=hard, soft={})
    assert seating.seats == {(2, "1号"), (3, "1号"), (0, "2号"), (1, "2号")}
    assert (seating.empty, seating.most, seating.proven) == ({}, 1, True)
    # Five judges: who would want an explanation stays out.
    soft = {(2, "1号"): 1, (2, "2号"): 1}
    seating = suggest_seating(TABLES, judges(5), hard=set(), soft=soft)
    assert 2 not in {judge for judge, _station in seating.seats}


def test_what_nobody_may_take_stays_empty_and_is_named() -> None:
    hard = {(number, "1号") for number in range(3)}
    seating = suggest_seating(TABLES, judges(4), hard=hard, soft={})
    assert seating.empty == {"1号": 1}
    assert len(seating.seats) == 3
    nobody = suggest_seating(TABLES, [], hard=set(), soft={})
    assert (nobody.seats, nobody.empty) == (frozenset(), {"1号": 2, "2号": 2})


def test_what_stands_stays_where_nothing_speaks_against_it() -> None:
    standing = {(3, "1号"), (0, "2号")}
    seating = suggest_seating(TABLES, judges(4), hard=set(), soft={}, standing=standing)
    assert standing <= seating.seats
    moved = suggest_seating(TABLES, judges(4), hard={(3, "1号")}, soft={}, standing=standing)
    assert (3, "2号") in moved.seats


def test_loads_are_evened_over_what_judges_do_elsewhere() -> None:
    tables = [Table("1号", 1, 20), Table("2号", 1, 5)]
    busy = [Candidate(0, load=20), Candidate(1)]
    seating = suggest_seating(tables, busy, hard=set(), soft={})
    assert seating.seats == {(1, "1号"), (0, "2号")}
    # One who judges many elsewhere hides none of the others from it.
    others = [Candidate(0, load=90), Candidate(1, load=20), Candidate(2, load=20), Candidate(3)]
    seating = suggest_seating([Table("1号", 1, 20)], others, hard=set(), soft={})
    assert seating.seats == {(3, "1号")}
    # Nobody is moved for it who sits there.
    stands = {(1, "1号")}
    seating = suggest_seating([Table("1号", 1, 20)], others, hard=set(), soft={}, standing=stands)
    assert seating.seats == stands
    # The best level at each station, where that is what is put first.
    tops = [Candidate(0, top=True), Candidate(1, top=True), Candidate(2), Candidate(3)]
    mixed = suggest_seating(TABLES, tops, hard=set(), soft={}, loads_first=False)
    assert {station for judge, station in mixed.seats if judge < 2} == {"1号", "2号"}


def test_who_has_to_stay_keeps_every_seat_whatever_speaks_against_it() -> None:
    both = {(0, "1号"), (0, "2号")}
    seating = suggest_seating(TABLES, judges(4), hard={(0, "1号")}, soft={}, staying=both)
    assert both <= seating.seats
    assert (len(seating.seats), seating.empty) == (4, {})
    # More of them than are wanted at a station: it has as many seats.
    three = {(number, "1号") for number in range(3)}
    seating = suggest_seating(TABLES, judges(5), hard=set(), soft={}, staying=three)
    assert three <= seating.seats
    assert {judge for judge, station in seating.seats if station == "2号"} == {3, 4}


def test_a_seat_is_rather_explained_than_empty_and_with_the_fewest_reasons() -> None:
    single = [Table("1号", 1, 12)]
    for few in (0, 1):
        soft = {(few, "1号"): 1, (1 - few, "1号"): 2}
        seating = suggest_seating(single, judges(2), hard=set(), soft=soft)
        assert seating.seats == {(few, "1号")}
        assert not seating.empty


def test_what_was_found_as_the_time_ended_is_not_called_the_best(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from scipy import optimize

    best, ended = optimize.milp, 1

    def broken_off(*given: Any, **keys: Any) -> Any:
        solution = best(*given, **keys)
        solution.status = ended
        return solution

    monkeypatch.setattr(optimize, "milp", broken_off)
    seating = suggest_seating(TABLES, judges(4), hard=set(), soft={})
    assert (len(seating.seats), seating.proven) == (4, False)


@settings(max_examples=15)
@given(
    st.integers(1, 6),
    st.integers(1, 3),
    st.sets(st.tuples(st.integers(0, 5), st.sampled_from(["1", "2", "3"]))),
)
def test_no_table_is_overfull_and_every_seat_is_accounted_for(
    count: int, seats: int, hard: set[Seat]
) -> None:
    tables = [Table(name, seats, 3) for name in ("1", "2", "3")]
    seating = suggest_seating(tables, judges(count), hard=hard, soft={})
    assert not seating.seats & hard
    for table in tables:
        here = sum(station == table.station for _judge, station in seating.seats)
        assert here + seating.empty.get(table.station, 0) == seats


def test_a_large_hall_is_seated_in_time() -> None:
    """Twenty stations, forty judges, three hundred people; every fifth pair must not be."""
    tables = [Table(str(number), 2, 15) for number in range(20)]
    pairs = [(judge, table.station) for judge in range(40) for table in tables]
    hard = {(judge, name) for judge, name in pairs if (judge + 3 * int(name)) % 5 == 0}
    soft = dict.fromkeys(pairs[::6], 1)
    began = monotonic()
    seating = suggest_seating(tables, judges(40), hard=hard, soft=soft, seconds=5)
    assert monotonic() - began < 20
    assert (len(seating.seats), seating.empty) == (40, {})

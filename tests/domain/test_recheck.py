"""The draw of what is re-checked: by rank, by seed, and by nobody's choice."""

from __future__ import annotations

import hashlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compete.domain.recheck import (
    error_rate,
    forces_all,
    recheck_draw,
    share_count,
    shuffled,
    top_by_rank,
)

CODES = [f"K-{number:02}" for number in range(1, 46)]
SEED = "00ff17"
SEEDS = st.binary(min_size=1, max_size=32).map(bytes.hex)


def test_of_45_the_best_14_and_5_of_the_other_31_are_drawn() -> None:
    draw = recheck_draw(CODES, SEED, 30, 15)
    assert draw.top == tuple(CODES[:14])
    assert len(draw.sampled) == 5
    assert set(draw.sampled) <= set(CODES[14:])
    assert draw.drawn == draw.top + draw.sampled


def test_the_sample_is_this_one_for_this_seed() -> None:
    # Fixed for good: a draw that was announced must come out the same in later versions.
    assert recheck_draw(CODES, SEED, 30, 15).sampled == (
        "K-34", "K-42", "K-26", "K-18", "K-16",
    )  # fmt: skip


def test_anyone_can_draw_again_by_the_published_steps() -> None:
    order = sorted(CODES[14:])
    for i in range(len(order) - 1, 0, -1):
        number = int(hashlib.sha256(f"{SEED}:{i}".encode()).hexdigest(), 16)
        j = number % (i + 1)
        order[i], order[j] = order[j], order[i]
    draw = recheck_draw(CODES, SEED, 30, 15)
    assert draw.order == tuple(order)
    assert draw.sampled == tuple(order[:5])


def test_of_two_too_the_seed_decides_which_comes_first() -> None:
    # Fixed for good, as above: the SHA-256 of "01:1" alone is even.
    orders = {seed: shuffled(["a", "b"], seed) for seed in ("00", "01", "02")}
    assert orders == {"00": ("a", "b"), "01": ("b", "a"), "02": ("a", "b")}


def test_who_is_equal_with_the_last_of_the_top_belongs_to_it() -> None:
    codes = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]
    ranks = [1, 2, 3, 3, 3, 6, 7, 8, 9, 10]
    assert top_by_rank(codes, 30, ranks) == ("a", "b", "c", "d", "e")
    assert top_by_rank(codes, 20, ranks) == ("a", "b")


def test_who_has_no_rank_belongs_to_the_rest() -> None:
    draw = recheck_draw(["a", "b", "c", "d"], SEED, 30, 100, ranks=[1, 2, None, None])
    assert draw.top == ("a", "b")
    assert set(draw.sampled) == {"c", "d"}


def test_the_top_share_counts_all_but_never_takes_the_unranked() -> None:
    assert top_by_rank(["a", "b", "c"], 100, [1, 1, None]) == ("a", "b")
    assert top_by_rank(["a", "b"], 30, [None, None]) == ()
    assert top_by_rank(["a", "b"], 0, [1, 1]) == ()


@pytest.mark.parametrize(
    ("count", "share", "people"),
    [(10, 30, 3), (11, 30, 4), (1, 15, 1), (0, 15, 0), (20, 15, 3), (21, 15, 4), (7, 0, 0)],
)
def test_shares_are_rounded_up_to_whole_people(count: int, share: int, people: int) -> None:
    assert share_count(count, share) == people


def test_more_than_the_limit_forces_all_and_the_limit_itself_does_not() -> None:
    assert error_rate(1, 20) == 5
    assert not forces_all(1, 20, 5)
    assert forces_all(2, 39, 5)
    assert error_rate(0, 0) == 0
    assert forces_all(1, 200, Fraction(1, 4))


@pytest.mark.parametrize("seed", ["", "0", "XYZ", "ABCD", "seed", "0" * 129])
def test_a_seed_is_hex_in_small_letters(seed: str) -> None:
    with pytest.raises(ValueError, match="seed"):
        recheck_draw(CODES, seed, 30, 15)


def test_a_code_that_stands_twice_and_impossible_shares_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        recheck_draw(["a", "a"], SEED, 30, 15)
    with pytest.raises(ValueError, match="share"):
        recheck_draw(["a"], SEED, 101, 15)
    with pytest.raises(ValueError, match="differ"):
        recheck_draw(["a"], SEED, 30, 15, ranks=[1, 2])


@given(st.sets(st.text(min_size=1, max_size=4), max_size=40), SEEDS)
def test_the_order_in_which_codes_are_told_does_not_matter(codes: set[str], seed: str) -> None:
    order = shuffled(codes, seed)
    assert sorted(order) == sorted(codes)
    assert shuffled(sorted(codes, reverse=True), seed) == order


@given(st.integers(0, 60), SEEDS, st.integers(0, 100), st.integers(0, 100))
def test_nobody_is_drawn_twice_and_at_least_the_shares_are_drawn(
    count: int, seed: str, top: int, rest: int
) -> None:
    codes = [f"{number:03}" for number in range(count)]
    draw = recheck_draw(codes, seed, top, rest)
    assert len(set(draw.drawn)) == len(draw.drawn)
    assert 100 * len(draw.top) >= top * count
    assert 100 * len(draw.sampled) >= rest * (count - len(draw.top))


def test_every_code_is_about_equally_likely_to_be_drawn() -> None:
    hits = dict.fromkeys(CODES[14:], 0)
    for number in range(2000):
        for code in recheck_draw(CODES, f"{number:08x}", 30, 15).sampled:
            hits[code] += 1
    expected = 2000 * 5 / 31
    assert all(0.8 * expected < count < 1.2 * expected for count in hits.values())

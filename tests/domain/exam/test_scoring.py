"""Scoring of theory examinations: the worked example, a second scorer, and published figures."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from compete.domain.exam.exam_reading import read_exam
from compete.domain.exam.exam_results import write_exam_results
from compete.domain.exam.exam_scoring import score_exam
from compete.domain.exam.statistics import Correlation
from tests.domain.exam import plain_scorer
from tests.domain.exam.random_exams import Plain, random_exam

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
RANDOMS = st.integers(0, 2**32).map(Random)

# Bock and Lieberman 1970: section 7 of the LSAT, how many gave each pattern of right answers,
# from 00000 to 11111.
LSAT7 = [12, 19, 1, 7, 3, 19, 3, 17, 10, 5, 3, 7, 7, 23, 8, 28]
LSAT7 += [7, 39, 11, 34, 14, 51, 15, 90, 6, 25, 7, 35, 18, 136, 32, 308]


def scored(exam: Plain) -> Plain:
    results: Plain = json.loads(
        write_exam_results(score_exam(read_exam(json.dumps(exam).encode())))
    )
    return results


def test_the_worked_example() -> None:
    data = (EXAMPLES / "exam-small.exam.json").read_bytes()
    wanted = json.loads((EXAMPLES / "exam-small.results.json").read_bytes())
    results = json.loads(write_exam_results(score_exam(read_exam(data))))
    assert json.dumps(results) == json.dumps(wanted)


@settings(max_examples=150, deadline=None)
@given(RANDOMS)
def test_a_second_scorer_finds_the_same(rng: Random) -> None:
    exam = random_exam(rng)
    assert scored(exam) == plain_scorer.results(exam)


@settings(max_examples=15, deadline=None)
@given(RANDOMS)
def test_a_second_scorer_finds_the_same_figures(rng: Random) -> None:
    exam = random_exam(rng, most_sittings=120)
    assert scored(exam) == plain_scorer.results(exam)


def of_patterns(counts: list[int], items: int) -> Plain:
    """An examination of true and false, with how many gave each pattern of right answers."""
    sittings: list[Plain] = []
    for pattern, many in enumerate(counts):
        for _ in range(many):
            code = f"S{len(sittings):04}"
            acts = [
                {
                    "uuid": f"{code}-{number}",
                    "item": f"Q{number}",
                    "value": bool(pattern >> (items - number) & 1),
                    "said_at": "2026-12-01T09:01:00Z",
                    "held_at": "2026-12-01T09:01:00Z",
                    "device": "T",
                    "seq": number,
                }
                for number in range(1, items + 1)
            ]
            sitting: Plain = {"code": code, "form": "A", "acts": acts}
            sitting |= {"starts_at": "2026-12-01T09:00:00Z", "ends_at": "2026-12-01T10:00:00Z"}
            sitting["devices"] = [{"device": "T", "from": "2026-12-01T09:00:00Z"}]
            sittings.append(sitting)
    question = {"version": 1, "kind": "true_false", "section": "A", "points": 1, "key": True}
    codes = [f"Q{number}" for number in range(1, items + 1)]
    return {
        "format": "compete-exam/1",
        "code": "E",
        "pass": 0,
        "sections": [{"code": "A", "name": "A"}],
        "questions": [{"code": code, **question} for code in codes],
        "forms": [{"form": "A", "questions": codes}],
        "sittings": sittings,
    }


def test_published_figures_come_out() -> None:
    assert sum(LSAT7) == 1000
    results = scored(of_patterns(LSAT7, 5))
    shares = ["0.828", "0.658", "0.772", "0.606", "0.843"]
    assert [row["share"] for row in results["questions"]] == shares
    correlations = ["0.246", "0.247", "0.313", "0.223", "0.175"]
    assert [row["correlation"] for row in results["questions"]] == correlations
    assert results["forms"][0]["alpha"] == "0.453"


def test_a_correlation_is_rounded_exactly() -> None:
    # 1 ÷ √(4,000,000 ÷ 1) is 0.0005, a half; the squares beside it are just off.
    assert Correlation(1, 2000**2).figure() == "0.001"
    assert Correlation(-1, 2000**2).figure() == "-0.001"
    assert Correlation(1, 2000**2 + 1).figure() == "0.000"
    assert Correlation(-1, 2000**2 + 1).figure() == "0.000"
    assert Correlation(10**20 - 1, 4 * 10**46).figure() == "0.000"
    assert Correlation(7, 49).figure() == "1.000"
    assert not Correlation(1, 100).is_below(Fraction(1, 10))
    assert Correlation(1, 101).is_below(Fraction(1, 10))

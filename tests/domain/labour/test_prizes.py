"""Prizes for some indicators alone (单项奖)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from compete.commands.tables import results_tables
from compete.domain import read_bundle, score
from compete.domain.bundle.types import Bundle
from compete.domain.explanation.steps import StepKind, every_step
from compete.domain.explanation.tree import explain
from tests.domain.labour.build import indicator, quarter, value


def with_prizes(*prizes: dict[str, Any], **labour: Any) -> Bundle:
    """Two months, three units; `late` is asked in M2 alone."""
    values = [
        *(value(unit, "M1", "x", points) for unit, points in {"A": 90, "B": 80, "C": 70}.items()),
        *(value(unit, "M2", "x", points) for unit, points in {"A": 60, "B": 80, "C": 80}.items()),
        *(value(unit, "M2", "late", points) for unit, points in {"A": 9, "B": 5}.items()),
    ]
    rules = {
        "periods": quarter("M1", "M2"),
        "indicators": [
            indicator("x", heading="比质量"),
            indicator("late", heading="比质量", periods=["M2"]),
        ],
        "values": values,
        "missing": "zero",
        "prizes": [
            {"code": f"p{number}", "name": f"奖{number}", "top": 1, **prize}
            for number, prize in enumerate(prizes)
        ],
    }
    file = {
        "format": "compete-bundle/2",
        "competition": {"code": "L", "name": "劳动竞赛", "kind": "labour", "level": "enterprise"},
        "units": [{"code": unit, "name": f"{unit}队"} for unit in "ABC"],
        "labour": {**rules, **labour},
    }
    return read_bundle(json.dumps(file).encode())


def won(bundle: Bundle) -> list[tuple[str, str, int, str]]:
    labour = score(bundle).labour
    assert labour is not None
    assert labour.prizes is not None
    return [(row.prize, row.unit, row.rank, row.value) for row in labour.prizes]


def award_texts(bundle: Bundle, unit: str) -> list[str]:
    steps = every_step(explain(bundle, unit).steps)
    return [str(step.text) for _, step in steps if step.kind is StepKind.AWARD]


QUALITY = {"by": "heading:比质量"}


@pytest.mark.parametrize(
    ("prize", "labour", "wanted"),
    [
        # (90 + 69) ÷ 2, (80 + 85) ÷ 2, (70 + 80 + 0) ÷ 2
        (QUALITY, {}, [("B", 1, "82.50")]),
        ({**QUALITY, "top": 2}, {}, [("B", 1, "82.50"), ("A", 2, "79.50")]),
        ({**QUALITY, "top": 3, "min": "75.01"}, {}, [("B", 1, "82.50"), ("A", 2, "79.50")]),
        (
            {**QUALITY, "top": 3, "min": "75"},
            {},
            [("B", 1, "82.50"), ("A", 2, "79.50"), ("C", 3, "75.00")],
        ),
        # In M1 `late` is not asked; it lies in no mean of M1.
        ({**QUALITY, "period": "M1"}, {}, [("A", 1, "90.00")]),
        ({"by": "indicator:late"}, {}, [("A", 1, "9.00")]),
        ({"by": "indicator:late", "period": "M1"}, {}, []),
        # Who shares the last one's rank gets it, too.
        ({"by": "indicator:x", "period": "M2"}, {}, [("B", 1, "80.00"), ("C", 1, "80.00")]),
        # One missing puts the unit out where a missing value blocks.
        ({**QUALITY, "top": 3}, {"missing": "blocks"}, [("B", 1, "82.50"), ("A", 2, "79.50")]),
        (
            {"by": "indicator:late", "top": 3},
            {"missing": "zero"},
            [("A", 1, "9.00"), ("B", 2, "5.00"), ("C", 3, "0.00")],
        ),
        # A veto inside the period counts; one outside does not.
        (QUALITY, {"vetoes": [{"unit": "B", "period": "M1"}]}, [("A", 1, "79.50")]),
        (
            {"by": "indicator:x", "period": "M2"},
            {"vetoes": [{"unit": "B", "period": "M1"}]},
            [("B", 1, "80.00"), ("C", 1, "80.00")],
        ),
        # In each group.
        (
            QUALITY,
            {"groups": {"A": "乙", "B": "甲", "C": "乙"}},
            [("A", 1, "79.50"), ("B", 1, "82.50")],
        ),
    ],
)
def test_who_wins(prize: dict[str, Any], labour: dict[str, Any], wanted: list[Any]) -> None:
    assert won(with_prizes(prize, **labour)) == [("p0", *winner) for winner in wanted]


def test_who_was_absent_in_a_leaf_has_the_mean_of_the_others() -> None:
    values = [value("A", "M1", "x", 90), value("B", "M1", "x", 80), value("B", "M2", "x", 96)]
    assert won(with_prizes({"by": "indicator:x"}, values=values)) == [("p0", "A", 1, "90.00")]


def test_a_file_without_prizes_says_nothing_of_them() -> None:
    labour = score(with_prizes()).labour
    assert labour is not None
    assert labour.prizes is None


def test_each_unit_is_told_why_it_won_or_did_not() -> None:
    vetoes = [{"unit": "C", "period": "M2"}]
    bundle = with_prizes(QUALITY, {**QUALITY, "min": "80"}, vetoes=vetoes)
    assert award_texts(bundle, "B") == ["得奖0：82.50 分，第 1 名", "得奖1：82.50 分，第 1 名"]
    assert award_texts(bundle, "A") == [
        "没有得奖0：79.50 分，第 2 名",
        "没有得奖1：79.50 分，低于 80",
    ]
    assert award_texts(bundle, "C") == ["没有得奖0：被一票否决", "没有得奖1：被一票否决"]
    blocked = with_prizes(QUALITY, missing="blocks")
    assert award_texts(blocked, "C") == ["没有得奖0：它比的指标没有填齐"]


def test_the_table_shows_who_won() -> None:
    bundle = with_prizes({**QUALITY, "name": "质量奖"})
    table = results_tables(bundle, score(bundle), None)
    (line,) = (text for text in table.splitlines() if "质量奖" in text)
    assert line.split() == ["质量奖", "1", "B", "B队", "82.50"]

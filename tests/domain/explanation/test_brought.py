"""What people are said to bring to their unit adds up to what stands there."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from fractions import Fraction
from itertools import zip_longest
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compete.domain import read_bundle
from compete.domain.explanation.steps import Step, StepKind, every_step
from compete.domain.explanation.tree import explain_entrant
from compete.domain.scoring.scorer import Scorer
from tests.domain.explanation.equations import false_ones
from tests.domain.scoring.competitions import several_events

RULES = Path(__file__).parents[2] / "examples/rules"
BROUGHT = re.compile(r"给 (\S+) 带来 (-?[\d.]+)(…?)")
COUNTED_FOR = re.compile(r"计的是 (.+?)，\S+ 的是")
MEDAL = re.compile(r"给 (\S+) 带来一个第 ([123]) 名")


def steps_about(scorer: Scorer, name: str, table: str | None = None) -> dict[str, Step]:
    """The step about a table, or about the event's own ranking of units, by entrant."""
    codes = [row.entrant for event in scorer.results.events for row in event.standings]
    return {
        code: step
        for code in codes
        for step in explain_entrant(scorer, code).steps
        if step.kind is StepKind.TEAM and str(step.text).startswith(name)
        if table in (None, step.code)
    }


def check(value: str, places: int, brought: list[tuple[str, str]]) -> None:
    """The sum of what was brought is the value, but for digits that were left out."""
    total = sum((Fraction(text) for text, _ in brought), Fraction(0))
    room = Fraction(1, 2 * 10**places) + sum(bool(more) for _, more in brought) * Fraction(1, 20000)
    assert abs(total - Fraction(value)) <= room, (value, brought)


def check_table(scorer: Scorer, table: Any, rows: Any) -> None:
    steps = steps_about(scorer, f"总表“{table.name}”：", table.code)
    brought: dict[str, list[tuple[str, str]]] = defaultdict(list)
    medals: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for code, step in steps.items():
        text = str(step.text)
        assert not any(false_ones(str(inner.text)) for _, inner in every_step([step])), text
        assert ("不计" in text) + ("带来" in text) + ("计入" in text) == 1, text
        for unit, value, more in BROUGHT.findall(text):
            brought[unit].append((value, more))
        for unit, rank in MEDAL.findall(text):
            medals[unit][int(rank) - 1] += 1
        for who in COUNTED_FOR.findall(text):
            for other in who.split("、"):
                # Whoever counts instead is told to count, with that very value.
                entrant, value = other.split(" 的 ")
                assert "不计" not in str(steps[entrant].text)
                assert f" {value}，" in str(steps[entrant].text) or (
                    f"：{value} 计入" in str(steps[entrant].text)
                ), (code, other)
    for row in rows:
        if table.by.value == "medals":
            assert medals[row.unit] == row.medals
        elif table.method is not None and table.method.value == "mean":
            assert not brought
        elif row.value is not None:
            check(row.value, table.decimals, brought[row.unit])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=True))
def test_what_is_said_to_be_brought_sums_to_what_stands(rng: Random) -> None:
    scorer = Scorer(read_bundle(json.dumps(several_events(rng)).encode()))
    for table, results in zip_longest(scorer.bundle.overall, scorer.results.overall or ()):
        check_table(scorer, table, results.standings)
    for event in scorer.results.events:
        rows = {row.unit: row for row in event.units or ()}
        own = {row.entrant for row in event.standings}
        brought: dict[str, list[tuple[str, str]]] = defaultdict(list)
        medals: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for code, step in steps_about(scorer, "单位排名：").items():
            assert not any(false_ones(str(inner.text)) for _, inner in every_step([step]))
            if code in own:
                for unit, value, more in BROUGHT.findall(str(step.text)):
                    brought[unit].append((value, more))
                for unit, rank in MEDAL.findall(str(step.text)):
                    medals[unit][int(rank) - 1] += 1
        for unit, row in rows.items():
            if medals:
                assert medals[unit] == row.medals
            else:
                check(row.points, 6, brought[unit])


def sentences_of(name: str, code: str) -> list[str]:
    scorer = Scorer(read_bundle((RULES / f"{name}.bundle.json").read_bytes()))
    return [str(step.text) for _, step in every_step(explain_entrant(scorer, code).steps)]


def test_an_attempt_that_does_not_count_says_so() -> None:
    sentences = sentences_of("attempts-jumps", "Tentoglou")
    assert sentences.count("不计，计的是 Attempt 6") == 5
    assert sentences.count("总分里这一次计 0 分；比“没有计的几次”时，不算做过") == 3
    assert "取消成绩：failed" in sentences
    assert "Best of six：8.41 = (8.41 ÷ 10) ÷ 1 × 10；计 Attempt 6" in sentences


def test_a_shared_rank_says_how_its_points_were_shared() -> None:
    of_units, table, of_table = sentences_of("attempts-jumps", "Barshim")[-3:]
    assert of_units == of_table == "2 人并列第 1 名：(10 + 8) ÷ 2 = 9"
    assert table.endswith("：给 QAT 带来 9，它的是 9.0，第 2 名")


def test_a_value_that_the_best_of_the_unit_push_out_is_not_brought() -> None:
    sentences = sentences_of("attempts-jumps", "Masso")
    (sentence,) = (text for text in sentences if text.startswith("总表"))
    assert "6 不计，计的是 Echevarria 的 8，" in sentence
    assert "带来" not in sentence


def test_a_mean_is_written_out() -> None:
    sentences = sentences_of("skills-scale", "07-AT")
    assert any("计入 AT 的平均，(723 + 700) ÷ 2 = 711.50，第 2 名" in text for text in sentences)

"""What an explanation says can be worked out again, sentence by sentence."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from random import Random

import pytest
from babel.messages.pofile import read_po
from hypothesis import given, settings
from hypothesis import strategies as st

import compete
from compete.domain.bundle.packs.named import expand_packs
from compete.domain.bundle.reading import read_bundle
from compete.domain.explanation.steps import Explanation, Step, StepKind, every_step
from compete.domain.explanation.tree import explain, explain_entrant
from compete.domain.scoring.scorer import Scorer
from tests.domain.explanation.equations import equations, false_ones, worked_out
from tests.domain.labour_competitions import labour_competition
from tests.domain.scoring.competitions import competition

EXAMPLES = [
    path
    for path in sorted((Path(__file__).parents[2] / "examples").rglob("*.bundle.json"))
    # Verdicts by lines have no places, and their words are tested with them.
    if not path.name.startswith("evaluation")
]
CATALOGUE = Path(compete.__file__).parent / "translations/en/LC_MESSAGES/messages.po"
ONE_OF_MANY = re.compile(
    r"(?<![-−.\d])1 (places|points|periods|sheets|judges|members|decimals|ranks)\b"
)
"""One of them, told as several; minus one is none of one."""


@cache
def english() -> dict[str, str]:
    with CATALOGUE.open("rb") as file:
        return {
            message.id: message.string
            for message in read_po(file)
            if isinstance(message.id, str) and isinstance(message.string, str)
        }


def both_languages(explanation: Explanation) -> list[tuple[str, str]]:
    known = english()
    return [
        (str(step.text), step.text.render(lambda text: known.get(text) or text))
        for _, step in every_step(explanation.steps)
    ]


def check(explanation: Explanation) -> None:
    for chinese, translated in both_languages(explanation):
        assert not false_ones(chinese)
        assert not false_ones(translated)
        signs = [(sign, places) for _, sign, _, places in equations(chinese)]
        assert signs == [(sign, places) for _, sign, _, places in equations(translated)]
        assert not ONE_OF_MANY.search(translated)


def results_told(step: Step) -> set[str]:
    """The numbers that a module's steps come to, as texts without idle zeros."""
    texts = [str(inner.text) for _, inner in every_step(step.steps)]
    totals = {str(worked_out(left).low) for text in texts for left, *_ in equations(text)}
    sums = (re.search(r"合计 (-?[\d.]+)$", text) for text in texts)
    return totals | {str(worked_out(found_sum[1]).low) for found_sum in sums if found_sum}


@settings(max_examples=60)
@given(rng=st.randoms(use_true_random=True))
def test_every_equation_holds_and_every_score_is_arrived_at(rng: Random) -> None:
    arrived_at(rng)


@pytest.mark.parametrize("seed", [4039155])
def test_what_one_judge_of_two_gave_is_scaled_in_the_open(seed: int) -> None:
    arrived_at(Random(seed))


def arrived_at(rng: Random) -> None:
    """Each module's score of a competition made up is what an equation of its steps comes to."""
    scorer = Scorer(read_bundle(json.dumps(competition(rng, version=None)).encode()))
    for row in scorer.results.events[0].standings:
        explanation = explain_entrant(scorer, row.entrant)
        check(explanation)
        for stage in explanation.steps:
            for module in stage.steps if stage.kind is StepKind.STAGE else ():
                if module.kind is StepKind.MODULE and "（" in str(module.text):
                    score = str(worked_out(re.findall(r"：([\d.]+)（", str(module.text))[0]).low)
                    zero = any(
                        "计 0 分" in str(inner.text) for _, inner in every_step(module.steps)
                    )
                    assert score in results_told(module) or (score == "0" and zero)


@settings(max_examples=60)
@given(rng=st.randoms(use_true_random=True))
def test_every_equation_of_a_labour_competition_holds(rng: Random) -> None:
    bundle = read_bundle(json.dumps(labour_competition(rng, version=None)).encode())
    assert bundle.labour is not None
    groups = bundle.labour.groups
    for unit in bundle.units:
        if groups is None or unit.code in groups:
            check(explain(bundle, unit.code))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_equation_of_an_example_holds(path: Path) -> None:
    """Of each person and unit; what does not count is never told to bring anything."""
    scorer = Scorer(expand_packs(read_bundle(path.read_bytes())))
    codes = [row.entrant for event in scorer.results.events for row in event.standings]
    labour = scorer.bundle.labour
    if labour is not None:
        taking = [unit.code for unit in scorer.bundle.units]
        codes = [it for it in taking if labour.groups is None or it in labour.groups]
    texts = []
    for code in codes:
        explanation = explain(scorer.bundle, code) if labour else explain_entrant(scorer, code)
        check(explanation)
        texts += [str(step.text) for _, step in every_step(explanation.steps)]
    assert any(True for text in texts for _ in equations(text))
    assert not [text for text in texts if "不计" in text and "带来" in text]


@pytest.mark.parametrize(
    "sentence",
    [
        "16 = (7+8) ÷ 2 × 2",
        "0 = 10 × 本人 50 ÷ 最好 50",
        "得分 7.51 = 7.505",
        "得分 7.51 ≈ 7.505",
        "得分 7.50 ≈ 7.505（四舍五入到 2 位小数）",
        "得分 7.50 ≈ 7.5（四舍五入到 2 位小数）",
        "6.6667… = 10 × 2 ÷ 2.9",
        "总分 90.00 > 91.00",
        "Score 8 ≈ 7.4 (rounded to a whole number)",
    ],
)
def test_a_false_equation_is_noticed(sentence: str) -> None:
    assert false_ones(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "规范：1.56 ≈ (2+3+2) ÷ 9 × 2（四舍五入到 2 位小数）；裁判 J1 J2 J3",
        "得分 -0.13 ≈ -0.125（四舍五入到 2 位小数）",
        "6.6667… = 10 × 2 ÷ 3",
        "a: 8 = 10 × best 8 ÷ own (8 + penalty 2), where 8 = 8",
        "总分 83.00 = 0.3 × 赛段A总分 90.00 + 0.7 × (80.00 ÷ 100 × 100)",
    ],
)
def test_a_true_one_is_let_pass(sentence: str) -> None:
    assert not false_ones(sentence)

"""A pass's work grows with the length of the list and hardly faster, whatever the rule."""

from __future__ import annotations

import heapq
from random import Random

import pytest

from compete.domain.ceremonies import rest
from compete.domain.ceremonies.drawing import Separation
from tests.bench.draws import KINDS, draw_of


def steps(name: str, size: int, monkeypatch: pytest.MonkeyPatch) -> float:
    """How often a heap is changed in one pass, for each person."""
    count = 0

    def counted(act: str) -> None:
        original = getattr(heapq, act)

        def changed(*arguments: object) -> object:
            nonlocal count
            count += 1
            return original(*arguments)

        monkeypatch.setattr(rest, act, changed)

    for act in ("heappop", "heappush", "heapreplace"):
        counted(act)
    rule = Separation(draw_of(KINDS[name], size))
    order = Random(size).sample(range(size), size)
    separated = rule.separate(order, size + 1)
    assert separated is not None
    assert separated.unmet
    return count / size


@pytest.mark.parametrize("name", KINDS)
def test_a_rule_that_cannot_be_met_takes_a_few_steps_for_each_person(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, many = steps(name, 500, monkeypatch), steps(name, 4000, monkeypatch)
    assert many < 10
    assert many < 1.5 * few + 1

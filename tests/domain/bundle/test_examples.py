"""The worked cases, and the samples of these tests, are read as they are meant."""

from __future__ import annotations

import doctest
import json
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from compete.domain import read_bundle
from compete.domain.aspects.types import AspectType
from compete.domain.bundle import reading
from compete.domain.bundle.reading import bundle_warnings
from compete.domain.values.kinds import Combine, Level, OutcomeStatus, Reduced
from tests.domain.bundle.sample import BUNDLES, labour, refused, skills


def test_there_are_worked_cases() -> None:
    assert len(BUNDLES) == 4


@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.stem)
def test_a_worked_case_is_read_without_a_word(path: Path) -> None:
    bundle = read_bundle(path.read_bytes())
    assert bundle_warnings(bundle) == []


@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.stem)
def test_yaml_says_the_same_as_json(path: Path) -> None:
    plain = json.loads(path.read_bytes())
    text = yaml.safe_dump(plain, allow_unicode=True)
    assert read_bundle(text.encode(), form="yaml") == read_bundle(path.read_bytes())


def test_the_samples_are_right() -> None:
    assert refused(skills()) == {}
    assert refused(labour()) == {}


def test_everything_arrives_with_its_type() -> None:
    bundle = read_bundle(json.dumps(skills()).encode())
    craft = bundle.events[0].stages[1].modules[1]
    assert bundle.competition.level is Level.MUNICIPAL
    assert bundle.outcomes[0].status is OutcomeStatus.DNS
    assert craft.pass_ == Decimal(60)
    assert craft.aspects[2].type is AspectType.MEASUREMENT
    assert craft.aspects[2].bands[0].within == Decimal("0.1")
    assert bundle.events[0].stages[1].carry is not None
    assert bundle.events[0].stages[1].carry.own == Decimal("0.7")
    assert bundle.events[0].unit_ranking is not None
    assert bundle.events[0].unit_ranking.points == {1: Decimal(9), 2: Decimal("7.5")}
    assert [mark.value for mark in bundle.marks][3:5] == [True, Decimal("-0.05")]
    assert all(isinstance(mark.value, bool | Decimal) for mark in bundle.marks)


def test_what_is_left_out_has_the_documented_default() -> None:
    bundle = read_bundle(json.dumps(skills()).encode())
    event = bundle.events[1]
    module = event.stages[0].modules[0]
    assert (event.rounding.aspect, event.rounding.module, event.rounding.total) == (None, 2, 2)
    assert event.ranking.ties == ()
    assert module.panel.size == 1
    assert module.panel.least_sheets == 1
    assert module.panel.combine is Combine.MEAN
    assert module.panel.reduced is Reduced.SAME
    assert module.aspects[0].factor == 1
    assert module.aspects[0].step == Decimal("0.01")
    assert bundle.events[0].stages[1].modules[1].aspects[0].scale == 3
    assert bundle.entrants[2].group == "worker"
    assert bundle.labour is None


def test_the_examples_in_the_docstrings_are_true() -> None:
    tried = doctest.testmod(reading)
    assert tried.attempted > 0
    assert tried.failed == 0

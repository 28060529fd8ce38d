"""Names in rules that are too long for what bears them are refused when they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from compete.models import Account, Competition
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused
from compete.services.rules.rules_saving import long_names
from tests.support.announced import announce
from tests.support.second_day import PRIZES
from tests.support.small import all_marks, small


def named(award: str, **keys: Any) -> dict[str, Any]:
    """The small competition with its first award called so."""
    first, *others = PRIZES["awards"]
    awards = [first | {"name": award}, *others]
    return small(all_marks(), event=PRIZES | {"awards": awards, **keys})


def test_the_longest_names_that_are_taken_are_certified(
    load: Callable[..., Competition], organiser: Account
) -> None:
    with pytest.raises(Refused, match="最多 100 个字"):
        load(named("奖" * 101))
    competition = load(named("奖" * 100, name="项" * 200))
    announce(competition, organiser)
    assert len(issue_award_certificates(competition, organiser, "急用")) == 3


def test_a_form_of_rules_is_told_which_name_is_too_long(
    load: Callable[..., Competition],
) -> None:
    rules = rules_of(load(named("一等奖")).events[0])
    assert long_names(rules) == []
    stage, award = rules.stages[0], rules.awards[0]
    clock = stage.modules[1]
    aspect = replace(clock.aspects[0], name="面" * 201)
    modules = (stage.modules[0], replace(clock, aspects=(aspect,)))
    wrong = replace(
        rules,
        stages=(replace(stage, modules=modules),),
        awards=(replace(award, name="奖" * 101),),
    )
    assert [problem.path for problem in long_names(wrong)] == [
        "stages[0].modules[1].aspects[0].name",
        "awards[0].name",
    ]

"""Rules of an event of two stages: what decided who went on stays once the later one was marked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from compete.models import Account, Competition
from compete.services.rules.changes import ask_change
from compete.services.rules.rules_draft import RulesDraft
from compete.services.rules.rules_saving import RulesRefused, draft_in_force
from tests.domain.scoring.build import event, mark, module, stage
from tests.support.small import small

Load = Callable[..., Competition]


def loaded(load: Load, *, later: bool) -> Competition:
    """A preliminary of which two go on to the final; the final was marked, or not yet."""
    marks = [
        mark(code, str(90 - 10 * place), stage_code="A")
        for place, code in enumerate(("P1", "P2", "P3", "P4"))
    ]
    marks += [mark("P1", "50", stage_code="B")] if later else []
    plain: dict[str, Any] = small(marks)
    first = stage(module(), code="A", advance={"top": 2})
    plain["events"] = [event(first, stage(module(), code="B"))]
    return load(plain)


def why_not(competition: Competition, draft: RulesDraft, by: Account) -> list[tuple[str, str]]:
    (first_event,) = competition.events
    try:
        ask_change(first_event, draft, first_event.rules.number, "要改", by)
    except RulesRefused as refused:
        return [(problem.path, str(problem.message)) for problem in refused.problems]
    return []


def with_top(draft: RulesDraft, top: str) -> RulesDraft:
    first, second = draft.stages
    return replace(draft, stages=(replace(first, top=top), second))


@pytest.mark.parametrize("later", [False, True])
def test_who_went_on_is_settled_with_the_first_mark_of_the_later_stage(
    load: Load, organiser: Account, later: bool
) -> None:
    competition = loaded(load, later=later)
    draft = draft_in_force(competition.events[0])
    faults = why_not(competition, with_top(draft, "3"), organiser)
    if later:
        ((where, sentence),) = faults
        assert where == "stages[0].name"
        assert "谁晋级不能再改" in sentence
    else:
        assert faults == []


def test_ranks_of_all_stages_are_settled_with_it_too(load: Load, organiser: Account) -> None:
    competition = loaded(load, later=True)
    draft = draft_in_force(competition.events[0])
    ((where, sentence),) = why_not(competition, replace(draft, ties=("age:older",)), organiser)
    assert where == "ranking.style"
    assert "晋级是照它定的" in sentence


def test_the_later_stage_itself_and_prizes_may_change(load: Load, organiser: Account) -> None:
    competition = loaded(load, later=True)
    draft = draft_in_force(competition.events[0])
    first, second = draft.stages
    carried = replace(second, carry_from=0, carry_weight="0.3", carry_own="0.7")
    assert why_not(competition, replace(draft, stages=(first, carried)), organiser) == []

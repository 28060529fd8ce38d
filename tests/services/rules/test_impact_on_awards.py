"""What a change of rules moves besides totals and ranks, and penalties that it has no room for."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from compete.domain.bundle.event_types import Award, Item
from compete.domain.bundle.results import EventResults
from compete.models import Decision, PenaltyEntry, utc_now
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.transactions import unit_of_work
from compete.services.rules.rules_saving import RulesRefused
from compete.services.rules.taking_effect import (
    MovedBesides,
    What,
    besides_of,
    moved_besides,
    moved_by,
)
from tests.services.rules.asking import ask, aspects, both_agree, lighter
from tests.services.rules.test_changes import marked
from tests.support.panels import Panel


def results(**more: object) -> EventResults:
    plain = {"code": "FORK", "stages": [], "standings": []}
    return msgspec.convert(plain | more, EventResults)


def test_each_kind_is_told_by_holder_with_what_it_was_and_is(panel: Panel) -> None:
    rules = msgspec.structs.replace(
        rules_of(panel.competition.events[0]),
        awards=(Award(code="one", name="一等奖"), Award(code="best", name="单项第一")),
        items=(Item(code="fast", name="最快", of="practice"),),
    )
    grade = {"entrant": "E1", "grade": 3, "rule": "r", "reasons": []}
    same = {"award": "one", "team": "T1"}
    was = results(
        awards=[{"award": "one", "entrant": "E1"}, same],
        grades=[grade | {"change": "promoted"}],
        teams=[{"team": "T1", "rank": 1, "total": "200", "members": ["E1"]}],
        items=[{"item": "fast", "standings": [{"entrant": "E1", "rank": 1, "score": "90"}]}],
        units=[{"unit": "U", "rank": 1, "points": "9", "medals": [1, 0, 0]}],
        honours=[{"entrant": "E1", "title": "能手", "rule": "h"}],
    )
    now = results(
        awards=[
            {"award": "one", "entrant": "E2"},
            {"award": "best", "item": "fast", "entrant": "E1"},
            same,
        ],
        grades=[grade | {"change": "kept"}],
        teams=[{"team": "T1", "rank": None, "total": "180", "members": ["E1"]}],
        items=[{"item": "fast", "standings": [{"entrant": "E1", "rank": 2, "score": "90"}]}],
        units=[{"unit": "U", "rank": 1, "points": "9", "medals": [1, 0, 0]}],
    )
    assert moved_besides((rules, rules), (was, now)) == [
        MovedBesides(What.AWARDS, "E1", ("一等奖", "能手"), ("最快 单项第一",)),
        MovedBesides(What.AWARDS, "E2", (), ("一等奖",)),
        MovedBesides(What.GRADE, "E1", ("3",), ()),
        MovedBesides(What.ITEM, "E1", ("1", "90"), ("2", "90"), "最快"),
        MovedBesides(What.TEAM, "T1", ("1", "200"), ("", "180")),
    ]
    assert moved_besides((rules, rules), (was, was)) == []


def test_it_is_kept_beside_who_moved_and_read_apart(panel: Panel) -> None:
    marked(panel)
    change = both_agree(panel, ask(panel, lighter(panel)))
    moved = moved_by(change)
    assert moved
    extra = MovedBesides(What.TEAM, "T1", ("1", "2"), ("2", "1"))
    with unit_of_work():
        change.moves = [*(change.moves or []), msgspec.to_builtins(extra)]
    assert moved_by(change) == moved
    assert besides_of(change)[-1] == extra


@pytest.mark.parametrize("proposed", [False, True])
def test_a_module_can_t_be_worth_less_than_was_taken_off_in_it(
    panel: Panel, proposed: bool
) -> None:
    sheet = panel.sheet("J1")
    about = {"entrant_id": sheet.entrant_id, "stage": "final", "module": "practice"}
    with unit_of_work() as session:
        if proposed:
            row: Decision | PenaltyEntry = Decision(
                **about,
                **{"competition_id": panel.competition.id, "kind": "penalty"},
                **{"points": Decimal(25), "reason": "越线", "evidence": "录像"},
                proposed_by=panel.organiser.id,
            )
        else:
            row = PenaltyEntry(**about, points=Decimal(25), reason="越线")
        session.add(row)
    less = aspects(panel, 0, max="2")
    with pytest.raises(RulesRefused) as why:
        ask(panel, less)
    ((where, sentence),) = ((problem.path, str(problem.message)) for problem in why.value.problems)
    assert where == "stages[0].modules[1].full"
    assert "扣了 25 分" in sentence
    if isinstance(row, PenaltyEntry):
        with unit_of_work():
            row.withdrawn_at = utc_now()
        assert ask(panel, less).base == 1

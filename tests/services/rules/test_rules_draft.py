"""A form's draft of rules: what nobody changed stays to the letter, what was changed is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from compete.services.kernel.event_rules import definition_of
from compete.services.rules.rules_draft import (
    AwardDraft,
    RankingDraft,
    RulesDraft,
    draft_of,
    tree_of,
)
from compete.services.rules.stage_draft import AspectDraft, ModuleDraft
from tests.support.competitions import sample, sample_names


def definitions() -> list[dict[str, Any]]:
    """Of every event of a contest: the form is of those."""
    events = (event for name in sample_names() for event in sample(name).events)
    return [definition_of(event)[0] for event in events if event.verdict is None]


@pytest.mark.parametrize("place", range(len(definitions())))
def test_what_nobody_changed_stays_to_the_letter(place: int) -> None:
    definition = definitions()[place]
    assert tree_of(draft_of(definition), definition) == definition


def forklift() -> dict[str, Any]:
    return next(it for it in definitions() if it["code"] == "FORK")


def changed(draft: RulesDraft, place: int, **keys: Any) -> RulesDraft:
    """The draft with one module of the first stage changed."""
    stage = draft.stages[0]
    modules = list(stage.modules)
    modules[place] = replace(modules[place], **keys)
    return replace(draft, stages=(replace(stage, modules=tuple(modules)), *draft.stages[1:]))


def test_what_a_form_cannot_show_is_kept_beside_what_it_changes() -> None:
    definition = forklift()
    draft = draft_of(definition)
    driving = draft.stages[0].modules[1]
    rows = (replace(driving.aspects[0], max="15"), *driving.aspects[1:])
    tree = tree_of(changed(draft, 1, aspects=rows, size="5"), definition)
    old = definition["stages"][0]["modules"][1]
    new = tree["stages"][0]["modules"][1]
    assert new["aspects"][0] == {**old["aspects"][0], "max": "15"}
    assert new["aspects"][1:] == old["aspects"][1:]
    assert new["panel"] == {**old["panel"], "size": 5}
    assert new["extra"] == old["extra"]
    assert (tree["grades"], tree["team_ranking"]) == (
        definition["grades"],
        definition["team_ranking"],
    )


def test_ranks_teams_units_and_panels_are_said_and_taken_back() -> None:
    teams = ("team_ranking", "unit_ranking")
    plain = {key: it for key, it in forklift().items() if key not in teams}
    plain["ranking"], plain["rounding"] = {}, {}
    draft = draft_of(plain)
    assert draft.ranking == RankingDraft()
    ranking = RankingDraft(
        on="exact",
        style="dense",
        total="1",
        best="3",
        method="mean",
        require_full=False,
        min_members="4",
        team_ties=("best", "module:OPS"),
        units_by="points",
        points="1 9\n2，7.5",
    )
    tree = tree_of(replace(draft, ranking=ranking), plain)
    assert tree["ranking"] == {"on": "exact", "style": "dense"}
    assert tree["rounding"] == {"total": 1}
    assert tree["team_ranking"] == {
        "best": 3,
        "method": "mean",
        "require_full": False,
        "min_members": 4,
        "ties": ["best", "module:OPS"],
    }
    assert tree["unit_ranking"] == {"points": {"1": "9", "2": "7.5"}}
    again = draft_of(tree)
    assert tree_of(again, tree) == tree
    none = tree_of(replace(again, ranking=RankingDraft()), tree)
    assert not {"team_ranking", "unit_ranking", "ranking", "rounding"} & {
        key for key, value in none.items() if value
    }
    medals = tree_of(replace(again, ranking=replace(ranking, units_by="medals")), tree)
    assert medals["unit_ranking"] == {"medals": True}

    definition = forklift()
    way = {"combine": "median", "at": "aspect", "min": "2", "reduced": "mean"}
    panel = tree_of(changed(draft_of(definition), 1, **way), definition)["stages"][0]["modules"][1]
    assert way.items() <= {key: str(it) for key, it in panel["panel"].items()}.items()
    usual = {"combine": "mean", "at": "sheet", "min": "", "reduced": "same"}
    tree = tree_of(changed(draft_of(definition), 1, **usual), definition)
    left = tree["stages"][0]["modules"][1].get("panel", {})
    assert not usual.keys() & left.keys()


def test_fewer_judges_than_the_least_ask_for_all_of_them() -> None:
    definition = forklift()
    tree = tree_of(changed(draft_of(definition), 1, size="1"), definition)
    panel = tree["stages"][0]["modules"][1]["panel"]
    assert definition["stages"][0]["modules"][1]["panel"]["min"] == 2
    assert (panel["size"], "min" in panel) == (1, False)


def test_a_row_that_changes_its_type_loses_the_keys_of_the_old_one() -> None:
    definition = forklift()
    draft = draft_of(definition)
    driving = draft.stages[0].modules[1]
    ladder = replace(driving.aspects[0], type="judgement", own={"levels": "差\n中\n好"})
    tree = tree_of(changed(draft, 1, aspects=(ladder,)), definition)
    (row,) = tree["stages"][0]["modules"][1]["aspects"]
    assert "points" not in row
    assert (row["type"], row["scale"]) == ("judgement", 2)
    assert row["extra"]["descriptors"] == ["差", "中", "好"]
    assert row["extra"]["hint"]


def test_new_rows_get_codes_of_their_own() -> None:
    definition = forklift()
    draft = draft_of(definition)
    rows = (
        AspectDraft(name="量", type="measurement", max="10", own={"bands": "5 10\n10，6"}),
        AspectDraft(name="看", type="checklist", max="5", own={"checks": "甲\n乙\n\n"}),
        AspectDraft(name="快", type="time", max="5", own={"full_at": "60", "zero_at": "120"}),
    )
    added = ModuleDraft(
        name="加试", weight="0", full="20", size="5", drop_high="1", drop_low="1", aspects=rows
    )
    stage = draft.stages[0]
    other = replace(added, name="再加试")
    wider = replace(draft, stages=(replace(stage, modules=(*stage.modules, added, other)),))
    wider = replace(wider, awards=(*draft.awards, AwardDraft(name="优秀奖", percent="12.5")))
    tree = tree_of(wider, definition)
    module = tree["stages"][0]["modules"][2]
    assert module["code"] not in {"theory", "driving"}
    assert module["panel"] == {
        "size": 5,
        "drop_high": 1,
        "drop_low": 1,
        "combine": "trimmed_mean",
    }
    assert [row["code"] for row in module["aspects"]] == ["a1", "a2", "a3"]
    # Two of one code would be added up by a tie key.
    codes = [row["code"] for it in tree["stages"][0]["modules"] for row in it["aspects"]]
    assert len(codes) == len(set(codes))
    assert module["aspects"][0]["bands"] == [
        {"within": "5", "marks": "10"},
        {"within": "10", "marks": "6"},
    ]
    assert module["aspects"][1]["checks"] == ["甲", "乙"]
    assert tree["awards"][-1]["ratio"] == "0.125"
    assert len({award["code"] for award in tree["awards"]}) == len(tree["awards"])

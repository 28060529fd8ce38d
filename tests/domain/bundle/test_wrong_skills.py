"""Skills bundles of the right shape that make no sense."""

from __future__ import annotations

from typing import Any

import pytest

from tests.domain.bundle.sample import GONE, aspect, changed, refused, skills

X = "events[0]"
LAST = f"{X}.stages[1]"
THEORY, CRAFT, QUICK = (f"{LAST}.modules[{place}]" for place in range(3))
RULE = f"{X}.grades[0]"

# What is changed, to what, where it is refused ("" for the same place), and a word of why.
WRONG: list[tuple[str, Any, str, str]] = [
    # codes that are used twice
    ("units[1].code", "U1", "", "units[0]"),
    ("judges[2].code", "J1", "", "judges[0]"),
    ("entrants[1].code", "E1", "", "entrants[0]"),
    ("teams[1].code", "T1", "", "teams[0]"),
    ("events[1].code", "X", "", "events[0]"),
    (f"{X}.stages[1].code", "s1", "", "stages[0]"),
    (f"{QUICK}.code", "theory", "", f"{LAST}.modules[0]"),
    (f"{CRAFT}.aspects[1].code", "look", "", "aspects[0]"),
    (f"{LAST}.parts[1]", {"code": "hands", "name": "", "weight": 0, "full": 1},
     f"{LAST}.parts[1].code", "parts[0]"),
    (f"{X}.awards[1].code", "gold", "", "awards[0]"),
    (f"{X}.items[1]", {"code": "hands-on", "name": "", "of": "craft"},
     f"{X}.items[1].code", "items[0]"),
    (f"{X}.grades[1]", {"code": "r1", "grant": {"to": 3}}, f"{X}.grades[1].code", "grades[0]"),
    # codes that point nowhere
    ("units[1].parent", "U9", "", "“U9”在 units 里找不到"),
    ("judges[0].unit", "U9", "", "units"),
    ("entrants[0].unit", "U9", "", "units"),
    ("entrants[0].event", "Z", "", "events"),
    ("entrants[0].team", "T9", "", "teams"),
    ("entrants[0].team", "T2", "", "赛项 Y"),
    ("teams[0].unit", "U9", "", "units"),
    ("teams[0].event", "Z", "", "events"),
    ("marks[0].entrant", "E9", "", "entrants"),
    ("marks[0].judge", "J9", "", "judges"),
    ("marks[0].stage", "s9", "", "赛项 X"),
    ("marks[0].stage", "only", "", "赛项 X"),
    ("marks[0].module", "craft", "", "赛段 s1"),
    ("marks[0].aspect", "look", "", "模块 theory"),
    ("outcomes[0].entrant", "E9", "", "entrants"),
    ("outcomes[0].stage", "s9", "", "赛项 X"),
    ("outcomes[0].module", "m9", "", "赛段 s2"),
    ("penalties[0].entrant", "E9", "", "entrants"),
    ("penalties[0].module", "m9", "", "赛段 s2"),
    ("times[0].stage", "s9", "", "赛项 X"),
    ("times[0].module", "m9", "", "赛段 s2"),
    ("times[0].entrant", "E9", "", "entrants"),
    (f"{CRAFT}.part", "feet", "", "parts"),
    (f"{LAST}.carry.from", "s2", "", "s1"),
    (f"{LAST}.carry.from", "s9", "", "更早的赛段"),
    (f"{X}.stages[0].carry", {"from": "s2", "weight": 1, "own": 1},
     f"{X}.stages[0].carry.from", "没有更早的"),
    (f"{X}.items[0].of", "feet", "", "最后一个赛段"),
    (f"{RULE}.when.awards[0]", "bronze", "", "awards"),
    (f"{RULE}.when.item.code", "swim", "", "items"),
    (f"{RULE}.when.under[0]", "U9", "", "units"),
    (f"{RULE}.when.pass_modules[0]", "swim", "", "模块和部分"),
    (f"{RULE}.when.pass_modules[0]", "quick", "", "没有及格线"),
    (f"{X}.grades", "cn-no-such-pack", "", "规则包"),
    # circles
    ("units[0].parent", "U3", "", "U1 → U3 → U2 → U1"),
    ("units[0].parent", "U1", "", "绕成了一圈"),
    # tie keys that name nothing
    (f"{X}.ranking.ties[0]", "part:feet", "", "part:feet"),
    (f"{X}.ranking.ties[0]", "part:craft", "", "part:craft"),
    (f"{X}.ranking.ties[0]", "module:hands", "", "module:hands"),
    (f"{X}.ranking.ties[0]", "aspect:nose", "", "aspect:nose"),
    (f"{X}.ranking.ties[0]", "criterion:声音", "", "criterion:声音"),
    (f"{X}.ranking.ties[0]", "time:nap", "", "time:nap"),
    (f"{X}.ranking.ties[0]", "stage:only", "", "stage:only"),
    (f"{X}.ranking.ties[0]", "age:wiser", "", "age:older"),
    (f"{X}.ranking.ties[0]", "craft", "", "module:…"),
    (f"{X}.ranking.ties[0]", "module:", "", "找不到"),
    (f"{X}.ranking.ties[0]", "", "", "不认识"),
    (f"{X}.ranking.ties[0]", "best", "", "不认识"),
    (f"{X}.team_ranking.ties[1]", "module:feet", "", "module:feet"),
    (f"{X}.team_ranking.ties[1]", "part:hands", "", "best_rank"),
    (f"{X}.team_ranking.ties[1]", "age:older", "", "best_rank"),
    (f"{X}.items[0].ties[0]", "module:feet", "", "module:feet"),
    # full marks, weights and passes
    (f"{THEORY}.full", 90, "", "100"),
    (f"{CRAFT}.full", "100.01", "", "100"),
    (f"{CRAFT}.aspects[4].factor", "1.5", f"{CRAFT}.full", "95"),
    (f"{CRAFT}.panel.combine", "sum", f"{CRAFT}.full", "200"),
    (f"{THEORY}.weight", -1, "", "至少应当是 0"),
    (f"{LAST}.parts[0].weight", "-0.5", "", "至少应当是 0"),
    (f"{LAST}.parts[0].full", 0, "", "大于 0"),
    (f"{LAST}.parts[0].pass", 101, "", "0 到满分 100"),
    (f"{THEORY}.pass", -1, "", "0 到满分 100"),
    (f"{CRAFT}.weight", 0, f"{LAST}.parts[0]", "权重大于 0"),
    (f"{CRAFT}.part", GONE, f"{LAST}.parts[0]", "权重大于 0"),
    (f"{QUICK}.aspects", [], "", "不能是空的"),
    (f"{LAST}.modules", [], "", "不能是空的"),
    (f"{X}.stages", [], "", "不能是空的"),
    # panels
    (f"{CRAFT}.panel.min", 3, "", "只有 2 位"),
    (f"{CRAFT}.panel.max_spread", -1, "", "至少应当是 0"),
    (f"{QUICK}.panel", {"size": 2}, f"{QUICK}.panel.size", "relative"),
    # aspects
    (f"{THEORY}.aspects[0].step", 0, "", "大于 0"),
    (f"{THEORY}.aspects[0].max", -100, "", "至少应当是 0"),
    (f"{THEORY}.aspects[0].factor", -1, "", "至少应当是 0"),
    (f"{CRAFT}.aspects[3].points", GONE, "", "points"),
    (f"{CRAFT}.aspects[3].points", -2, "", "至少应当是 0"),
    (f"{CRAFT}.aspects[2].bands[0].within", "-0.1", "", "至少应当是 0"),
    (f"{QUICK}.aspects[0].full_at", GONE, "", "full_at"),
    (f"{QUICK}.aspects[0].zero_at", GONE, "", "zero_at"),
    (f"{QUICK}.aspects[0].zero_at", 60, "", "大于 full_at"),
    (f"{QUICK}.aspects[0].full_at", -1, "", "至少应当是 0"),
    # who goes on, what units get, items, awards, grades
    (f"{X}.stages[0].advance", {}, "", "top 和 per_unit"),
    (f"{X}.stages[0].advance", {"ties": "cut"}, "", "至少写一个"),
    (f"{X}.unit_ranking", {}, "", "points 和 medals"),
    (f"{X}.unit_ranking", {"medals": False}, "", "points 和 medals"),
    (f"{X}.unit_ranking.medals", True, f"{X}.unit_ranking", "points 和 medals"),
    (f"{X}.items[0].code", "any", "", "any"),
    (f"{X}.awards[0].ratio", "0.1", f"{X}.awards[0]", "top 和 ratio"),
    (f"{X}.awards[0].top", GONE, f"{X}.awards[0]", "top 和 ratio"),
    (f"{X}.awards[1].ratio", "-0.1", "", "至少应当是 0"),
    (f"{X}.awards[2].pass_modules", True, "", "pass_modules"),
    ("events[1].awards", [{"code": "b", "name": "", "top": 1, "scope": "items"}],
     "events[1].awards[0].scope", "items"),
    (f"{RULE}.grant.to", 3, f"{RULE}.grant", "只能写一个"),
    (f"{RULE}.grant", {}, "", "什么也不给"),
    (f"{RULE}.grant", {"max_step": 1}, "", "什么也不给"),
    (f"{RULE}.when.top_percent", -1, "", "至少应当是 0"),
    ("penalties[0].points", 0, "", "大于 0"),
    ("penalties[0].points", -2, "", "大于 0"),
    ("penalties[0].points", GONE, "penalties[0]", "points 和 seconds"),
    ("penalties[0].seconds", -1, "", "至少应当是 0"),
    ("times[0].seconds", -1, "", "至少应当是 0"),
    # the kind
    ("competition.kind", "labour", "events", "labour"),
    ("labour", {"periods": [], "indicators": []}, "labour", "skills"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "place", "words"), WRONG)
def test_it_is_refused_and_located(path: str, value: Any, place: str, words: str) -> None:
    messages = refused(changed(skills(), path, value))
    assert (place or path) in messages
    assert words in messages[place or path]


def test_a_module_and_a_part_of_one_code_can_be_no_item() -> None:
    plain = changed(skills(), f"{CRAFT}.code", "hands")
    assert "分不清" in refused(plain)[f"{X}.items[0].of"]


def test_a_sum_of_judges_can_not_be_a_mean_of_those_present() -> None:
    plain = changed(skills(), f"{CRAFT}.panel", {"size": 2, "combine": "sum", "reduced": "mean"})
    assert "reduced" in refused(changed(plain, f"{CRAFT}.full", 200))[f"{CRAFT}.panel.reduced"]


def test_full_marks_of_summed_judges_are_those_of_all_of_them() -> None:
    plain = changed(skills(), f"{CRAFT}.panel.combine", "sum")
    assert refused(changed(plain, f"{CRAFT}.full", 200)) == {}


def test_every_circle_is_told_once() -> None:
    plain = skills()
    plain["units"] = [
        {"code": code, "name": "", "parent": parent} for code, parent in ("AB", "BA", "CC", "DA")
    ]
    messages = refused(plain)
    assert "A → B → A" in messages["units[0].parent"]
    assert "C → C" in messages["units[2].parent"]
    assert "units[1].parent" not in messages
    assert "units[3].parent" not in messages


def test_a_long_chain_of_units_is_no_circle() -> None:
    plain = skills()
    plain["units"] += [
        {"code": f"N{n}", "name": "", "parent": f"N{n + 1}" if n < 4999 else "U1"}
        for n in range(5000)
    ]
    assert refused(plain) == {}


def test_full_marks_are_compared_exactly() -> None:
    plain = changed(skills(), f"{THEORY}.aspects", [
        aspect("paper", most="33.333333333333", factor="3"),
        aspect("rest", most="0.000000000001"),
    ])  # fmt: skip
    assert refused(plain) == {}
    assert f"{THEORY}.full" in refused(changed(plain, f"{THEORY}.aspects[1].max", 0))


@pytest.mark.parametrize("name", ["marks", "outcomes", "penalties", "times"])
def test_nothing_can_be_written_down_about_nobody(name: str) -> None:
    plain = skills()
    left = {key: [] for key in ("entrants", "marks", "outcomes", "penalties", "times")}
    messages = refused({**plain, **left, name: plain[name][:1]})
    assert list(messages) == [f"{name}[0].entrant"]

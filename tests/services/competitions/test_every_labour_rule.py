"""Whatever a file can say of a labour competition's rules, the form can say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from compete.domain.bundle.labour_types import Labour
from compete.models import Account, Competition
from compete.services.competitions.labour_draft import (
    IndicatorDraft,
    LabourDraft,
    PeriodDraft,
    UnitDraft,
    departments_in,
    labour_draft_in_force,
    labour_draft_of,
    labour_rules_of_draft,
    labour_tree_of,
    leaves_in,
    plain_rules,
    with_codes,
)
from compete.services.labour.rule_sheets import read_rules_book, rules_book
from compete.services.labour.rules import labour_rules, save_labour_rules
from compete.services.rules.rules_saving import RulesRefused
from tests.support.every_labour_rule import (
    UNITS,
    every_labour_rule,
    keys_of_labour,
    labour_as_stored,
    labour_keys_in,
    least_labour_rules,
)
from tests.support.every_rule import KEEPS

ENTERED = {"Labour.values", "Labour.adjustments", "Labour.vetoes"}
UNREACHED: set[str] = set()
"""What a form lets stand, and cannot say itself."""


def drafted(plain: dict[str, Any]) -> LabourDraft:
    return labour_draft_of(plain, {"安全部": ["a", "b"]}, UNITS)


def test_the_sample_says_every_key_of_the_contract() -> None:
    lacking = keys_of_labour() - labour_keys_in(every_labour_rule()) - ENTERED
    assert {key for key in lacking if key.split(".")[1] not in KEEPS} == set()


def test_what_a_file_says_can_be_typed_onto_the_least_rules() -> None:
    full, least = map(labour_as_stored, (every_labour_rule(), least_labour_rules()))
    reached = {key: value for key, value in full.items() if key not in UNREACHED}
    assert labour_tree_of(drafted(full), least) == reached
    assert labour_tree_of(drafted(full), full) == full
    assert departments_in(drafted(full)) == {"安全部": ["a", "b"]}


def test_what_the_least_say_can_be_typed_onto_the_fullest() -> None:
    full, least = map(labour_as_stored, (every_labour_rule(), least_labour_rules()))
    kept = {key: full[key] for key in UNREACHED}
    assert labour_tree_of(drafted(least), full) == least | kept


def test_what_no_form_shows_stays() -> None:
    full = labour_as_stored(every_labour_rule())
    full["indicators"][0]["extra"] = {"note": "x"}
    full["indicators"][0]["scoring"]["extra"] = {"by": "y"}
    full["flags"]["extra"] = {"cloth": "红"}
    draft = drafted(full)
    rows = (replace(draft.indicators[0], max="12"), *draft.indicators[1:])
    tree = labour_tree_of(replace(draft, indicators=rows, min="91"), full)
    assert tree["indicators"][0]["extra"] == {"note": "x"}
    assert tree["indicators"][0]["scoring"] == {"type": "score", "extra": {"by": "y"}}
    assert tree["flags"]["extra"] == {"cloth": "红"}


def test_a_whole_that_is_renamed_keeps_its_parts() -> None:
    full = labour_as_stored(every_labour_rule())
    draft = drafted(full)
    rows = [
        replace(period, name="全年") if period.was == "Y" else period for period in draft.periods
    ]
    new = PeriodDraft(name="三", part_of="全年")
    tree = labour_tree_of(replace(draft, periods=(*rows, new)), full)
    assert [period.get("part_of") for period in tree["periods"]] == [
        None,
        "Y",
        "Y",
        "Q1",
        "Q1",
        "Y",
    ]
    old = PeriodDraft(name="三", part_of="年")
    tree = labour_tree_of(replace(draft, periods=(*rows, old)), full)
    assert tree["periods"][-1] == {"code": "P06", "name": "三", "part_of": "Y"}


def test_new_rows_get_codes_that_nobody_has() -> None:
    draft = LabourDraft(
        indicators=(
            IndicatorDraft(code="I02", name="一"),
            IndicatorDraft(name="二"),
            IndicatorDraft(name="三"),
        )
    )
    assert [indicator.code for indicator in with_codes(draft).indicators] == ["I02", "I03", "I04"]


def test_leaves_are_those_of_the_draft() -> None:
    full = labour_as_stored(every_labour_rule())
    draft = drafted(full)
    halves = (*draft.periods, PeriodDraft(name="上旬", part_of="1 月"))
    assert [code for code, _name in leaves_in(replace(draft, periods=halves))] == [
        "Q2",
        "I1",
        "P06",
    ]


def test_the_form_and_the_hand_make_the_same_competition(
    load: Callable[..., Competition], organiser: Account
) -> None:
    """Typed onto a competition with the least rules, it is the one that was written by hand."""

    def made(code: str, labour: dict[str, Any]) -> Competition:
        units = [{"code": unit, "name": name} for unit, name in UNITS]
        head = {"code": code, "name": code, "kind": "labour", "level": "enterprise"}
        return load(
            {"format": "compete-bundle/2", "competition": head, "units": units, "labour": labour}
        )

    by_hand = made("HAND", every_labour_rule())
    by_form = made("FORM", least_labour_rules())
    draft = labour_draft_in_force(by_hand)
    save_labour_rules(by_form, labour_rules_of_draft(by_form, draft), organiser)
    wanted = labour_rules(by_hand).labour
    typed = labour_rules(by_form).labour
    assert typed == wanted
    book = read_rules_book(rules_book(by_hand))
    assert book.rules is not None
    assert book.rules.labour.prizes == wanted.prizes
    save_labour_rules(by_hand, book.rules, organiser)
    assert labour_rules(by_hand).labour.prizes == wanted.prizes
    assert labour_draft_in_force(by_form) == draft
    stored = labour_as_stored(every_labour_rule())
    assert plain_rules(labour_rules(by_form)) == {
        key: value for key, value in stored.items() if key not in UNREACHED
    }


WRONG: dict[str, Callable[[LabourDraft], LabourDraft]] = {
    "indicators[0].max": lambda it: _row(it, max="十"),
    "indicators[0].name": lambda it: _row(it, name=""),
    "indicators[0].scoring.points": lambda it: _row(it, type="deduction"),
    "indicators[0].scoring.points[1]": lambda it: _row(it, type="rank", places="10 x"),
    "indicators[0].scoring.zero_at": lambda it: _row(it, type="linear", full_at="1"),
    "indicators[0].scoring.cap": lambda it: _row(it, type="completion", cap="0"),
    "indicators[0].department": lambda it: _row(it, department="部" * 81),
    "indicators[1].code": lambda it: _row(it, place=1, was="", code="a"),
    "periods[1].part_of": lambda it: _period(it, part_of="没有"),
    "periods[1].weight": lambda it: _period(it, weight="0"),
    "periods[1].name": lambda it: _period(it, name=""),
    "ties[0]": lambda it: replace(it, ties=("没有",)),
    "flags.count": lambda it: replace(it, count="两"),
    "warn_below": lambda it: replace(it, flags=False),
    "adjust_cap": lambda it: replace(it, adjust_cap="-1"),
    "units[0].group": lambda it: replace(it, units=(UnitDraft(was="U1", name="一"), *it.units[1:])),
    "units[3].name": lambda it: replace(it, units=(*it.units, UnitDraft(name="丙", group="土"))),
}


def _row(draft: LabourDraft, place: int = 0, **keys: str) -> LabourDraft:
    rows = list(draft.indicators)
    rows[place] = replace(rows[place], **keys)
    return replace(draft, indicators=tuple(rows))


def _period(draft: LabourDraft, **keys: str) -> LabourDraft:
    first, second, *rest = draft.periods
    return replace(draft, periods=(first, replace(second, **keys), *rest))


@pytest.mark.parametrize("path", WRONG)
def test_what_is_wrong_is_told_with_its_place(path: str, load: Callable[..., Competition]) -> None:
    head = {"code": "L", "name": "L", "kind": "labour", "level": "enterprise"}
    units = [{"code": unit, "name": name} for unit, name in UNITS]
    competition = load(
        {
            "format": "compete-bundle/2",
            "competition": head,
            "units": units,
            "labour": every_labour_rule(),
        }
    )
    draft = labour_draft_in_force(competition)
    labour_rules_of_draft(competition, draft)
    with pytest.raises(RulesRefused) as refused:
        labour_rules_of_draft(competition, WRONG[path](draft))
    assert path in [problem.path for problem in refused.value.problems]


def test_the_struct_is_what_the_rules_are() -> None:
    """Every field of the bundle's labour is a rule of the form or entered in its course."""
    fields = {field.name for field in msgspec.structs.fields(Labour)}
    assert fields == {*every_labour_rule(), "values", "adjustments", "vetoes", "extra"}

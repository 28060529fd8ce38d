"""What a practice cannot have in its file: whatever ranks, rewards or promotes somebody."""

from __future__ import annotations

import json
from typing import Any

import pytest

from compete.domain import read_bundle
from compete.domain.bundle.problems import BundleError
from compete.domain.bundle.versions import NEWEST
from compete.domain.kinds.kinds import KINDS, kinds_where
from compete.domain.values.kinds import Kind
from tests.support.small import all_marks, small


def practice(**competition: Any) -> dict[str, Any]:
    plain = small(all_marks())
    plain["format"] = NEWEST
    plain["competition"] |= {"kind": "practice", **competition}
    for person in plain["entrants"]:
        person.pop("id_number")
    return plain


def paths_of(plain: dict[str, Any]) -> set[str]:
    with pytest.raises(BundleError) as caught:
        read_bundle(json.dumps(plain, ensure_ascii=False).encode())
    return {problem.path for problem in caught.value.problems}


def test_a_practice_is_read_as_it_is() -> None:
    bundle = read_bundle(json.dumps(practice()).encode())
    assert bundle.competition.kind == Kind.PRACTICE


@pytest.mark.parametrize(
    ("place", "key", "value", "path"),
    [
        ("events", "awards", [{"code": "g", "name": "一等奖", "top": 1}], "events[0].awards"),
        ("events", "grades", "yangtze", "events[0].grades"),
        ("entrants", "grade", 4, "entrants[0].grade"),
        ("entrants", "id_number", "110101199003070011", "entrants[0].id_number"),
    ],
)
def test_what_leads_to_an_award_or_a_grade_is_named(
    place: str, key: str, value: Any, path: str
) -> None:
    plain = practice()
    plain[place][0][key] = value
    assert path in paths_of(plain)


def test_a_team_and_an_overall_table_are_named() -> None:
    plain = practice()
    plain["teams"] = [{"code": "T", "name": "队", "event": "E", "unit": "U1"}]
    assert "teams" in paths_of(plain)


def test_version_1_knows_no_practice() -> None:
    plain = practice() | {"format": "compete-bundle/1"}
    assert "competition.kind" in paths_of(plain)


def test_one_kind_alone_has_no_results_and_so_no_awards() -> None:
    assert kinds_where(lambda kind: not kind.has_results) == [Kind.PRACTICE]
    assert not any(it.has_awards for it in KINDS.values() if not it.has_results)

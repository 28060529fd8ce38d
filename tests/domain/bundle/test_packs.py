"""The packs: what they say, and that they fit the bundle format."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from compete.domain.bundle.grade_types import GradeRule
from compete.domain.bundle.packs.kinds import AwardPack, GradePack, Status, TiePack, status_name
from compete.domain.bundle.packs.named import all_packs, expand_packs, get_pack, pack_names
from compete.domain.bundle.reading import read_bundle
from compete.domain.values.kinds import EntrantGroup

GRADE_PACKS = [pack for pack in all_packs() if isinstance(pack, GradePack)]
AWARD_PACKS = [pack for pack in all_packs() if isinstance(pack, AwardPack)]
TIE_PACKS = [pack for pack in all_packs() if isinstance(pack, TiePack)]


def file_of(**event: Any) -> bytes:
    """A whole bundle around the keys of one event, with a theory and a practical module."""
    modules = [
        {
            "code": code,
            "name": code,
            "weight": 50,
            "full": 100,
            "aspects": [{"code": code, "name": code, "type": "score", "max": 100}],
        }
        for code in ("theory", "practical")
    ]
    return json.dumps(
        {
            "format": "compete-bundle/1",
            "competition": {
                "code": "C",
                "name": "某竞赛",
                "kind": "skills",
                "level": "national-1",
                "year": 2026,
            },
            "events": [
                {
                    "code": "E",
                    "name": "某赛项",
                    "stages": [{"code": "final", "name": "决赛", "modules": modules}],
                    **event,
                }
            ],
        }
    ).encode()


def rule(pack: str, code: str) -> GradeRule:
    pack_found = get_pack(pack)
    assert isinstance(pack_found, GradePack)
    return next(rule for rule in pack_found.rules if rule.code == code)


def test_names_are_unique_and_only_grade_packs_can_be_named_in_a_bundle() -> None:
    names = [pack.name for pack in all_packs()]
    assert len(names) == len(set(names))
    assert pack_names() == [pack.name for pack in GRADE_PACKS]
    assert "cn-national-1-2011" in pack_names()


@pytest.mark.parametrize("pack", all_packs(), ids=lambda pack: pack.name)
def test_every_pack_says_where_it_comes_from_and_how_sure_it_is(pack: Any) -> None:
    assert pack.title
    assert pack.edition
    assert pack.source
    assert str(status_name(pack.status))


@pytest.mark.parametrize("pack", GRADE_PACKS, ids=lambda pack: pack.name)
def test_every_grade_pack_written_out_is_a_bundle_that_reads(pack: GradePack) -> None:
    grade_rules = msgspec.to_builtins(pack.rules, str_keys=True)
    bundle = read_bundle(file_of(grades=json.loads(msgspec.json.encode(grade_rules))))
    assert bundle.events[0].grades == pack.rules


@pytest.mark.parametrize("pack", AWARD_PACKS, ids=lambda pack: pack.name)
def test_every_award_pattern_written_out_reads(pack: AwardPack) -> None:
    awards = json.loads(msgspec.json.encode(pack.awards))
    extra = {"team_ranking": {"best": 3}} if "team" in pack.name else {}
    assert read_bundle(file_of(awards=awards, **extra)).events[0].awards == pack.awards


@pytest.mark.parametrize("pack", TIE_PACKS, ids=lambda pack: pack.name)
def test_every_tie_chain_reads(pack: TiePack) -> None:
    keys = list(pack.keys_for())
    event = {"team_ranking": {"best": 3, "ties": keys}} if pack.for_teams else {}
    read_bundle(file_of(**event or {"ranking": {"ties": keys}}))


def test_a_tie_chain_takes_the_codes_of_the_event() -> None:
    pack = get_pack("ties-practical-time-theory")
    assert isinstance(pack, TiePack)
    assert pack.keys_for(practical="driving", theory="paper") == (
        "module:driving",
        "time:driving",
        "module:paper",
    )


@pytest.mark.parametrize("pack", GRADE_PACKS, ids=lambda pack: pack.name)
def test_rules_of_packs_that_are_not_sourced_are_marked_one_by_one(pack: GradePack) -> None:
    for rule in pack.rules:
        marked = (rule.extra or {}).get("status")
        assert (marked is None) == (pack.status is Status.SOURCED)


def test_a_grade_above_the_wanted_place_is_one_step_and_stops() -> None:
    first = rule("cn-national-1-2011", "national-1-top-5").grant
    assert (first.up, first.floor, first.ceiling) == (1, 2, 1)
    assert first.titles == ("全国技术能手",)
    second = rule("cn-national-1-2011", "national-1-top-20").grant
    assert (second.up, second.floor, second.ceiling) == (1, 3, 2)


@pytest.mark.parametrize(
    ("pack", "code", "last_place", "group"),
    [
        ("cn-national-1-2011", "national-1-top-20", 20, EntrantGroup.WORKER),
        ("cn-national-1-2011", "national-1-student-5", 5, EntrantGroup.STUDENT),
        ("cn-national-1-2012", "national-1-top-15", 15, EntrantGroup.WORKER),
        ("cn-national-2-draft", "national-2-top-15", 15, EntrantGroup.WORKER),
        ("shanxi-provincial-1-2020", "provincial-1-top-6", 6, EntrantGroup.WORKER),
        ("shanxi-provincial-2-2020", "provincial-2-first", 1, EntrantGroup.WORKER),
        ("tianjin-municipal-1-2024", "municipal-1-student-10", 10, EntrantGroup.STUDENT),
        ("tianjin-municipal-2-2024", "municipal-2-top-6", 6, EntrantGroup.WORKER),
        ("jiangsu-provincial-1-draft", "provincial-1-top-8", 8, EntrantGroup.WORKER),
        ("jiangsu-provincial-2-draft", "provincial-2-top-6", 6, EntrantGroup.WORKER),
    ],
)
def test_the_places_are_those_of_the_notices(
    pack: str, code: str, last_place: int, group: EntrantGroup
) -> None:
    when = rule(pack, code).when
    assert when.max_rank == last_place
    assert when.groups == (group,)


def test_tianjin_promotes_once_a_year_and_the_enterprise_third_by_share() -> None:
    for name in ("tianjin-municipal-2-2024", "tianjin-enterprise-2024"):
        pack = get_pack(name)
        assert isinstance(pack, GradePack)
        assert all(rule.when.once_a_year for rule in pack.rules)
    assert rule("tianjin-enterprise-2024", "enterprise-top-30-percent").when.top_percent == 30


def test_no_rule_gives_a_student_an_honour() -> None:
    for pack in GRADE_PACKS:
        for rule in pack.rules:
            assert not (EntrantGroup.STUDENT in rule.when.groups and rule.grant.titles)


def test_a_named_pack_is_written_out_in_full_with_its_name_on_every_rule() -> None:
    bundle = read_bundle(file_of(grades="cn-national-1-2011"))
    grade_rules = expand_packs(bundle).events[0].grades
    assert not isinstance(grade_rules, str)
    assert [grade_rule.code for grade_rule in grade_rules] == [
        "national-1-top-5",
        "national-1-top-20",
        "national-1-student-5",
    ]
    assert {(grade_rule.extra or {})["pack"] for grade_rule in grade_rules} == {
        "cn-national-1-2011"
    }


def test_rules_written_in_the_bundle_are_left_alone() -> None:
    bundle = read_bundle(file_of())
    assert expand_packs(bundle) is bundle
    mixed = msgspec.structs.replace(
        bundle,
        events=(
            bundle.events[0],
            msgspec.structs.replace(bundle.events[0], code="F", grades="tianjin-enterprise-2024"),
        ),
    )
    assert expand_packs(mixed).events[0] is bundle.events[0]


def test_an_unknown_name_is_a_key_error() -> None:
    bundle = read_bundle(file_of())
    wrong = msgspec.structs.replace(bundle.events[0], grades="no-such-pack")
    with pytest.raises(KeyError):
        expand_packs(msgspec.structs.replace(bundle, events=(wrong,)))

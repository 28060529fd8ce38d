"""What is loaded comes out again, whole, and counts the same."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from compete.domain import score, write_results
from compete.domain.bundle.packs.named import expand_packs
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState
from compete.models import Account, Act, Competition, Entrant, Event, db
from compete.services.competitions.loading import load_bundle
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.registration.officials import add_official
from compete.services.scoring.bundle_out import export_bundle
from tests.domain.scoring.build import mark
from tests.support.competitions import sample, sample_names
from tests.support.small import IDS, all_marks, read, small


@pytest.mark.each_database
@pytest.mark.parametrize("name", sample_names())
def test_a_sample_comes_out_as_it_went_in(here: Flask, name: str) -> None:
    original = expand_packs(sample(name))
    exported = export_bundle(load_bundle(original))
    assert exported == original
    assert read_bundle(write_bundle(exported, "json")) == original
    assert write_results(score(exported)) == write_results(score(original))


def test_a_bundle_with_everything_comes_out_as_it_went_in(
    load: Callable[..., Competition],
) -> None:
    plain = small(
        all_marks(),
        outcomes=[{"stage": "S", "module": "t", "entrant": "P4", "status": "dnf", "reason": "退"}],
        penalties=[
            {"stage": "S", "module": "m", "entrant": "P3", "points": "0.5", "reason": "迟到"},
            {"stage": "S", "module": "t", "entrant": "P3", "seconds": "2.25", "extra": {"a": 1}},
        ],
        times=[{"stage": "S", "module": "t", "entrant": "P1", "seconds": "61.123456"}],
        extra={"kept": [1, {"x": "y"}]},
    )
    plain["competition"] |= {"starts": "2026-09-16", "venue": "某港", "extra": {"contact": "吴"}}
    plain["marks"][0] |= {"at": "2026-09-16T09:00:00+08:00", "extra": {"note": "稳"}}
    plain["entrants"][0] |= {"birth": "1990-01-01", "phone": "13800000000", "gender": "male"}
    plain["units"][1]["parent"] = "U1"
    original = read(plain)
    assert export_bundle(load(plain)) == original


def test_a_check_in_clerk_is_no_part_of_the_file(
    load: Callable[..., Competition], organiser: Account
) -> None:
    original = read(small())
    competition = load(small())
    add_official(competition, Role.CLERK, "丁一鸣", organiser)
    assert export_bundle(competition) == original


def test_a_mark_given_twice_comes_out_as_it_stands(load: Callable[..., Competition]) -> None:
    plain = small([mark("P1", 30, "J1", "a"), mark("P1", 31, "J1", "a")])
    exported = export_bundle(load(plain))
    assert [mark.value for mark in exported.marks] == [Decimal(31)]
    assert score(exported) == score(read(plain))


def test_replaced_marks_are_history_that_an_export_keeps(load: Callable[..., Competition]) -> None:
    plain = small(
        [
            mark("P1", 30, "J1", "a"),
            mark("P2", 12, "J1", "a"),
            mark("P1", 31, "J1", "a"),
            mark("P1", "29.5", "J1", "a"),
        ]
    )
    exported = export_bundle(load(plain), history=True)
    marks = [(mark.entrant, mark.value) for mark in exported.marks]
    assert marks == [("P1", 30), ("P2", 12), ("P1", 31), ("P1", Decimal("29.5"))]
    assert exported == read(plain)
    assert score(exported) == score(read(plain))


def test_the_same_competition_is_not_loaded_twice(fresh: Competition) -> None:
    before = db.session.query(Entrant).count()
    with pytest.raises(Refused, match="没有写入"):
        load_bundle(read(small()))
    assert db.session.query(Entrant).count() == before


@pytest.mark.each_database
@pytest.mark.parametrize(
    ("where", "keys"),
    [
        ("penalties[0].seconds", {"points": "1", "seconds": "0.0000001"}),
        ("penalties[0].points", {"points": "0.1234567"}),
    ],
)
def test_a_number_that_cannot_be_kept_is_refused_by_its_place(
    here: Flask, where: str, keys: dict[str, str]
) -> None:
    penalty = {"stage": "S", "module": "m", "entrant": "P1"} | keys
    with pytest.raises(Refused) as refused:
        load_bundle(read(small(penalties=[penalty])))
    assert refused.value.message.params["path"] == where
    assert refused.value.kind is Refusal.INVALID
    assert db.session.query(Competition).count() == 0


def test_a_huge_time_is_refused_and_a_fine_one_is_kept(here: Flask) -> None:
    huge = {"stage": "S", "module": "t", "entrant": "P1", "seconds": "10000000000000"}
    with pytest.raises(Refused, match="存不下"):
        load_bundle(read(small(times=[huge])))
    fine = huge | {"seconds": "123456789012.123456"}
    exported = export_bundle(load_bundle(read(small(times=[fine]))))
    assert exported.times[0].seconds == Decimal("123456789012.123456")


@pytest.mark.each_database
def test_a_text_too_long_for_its_column_is_refused_in_words(here: Flask) -> None:
    plain = small()
    plain["units"][0]["name"] = "长" * 201
    with pytest.raises(Refused, match="最多 200 个字"):
        load_bundle(read(plain))
    assert db.session.query(Competition).count() == 0


def test_one_person_does_not_stand_twice_in_an_event(here: Flask) -> None:
    plain = small()
    plain["entrants"][1]["id_number"] = plain["entrants"][0]["id_number"]
    with pytest.raises(Refused, match="P1 和 P2 的证件号码一样"):
        load_bundle(read(plain))


def test_a_competition_with_marks_is_being_judged(
    load: Callable[..., Competition], organiser: Account
) -> None:
    assert load(small(all_marks())).state is CompetitionState.JUDGING
    other = small(competition={"code": "Y"})
    assert load(other).state is CompetitionState.REGISTERING


@pytest.mark.each_database
def test_the_database_keeps_no_id_number_in_the_clear(fresh: Competition) -> None:
    raw = db.session.connection().exec_driver_sql(
        "SELECT id_number, id_hash FROM entrant WHERE code = 'P1'"
    )
    sealed, hashed = raw.first() or (b"", "")
    assert IDS["P1"].encode() not in bytes(sealed)
    assert len(hashed) == 64
    assert db.session.scalar(select(Entrant.id_number).filter_by(code="P1")) == IDS["P1"]


def test_rules_are_kept_with_the_hash_of_their_text(fresh: Competition) -> None:
    from compete.services.kernel.event_rules import still_says

    version = db.session.query(Event).one().rules
    assert version.number == 1
    assert still_says(version)


def test_marks_are_rows_of_the_judge_who_gave_them(judged: Competition) -> None:
    codes = {judge.id: judge.code for judge in judged.judges}
    counts: dict[str, int] = {}
    for act in db.session.query(Act):
        counts[codes[act.judge_id]] = counts.get(codes[act.judge_id], 0) + 1
    assert counts == {"J1": 12, "J2": 12, "J3": 4}

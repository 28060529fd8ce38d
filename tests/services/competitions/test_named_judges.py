"""Judges of a small contest name themselves, and nobody is told that the list was changed."""

from __future__ import annotations

from decimal import Decimal

from flask import Flask

from compete.commands.verify import all_faults
from compete.models import Account, Act
from compete.services.kernel import audit
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.people_seals import check_people
from tests.support.small_contests import all_named, names_itself, small_contest, typed


def test_a_judge_who_writes_the_own_name_breaks_no_seal(here: Flask, organiser: Account) -> None:
    competition = small_contest(organiser)
    all_named(competition)
    assert all_faults() == []


def test_names_of_earlier_versions_whose_records_seal_nothing_are_no_alarm(
    here: Flask, organiser: Account
) -> None:
    competition = small_contest(organiser)
    first, second = competition.judges
    for judge, name in ((first, "周一"), (second, "周二")):
        with unit_of_work():
            before, judge.name = {"name": judge.name}, name
            audit.record(
                competition, organiser, "judge.named", judge.code, before=before,
                after={"name": name},
            )  # fmt: skip
    assert list(check_people(competition)) == []
    with unit_of_work():
        second.name = "别人"
    assert [str(fault) for fault in check_people(competition)] == ["裁判名单在登记以后被改过"]


def test_the_seal_of_a_name_is_gone_on_from(here: Flask, organiser: Account) -> None:
    competition = small_contest(organiser)
    names_itself(competition.judges[0], "周一")
    with unit_of_work():
        competition.judges[1].name = "别人"
    assert [str(fault) for fault in check_people(competition)] == ["裁判名单在登记以后被改过"]


def test_marks_typed_for_several_judges_are_under_seal(here: Flask, organiser: Account) -> None:
    competition = small_contest(organiser)
    typed(competition, organiser)
    assert all_faults() == []
    with unit_of_work() as session:
        act = session.query(Act).filter_by(kind="mark").order_by(Act.id.desc()).first()
        assert act is not None
        act.value = Decimal(1)
    assert any("评分动作" in str(fault) for _where, fault in all_faults())

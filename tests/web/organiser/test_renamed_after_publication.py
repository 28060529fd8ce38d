"""A unit or a person called otherwise after publication: what went out says what it said."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from compete.models import Account, Competition
from compete.services.closing import lock_marks, unlock_marks
from compete.services.publication import publish, worked_again
from compete.services.publication.worked_again import check_certified
from compete.services.registration import rename_unit
from tests.support.people import correct_identity
from tests.support.second_day import certify, person, strike_out, with_prizes
from tests.support.signing_in import signed_in

LONG = "乙港新公司"


@pytest.fixture
def renamed(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    """Certified and final; then opened once more, a unit and a person called otherwise."""
    competition = with_prizes(load)
    certify(competition, organiser)
    unlock_marks(competition, "单位改名", organiser)
    unit = next(unit for unit in competition.units if unit.code == "U2")
    assert rename_unit(unit, competition, LONG, organiser)
    correct_identity(
        person(competition, "P3"), name="孙龑", id_number="", reason="身份证", by=organiser
    )
    return competition


@pytest.fixture
def desk(app: Flask, renamed: Competition, organiser: Account) -> FlaskClient:
    return signed_in(app, organiser)


def cells(book: bytes) -> str:
    sheets = load_workbook(BytesIO(book)).worksheets
    return "\n".join(str(value) for sheet in sheets for row in sheet.values for value in row)


def test_the_workbook_of_a_version_bears_the_names_of_that_version(
    desk: FlaskClient, renamed: Competition, organiser: Account
) -> None:
    said = cells(desk.get("/desk/X/standings.xlsx").data)
    assert "第 1 版" in said
    for old, new in (("孙䶮", "孙龑"), ("乙单位", LONG)):
        assert old in said
        assert new not in said
    page = desk.get("/desk/X/standings").text
    assert "乙单位" in page
    assert LONG not in page
    lock_marks(renamed, organiser)
    publish(renamed, organiser, "单位改名")
    said = cells(desk.get("/desk/X/standings.xlsx").data)
    assert "孙龑" in said
    assert "乙单位" not in said


def test_the_register_bears_what_the_certificates_bear(desk: FlaskClient) -> None:
    said = cells(desk.get("/desk/X/certificates/register.xlsx").data)
    assert "乙单位" in said


def test_a_certificate_fits_its_version_whatever_its_holder_is_called_now(
    renamed: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(check_certified(renamed)) == []
    lock_marks(renamed, organiser)
    strike_out(renamed, "P1", organiser)
    lock_marks(renamed, organiser)
    publish(renamed, organiser, "选手 P1 取消成绩")
    assert list(check_certified(renamed)) == []
    monkeypatch.setattr(worked_again, "consequence_of", lambda _certificate: None)
    assert len(list(check_certified(renamed))) > 1


def test_results_that_stand_say_that_marks_were_opened_again(
    desk: FlaskClient, renamed: Competition, organiser: Account
) -> None:
    page = desk.get("/desk/X/results").text
    assert "评分又解锁了" in page
    assert "不用再办" not in page
    lock_marks(renamed, organiser)
    assert "解锁过，又锁定了" in desk.get("/desk/X/results").text


def test_the_page_of_units_says_why_none_can_be_renamed(
    desk: FlaskClient, renamed: Competition, organiser: Account
) -> None:
    assert "先解锁评分" not in desk.get("/desk/X/units").text
    lock_marks(renamed, organiser)
    page = desk.get("/desk/X/units").text
    assert "先解锁评分" in page
    assert ">改名<" not in page

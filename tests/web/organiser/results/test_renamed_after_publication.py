"""A unit or a person called otherwise after publication: what went out says what it said."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from compete.models import Account, Certificate, Competition, db
from compete.services.certificates.outdated_names import open_renamings, touched_by_unit
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.certificates.settling import agree, settle
from compete.services.closing.competition_lock import lock_marks, unlock_marks
from compete.services.directory.organisations import connect_units
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.row_checks import check_rows
from compete.services.registration.people_seals import check_people
from compete.services.registration.units.unit_list import rename_unit
from compete.services.results import record_checks
from compete.services.results.consequences import consequences_of
from compete.services.results.publishing import publish
from compete.services.results.record_checks import check_certified
from tests.support.people import correct_identity
from tests.support.second_day import certify, person, strike_out, with_prizes
from tests.support.signing_in import official, signed_in

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
    cell_texts = cells(desk.get("/desk/X/standings.xlsx").data)
    assert "第 1 版" in cell_texts
    for old, new in (("孙䶮", "孙龑"), ("乙单位", LONG)):
        assert old in cell_texts
        assert new not in cell_texts
    page = desk.get("/desk/X/standings").text
    assert "乙单位" in page
    assert LONG not in page
    lock_marks(renamed, organiser)
    publish(renamed, organiser, "单位改名")
    cell_texts = cells(desk.get("/desk/X/standings.xlsx").data)
    assert "孙龑" in cell_texts
    assert "乙单位" not in cell_texts


def test_the_register_bears_what_the_certificates_bear(desk: FlaskClient) -> None:
    cell_texts = cells(desk.get("/desk/X/certificates/register.xlsx").data)
    assert "乙单位" in cell_texts


def test_a_certificate_fits_its_version_whatever_its_holder_is_called_now(
    renamed: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(check_certified(renamed)) == []
    lock_marks(renamed, organiser)
    strike_out(renamed, "P1", organiser)
    lock_marks(renamed, organiser)
    publish(renamed, organiser, "选手 P1 取消成绩")
    assert list(check_certified(renamed)) == []
    monkeypatch.setattr(record_checks, "consequence_of", lambda _certificate: None)
    assert len(list(check_certified(renamed))) > 1


def test_results_that_stand_say_that_marks_were_opened_again(
    desk: FlaskClient, renamed: Competition, organiser: Account
) -> None:
    page = desk.get("/desk/X/results").text
    assert "评分又解锁了" in page
    assert "不用再办" not in page
    lock_marks(renamed, organiser)
    assert "解锁过，又锁定了" in desk.get("/desk/X/results").text


def test_under_the_lock_a_unit_is_called_otherwise_with_a_reason_alone(
    desk: FlaskClient, renamed: Competition, organiser: Account
) -> None:
    assert "为什么改名" not in desk.get("/desk/X/units").text
    lock_marks(renamed, organiser)
    page = desk.get("/desk/X/units").text
    assert "单位不能再加" in page
    assert "为什么改名" in page
    typed = {"name": "乙港", "reason": " "}
    refused = desk.post("/desk/X/units/U2/rename", data=typed)
    assert (refused.status_code, "改名要写原因" in refused.text) == (400, True)
    assert desk.post("/desk/X/units/U2/rename", data=typed | {"reason": "挂牌"}).status_code == 302
    assert list(verify_chain(renamed)) == list(check_people(renamed)) == []
    assert list(check_rows(renamed)) == []
    assert desk.post("/desk/X/units/add", data={"names": "丙单位"}).status_code == 409


def test_a_renamed_unit_lists_what_bears_the_old_name_until_all_of_it_follows(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    """P1 and P2 are of U1: two awards bear it, and no grade does."""
    competition = with_prizes(load)
    certify(competition, organiser)
    desk, page = signed_in(app, organiser), "/desk/X/units/U1/name"
    assert "都一致" in desk.get(page).text
    assert "已发的证书 2 张、公布的第 1 版、印好的参赛证 2 张" in desk.get("/desk/X/units").text
    typed = {"name": "甲港新公司", "reason": "营业执照"}
    answer = desk.post("/desk/X/units/U1/rename", data=typed)
    assert answer.location == page
    listed = desk.get(page).text
    assert listed.count("证书上还是 甲单位") == 2
    for phrase in ("公布时是 甲单位", "印好的参赛证 2 张", "换发"):
        assert phrase in listed
    home = desk.get("/desk/X/").text
    assert "单位 甲港新公司 改名以后还没改完" in home
    assert "2 张证书和公布的第 1 版还是更正前的" in home
    # One is issued anew by itself; the other is left to the new version, which asks about it.
    (first, second) = touched_by_unit(competition.units[0], competition).certificates
    reissue_certificate(db.session.get_one(Certificate, first), "单位改名", organiser)
    assert desk.get(page).text.count("证书上还是 甲单位") == 1
    desk.post("/desk/X/publish/names", data={"note": "甲单位改名"})
    db.session.expire_all()
    (waits,) = consequences_of(competition)
    assert (waits.certificate_id, waits.why) == (second, {"unit": ["甲单位", "甲港新公司"]})
    assert "改名以后还没改完" not in desk.get("/desk/X/").text
    settle([waits], "keep", organiser, "当时就叫这个")
    agree(waits, official(competition, "S1"))
    assert open_renamings(competition) == []
    assert "改名以后还没改完" not in desk.get("/desk/X/").text
    assert "甲港新公司" in app.test_client().get("/p/X").text
    assert list(verify_chain(competition)) == list(check_rows(competition)) == []


def test_the_directory_says_which_units_keep_the_name_that_it_gave_up(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_prizes(load)
    certify(competition, organiser)
    desk, unit = signed_in(app, organiser), competition.units[0]
    connect_units(organiser, {unit.id: None})
    db.session.refresh(unit)
    page = f"/desk/organisations/{unit.organisation_id}"
    assert "张证书上是这个名称" not in desk.get(page).text
    typed = {"name": "甲港新公司", "credit_code": ""}
    page_text = desk.post(page + "/change", data=typed, follow_redirects=True).text
    assert "还是当时名称的单位在下面" in page_text
    assert "2 张证书上是这个名称" in page_text
    assert 'href="/desk/X/units"' in page_text

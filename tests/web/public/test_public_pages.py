"""What anyone may open: badges, published standings, certificates, both languages."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain import read_bundle, score, write_results
from compete.domain.identity import mask_id, mask_name
from compete.models import Account, Certificate, Competition, Entrant, db
from compete.services.certificates import (
    issue_award_certificates,
    issue_grade_certificates,
    revoke_certificate,
)
from compete.services.publication import publish
from tests.support.announced import announce, approve_all, body_for, lock, reopen
from tests.support.people import visitor


@pytest.fixture
def client(here: Flask) -> FlaskClient:
    """A passer-by."""
    return here.test_client()


def person(code: str) -> Entrant:
    return db.session.query(Entrant).filter_by(code=code).one()


def badge(client: FlaskClient, code: str) -> str:
    answer = client.get(f"/c/{person(code).badge_token}")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.each_database
def test_a_badge_tells_when_and_where_first_and_the_result_not_a_moment_before(
    client: FlaskClient, forklift: Competition, organiser: Account
) -> None:
    before = badge(client, "B01")
    assert "成绩还没公布" in before
    lock(forklift, organiser)
    assert "成绩还没公布" in badge(client, "B01")
    assert client.get(f"/p/{forklift.code}").status_code == 404
    assert forklift.name not in client.get("/").text
    publish(forklift, organiser)
    after = badge(client, "B01")
    assert "成绩还没公布" not in after
    assert person("B01").name in after
    assert "江苏省技术能手" in after or "拟晋升" in after
    assert forklift.name in client.get("/").text


def test_every_contestants_page_can_be_drawn(
    client: FlaskClient, forklift: Competition, organiser: Account
) -> None:
    codes = [one.code for one in db.session.query(Entrant)]
    announce(forklift, organiser)
    assert all("第 1 版" in badge(client, code) for code in codes)


def test_the_published_list_masks_every_name(
    client: FlaskClient, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    page = client.get(f"/p/{forklift.code}").text
    names = [one.name for one in db.session.query(Entrant)]
    assert [name for name in names if name in page] == []
    assert mask_name(person("B01").name) in page


def test_the_published_files_score_again_to_the_published_results(
    client: FlaskClient, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    bundle = client.get(f"/p/{forklift.code}/bundle.json")
    results = client.get(f"/p/{forklift.code}/results.json").data
    assert write_results(score(read_bundle(bundle.data))) == results
    assert json.loads(results)["format"].startswith("compete-results")
    told = bundle.data.decode()
    for one in db.session.query(Entrant):
        assert one.name not in told
        assert (one.id_number or "?") not in told


def test_while_a_correction_is_made_the_old_result_stays_told(
    client: FlaskClient, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    before = badge(client, "B01")
    reopen(forklift, organiser)
    assert badge(client, "B01").count("第 1 版") == before.count("第 1 版") > 0


@pytest.fixture
def certificates(forklift: Competition, organiser: Account) -> list[Certificate]:
    """Grade certificates of the forklift competition, and its award certificates."""
    announce(forklift, organiser)
    approve_all(forklift, organiser)
    grades = issue_grade_certificates(forklift, body_for(forklift), organiser, "急用")
    return [*grades, *issue_award_certificates(forklift, organiser, "急用")]


def test_a_certificates_link_says_genuine_or_revoked_and_masks_the_id_number(
    client: FlaskClient, certificates: list[Certificate], organiser: Account
) -> None:
    one = certificates[0]
    page = client.get(f"/v/{one.token}").text
    assert one.face["name"] in page
    assert (one.id_number or "?") not in page
    assert mask_id(one.id_number or "") in page
    revoke_certificate(one, "材料不实", organiser)
    assert "材料不实" in client.get(f"/v/{one.token}").text
    assert client.get("/v/unknown").status_code == 404


def test_a_number_alone_finds_nothing_and_a_wrong_name_reads_like_an_unknown_number(
    client: FlaskClient, certificates: list[Certificate]
) -> None:
    one = certificates[0]
    found = client.get("/verify", query_string={"number": one.number, "name": one.face["name"]})
    assert one.face["occupation"] in found.text
    alone = client.get("/verify", query_string={"number": one.number}).text
    assert "请写姓名" in alone
    assert one.face["occupation"] not in alone
    unknown = one.number[:-6] + "999999"
    pages = [
        client.get("/verify", query_string={"number": number, "name": "王不是"}).text
        for number in (one.number, unknown)
    ]
    assert pages[0].replace(one.number, "N") == pages[1].replace(unknown, "N")


def test_an_award_certificate_opens_too(
    client: FlaskClient, certificates: list[Certificate]
) -> None:
    for one in certificates[-3:]:
        page = client.get(f"/v/{one.token}").text
        assert one.number in page
        assert one.face["award"] in page


def test_the_switch_changes_the_language_and_comes_back(
    client: FlaskClient, fresh: Competition
) -> None:
    assert '<html lang="zh-CN"' in client.get("/verify").text
    answer = client.get("/language/en", query_string={"back": "/verify?number=1"})
    assert answer.location == "/verify?number=1"
    assert '<html lang="en"' in client.get("/verify").text
    client.get("/language/zh")
    assert '<html lang="zh-CN"' in client.get("/verify").text


def test_the_browsers_own_wish_changes_nothing(client: FlaskClient) -> None:
    page = client.get("/verify", headers={"Accept-Language": "en-US,en;q=0.9"}).text
    assert '<html lang="zh-CN"' in page


def test_english_has_a_word_for_every_error(client: FlaskClient, here: Flask) -> None:
    client.get("/language/en")
    page = client.get("/nowhere").text
    assert "没有这个页面" not in page


SEARCHES = [
    ("赵启明", {"P1"}),
    ("赵", {"P1"}),
    ("zhao", {"P1"}),
    ("zhao qi", {"P1"}),
    ("ZHAO", {"P1"}),
    ("P2", {"P2"}),
    ("p2", {"P2"}),
    ("乙单位", {"P3", "P4"}),
    ("单位", {"P1", "P2", "P3", "P4"}),
    ("", {"P1", "P2", "P3", "P4"}),
    ("%", set()),
    ("_", set()),
    ("\\", set()),
    ("' OR 1=1 --", set()),
    ("没有这个人", set()),
]


@pytest.mark.each_database
def test_people_are_found_by_name_number_pinyin_and_unit(app: Flask, fresh: Competition) -> None:
    client = visitor(app, "organiser", fresh)
    for wanted, codes in SEARCHES:
        page = client.get("/desk/X/entrants", query_string={"q": wanted}).text
        names = {one.code: one.name for one in db.session.query(Entrant)}
        found = {code for code, name in names.items() if f">{name}<" in page or f"{name}\n" in page}
        assert found == codes, wanted


def test_the_list_shows_no_whole_id_number(app: Flask, fresh: Competition) -> None:
    page = visitor(app, "organiser", fresh).get("/desk/X/entrants").text
    for one in db.session.query(Entrant):
        assert (one.id_number or "?") not in page
        assert mask_id(one.id_number or "") in page

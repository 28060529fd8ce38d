"""What anyone may open: badges, published standings, certificates, both languages."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain import read_bundle, score, write_results
from compete.domain.identity.masks import mask_id, mask_name
from compete.domain.values.states import CompetitionState, GradeState, ResultState
from compete.models import (
    Account,
    Certificate,
    Competition,
    Entrant,
    ResultStand,
    db,
    utc_now,
)
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.certificates.rows import revoke_certificate
from compete.services.closing.grade_proposals import decide_grades
from compete.services.competitions.loading import load_bundle
from compete.services.kernel import audit
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.event_lines import announced
from compete.services.results.publishing import publish
from compete.services.results.snapshots import publications
from compete.web.public import views
from tests.services.schedule.test_late_sheets import register
from tests.support.announced import announce, approve_all, body_for, lock, reopen
from tests.support.issuing import issue_grade_certificates
from tests.support.people import visitor
from tests.support.second_day import second_version, with_prizes
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, read, small
from tests.support.statements import statements


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


@pytest.mark.each_database
def test_what_is_announced_stands_in_pages_the_last_first(
    client: FlaskClient, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["甲赛", "乙赛", "丙赛"]
    for number, name in enumerate(names):
        plain = small(all_marks())
        plain["competition"] |= {"code": f"X{number}", "name": name}
        competition = load_bundle(read(plain), by=organiser)
        lock(competition, organiser)
        publish(competition, organiser)
    # An earlier version, and one that was taken back, are no lines of their own.
    reopen(competition, organiser)
    lock(competition, organiser)
    publish(competition, organiser, "第二版")

    def listed(address: str) -> list[str]:
        page = client.get(address).text
        return [name for name in reversed(names) if name in page]

    assert listed("/") == ["丙赛", "乙赛", "甲赛"]
    assert "第 2 版" in client.get("/").text
    monkeypatch.setattr(views, "_ANNOUNCED", 2)
    assert listed("/") == ["丙赛", "乙赛"]
    assert 'rel="next"' in client.get("/").text
    assert listed("/?page=2") == ["甲赛"]
    assert 'rel="next"' not in client.get("/?page=2").text
    with statements(db.engine) as few:
        client.get("/?page=2")
    with statements(db.engine) as more:
        client.get("/")
    assert len(more) - len(few) <= 1


def test_under_notice_grades_are_proposed_wherever_they_stand(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_prizes(load)
    announce(competition, organiser)
    page = app.test_client().get("/p/X").text
    # On the podium, in the table and beside a name on a phone.
    assert "拟晋升 二级/技师" in page
    assert "晋升等级" not in page
    own = f"/c/{person('P1').badge_token}"
    assert "拟晋升 二级/技师" in app.test_client().get(own).text
    with unit_of_work():
        db.session.query(ResultStand).one().state = ResultState.FINAL
        audit.record(competition, None, "competition.change", competition.code)
    page = app.test_client().get("/p/X").text
    assert "晋升等级 二级/技师" in page
    assert "拟晋升" not in page
    page = app.test_client().get(own).text
    assert "晋升等级 二级/技师" in page
    assert "拟晋升" not in page


def test_who_came_after_a_version_is_told_that_it_does_not_know_them(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    announce(competition, organiser)
    reopen(competition, organiser)
    code = register(competition, organiser)
    page = badge(app.test_client(), code)
    assert "公布的第 1 版里还没有你的成绩" in page
    assert "成绩还没公布" not in page
    desk = signed_in(app, organiser).get(f"/desk/X/entrants/{code}/").text
    assert "公布的第 1 版里没有，再公布一版才有" in desk
    assert "公布前不显示得分" not in desk
    assert "里还没有你的成绩" not in badge(app.test_client(), "P1")


def test_every_contestants_page_can_be_drawn(
    client: FlaskClient, forklift: Competition, organiser: Account
) -> None:
    codes = [entrant.code for entrant in db.session.query(Entrant)]
    announce(forklift, organiser)
    assert all("第 1 版" in badge(client, code) for code in codes)


def test_the_published_list_masks_every_name(
    client: FlaskClient, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    page = client.get(f"/p/{forklift.code}").text
    names = [entrant.name for entrant in db.session.query(Entrant)]
    assert [name for name in names if name in page] == []
    assert mask_name(person("B01").name) in page


def test_the_published_page_says_what_the_notice_says(
    client: FlaskClient, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    publication = latest_publication(forklift)
    assert publication is not None
    what = announced(publication, publication.competition.events[0].code)
    page = client.get(f"/p/{forklift.code}").text
    assert len(what.people) == db.session.query(Entrant).count()
    # Honours are counted on the tab, so it names them; elsewhere awards are a number alone.
    assert what.beside.honours
    assert "获奖和荣誉" in page
    for number, line in what.people:
        assert f">{number}<" in page or f"</span>{number}<" in page
        assert f">{line.score}<" in page
        assert line.grade in page
    assert any(line.score == "缺考" for _number, line in what.people)
    assert any(line.grade for _number, line in what.people)
    teams = client.get(f"/p/{forklift.code}?see=teams").text
    for team in what.beside.teams:
        assert team.members in teams
    awards = client.get(f"/p/{forklift.code}?see=awards").text
    for honour in what.beside.honours:
        assert honour.title in awards
        assert honour.name in awards
    assert "有意见，这样说" in page


def test_an_earlier_version_stays_readable_and_says_that_it_is_one(
    client: FlaskClient, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_prizes(load)
    announce(competition, organiser)
    address = f"/p/{competition.code}"
    first = client.get(f"{address}/results.json").data
    assert "这一版：" not in badge(client, "P2")
    assert "第 1 版" in badge(client, "P2")
    assert "原来（" not in badge(client, "P2")
    second_version(competition, organiser)
    assert "这一版：选手 P1 取消成绩" in badge(client, "P2")
    # Each is told what was other for them: who moved up, who is out, who came to an award.
    assert "原来（第 1 版）：第 2 名，二等奖，拟晋升 三级/高级工。" in badge(client, "P2")
    out = "原来（第 1 版）：第 1 名，总成绩 94.00，一等奖，拟晋升 二级/技师。"
    assert out in badge(client, "P1")
    assert "<dt>总成绩</dt>" not in badge(client, "P1")
    assert "原来（第 1 版）：第 4 名，没有奖项，没有晋升。" in badge(client, "P4")
    now = client.get(address).text
    assert f"{address}?version=1" in now
    old = client.get(f"{address}?version=1").text
    assert "这是第 1 版，已经由第 2 版更正。" in old
    assert "有意见，这样说" not in old
    assert ">取消成绩<" in now
    assert ">取消成绩<" not in old
    assert client.get(f"{address}/results.json?version=1").data == first
    assert client.get(f"{address}/results.json").data != first
    for version in ("3", "0", "x", "9" * 30):
        assert client.get(f"{address}?version={version}").status_code == 404
    with unit_of_work():
        publications(competition)[-1].withdrawn_at = utc_now()
    assert client.get(f"{address}?version=1").status_code == 404
    assert "?version=1" not in client.get(address).text


def test_an_earlier_version_tells_of_grades_what_had_been_decided_that_day(
    client: FlaskClient, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_prizes(load)
    lock(competition, organiser)
    decide_grades(competition, ["P2"], GradeState.REFUSED, organiser, "工龄没有核实")
    announce_again = publish(competition, organiser)
    assert announce_again.version == 1
    decide_grades(competition, ["P1", "P3"], GradeState.APPROVED, organiser)
    second_version(competition, organiser)

    def grade_of(number: str) -> str:
        publication = publications(competition)[-1]
        what = announced(publication, "E", superseded=True)
        return next(line.grade for code, line in what.people if code == number)

    assert [grade_of(code) for code in ("P1", "P2", "P3")] == ["二级/技师", "", "三级/高级工"]


def test_anybody_is_found_on_the_published_page(
    client: FlaskClient, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    address = f"/p/{forklift.code}"
    page_text = client.get(address, query_string={"q": " B14 "}).text
    assert "找到 1 人" in page_text
    assert ">B14<" in page_text
    assert ">B02<" not in page_text
    assert "没有找到“B99”" in client.get(address, query_string={"q": "B99"}).text
    for typed in ("Ｂ１４", "b14"):
        assert "找到 1 人" in client.get(address, query_string={"q": typed}).text, typed
    # A masked name is found by what is shown of it and by no more.
    whole = person("B14").name
    assert "没有找到" in client.get(address, query_string={"q": whole}).text
    assert ">B14<" in client.get(address, query_string={"q": mask_name(whole)}).text


def test_before_publication_the_address_says_that_results_come_and_when(
    client: FlaskClient, forklift: Competition, organiser: Account
) -> None:
    address = f"/p/{forklift.code}"
    coming = client.get(address)
    assert coming.status_code == 404
    assert forklift.name in coming.text
    assert "评完、核对以后在这里公布。" in coming.text
    assert "公布后公示的工作日：5。" in coming.text
    # What has not begun is nobody's business: it reads like what there is not.
    with unit_of_work():
        forklift.state = CompetitionState.REGISTERING
    none = client.get("/p/NONE").text
    assert client.get(address).text == none.replace("/p/NONE", address)


def test_the_published_files_score_again_to_the_published_results(
    client: FlaskClient, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    bundle = client.get(f"/p/{forklift.code}/bundle.json")
    results = client.get(f"/p/{forklift.code}/results.json").data
    assert write_results(score(read_bundle(bundle.data))) == results
    assert json.loads(results)["format"].startswith("compete-results")
    bundle_text = bundle.data.decode()
    for entrant in db.session.query(Entrant):
        assert entrant.name not in bundle_text
        assert (entrant.id_number or "?") not in bundle_text


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
    certificate = certificates[0]
    page = client.get(f"/v/{certificate.token}").text
    assert certificate.face["name"] in page
    assert (certificate.id_number or "?") not in page
    # Nor a part of it: who scans a paper has not shown that they know the number.
    assert mask_id(certificate.id_number or "") not in page
    assert (certificate.id_number or "?")[-4:] not in page.replace(certificate.number[-4:], "")
    revoke_certificate(certificate, "材料不实", organiser)
    assert "材料不实" in client.get(f"/v/{certificate.token}").text
    assert client.get("/v/unknown").status_code == 404


def test_a_number_alone_finds_nothing_and_a_wrong_name_reads_like_an_unknown_number(
    client: FlaskClient, certificates: list[Certificate]
) -> None:
    certificate = certificates[0]
    answer = client.post(
        "/verify", data={"number": certificate.number, "name": certificate.face["name"]}
    )
    assert certificate.face["occupation"] in answer.text
    alone = client.post("/verify", data={"number": certificate.number}).text
    assert "请写姓名" in alone
    assert certificate.face["occupation"] not in alone
    unknown = certificate.number[:-6] + "999999"
    pages = [
        client.post("/verify", data={"number": number, "name": "王不是"}).text
        for number in (certificate.number, unknown)
    ]
    assert pages[0].replace(certificate.number, "N") == pages[1].replace(unknown, "N")


def test_an_award_certificate_opens_too(
    client: FlaskClient, certificates: list[Certificate]
) -> None:
    for certificate in certificates[-3:]:
        page = client.get(f"/v/{certificate.token}").text
        assert certificate.number in page
        assert certificate.face["award"] in page


def test_the_switch_changes_the_language_and_comes_back(
    client: FlaskClient, fresh: Competition
) -> None:
    assert '<html lang="zh-CN"' in client.get("/verify").text
    answer = client.get("/language/en", query_string={"back": "/verify?number=1"})
    assert answer.location == "/verify?number=1"
    assert '<html lang="en"' in client.get("/verify").text
    client.get("/language/zh")
    assert '<html lang="zh-CN"' in client.get("/verify").text


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("en-US,en;q=0.9", "en"),
        ("en;q=0.9,zh-CN;q=0.5", "en"),
        ("zh-CN,en;q=0.8", "zh-CN"),
        ("zh-Hans-CN", "zh-CN"),
        ("eo-EO,en;q=0.5", "en"),
        ("eo", "zh-CN"),
        ("", "zh-CN"),
    ],
)
def test_a_public_page_follows_the_browser_until_somebody_switches(
    client: FlaskClient, asked: str, language: str
) -> None:
    page = client.get("/verify", headers={"Accept-Language": asked}).text
    assert f'<html lang="{language}"' in page
    other = "zh" if language == "en" else "en"
    assert f'href="/language/{other}?back=/verify"' in page
    client.get(f"/language/{other}")
    page = client.get("/verify", headers={"Accept-Language": asked}).text
    assert f'<html lang="{language}"' not in page


def test_who_works_here_keeps_chinese_whatever_the_browser_asks(client: FlaskClient) -> None:
    page = client.get("/sign-in", headers={"Accept-Language": "en"}).text
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
        names = {entrant.code: entrant.name for entrant in db.session.query(Entrant)}
        shown_codes = {
            code for code, name in names.items() if f">{name}<" in page or f"{name}\n" in page
        }
        assert shown_codes == codes, wanted


def test_the_list_shows_no_whole_id_number(app: Flask, fresh: Competition) -> None:
    page = visitor(app, "organiser", fresh).get("/desk/X/entrants").text
    for entrant in db.session.query(Entrant):
        assert (entrant.id_number or "?") not in page
        assert mask_id(entrant.id_number or "") in page

"""A prize that two keep for its former holder has more holders than the version gives it to."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook

from compete.domain.values.states import CertificateState
from compete.models import Account, Certificate, Competition, db
from compete.services.certificates.revoking import agree_revocation, ask_again
from compete.services.certificates.rows import revoke_certificate
from compete.services.certificates.settling import agree, settle
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.consequences import consequences_of
from tests.support.second_day import certify, second_version, with_prizes
from tests.support.signing_in import official, signed_in

PAGE = "/desk/X/consequences"


@pytest.fixture
def second(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    second_version(competition, organiser)
    return competition


def test_how_many_hold_a_prize_is_said_before_it_is_kept_and_after(
    app: Flask, second: Competition, organiser: Account
) -> None:
    desk, supervisor = signed_in(app, organiser), signed_in(app, official(second, "S1"))
    row = next(
        row
        for row in consequences_of(second)
        if row.kind == "award" and row.was["award"] == "二等奖"
    )
    # The second goes up to the first place and the third to the second: one of each.
    first = "“一等奖”有 0 个得主的证书有效，第 2 版定的是 1 个"
    two = "“二等奖”有 2 个得主的证书有效，第 2 版定的是 1 个"
    lists = ("/desk/X/awards", "/desk/X/certificates", PAGE)
    assert not any("个得主" in desk.get(url).text for url in lists)
    opened = desk.get(f"{PAGE}?open={row.id}").text
    assert f"旧证照用，不发新的；保留以后{first}；{two}<" in opened
    desk.post(PAGE, data={"rows": str(row.id), "act": "keep", "reason": "本人书面要求"})
    assert f"保留以后{first}；{two}<" in supervisor.get(PAGE).text
    assert "个得主" not in desk.get("/desk/X/certificates").text
    agree(row, official(second, "S1"))
    for url in lists[:2]:
        assert f"两个人定了保留，所以都办完、发完以后{first}；{two}。" in desk.get(url).text
    # Others follow the version: it says so before the new ones go out, and is true afterwards.
    while link := re.search(r"open=(\d+)", desk.get(PAGE).text):
        act = re.search(r'value="(\w+)" required checked', desk.get(f"{PAGE}?open={link[1]}").text)
        assert act is not None
        desk.post(PAGE, data={"rows": link[1], "act": act[1]})
    desk.post("/desk/X/certificates/issue/award", data={"reason": "急"})
    certified = [
        paper.face["award"]
        for paper in db.session.query(Certificate).filter_by(kind="award")
        if paper.state is CertificateState.VALID
    ]
    assert (certified.count("一等奖"), certified.count("二等奖"), certified.count("三等奖")) == (
        0,
        2,
        1,
    )
    assert f"两个人定了保留，所以{first}；{two}。" in desk.get("/desk/X/awards").text
    book = load_workbook(BytesIO(desk.get("/desk/X/certificates/register.xlsx").data)).active
    assert book is not None
    notes = [line[9] for line in book.iter_rows(values_only=True) if "保留以后" in str(line[9])]
    assert notes == [f"保留以后{first}；{two}"]
    # Made void afterwards, it leaves the first prize without a holder: nothing goes out by itself.
    assert row.certificate is not None
    with unit_of_work():
        revoke_certificate(row.certificate, "材料不实", organiser)
    for url in lists[:2]:
        assert f"保留的证书后来撤销了，所以{first}。不会自己补发" in desk.get(url).text
        assert "个得主的证书有效，第 2 版定的是 1 个；" not in desk.get(url).text
    assert f"保留以后又撤销了，所以{first}<" in desk.get(PAGE).text
    ask_again(row.certificate, "查清楚了，按第 2 版给", organiser)
    (new,) = agree_revocation(row.certificate, official(second, "S1"))
    assert new.face["award"] == "一等奖"
    assert not any("个得主" in desk.get(url).text for url in lists)


def test_the_page_of_a_person_names_what_was_kept(
    app: Flask, second: Competition, organiser: Account
) -> None:
    """It said what the results give where the standings said what two kept."""
    page = "/desk/X/entrants/P2/"
    desk = signed_in(app, organiser)
    assert "保留" not in desk.get(page).text
    for row in consequences_of(second):
        if row.was["name"] == "钱文":
            settle([row], "keep", organiser, "本人书面要求")
            agree(row, official(second, "S1"))
    text = re.sub(r"<[^>]+>", " ", desk.get(page).text)
    assert "保留 三级/高级工" in text
    assert "二级/技师" not in text
    assert len(re.findall(r"，保留", text)) == 2

"""Pages of the desk follow the publication in force, from the first version to the second."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from compete.models import Account, AuditEntry, Competition, db, utc_now
from compete.services.certificates.register import read_register, register_counts
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.certificates.revoking import can_strike
from compete.services.certificates.rows import revoke_certificate
from compete.services.certificates.settling import settle
from compete.services.closing.competition_lock import lock_marks
from compete.services.results.consequences import consequences_of
from compete.services.results.publishing import publish, publish_names
from tests.support.people import correct_identity
from tests.support.second_day import certify, person, second_version, strike_out, with_prizes
from tests.support.signing_in import signed_in


@pytest.fixture
def certified(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    return competition


def rename(competition: Competition, code: str, name: str, by: Account) -> None:
    correct_identity(person(competition, code), name=name, id_number="", reason="身份证", by=by)


def test_no_words_of_a_version_stand_under_ranks_that_are_not_its_own(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    standings = "/desk/X/standings"

    def chips() -> list[str]:
        head = desk.get(standings).text.split("</h1>", 1)[1].split('<div class="acts">')[0]
        return re.findall(r'class="chip[^"]*">(?:<svg.*?</svg>)?<span>([^<]+)<', head)

    assert chips()[1] == "第 1 版"
    assert "谁都能重算这份成绩" in desk.get(standings).text
    strike_out(certified, "P1", organiser)
    for _ in range(2):
        assert chips()[1:] == ["暂定，第 1 版公布以后改过"]
        page = desk.get(standings).text
        assert "谁都能重算这份成绩" not in page
        assert "第 1 版公示文件" in page
        lock_marks(certified, organiser) if _ == 0 else None
    publish(certified, organiser, "选手 P1 取消成绩")
    assert chips()[1] == "第 2 版"


def test_a_published_table_has_the_names_it_was_published_with(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    rename(certified, "P3", "孙龑", organiser)
    for page in (desk.get("/desk/X/standings").text, desk.get("/desk/X/standings?q=孙龑").text):
        assert '孙䶮</span><span class="under">现名 孙龑</span>' in page
    strike_out(certified, "P1", organiser)
    page = desk.get("/desk/X/standings").text
    assert "孙龑" in page
    assert "孙䶮" not in page


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_ranks_and_reasons_of_promotions_are_those_of_the_results_in_force(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    awards, consequences = "/desk/X/awards", 'href="/desk/X/consequences"'

    def listed(page: str) -> dict[str, tuple[str, str, int]]:
        """By code: rank, state, how many conditions are met."""
        rows_by_code = {}
        for part in page.split('id="grade-')[1:]:
            code, row = part[:2], part.partition("</tr>")[0]
            rank = re.search(r'class="rank[^"]*">([^<]+)<', row)
            state = re.search(r"state-(\w+)", row)
            assert rank
            rows_by_code[code] = (
                rank[1],
                state[1] if state else "proposed",
                row.count('aria-label="符合"'),
            )
        return rows_by_code

    rename(certified, "P3", "孙龑", organiser)
    strike_out(certified, "P1", organiser)
    lock_marks(certified, organiser)
    page = desk.get(awards).text
    stands = {
        "P2": ("1", "left", 2),
        "P3": ("2", "issued", 2),
        "P4": ("3", "proposed", 2),
        "P1": ("—", "left", 0),
    }
    assert listed(page) == stands
    assert list(listed(page)) == list(stands)
    assert "公布第 2 版以前，对外的还是第 1 版" in page
    assert "按暂定的成绩没有了，公布以后再办" in page
    assert consequences not in page
    paper = text_of(desk.post(f"{awards}/promotions.pdf").data)
    assert "暂定" in paper

    publish(certified, organiser, "选手 P1 取消成绩")
    page = desk.get(awards).text
    assert listed(page) == stands
    assert "暂定" not in page
    assert "按第 2 版没有了" in page
    assert "按第 2 版是二级/技师" in page
    assert page.count(consequences) == 3
    # To be settled are the two; P4 has no grade written down, which is looked up before.
    assert list(listed(desk.get(f"{awards}?show=open").text)) == ["P2", "P4", "P1"]
    assert re.findall(r"第 \d 版改了", page) == ["第 2 版改了"] * 4
    assert "/awards/approve/proposed" not in page
    paper = text_of(desk.post(f"{awards}/promotions.pdf").data)
    assert "第 2 版" in paper
    assert "还有 1 人待批，2 人按现在的成绩变了，没有列入" in paper
    answer = desk.post(f"{awards}/promotions.xlsx")
    title, heads, *rows = load_workbook(BytesIO(answer.data)).active.iter_rows(values_only=True)
    assert "第 2 版" in title[0]
    assert "还有 1 人待批，2 人按现在的成绩变了，没有列入" in title[0]
    promotions = [dict(zip(heads, row, strict=True)) for row in rows]
    # Of the same people in the same order as on paper, with whole numbers as text.
    assert [(promotion["姓名"], promotion["名次"]) for promotion in promotions] == [
        ("孙龑", "2"),
        ("李小小", "3"),
    ]
    assert all(
        promotion["身份证号"] in paper and len(promotion["身份证号"]) == 18
        for promotion in promotions
    )
    last = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)
    assert db.session.scalars(last).one().action == "grade.export"
    assert "赵启明" not in paper


def test_what_is_to_be_replaced_is_not_counted_as_valid_and_what_is_gone_offers_no_other(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    second_version(certified, organiser)
    for row in list(consequences_of(certified)):
        settle([row], "withdraw" if row.now is None else "replace", organiser)
    assert register_counts(certified) == {
        "all": 6,
        "valid": 1,
        "review": 0,
        "replacing": 3,
        "replaced": 0,
        "revoked": 2,
    }
    page = desk.get("/desk/X/certificates").text
    assert page.count("state-replacing") == 3
    assert page.count("按第 2 版没有这一项，不能再发") == 2
    revoked = read_register(certified, state="revoked").rows
    for certificate in revoked:
        assert f"open={certificate.id}#" not in page
        assert "/reissue" not in desk.get(f"/desk/X/certificates?open={certificate.id}").text
    assert [row.subject for row in read_register(certified, state="replacing").rows] == [
        "P2",
        "P2",
        "P3",
    ]
    book = desk.get("/desk/X/certificates/register.xlsx?state=replacing").data
    rows = list(load_workbook(BytesIO(book)).active.values)  # type: ignore[union-attr]
    assert [row[8] for row in rows].count("待换发") == 3
    assert desk.get("/desk/X/certificates/award.pdf").status_code == 409
    signed_for = text_of(desk.get("/desk/X/certificates/handing-out.pdf").data)
    assert "孙䶮" in signed_for
    assert "钱文" not in signed_for
    # Revoked by hand, what the results still give can be issued anew.
    kept = read_register(certified, state="valid").rows[0]
    opened = f"/desk/X/certificates?open={kept.id}"
    assert "撤销错了" not in desk.get(opened).text
    revoke_certificate(kept, "印坏了", organiser)
    assert f"open={kept.id}#" in desk.get("/desk/X/certificates").text
    # Why it comes again is most often that it should not have been void.
    page = desk.get(opened).text
    assert re.search(r'value="revoked"[^>]*(checked|selected)', page)
    desk.post(f"/desk/X/certificates/{kept.id}/reissue", data={"why": "revoked"})
    assert "等第二个人同意：撤销错了" in desk.get("/desk/X/certificates").text


def test_a_correction_stays_open_until_certificates_and_version_follow(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    with time_machine.travel(utc_now() + timedelta(hours=3)):
        assert "都齐了" in signed_in(app, organiser).get("/desk/X/").text
    rename(certified, "P3", "孙龑", organiser)
    home = desk.get("/desk/X/").text
    assert "都齐了" not in home
    assert "孙龑 P3 更正以后还没改完" in home
    assert "2 张证书和公布的第 1 版还是更正前的" in home
    assert 'href="/desk/X/entrants/P3/identity"' in home
    for q in ("孙龑", "孙䶮", " p3 "):
        assert register_counts(certified, q=q)["all"] == 2
    page_text = desk.get("/desk/X/certificates?q=孙龑").text
    assert page_text.count('<span class="under">现名 孙龑</span>') == 2
    assert 'class="soft">孙龑' not in desk.get("/desk/X/awards").text
    assert "现名 孙龑" in desk.get("/desk/X/awards").text
    paper = text_of(desk.post("/desk/X/awards/promotions.pdf").data)
    assert "孙龑（公布时孙䶮）" in "".join(paper.split())
    for row in read_register(certified, q="P3").rows:
        reissue_certificate(row, "姓名写错", organiser)
    assert "公布的第 1 版还是更正前的姓名" in desk.get("/desk/X/").text
    publish_names(certified, organiser, "选手 P3 姓名更正")
    with time_machine.travel(utc_now() + timedelta(hours=3)):
        assert "都齐了" in signed_in(app, organiser).get("/desk/X/").text


def test_a_correction_that_is_published_first_is_asked_for_once(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    rename(certified, "P3", "孙龑", organiser)
    publish_names(certified, organiser, "选手 P3 姓名更正")
    home = signed_in(app, organiser).get("/desk/X/").text
    assert "第 2 版公布后还有 2 件没办" in home
    assert "更正以后还没改完" not in home


def test_a_revocation_says_how_far_it_goes_and_why(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    kept = next(row for row in read_register(certified, state="valid").rows if can_strike(row))
    where = f"/desk/X/certificates/{kept.id}/revoke"
    lacking = {"先选撤销到哪一步": {"reason": "打错了字"}, "撤销要写原因": {"scope": "paper"}}
    for why, typed in lacking.items():
        bare = desk.post(where, data=typed)
        assert bare.status_code == 400
        assert why in bare.text.partition('-error"')[2]
        assert all(text in bare.text for text in typed.values())
    assert "提出撤销，等第二个人同意" not in desk.get("/desk/X/certificates").text
    desk.post(where, data={"reason": "打错了字", "scope": "paper"})
    assert "提出撤销，等第二个人同意：打错了字" in desk.get("/desk/X/certificates").text

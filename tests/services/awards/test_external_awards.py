"""Honours of other bodies: certified once these have approved them, with their document."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from PIL import Image

from compete.domain.values.distinction_states import DistinctionKind
from compete.domain.values.messages import Message
from compete.models import Account, Certificate, Competition, db
from compete.services.awards.external_awards import (
    agree_own,
    approve_honours,
    ask_own,
    need_approval,
    refuse_honours,
    waive_approval,
)
from compete.services.awards.nominated_awards import (
    Nominee,
    agree_distinction,
    change_rules,
    propose_distinctions,
)
from compete.services.certificates.award_certificates import (
    issue_award_certificates,
    unissued_awards,
)
from compete.services.certificates.counts import count_certificates
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.certificates.revoking import agree_revocation, ask_again
from compete.services.certificates.rows import revoke_certificate
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import DistinctionRule, change_settings
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.approved_external_awards import distinction_prize, honour_book
from compete.services.results.nominated_awards_in_force import distinction_lines
from tests.documents.reading import pages
from tests.support.announced import announce, give_as_own
from tests.support.second_day import PRIZES, person
from tests.support.signing_in import official, signed_in
from tests.support.small import all_marks, small

TITLE, BODY = "江苏省技术能手", "省人社厅"
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


@pytest.fixture
def announced(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    grades: list[dict[str, Any]] = [
        {"code": "title", "when": {"max_rank": 2}, "grant": {"titles": [TITLE]}}
    ]
    competition = load(small(all_marks(), event={**PRIZES, "grades": grades}))
    announce(competition, organiser)
    return competition


def approve(competition: Competition, by: Account, *people: str, **other: Any) -> None:
    known = {"number": "苏人社函〔2022〕411 号", "dated": date(2022, 10, 9), "document": PDF}
    approve_honours(competition.events[0], TITLE, people, by, **(known | other))


def titled() -> set[str]:
    rows = db.session.query(Certificate).filter_by(kind="award").all()
    return {row.subject for row in rows if row.face["award"] == TITLE}


def test_until_its_body_has_approved_it_an_honour_is_called_so_everywhere(
    app: Flask, announced: Competition, organiser: Account
) -> None:
    def states_everywhere() -> list[str]:
        """The honours of P1 and P2: published, on the own pages, on paper, in the workbook, and
        where awards are gone through before."""
        desk = signed_in(app, organiser)
        public = app.test_client().get("/p/X").text
        badges = [app.test_client().get(f"/c/{person(announced, who).badge_token}").text
                  for who in ("P1", "P2")]  # fmt: skip
        book = load_workbook(io.BytesIO(desk.get("/desk/X/standings.xlsx").data)).worksheets[0]
        cells = [str(cell) for row in book.iter_rows(values_only=True) for cell in row]
        paper = "".join(pages(desk.get("/desk/X/standings.pdf").data))
        before = desk.get("/desk/X/awards").text
        rows = [
            before.partition(f'id="grade-{who}"')[2].partition("</tr>")[0] for who in ("P1", "P2")
        ]
        states = []
        for texts in ([public], badges, cells, [paper], rows):
            words = re.findall(f"{TITLE}(（等核准）|（没有核准）|)", "\n".join(texts))
            states.append(" ".join(word or "有" for word in words))
        return states

    # By its name it is not the organiser's to give, whether or not anybody has said whose.
    assert states_everywhere() == ["（等核准） （等核准）"] * 5
    need_approval(announced, TITLE, BODY, organiser)
    assert states_everywhere() == ["（等核准） （等核准）"] * 5
    approve(announced, organiser, "P1")
    refuse_honours(announced.events[0], TITLE, ["P2"], "社保不在本省", organiser)
    assert states_everywhere() == ["有 （没有核准）"] * 5


def test_paper_page_and_register_name_the_body_and_its_document(
    app: Flask, announced: Competition, organiser: Account
) -> None:
    need_approval(announced, TITLE, BODY, organiser)
    approve(announced, organiser, "P1")
    issue_award_certificates(announced, organiser, "急用")
    given = db.session.query(Certificate).filter_by(subject="P1").all()
    paper = next(row for row in given if row.face["award"] == TITLE)
    desk, sentence = signed_in(app, organiser), f"{BODY}核准，苏人社函〔2022〕411 号，2022年10月9日"

    def places_with_body(row: Certificate) -> tuple[bool, bool, bool]:
        (page,) = pages(desk.get(f"/desk/X/certificates/{row.id}/file.pdf").data)
        book = load_workbook(io.BytesIO(desk.get("/desk/X/certificates/register.xlsx").data))
        grounds = {line[0]: line[6] for line in book.worksheets[0].iter_rows(values_only=True)}
        printed = f"{BODY}核准（苏人社函〔2022〕411号）" in "".join(page.split())
        public = sentence in app.test_client().get(f"/v/{row.token}").text
        return printed, public, grounds[row.number] == sentence

    assert places_with_body(paper) == (True, True, True)
    # What the organiser gives has no such line.
    assert {places_with_body(row) for row in given if row is not paper} == {(False, False, False)}
    # The one that takes its stead says it, too.
    assert places_with_body(reissue_certificate(paper, "遗失", organiser)[0]) == (True, True, True)


@pytest.mark.each_database
def test_an_honour_is_certified_once_its_body_has_approved_it(
    announced: Competition, organiser: Account
) -> None:
    assert unissued_awards(announced) == 3
    need_approval(announced, TITLE, f" {BODY} ", organiser)
    assert unissued_awards(announced) == 3
    issue_award_certificates(announced, organiser, "急用")
    assert titled() == set()
    approve(announced, organiser, "P1")
    refuse_honours(announced.events[0], TITLE, ["P2"], "社保不在本省", organiser)
    book = honour_book(announced)
    first, second = (book.word_on(announced.events[0].code, TITLE, who) for who in ("P1", "P2"))
    assert first is not None
    assert second is not None
    assert (first.approved, first.number, first.document) == (True, "苏人社函〔2022〕411 号", PDF)
    assert (second.approved, second.reason) == (False, "社保不在本省")
    issue_award_certificates(announced, organiser, "急用")
    assert titled() == {"P1"}
    # What is out is not decided again; what was refused may be approved after all.
    with pytest.raises(Refused, match="已经发了"):
        approve(announced, organiser, "P1", "P2")
    approve(announced, organiser, "P2")
    issue_award_certificates(announced, organiser, "急用")
    assert titled() == {"P1", "P2"}
    verify_chain(announced)


def test_an_honour_whose_certificate_was_revoked_is_given_again_once_approved(
    announced: Competition, organiser: Account
) -> None:
    give_as_own(announced, TITLE, organiser)
    issue_award_certificates(announced, organiser, "急用")
    with pytest.raises(Refused, match="先撤销"):
        need_approval(announced, TITLE, BODY, organiser)
    rows = [row for row in db.session.query(Certificate) if row.face["award"] == TITLE]
    for row in rows:
        revoke_certificate(row, "还没有核准", organiser)
    need_approval(announced, TITLE, BODY, organiser)
    with pytest.raises(Refused, match="还没有核准"):
        ask_again(rows[0], "核准了", organiser)
    approve(announced, organiser, rows[0].subject)
    ask_again(rows[0], "核准了", organiser)
    assert len(agree_revocation(rows[0], official(announced, "S1"))) == 1


def test_nothing_is_approved_without_number_date_document_and_people(
    announced: Competition, organiser: Account
) -> None:
    with pytest.raises(Refused, match="没有写要核准"):
        approve(announced, organiser, "P1")
    need_approval(announced, TITLE, BODY, organiser)
    tomorrow = local_today() + timedelta(days=1)
    for wrong, match in (
        ({"number": " "}, "文号"),
        ({"dated": None}, "日期"),
        ({"dated": tomorrow}, "日期"),
        ({"document": b""}, "要附"),
        ({"document": b"MZ not a document"}, "不是 PDF 或照片"),
        ({"document": PDF[:-20]}, "没传完整"),
        ({"document": PDF.replace(b"/Type", b"/OpenAction << /JavaScript (x) >> /Type")}, "脚本"),
        ({"document": PDF + b" " * (10 * 1024 * 1024)}, "太大"),
    ):
        with pytest.raises(Refused, match=match):
            approve(announced, organiser, "P1", **wrong)
    with pytest.raises(Refused, match="还没选人"):
        approve(announced, organiser)
    with pytest.raises(Refused, match="没有这个荣誉称号"):
        approve(announced, organiser, "P3")
    with pytest.raises(Refused, match="要写理由"):
        refuse_honours(announced.events[0], TITLE, ["P1"], " ", organiser)
    assert unissued_awards(announced) == 3


def test_a_photo_of_the_document_is_drawn_anew(announced: Competition, organiser: Account) -> None:
    need_approval(announced, TITLE, BODY, organiser)
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    approve(announced, organiser, "P1", document=out.getvalue())
    word = honour_book(announced).word_on(announced.events[0].code, TITLE, "P1")
    assert word is not None
    assert word.document is not None
    assert (word.media, word.document[:3]) == ("image/jpeg", b"\xff\xd8\xff")


def test_who_approves_it_can_be_said_while_somebody_says_that_it_is_the_own(
    announced: Competition, organiser: Account
) -> None:
    ask_own(announced, TITLE, "省厅授权组委会授予", organiser)
    need_approval(announced, TITLE, BODY, organiser)
    with pytest.raises(Refused, match="理由刚变过"):
        agree_own(announced, TITLE, "省厅授权组委会授予", official(announced, "S1"))
    with pytest.raises(Refused, match="已经写明"):
        ask_own(announced, TITLE, "省厅授权组委会授予", organiser)
    approve(announced, organiser, "P1")
    assert honour_book(announced).body_of(TITLE) == BODY


def test_who_asked_for_an_approval_cannot_alone_do_without_it(
    announced: Competition, organiser: Account
) -> None:
    with pytest.raises(Refused, match="没有这个荣誉称号"):
        need_approval(announced, "优秀选手", BODY, organiser)
    with pytest.raises(Refused, match="哪个机关"):
        need_approval(announced, TITLE, " ", organiser)
    need_approval(announced, TITLE, BODY, organiser)
    with pytest.raises(Refused, match="已经写了"):
        need_approval(announced, TITLE, "别人", organiser)
    with pytest.raises(Refused, match="另一位"):
        waive_approval(announced, TITLE, "本单位的称号", organiser)
    second = official(announced, "S1")
    with pytest.raises(Refused, match="要写理由"):
        waive_approval(announced, TITLE, " ", second)
    waive_approval(announced, TITLE, "本单位的称号", second)
    assert unissued_awards(announced) == 5


def test_what_others_give_by_its_name_waits_until_somebody_says_whose_it_is(
    announced: Competition, organiser: Account
) -> None:
    issue_award_certificates(announced, organiser, "急用")
    assert titled() == set()
    assert count_certificates(announced).approving == 2
    with pytest.raises(Refused, match="没有写要核准"):
        approve(announced, organiser, "P1")
    with pytest.raises(Refused, match="要写理由"):
        ask_own(announced, TITLE, " ", organiser)
    ask_own(announced, TITLE, "组委会授予", organiser)
    ask_own(announced, TITLE, "省厅授权组委会授予", organiser)
    second = official(announced, "S1")
    assert count_certificates(announced).approving == 2, "one person's word is not enough"
    with pytest.raises(Refused, match="另一位"):
        agree_own(announced, TITLE, "省厅授权组委会授予", organiser)
    with pytest.raises(Refused, match="理由刚变过"):
        agree_own(announced, TITLE, "组委会授予", second)
    with pytest.raises(Refused, match="没有写要核准"):
        waive_approval(announced, TITLE, "省厅授权组委会授予", second)
    with pytest.raises(Refused, match="没有写要核准"):
        approve(announced, organiser, "P1")
    agree_own(announced, TITLE, "省厅授权组委会授予", second)
    with pytest.raises(Refused, match="已经写明"):
        ask_own(announced, TITLE, "省厅授权组委会授予", organiser)
    assert count_certificates(announced).approving == 0
    issue_award_certificates(announced, organiser, "急用")
    assert titled() == {"P1", "P2"}
    verify_chain(announced)


def test_certificates_that_went_out_before_that_was_asked_stand_as_they_are(
    announced: Competition, organiser: Account
) -> None:
    give_as_own(announced, TITLE, organiser)
    issue_award_certificates(announced, organiser, "急用")
    with unit_of_work():
        # As a program wrote it that asked nothing of titles.
        change_settings(announced, honours={})
    row = honour_book(announced)
    assert row.body_of(TITLE) is None
    assert count_certificates(announced).approving == 0
    assert row.body_of("全国五一劳动奖章") == ""


def test_an_award_given_by_hand_that_others_approve_is_certified_once_they_have(
    announced: Competition, organiser: Account
) -> None:
    second, title = official(announced, "S1"), "省五一劳动奖状"
    change_rules(announced, [DistinctionRule(title, DistinctionKind.UNIT)], organiser)
    rows = propose_distinctions(
        announced, title, [Nominee("U1"), Nominee("U2")], "组织有力", organiser
    )
    for row in rows:
        agree_distinction(row, second)
    before = unissued_awards(announced)
    give_as_own(announced, TITLE, organiser)
    assert unissued_awards(announced) == before + 2, "the two of 省五一劳动奖状 wait"

    def titles() -> list[str]:
        return [
            line.title
            for line in distinction_lines(announced, latest_publication(announced), say=say)
        ]

    def say(text: Message | str) -> str:
        return text.render() if isinstance(text, Message) else text

    assert titles() == [f"{title}（等核准）"] * 2
    need_approval(announced, title, "省总工会", organiser)
    known = {"number": "苏工发〔2022〕8 号", "dated": date(2022, 10, 9), "document": PDF}
    with pytest.raises(Refused, match="没有这个荣誉称号"):
        approve_honours(announced.events[0], title, ["P1"], organiser, **known)
    first, other = (distinction_prize(row) for row in rows)
    with pytest.raises(Refused, match="没有这个荣誉称号"):
        approve_honours(announced, title, [first, "distinction/99"], organiser, **known)
    approve_honours(announced, title, [first], organiser, **known)
    refuse_honours(announced, title, [other], "名额只有一个", organiser)
    assert titles() == [title, f"{title}（没有核准）"]
    issue_award_certificates(announced, organiser, "急用")
    papers = db.session.query(Certificate).filter(Certificate.distinction_id.is_not(None)).all()
    assert [paper.distinction_id for paper in papers] == [rows[0].id]
    approval = {"body": "省总工会", "number": "苏工发〔2022〕8 号", "dated": "2022-10-09"}
    assert papers[0].face["approved"] == approval
    # Once it is out, the word on it stands; made void, it is given again only with that word.
    with pytest.raises(Refused, match="已经发了"):
        refuse_honours(announced, title, [first], "写错了", organiser)
    verify_chain(announced)

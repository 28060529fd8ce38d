"""The authority: its approval lets an honour out, it gets its workbook, and checks on a phone."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from compete.models import Account, Certificate, Competition, db
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.certificates.revoking import agree_revocation, ask_revocation
from tests.services.awards.test_external_awards import BODY, PDF, TITLE
from tests.support.announced import announce, approve_all, body_for
from tests.support.issuing import issue_grade_certificates
from tests.support.second_day import PRIZES
from tests.support.signing_in import carry_in, official
from tests.support.small import IDS, all_marks, small

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def certificate(subject: str, award: str) -> Certificate:
    """The newest of somebody's for an award."""
    db.session.rollback()
    rows = db.session.query(Certificate).filter_by(subject=subject, kind="award").all()
    return next(row for row in reversed(rows) if row.face["award"] == award)


def look_up(phone: Page, number: str, name: str) -> None:
    """As somebody types who has the paper alone."""
    phone.get_by_label("证书编号").fill(number)
    phone.get_by_label("姓名").fill(name)
    phone.get_by_role("button", name="查询").click()


def test_its_word_its_workbook_and_its_check(
    app: Flask,
    here: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
    picture: Callable[..., Path],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    grades = [
        *PRIZES["grades"],
        {"code": "title", "when": {"max_rank": 1}, "grant": {"titles": [TITLE]}},
    ]
    competition = load(small(all_marks(), event={**PRIZES, "grades": grades}))
    announce(competition, organiser)
    approve_all(competition, organiser)
    desk: Page = visitor("desk").page()
    carry_in(desk.context, app, organiser, live_url)

    # Nobody has its certificate before the authority has said so.
    desk.goto(f"{live_url}/desk/X/honours")
    desk.get_by_label("由哪个机关核准").fill(BODY)
    desk.get_by_role("button", name="要核准").click()
    expect(desk.get_by_text(f"由{BODY}核准")).to_be_visible()
    issue_award_certificates(competition, organiser, "急用")
    assert TITLE not in {row.face["award"] for row in db.session.query(Certificate)}
    desk.get_by_label("文号").fill("苏人社函〔2022〕411 号")
    desk.get_by_label("文件日期").fill("2022-10-09")
    desk.get_by_label("核准文件").set_input_files(
        [{"name": "批复.pdf", "mimeType": "application/pdf", "buffer": PDF}]
    )
    desk.get_by_role("button", name="选中的核准了").click()
    expect(desk.get_by_text("已核准").first).to_be_visible()
    picture(desk, "honour-approved")
    issue_award_certificates(competition, organiser, "急用")
    paper = certificate("P1", TITLE)

    # What it uploads: whole numbers, the clause, the number of the certificate.
    issue_grade_certificates(competition, body_for(competition), organiser, "急用")
    desk.goto(f"{live_url}/desk/X/awards")
    desk.locator("#main summary", has_text="更多").first.click()
    with desk.expect_download() as waiting:
        desk.get_by_text("拟晋升名单 Excel").click()
    book = load_workbook(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert IDS["P1"] in cells

    # Its officer has a paper and a phone, no account.
    phone: Page = visitor("phone").page()
    phone.goto(f"{live_url}/verify")
    typed = f" {paper.number.translate(FULL_WIDTH)} "
    name = paper.face["name"]
    look_up(phone, typed, f"{name[0]} {name[1:]}")
    expect(phone.get_by_role("heading", name="有效", exact=True)).to_be_visible()
    expect(phone.get_by_text(TITLE).first).to_be_visible()
    assert IDS["P1"] not in phone.content()
    assert IDS["P1"][-4:] not in phone.content()
    assert name not in phone.url
    picture(phone, "authority-valid")
    phone.goto(f"{live_url}/verify")
    look_up(phone, paper.number.replace("〔", "[").replace("〕", "]"), "另有其人")
    expect(phone.get_by_role("heading", name="查不到", exact=True)).to_be_visible()

    # Replaced, then void: the same question gets the other answer at once.
    (new,) = reissue_certificate(paper, "丢了", organiser)
    phone.goto(f"{live_url}/verify")
    look_up(phone, paper.number, name)
    expect(phone.get_by_role("heading", name="已换发")).to_be_visible()
    ask_revocation(new, "材料不实", organiser)
    agree_revocation(new, official(competition, "S1"))
    phone.goto(f"{live_url}/v/{new.token}")
    expect(phone.get_by_role("heading", name="已撤销")).to_be_visible()
    expect(phone.get_by_text("材料不实").first).to_be_visible()
    picture(phone, "authority-revoked")

"""A year of a centre at its pages: four batches of 24 people, and what goes otherwise in one.

Somebody applies on a phone with a paper, one is let in by two, one is moved, one brings a subject,
one appeals, one is corrected after the notice, and what another brought is void by that. Marks are
handed in as tablets send them; the archive is opened and held against what stands.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from argparse import Namespace
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from playwright.sync_api import expect
from sqlalchemy import select

from compete.commands import verify_dossier
from compete.domain.bundle.reading import read_bundle
from compete.domain.evaluation.verdicts import evaluate
from compete.domain.values.roles import Role
from compete.models import Account, Certificate, Competition, Entrant, Sheet, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.appeals.appeal_states import appeals_of
from compete.services.appeals.decisions import agree
from compete.services.certificates.issuing_bodies import choose_body
from compete.services.closing.competition_lock import lock_marks
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
)
from compete.services.competitions.drafts import Beginnings, Origin, make_draft
from compete.services.competitions.editions import next_edition
from compete.services.jobs import queue
from compete.services.jobs.running import do_next
from compete.services.kernel.competition_settings import SelfEntry
from compete.services.registration.opening import begin_judging
from compete.services.registration.self_entry.settings import change_self_entry
from compete.services.results.publishing import publish
from compete.services.schedule.allocation import assign_judges
from tests.browser.story.people import Contestant, Organiser
from tests.browser.story.sent_sheets import hand_in
from tests.services.certificates.test_no_forbidden_grade import batch as batch_of
from tests.services.certificates.test_no_forbidden_grade import level
from tests.sheets.reading.files import id_of
from tests.support.announced import body_for, end_appeals, plain, reopen
from tests.support.appealing import bench_of, decided, nothing_follows
from tests.support.judging import judge_of
from tests.support.passing import pass_all
from tests.support.pictures import photo
from tests.support.signing_in import carry_in, official
from tests.support.sittings import Load, enter

DAYS = (date(2026, 1, 15), date(2026, 4, 15), date(2026, 7, 15), date(2026, 10, 15))
NEW = 6
SELF, SHORT, MOVED, FAILED, CORRECTED, PLAIN = range(NEW + 1, 2 * NEW + 1)
"""Those of the second batch: by phone, let in by two, moved, failed and appeals, corrected."""
BROUGHT = 1
"""Passed the theory alone in the first batch."""
STEP = {"code": "step", "when": {"holds": {"at_least": 5}, "years_in_grade": 3}}


def name_of(n: int) -> str:
    return f"王小{n}"


def who(competition: Competition, n: int) -> Entrant:
    query = select(Entrant).where(Entrant.competition_id == competition.id)
    return db.session.scalars(query.where(Entrant.name == name_of(n))).one()


def appoint(competition: Competition, by: Account) -> None:
    """One examiner for everything; marks are locked without signatures."""
    plain(competition)
    for of in ("theory", "hands"):
        assign_judges(competition.events[0], "s", of, [(judge_of(competition, "J1"), "")], by)


def examine(competition: Competition, failing: dict[int, str]) -> None:
    """Hand in every sheet; these fail in a module."""
    own = Sheet.competition_id == competition.id
    for sheet in db.session.scalars(select(Sheet).where(own, Sheet.version == 0)).all():
        fails = failing.get(int(sheet.entrant.name.removeprefix("王小"))) == sheet.module
        hand_in(sheet, lambda _aspect, fails=fails: "40" if fails else "80")


def announced(competition: Competition, by: Account, failing: dict[int, str]) -> None:
    """A batch of which nothing is told here: passed, judged, published."""
    appoint(competition, by)
    pass_all(competition, by)
    begin_judging(competition, by, "人不够")
    examine(competition, failing)
    lock_marks(competition, by)
    publish(competition, by)


def following(before: Competition, number: int, by: Account) -> Competition:
    wanted = Beginnings(name=f"2026年第{number}批认定", code=f"B{number}", starts=DAYS[number - 1])
    edition = next_edition(before, wanted, officials=True)
    return make_draft(
        edition.bundle, Origin.EDITION, before.name, by, edition.settings, before.code
    )


@pytest.fixture
def first(load: Load, organiser: Account) -> Competition:
    """The first batch, announced: one passed the theory and nothing else."""
    whole = batch_of("B1", DAYS[0], [level("A", "四级", 4, apply=[STEP])])
    whole["judges"] += [
        {"code": "C1", "name": "冯远", "role": "chief"},
        {"code": "S1", "name": "田春", "role": "supervisor"},
    ]
    competition = load(whole, registering=True)
    choose_body(competition, body_for(competition), organiser)
    for n in range(1, NEW + 1):
        enter(competition, organiser, n)
    announced(competition, organiser, {BROUGHT: "hands"})
    return competition


@pytest.mark.slow
def test_a_year_of_four_batches(
    app: Flask,
    first: Competition,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    monkeypatch.setattr(queue, "wake", lambda _competition: None)
    second = following(first, 2, organiser)
    other = create_account("周颖")
    grant_role(other, second, Role.ORGANISER, by=organiser)
    desks = []
    for account in (organiser, other):
        context = visitor("desk").context
        carry_in(context, app, account, live_url)
        desks.append(Organiser(context.new_page(), live_url))
    desk, colleague = desks
    phone = Contestant(visitor("phone").page(), live_url)

    change_self_entry(second, SelfEntry(open=True, other_units=False), organiser)
    for n in (SHORT, MOVED):
        enter(second, organiser, n, grade_since="2024-03-01")
    for n in (BROUGHT, FAILED, CORRECTED, PLAIN):
        enter(second, organiser, n)
    db.session.rollback()
    apply_by_phone(phone)
    review(desk, colleague, phone, second)
    db.session.rollback()

    appoint(second, organiser)
    desk.go("/desk/B2/open")
    desk.page.locator("[name=why]").fill("人不够")
    desk.press("开始评分")
    desk.sees(re.compile("开始评分了"))
    db.session.rollback()
    examine(second, {FAILED: "hands"})
    lock_marks(second, organiser)
    db.session.rollback()
    desk.go("/desk/B2/publish")
    desk.press("公布")
    desk.sees(re.compile("已公布第 1 版"))
    phone.go("/p/B2")
    expect(phone.page.locator("main")).to_contain_text(f"{NEW - 1} 人")

    third = following(second, 3, organiser)
    db.session.rollback()
    go_on(desk)
    appeal(phone, desk, second, organiser)
    correct_after_the_notice(desk, second, third, organiser)
    certify(desk, colleague, phone, second)
    compare_the_archive(desk, second, tmp_path)

    for n in range(2 * NEW + 1, 3 * NEW + 1):
        enter(third, organiser, n)
    announced(third, organiser, {})
    fourth = following(third, 4, organiser)
    for n in range(3 * NEW + 1, 4 * NEW + 1):
        enter(fourth, organiser, n)
    announced(fourth, organiser, {4 * NEW: "theory"})
    db.session.rollback()
    desk.go("/desk/batches?year=2026")
    whole = desk.page.locator("tr", has_text="2026 年合计").locator("td.num").all_inner_texts()
    # 24 people; one was in two batches, one moved and came in the next, one came again there.
    assert [int(it) for it in whole[:3]] == [4 * NEW, 4 * NEW + 2, 2]


def apply_by_phone(phone: Contestant) -> None:
    """Somebody enters himself, and photographs a paper."""
    page = phone.page
    phone.go("/p/B2/enter")
    page.locator("#unit").select_option(index=1)
    page.locator("#name").fill(name_of(SELF))
    page.locator("#id_number").fill(id_of(SELF))
    page.locator("#phone").fill("13900001111")
    page.locator("#grade").select_option("5")
    page.locator("#grade_since").fill("2020-03-01")
    page.locator("#consent").select_option(label="同意")
    phone.press("提交报名")
    page.wait_for_url("**/r/*")
    phone.follow("传材料，看退没退回")
    page.locator("#document-kind").select_option("years")
    paper = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(size=(900, 1200))}
    page.locator("#document-new").set_input_files([paper])
    phone.press("传上去")
    phone.sees(re.compile("没看"))


def review(desk: Organiser, colleague: Organiser, phone: Contestant, second: Competition) -> None:
    """Taken in, a paper recognised, one let in by two, one moved, one brings the theory, passed."""
    desk.go("/desk/B2/applications")
    desk.page.locator("tr", has_text=name_of(SELF)).locator("input[type=checkbox]").check()
    desk.press("收下勾上的")
    desk.sees(re.compile("收下"))
    db.session.rollback()
    phone.go(phone.page.url.removeprefix(phone.address).removesuffix("/documents"))
    phone.sees(re.compile("还没有通过审核：材料还没看"))
    desk.go(f"/desk/B2/review/{who(second, SELF).code}")
    desk.press("认可")
    desk.sees(re.compile("条件、材料都齐了"))

    short = who(second, SHORT).code
    desk.go(f"/desk/B2/review/{short}")
    desk.page.locator("summary", has_text="特准").click()
    desk.page.locator("[name=reason]").first.fill("援藏两年，按规定放宽")
    desk.page.locator("details[open] button").first.click()
    desk.sees(re.compile("提出|等"))
    colleague.go(f"/desk/B2/review/{short}")
    colleague.press(re.compile("^同意$"))
    colleague.sees("条件不够，特准")

    desk.go("/desk/B2/open")
    desk.sees(re.compile("没有通过审核的 7 人"))
    expect(desk.page.get_by_role("button", name="开始评分")).to_have_count(0)

    desk.go("/desk/B2/review")
    desk.page.locator("tr", has_text=name_of(MOVED)).locator("input[type=checkbox]").check()
    desk.press("转下一批")
    desk.go(f"/desk/B2/entrants/{who(second, BROUGHT).code}")
    desk.press("带来")
    desk.sees(re.compile("成绩带来了"))
    desk.go("/desk/B2/review?show=ready")
    desk.press(f"通过这 {NEW} 人")
    desk.sees(re.compile(f"{NEW} 人通过了"))
    phone.page.reload()
    phone.sees(re.compile("审核通过（"))


def go_on(desk: Organiser) -> None:
    """Who was moved and who failed are written into the third; that one brings the theory."""
    desk.go("/desk/B3/review")
    desk.sees("前面有 2 人可以接着考")
    desk.press("看名单")
    desk.press(re.compile("^写入"))
    desk.page.wait_for_load_state()
    db.session.rollback()
    third = db.session.scalars(select(Competition).where(Competition.code == "B3")).one()
    desk.go(f"/desk/B3/entrants/{who(third, FAILED).code}")
    desk.press("带来")
    desk.sees(re.compile("成绩带来了"))


def appeal(phone: Contestant, desk: Organiser, second: Competition, organiser: Account) -> None:
    """Whoever failed asks on the phone, and two decide."""
    page = phone.page
    phone.scan(who(second, FAILED).badge_token)
    phone.sees("不合格")
    phone.follow("提交申诉")
    page.locator("input[type=radio]").first.check()
    phone.press("下一步 说什么事")
    page.get_by_text("判错漏判").click()
    page.get_by_label("写清楚哪里不对").fill("技能少看了一步")
    phone.press("下一步 看一遍再交")
    page.get_by_label("证件号码的后四位").fill(id_of(FAILED)[-4:])
    phone.press("提交申诉")
    phone.sees("收到了，在时间内")
    db.session.rollback()
    desk.go("/desk/B2/appeals")
    desk.sees("技能少看了一步")
    (row,) = appeals_of(second)
    nothing_follows(row)
    bench = bench_of(second, organiser)
    agree(decided(row, bench.first), bench.second)
    db.session.rollback()
    phone.page.reload()
    phone.sees(re.compile("维持"))


def correct_after_the_notice(
    desk: Organiser, second: Competition, third: Competition, organiser: Account
) -> None:
    """A mark is put right, and so is one that was brought to the third: that is void there."""
    reopen(second, organiser)
    for n in (CORRECTED, FAILED):
        wrong = Proposal("penalty", "s", "theory", "第 3 题判错了", "试卷", points="30")
        asked = propose_decision(who(second, n), wrong, official(second, "C1"))
        confirm_proposal(asked, official(second, "S1"))
    lock_marks(second, organiser)
    db.session.rollback()
    desk.go("/desk/B2/publish")
    desk.page.locator("[name=note]").fill("理论第 3 题判错了")
    desk.press(re.compile("^公布"))
    desk.sees(re.compile("已公布第 2 版"))
    db.session.rollback()
    desk.go(f"/desk/B3/entrants/{who(third, FAILED).code}")
    desk.sees(re.compile("作废"))
    desk.sees(re.compile("B2 第 2 版更正"))


def certify(desk: Organiser, colleague: Organiser, phone: Contestant, second: Competition) -> None:
    """Approved by two, issued, looked up on the phone."""
    desk.go("/desk/B2/verdicts")
    desk.press(re.compile("^提出批准 4 人"))
    desk.sees(re.compile("提出批准了 4 人"))
    colleague.go("/desk/B2/verdicts")
    colleague.press(re.compile("^同意$"))
    colleague.sees(re.compile("同意了，批准 4 人"))
    end_appeals(second)
    db.session.rollback()
    desk.go("/desk/B2/certificates")
    print("PAGE", desk.page.locator("main").inner_text())
    desk.page.locator("textarea[id^=early-]").first.fill("急着上岗")
    desk.press(re.compile("^发 4 张"))
    desk.sees(re.compile("发了"))
    link = desk.page.get_by_role("link", name="查验页", include_hidden=True).first
    phone.go(str(link.get_attribute("href")))
    phone.sees("有效")
    db.session.rollback()
    numbers = db.session.scalars(
        select(Entrant.name).join(Certificate, Certificate.entrant_id == Entrant.id)
    ).all()
    assert set(numbers) == {name_of(n) for n in (BROUGHT, SELF, SHORT, PLAIN)}


def compare_the_archive(desk: Organiser, second: Competition, folder: Path) -> None:
    """Made, fetched, checked from outside, and held against what stands."""
    desk.go("/desk/B2/dossiers")
    desk.press("做一份")
    db.session.rollback()
    assert do_next(second.id)
    db.session.rollback()
    desk.go("/desk/B2/dossiers")
    with desk.page.expect_download() as waiting:
        desk.press("取出来")
    file = folder / "dossier.zip"
    waiting.value.save_as(file)
    assert verify_dossier.run(Namespace(file=str(file), manifest=None)) == 0
    with zipfile.ZipFile(file) as book:
        files = {info.filename: book.read(info) for info in book.infolist()}
    results = evaluate(read_bundle(files["01 规则和成绩/认定文件.json"])).events[0]
    published = json.loads(files["01 规则和成绩/公布的第几版 2 results.json"])["events"][0]
    names = {
        row.code: row.name
        for row in db.session.scalars(select(Entrant))
        if row.competition_id == second.id
    }
    verdicts = {names[row.entrant]: row.verdict for row in results.verdicts}
    wanted = {name_of(n): "pass" for n in (BROUGHT, SELF, SHORT, PLAIN)}
    assert verdicts == wanted | {name_of(n): "fail" for n in (FAILED, CORRECTED)}
    assert {names[row["entrant"]] for row in published["grades"]} == set(wanted)
    decisions = load_workbook(io.BytesIO(files["02 报名/怎么办的.xlsx"]))
    (exempted,) = list(decisions.worksheets[1].iter_rows(values_only=True))[2:]
    assert exempted[1:4] == (name_of(SHORT), "援藏两年，按规定放宽", "组委会")
    assert exempted[5:7] == ("申报这一级的条件", "周颖")
    (left,) = list(decisions.worksheets[2].iter_rows(values_only=True))[2:]
    assert left[1] == name_of(MOVED)
    register = load_workbook(io.BytesIO(files["07 证书/证书登记册.xlsx"])).worksheets[0]
    text = {str(cell) for row in register.iter_rows(values_only=True) for cell in row if cell}
    assert set(wanted) <= text
    assert any(name.startswith("06 申诉/") and name.endswith(".pdf") for name in files)

"""The register at the desk: what is looked for stays, no number is missing, jobs are seen."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import time_machine
from flask import Flask
from sqlalchemy import Delete, Update, delete, update

from compete.domain.values.states import JobState
from compete.models import Account, Certificate, Competition, Job, NumberSeries, db, utc_now
from compete.services.certificates.register import COUNTED_ANEW, register_frame
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.certificates.rows import revoke_certificate
from compete.services.jobs import queue
from compete.services.jobs.papers.printing import PRINT
from compete.services.kernel.clock import local_today
from compete.services.kernel.installation import installation_here
from compete.services.registration.portraits import put_portrait
from tests.documents.reading import pages
from tests.support.portraits import portrait
from tests.support.second_day import certify, person, with_prizes
from tests.support.signing_in import signed_in
from tests.support.statements import statements

DESK = "/desk/X/certificates"


@pytest.fixture
def certified(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    return competition


def behind(statement: Update | Delete) -> None:
    """Written behind the program's back."""
    db.session.execute(statement, execution_options={"noted": True})


def page_of(app: Flask, organiser: Account, path: str = DESK) -> str:
    answer = signed_in(app, organiser).get(path)
    assert answer.status_code == 200
    return unescape(answer.text)


def test_opening_a_row_keeps_what_was_looked_for_and_closing_it_too(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    page_text = page_of(app, organiser, f"{DESK}?q=钱文&kind=grade")
    (opens,) = re.findall(r'href="([^"]*open=[^"]*)"', page_text)
    opened = page_of(app, organiser, opens.split("#")[0])
    assert "第 1 到 1 张，共 1 张" in opened
    assert "为什么换" in opened
    (closes,) = re.findall(r'href="([^"]*)" data-part="close"', opened)
    closed = page_of(app, organiser, closes.split("#")[0])
    assert "第 1 到 1 张，共 1 张" in closed
    assert "为什么换" not in closed
    assert 'value="钱文"' in closed


def test_the_register_says_that_no_number_is_missing_and_where_one_is(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    assert "号没有断的，也没有重的" in page_of(app, organiser)
    assert register_frame(certified).whole

    of_grade = NumberSeries.series.startswith("grade/")
    behind(update(NumberSeries).where(of_grade).values(last=NumberSeries.last + 1))
    db.session.commit()
    page_text = page_of(app, organiser)
    assert "号有断的" in page_text
    assert "号没有断的" not in page_text


def test_at_the_next_look_only_what_came_since_is_asked_for(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    """A million numbers in a series are counted once in a while, not at each look."""
    frame = register_frame(certified)
    assert frame.whole
    with statements(db.engine) as queries:
        assert register_frame(certified).whole
    assert not [query for query in queries if "count(certificate.number)" in query]
    assert not [query for query in queries if "LIKE" in query]
    # What came is looked up number by number, wherever it was given.
    reissue_certificate(newest("award", "P1"), "纸张污损", organiser)
    reissue_certificate(newest("grade", "P1"), "纸张污损", organiser)
    with statements(db.engine) as queries:
        assert register_frame(certified).whole
    counted = [query for query in queries if "count(certificate.number)" in query]
    assert len(counted) == 2
    assert not [query for query in counted if "BETWEEN" in query]
    behind(delete(Certificate).where(Certificate.id == newest("grade", "P1").id))
    db.session.commit()
    reissue_certificate(newest("award", "P2"), "纸张污损", organiser)
    assert register_frame(certified).whole
    # What is missing of what was looked at before is found as all is counted anew.
    with time_machine.travel(utc_now() + COUNTED_ANEW + timedelta(minutes=1)):
        assert not register_frame(certified).whole


def test_a_number_taken_since_and_not_given_is_missed_at_once(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    assert register_frame(certified).whole
    of_awards = NumberSeries.series.startswith("award/")
    behind(update(NumberSeries).where(of_awards).values(last=NumberSeries.last + 1))
    db.session.commit()
    assert not register_frame(certified).whole
    behind(update(NumberSeries).where(of_awards).values(last=NumberSeries.last - 1))
    db.session.commit()
    assert register_frame(certified).whole
    # More than were ever taken are no better.
    behind(update(NumberSeries).where(of_awards).values(last=NumberSeries.last - 1))
    db.session.commit()
    assert not register_frame(certified).whole


def test_an_award_that_is_gone_is_missed(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    behind(delete(Certificate).where(Certificate.number.endswith("第002号")))
    assert not register_frame(certified).whole


def test_what_is_printed_beside_the_page_is_seen_on_it(
    app: Flask,
    certified: Competition,
    organiser: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "做完 1，共 3" not in page_of(app, organiser)
    monkeypatch.setattr(queue, "wake", lambda _competition: None)
    of_grades = {"kind": "certificates", "of": {"kind": "grade"}}
    queue.ask_for(certified, PRINT, organiser, arguments=of_grades, still=bool)
    of_badges = {"kind": "badges", "of": {}}
    queue.ask_for(certified, PRINT, organiser, "badges", of_badges, still=bool)
    behind(update(Job).values(state=JobState.RUNNING, done=1, total=3))
    db.session.commit()
    page_text = page_of(app, organiser)
    assert page_text.count("做完 1，共 3") == 1
    assert "打印证书" in page_text
    assert "打印参赛证" not in page_text


def test_the_register_is_narrowed_by_year_and_grade(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    old = date(2024, 5, 6)
    behind(update(Certificate).where(Certificate.subject == "P2").values(issued_on=old))
    # Numbers of grades are of the year before, too, and stand in a series of their own.
    db.session.commit()
    desk = page_of(app, organiser)
    for grade in ("二级/技师", "三级/高级工"):
        assert f'<option value="{grade}">{grade}</option>' in desk
    assert "一级/高级技师" not in desk
    this = local_today().year
    assert f'<option value="{this}">' in desk
    for asked, many in (
        (f"year={this}", 4), ("year=2024", 2), ("year=2024&kind=grade", 1), ("year=1999", 0),
        ("level=二级/技师", 1), ("level=三级/高级工", 2), (f"level=三级/高级工&year={this}", 1),
        ("level=三级/高级工&kind=award", 0), ("year=x", 6), ("level=%25", 0),
    ):  # fmt: skip
        page_text = page_of(app, organiser, f"{DESK}?{asked}")
        counted = re.search(r'data-key="all"[^>]*><span>全部</span><b>(\d+)', page_text)
        assert counted is not None
        assert int(counted[1]) == many, asked
        assert (f"共 {many} 张" in page_text) == bool(many), asked
    # What is narrowed stays narrowed from state to state, and in the workbook.
    valid = page_of(app, organiser, f"{DESK}?level=三级/高级工&year={this}")
    assert re.search(rf'href="[^"]*year={this}&level=[^"]*state=valid"', valid)
    (book,) = re.findall(r'href="([^"]*register\.xlsx[^"]*)"', valid)
    sheet = openpyxl.load_workbook(BytesIO(signed_in(app, organiser).get(book).data)).worksheets[0]
    names = [row[2] for row in sheet.iter_rows(values_only=True)]
    assert "孙䶮" in names
    assert not {"钱文", "赵启明"} & set(names)


def test_who_is_not_printed_whole_is_told_with_the_reason(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    assert "先放着" not in page_of(app, organiser)
    page_text = page_of(app, organiser)
    assert "没有照片的留空框：赵启明、钱文、孙䶮，共 3 张。" in page_text
    # Nobody else is any the worse for a sign that no font has.
    face = {**certified_face("award", "P2"), "name": "钱\U00031350"}
    behind(
        update(Certificate)
        .where(Certificate.subject == "P2", Certificate.kind == "award")
        .values(face=face)
    )
    db.session.commit()
    put_portrait(person(certified, "P1"), portrait(), "none", organiser)
    installation_here().memory.clear()
    page_text = page_of(app, organiser)
    assert "字打不出的先放着，不印：钱\U00031350（\U00031350），共 1 张。" in page_text
    assert "没有照片的留空框：钱文、孙䶮，共 2 张。" in page_text
    assert "看这 3 张" in page_text
    only = page_of(app, organiser, f"{DESK}?state=aside")
    assert "第 1 到 3 张，共 3 张" in only
    assert "字体里没有“\U00031350”（U+31350），不印" in only
    assert only.count("没有照片，留空框") == 2
    assert "赵启明" not in only
    printed = signed_in(app, organiser).get(f"{DESK}/award.pdf")
    assert printed.status_code == 200
    # The one that is left out is named on the last page, behind the other two.
    assert len(pages(printed.data)) == 3
    # Put right, it is told of no more.
    revoke_certificate(newest("award", "P2"), "姓名写错", organiser)
    assert "先放着" not in page_of(app, organiser)


def newest(kind: str, subject: str) -> Certificate:
    query = db.session.query(Certificate).filter_by(kind=kind, subject=subject)
    return query.order_by(Certificate.id.desc()).first()  # type: ignore[return-value]


def certified_face(kind: str, subject: str) -> dict[str, Any]:
    return dict(newest(kind, subject).face)


def test_certificates_whose_codes_no_other_device_opens_are_not_to_be_printed(
    app: Flask, certified: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "先别打印" in page_of(app, organiser)
    for address in (
        "http://192.168.1.20:8000",
        "http://10.2.3.4",
        "http://172.16.0.9",
        "http://hall.local",
    ):
        monkeypatch.setattr("compete.web.templating.asked_at", lambda address=address: address)
        assert "局域网" in page_of(app, organiser), address
    monkeypatch.setattr("compete.web.templating.asked_at", lambda: "https://union.example.cn")
    assert "先别打印" not in page_of(app, organiser)


def test_what_is_rarely_wanted_of_a_certificate_is_folded(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    """A register of fifty had a red button on every row, and fifteen thousand pixels on a phone."""
    text = page_of(app, organiser)
    rows = re.findall(r'<td class="row-acts">(.*?)</td>', text, re.DOTALL)
    assert rows
    for row in rows:
        shown, _fold, folded = row.partition("<details")
        assert "button" not in shown
        assert "的更多" in folded
        assert "下载" in folded
    assert re.search(r'<summary class="quiet-link">撤销证书</summary>', text)
    assert not re.search(r"<summary[^>]*danger", text)

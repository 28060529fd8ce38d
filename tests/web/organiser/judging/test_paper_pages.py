from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient

from compete.domain.values.states import CompetitionState, SheetState
from compete.models import Competition, OutcomeEntry, Sheet
from compete.services.closing.paper_entry import enter_paper
from compete.services.kernel.transactions import unit_of_work
from tests.documents.reading import pages
from tests.services.judging.test_package_intake import act, package, unproven
from tests.support.panels import Panel, client_of

TYPED = {"v-smooth": "2", "v-work": "17.5", "signed": "yes"}


def address(app: Flask, panel: Panel) -> str:
    with app.app_context():
        return f"/desk/PANEL/paper/{panel.sheet('J1').public_id}"


def state_of(app: Flask, panel: Panel) -> SheetState:
    with app.app_context():
        return panel.sheet("J1").state


def test_two_recorders_enter_a_paper_and_it_counts(app: Flask, opened: Panel) -> None:
    where = address(app, opened)
    first, second = client_of(app, opened, "R1"), client_of(app, opened, "R2")
    assert first.post(where, data=TYPED).location == "/desk/PANEL/paper"
    assert "你录了，等另一位" in first.get("/desk/PANEL/paper").text
    assert "另一位录了，等你录" in second.get("/desk/PANEL/paper").text
    page = second.get(where).text
    assert 'value="17.5"' not in page
    assert second.post(where, data=TYPED).status_code == 302
    assert state_of(app, opened) is SheetState.SIGNED


def test_a_difference_is_shown_by_its_row_without_the_others_figure(
    app: Flask, opened: Panel
) -> None:
    where = address(app, opened)
    first, second = client_of(app, opened, "R1"), client_of(app, opened, "R2")
    first.post(where, data=TYPED)
    assert second.post(where, data={**TYPED, "v-work": "12"}).location == where
    for recorder, own, other in ((first, "17.5", "12"), (second, "12", "17.5")):
        page = recorder.get(where).text
        assert "和另一位录的不一样" in page
        assert f'value="{own}"' in page
        assert f'value="{other}"' not in page
    chief = client_of(app, opened, "C1")
    assert "两人录的不一样 1 张" in chief.get("/desk/PANEL/paper").text
    look = chief.get(where).text
    chosen = re.findall(r'name="row-work" value="(\d+)"', look)
    assert len(chosen) == 2
    missing = chief.post(f"{where}/settle", data={"reason": "看纸"})
    assert missing.status_code == 400
    assert "都要选一个" in missing.text
    done = chief.post(
        f"{where}/settle", data={"row-work": chosen[0], "reason": "看过纸", "signed": "yes"}
    )
    assert done.status_code == 302
    assert state_of(app, opened) is SheetState.SIGNED
    # The judge signed, on paper; who settled it is told as that.
    desk = client_of(app, opened, "S1")
    page_text = desk.get("/desk/PANEL/").text
    with app.app_context():
        chief_name = opened.judge("C1").name
        judge_name = opened.judge("J1").name
    assert f"{chief_name} 签了" not in page_text
    assert re.search(f"裁判 J1 签在纸上的 .+，由{chief_name}核定为已签", page_text)
    sheet = desk.get(where.replace("/paper/", "/sheets/")).text
    assert f"{judge_name}（签在纸质表上，由{chief_name}核定）" in sheet


def test_what_is_typed_wrong_is_named_and_stays(app: Flask, opened: Panel) -> None:
    where = address(app, opened)
    recorder = client_of(app, opened, "R1")
    answer = recorder.post(where, data={"v-smooth": "7", "v-work": ""})
    assert answer.status_code == 400
    assert "有 2 处没录好" in answer.text
    assert 'value="7"' in answer.text


def test_a_sheet_is_found_by_the_number_on_the_paper(app: Flask, opened: Panel) -> None:
    recorder = client_of(app, opened, "R1")
    page = recorder.get("/desk/PANEL/paper?number=E1").text
    assert page.count("<span>打开</span>") == 4
    assert "没有编号是“E9”" in recorder.get("/desk/PANEL/paper?number=E9").text


def test_a_recorder_finds_the_page_from_where_recorders_begin(app: Flask, opened: Panel) -> None:
    recorder = client_of(app, opened, "R1")
    assert "/desk/PANEL/paper" in recorder.get("/desk/PANEL/recheck").text


def test_a_recorder_sees_nothing_else_of_the_desk(app: Flask, opened: Panel) -> None:
    recorder = client_of(app, opened, "R1")
    for path in ("", "progress", "decisions", "recusals", "judges", "paper.pdf"):
        assert recorder.get(f"/desk/PANEL/{path}").status_code == 404, path


def test_blank_sheets_bear_codes_and_no_names(app: Flask, opened: Panel) -> None:
    answer = client_of(app, opened, "C1").get("/desk/PANEL/paper.pdf?module=FORK|final|practice")
    assert answer.mimetype == "application/pdf"
    printed = pages(answer.data)
    assert len(printed) == 6
    assert all("操作平稳" in page for page in printed)
    assert not any("王一" in page for page in printed)


def test_only_what_there_is_to_print_is_offered(app: Flask, opened: Panel) -> None:
    chief = client_of(app, opened, "C1")
    assert chief.get("/desk/PANEL/paper").text.count("paper.pdf?module=") == 2
    with app.app_context(), unit_of_work() as session:
        for sheet in session.query(Sheet).filter_by(module="paper"):
            sheet.state = SheetState.SUBMITTED
    page = chief.get("/desk/PANEL/paper").text
    assert page.count("paper.pdf?module=") == 1
    assert "没有没交的评分表，不用打印空白表：" in page
    refused = chief.get("/desk/PANEL/paper.pdf?module=FORK|final|paper")
    assert "没有没交的评分表" in refused.text
    with app.app_context(), unit_of_work() as session:
        session.query(Competition).one().state = CompetitionState.REGISTERING
    page = chief.get("/desk/PANEL/paper").text
    assert "paper.pdf" not in page
    assert "开始评分以后，这里打印空白表" in page


def test_blank_sheets_are_printed_for_nobody_who_is_out(app: Flask, opened: Panel) -> None:
    with app.app_context(), unit_of_work() as session:
        sheet = opened.sheet("J1")
        label = sheet.label
        session.add(OutcomeEntry(entrant_id=sheet.entrant_id, stage="final", status="dns"))
    answer = client_of(app, opened, "C1").get("/desk/PANEL/paper.pdf?module=FORK|final|practice")
    printed = pages(answer.data)
    assert len(printed) == 3
    assert not any(f"编号{label}" in page for page in printed)


def test_others_are_led_to_the_sheets_own_page(app: Flask, opened: Panel) -> None:
    where = address(app, opened)
    organiser = client_of(app, opened, "")
    assert organiser.get(where).location == where.replace("/paper/", "/sheets/")
    assert organiser.post(f"{where}/settle").status_code == 404


def test_what_came_from_the_tablet_meanwhile_is_not_asked_of_the_other_recorder(
    app: Flask, opened: Panel
) -> None:
    with app.app_context():
        for who, smooth in (("R1", 3), ("R2", 1)):
            read = {"smooth": Decimal(smooth), "work": Decimal("17.5")}
            enter_paper(opened.sheet("J1"), read, signed=False, by=opened.account(who))
    assert "两人录的不一样 1 张" in client_of(app, opened, "C1").get("/desk/PANEL/paper").text
    with app.app_context():
        opened.fill(opened.sheet("J1"), {"smooth": "2", "work": "17.5"})
    for who in ("R1", "C1"):
        page = client_of(app, opened, who).get("/desk/PANEL/paper").text
        assert "平板上的已经交了，不用再录" in page
        assert "两人录的不一样" not in page
        # That a paper says otherwise than what counts is for the chief judge alone.
        assert ("和评分表上算的不一样 1 张" in page) is (who == "C1")


def bring(client: FlaskClient, data: bytes) -> str:
    sent = client.post("/desk/PANEL/handover", data={"package": (BytesIO(data), "acts.json")})
    assert sent.status_code == 200
    return sent.text


def test_the_chief_judge_sees_an_altered_file_beside_what_the_tablet_sent(
    app: Flask, opened: Panel
) -> None:
    with app.app_context():
        sheet = opened.sheet("J1").public_id
        good = package(opened, [act(sheet, "smooth", "2"), act(sheet, "work", "17.5")])
    altered = good.replace(b'"17.5"', b'"20"')
    bring(client_of(app, opened, "R1"), altered)
    with app.app_context():
        opened.act(opened.sheet("J1"), "mark", aspect="work", value="17.5")
        read = {"smooth": Decimal(2), "work": Decimal("17.5")}
        enter_paper(opened.sheet("J1"), read, signed=False, by=opened.account("R2"))
    look = client_of(app, opened, "C1").get(address(app, opened)).text
    assert look.count("交来的文件，证明不了是平板写的") == 1
    assert "平板自己传来的" in look
    assert re.search(r">20</span></label></td>.*<td>17.5</td></tr>", look)
    with app.app_context():
        opened.fill(opened.sheet("J1"), {"smooth": "2", "work": "17.5"})
        before = opened.sheet("J1").version
    # The tablet's own marks are in: a file says otherwise, and counts for nothing.
    bring(client_of(app, opened, "R1"), altered.replace(b'"20"', b'"19"'))
    chief = client_of(app, opened, "C1")
    assert "和评分表上算的不一样 1 张" in chief.get("/desk/PANEL/paper").text
    page = chief.get(f"/desk/PANEL/sheets/{sheet}").text
    assert re.findall(r"交来的文件证明不了是平板写的，里面是 (\d+)，没有算数", page) == ["19", "20"]
    for who in ("S1", ""):
        assert "证明不了" not in client_of(app, opened, who).get(f"/desk/PANEL/sheets/{sheet}").text
    with app.app_context():
        assert opened.sheet("J1").version == before


def test_what_a_proven_file_says_otherwise_is_seen_too(app: Flask, opened: Panel) -> None:
    with app.app_context():
        sheet = opened.sheet("J1").public_id
        mark = act(sheet, "work", "17.5")
        opened.fill(opened.sheet("J1"), {"smooth": "2", "work": "17.5"})
        data = package(opened, [mark | {"value": "18"}, act(sheet, "smooth", "2")])
    assert "没记下" in bring(client_of(app, opened, "R1"), data)
    chief = client_of(app, opened, "C1")
    page = chief.get(f"/desk/PANEL/sheets/{sheet}").text
    assert re.findall(r"代交的文件里是 ([\d.]+)，没有记下", page) == ["18"]


def test_a_file_that_says_the_same_is_no_news(app: Flask, opened: Panel) -> None:
    with app.app_context():
        sheet = opened.sheet("J1").public_id
        opened.fill(opened.sheet("J1"), {"smooth": "2", "work": "17.5"})
        data = unproven(opened, [act(sheet, "smooth", "2"), act(sheet, "work", "17.5")])
    bring(client_of(app, opened, "R1"), data)
    chief = client_of(app, opened, "C1")
    assert "不一样" not in chief.get("/desk/PANEL/paper").text
    assert "没有算数" not in chief.get(f"/desk/PANEL/sheets/{sheet}").text

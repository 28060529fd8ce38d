"""The page of a list of marks: looked at, then written as one of two readings."""

from __future__ import annotations

import re
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from werkzeug.test import TestResponse

from compete.domain.values.states import SheetState
from compete.services.closing.paper_entry import paper_readings
from compete.services.kernel.event_rules import module_of_sheet
from tests.support.panels import Panel, client_of

PAGE = "/desk/PANEL/marks-list?module=FORK|final|paper"
WRITE = "/desk/PANEL/marks-list/write?module=FORK|final|paper"
ROWS = (("准考证号", "姓名", "成绩"), ("E1", "王一", 88), ("E2", "李二", 60.5))


def book(*rows: tuple[object, ...]) -> bytes:
    made, out = Workbook(), BytesIO()
    for row in rows or ROWS:
        made.worksheets[0].append(row)
    made.save(out)
    return out.getvalue()


def bring(client: FlaskClient, *rows: tuple[object, ...]) -> TestResponse:
    return client.post(PAGE, data={"workbook": (BytesIO(book(*rows)), "成绩.xlsx")})


def packed(answer: TestResponse) -> str | None:
    hit = re.search(r'name="rows" value="([^"]*)"', answer.text)
    return hit and hit[1]


def write(client: FlaskClient, looked: TestResponse) -> TestResponse:
    rows = packed(looked)
    assert rows
    return client.post(WRITE, data={"rows": rows}, follow_redirects=True)


def readings(app: Flask, panel: Panel) -> list[int]:
    with app.app_context():
        sheets = (panel.sheet("J4", code, "paper") for code in ("E1", "E2"))
        return [len(paper_readings(sheet)) for sheet in sheets]


def test_a_workbook_and_a_pasted_list_are_two_readings(app: Flask, opened: Panel) -> None:
    first, second = client_of(app, opened, "R1"), client_of(app, opened, "R2")
    looked = bring(first)
    assert readings(app, opened) == [0, 0]
    assert "2 张等另一位" in write(first, looked).text
    page = second.get(PAGE).text
    assert "60.5" not in page
    pasted = "姓名\t成绩\t参赛号\n王一\t88\tE1\n李二\t60.50\tE2\n"
    assert "2 张两个人录的一样" in write(second, second.post(PAGE, data={"pasted": pasted})).text
    with app.app_context():
        assert opened.sheet("J4", "E2", "paper").state is SheetState.SUBMITTED


def test_a_list_with_a_wrong_row_is_not_written(app: Flask, opened: Panel) -> None:
    client = client_of(app, opened, "R1")
    looked = bring(client, ROWS[0], ("E1", "王一", None), ("E9", "李二", 60))
    assert looked.status_code == 200
    assert "录入 " not in looked.text
    # A number may be put right on the page, a mark counts only as it stands in the file.
    assert 'name="cell:3:code"' in looked.text
    assert 'name="cell:2:mark"' not in looked.text
    typed = {"rows": packed(looked), "cell:2:mark": "60"}
    assert client.post(WRITE, data=typed).status_code == 400
    assert "一行都没有写" in write(client, looked).text
    for fault in ("空着", "没有这个号码", "E2 李二"):
        assert fault in looked.text
    assert readings(app, opened) == [0, 0]


def test_both_see_where_they_differ_and_no_figure(app: Flask, opened: Panel) -> None:
    first, second = client_of(app, opened, "R1"), client_of(app, opened, "R2")
    write(first, bring(first))
    write(second, bring(second, ROWS[0], ("E1", "王一", 77.25), ROWS[2]))
    for client in (first, second, client_of(app, opened, "C1")):
        page = client.get(PAGE).text
        assert "不一样 1 张" in page
        assert "77.25" not in page
    chief = client_of(app, opened, "C1")
    link = re.search(r'href="(/desk/PANEL/paper/[^"]+)">E1<', chief.get(PAGE).text)
    assert link
    settle = chief.get(link[1]).text
    assert "77.25" in settle
    assert "88" in settle


def test_absence_stands_in_the_chief_judges_look(app: Flask, opened: Panel) -> None:
    first, second = client_of(app, opened, "R1"), client_of(app, opened, "R2")
    write(first, bring(first))
    write(second, bring(second, ROWS[0], ("E1", "王一", "缺考"), ROWS[2]))
    with app.app_context():
        where = f"/desk/PANEL/paper/{opened.sheet('J4', 'E1', 'paper').public_id}"
    assert "缺考" in client_of(app, opened, "C1").get(where).text
    assert second.get(where).status_code == 200


def test_the_empty_list_has_who_is_still_to_come(app: Flask, opened: Panel) -> None:
    client = client_of(app, opened, "R1")
    sent = client.get(PAGE.replace("?", "/workbook.xlsx?"))
    book_text = str(list(load_workbook(BytesIO(sent.data)).worksheets[0].values))
    assert "王一" in book_text
    assert "E2" in book_text
    with app.app_context():
        opened.fill_papers()
    sent = client.get(PAGE.replace("?", "/workbook.xlsx?"))
    assert "王一" not in str(list(load_workbook(BytesIO(sent.data)).worksheets[0].values))


def test_only_who_reads_paper_writes_a_list(app: Flask, opened: Panel) -> None:
    recorder, chief = client_of(app, opened, "R1"), client_of(app, opened, "C1")
    rows = packed(bring(recorder))
    assert "录入 " not in bring(chief).text
    assert "marks-list/workbook.xlsx" in recorder.get(PAGE).text
    assert "marks-list/workbook.xlsx" not in chief.get(PAGE).text
    assert chief.post(WRITE, data={"rows": rows}).status_code == 404
    assert client_of(app, opened, "J1").get(PAGE).status_code == 404
    assert recorder.post(WRITE, data={"rows": "nonsense"}).status_code == 400
    assert readings(app, opened) == [0, 0]


def test_only_modules_of_one_mark_have_a_list(app: Flask, opened: Panel) -> None:
    client = client_of(app, opened, "R1")
    assert client.get(PAGE.replace("paper", "practice")).status_code == 404
    page = client.get("/desk/PANEL/paper").text
    assert page.count("/desk/PANEL/marks-list") == 1
    board = client_of(app, opened, "C1").get("/desk/PANEL/progress?module=FORK|final|paper").text
    assert "/desk/PANEL/marks-list" in board
    log = client_of(app, opened, "")
    write(client, bring(client))
    assert "录入成绩单" in log.get("/desk/PANEL", follow_redirects=True).text


def test_of_two_columns_of_marks_neither_is_taken_until_somebody_chooses(
    app: Flask, opened: Panel
) -> None:
    client = client_of(app, opened, "R1")
    head = ("准考证号", "姓名", "卷面成绩", "考试成绩")
    looked = bring(client, head, ("E1", "王一", 88, 70), ("E2", "李二", 60.5, 71))
    assert "没有一列是成绩" in looked.text
    assert "有 2 列都像" in looked.text
    name = re.search(r'<select name="([^"]+)" aria-label="D 列当作"', looked.text)
    assert name is not None
    sent = {"rows": packed(looked), name[1]: "mark"}
    chosen = client.post(PAGE, data=sent).text
    assert "没有一列是成绩" not in chosen
    assert ">71<" in chosen.replace("\n", "")


def test_the_column_that_bears_the_modules_name_is_the_mark(app: Flask, opened: Panel) -> None:
    client = client_of(app, opened, "R1")
    title = opened_module_name(app, opened)
    head = ("准考证号", "姓名", "实操成绩", f"{title}成绩")
    looked = bring(client, head, ("E1", "王一", 88, 70), ("E2", "李二", 60.5, 71))
    assert "没有一列是成绩" not in looked.text
    assert ">70<" in looked.text


def opened_module_name(app: Flask, panel: Panel) -> str:
    with app.app_context():
        sheet = panel.sheet("J4", "E1", "paper")
        return module_of_sheet(sheet).name

from __future__ import annotations

from flask import Flask
from sqlalchemy import text

from compete.models import Account, Competition, Entrant, Sheet, db
from compete.services.accounts.pins import set_pin
from compete.services.judging.signing import sign_sheet, signature_words
from compete.services.kernel.transactions import unit_of_work
from tests.documents.reading import pages
from tests.support.panels import PIN, SIGNATURE, Panel, bundle_of, client_of, open_panel
from tests.support.signing_in import signed_in


def signed_sheet(app: Flask, panel: Panel) -> tuple[str, str, str]:
    """Public id, words and hash of a sheet that J1 has signed."""
    with app.app_context():
        panel.fill_panel("2", "2", "2")
        set_pin(panel.account("J1"), PIN, PIN)
        signature = sign_sheet(
            panel.sheet("J1"), pin=PIN, drawing=SIGNATURE, by=panel.account("J1")
        )
        return signature.sheet.public_id, signature_words(signature.sha256), signature.sha256


def test_the_desk_shows_what_was_signed_and_that_it_holds(app: Flask, opened: Panel) -> None:
    public_id, words, sha256 = signed_sheet(app, opened)
    page = (
        client_of(app, opened, "C1").get(f"/desk/PANEL/sheets/{public_id}").get_data(as_text=True)
    )
    for phrase in (
        words,
        sha256,
        "操作平稳",
        "21.50",
        "内容和核对词、评分记录都一致",
        '<path d="M10 80',
    ):
        assert phrase in page
    assert "评分项</th>" not in page, "no aspect has a criterion"


def test_the_desk_says_when_it_does_not_hold(app: Flask, opened: Panel) -> None:
    public_id, _words, _sha256 = signed_sheet(app, opened)
    with app.app_context(), unit_of_work() as session:
        session.execute(text("UPDATE act SET value = 3000000 WHERE aspect = 'smooth'"))
    page = (
        client_of(app, opened, "C1").get(f"/desk/PANEL/sheets/{public_id}").get_data(as_text=True)
    )
    assert "签名内容和评分记录不一致" in page


def test_the_print_out_carries_marks_and_words(app: Flask, opened: Panel) -> None:
    public_id, words, _sha256 = signed_sheet(app, opened)
    answer = client_of(app, opened, "C1").get(f"/desk/PANEL/sheets/{public_id}.pdf")
    assert answer.mimetype == "application/pdf"
    (printed,) = pages(answer.get_data())
    assert words.replace(" ", "") in printed
    assert "21.50" in printed
    assert "0到3档，每档2分0急停急转" in printed
    assert "2档4" in printed
    assert "王一" not in printed


def test_a_judge_may_not_see_the_desk_page(app: Flask, opened: Panel) -> None:
    public_id, _words, _sha256 = signed_sheet(app, opened)
    assert client_of(app, opened, "J2").get(f"/desk/PANEL/sheets/{public_id}").status_code == 404


def test_a_new_card_shows_its_code_until_it_is_used(app: Flask, opened: Panel) -> None:
    chief = client_of(app, opened, "C1")
    answer = chief.post("/desk/PANEL/judges/J1/card")
    page = chief.get(answer.location).get_data(as_text=True)
    assert "用平板的相机扫这个码" in page
    assert "<svg" in page
    with app.app_context():
        from compete.services.accounts.sign_in_cards import standing_card

        token = standing_card(opened.account("J1"))[1]
    used = app.test_client().post(f"/sign-in/{token}", data={"pin": PIN, "again": PIN})
    assert used.status_code == 302
    assert "这张卡已经用过了" in chief.get(answer.location).get_data(as_text=True)


def test_times_of_the_file_are_not_said_to_be_missing(
    app: Flask, forklift: Competition, organiser: Account
) -> None:
    sheet = (
        db.session.query(Sheet)
        .join(Entrant, Sheet.entrant_id == Entrant.id)
        .filter(Entrant.code == "B14", Sheet.module == "driving")
        .first()
    )
    assert sheet is not None
    page = signed_in(app, organiser).get(f"/desk/FORK-2022/panels/{sheet.public_id}").text
    assert "466 秒" in page
    assert "没有停表的记录，按评分表上的用时" in page


def test_a_sheet_leads_to_its_panel_where_the_chief_judge_rules_on_the_time(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        panel = open_panel(bundle_of(timed=True))
        practice = panel.sheet("J1").public_id
        paper = panel.sheet("J4", module="paper").public_id
    chief, supervisor = client_of(app, panel, "C1"), client_of(app, panel, "S1")
    page = chief.get(f"/desk/PANEL/sheets/{practice}").text
    assert f'href="/desk/PANEL/panels/{practice}"' in page
    assert "同组对着看，裁定用时" in page
    watched = supervisor.get(f"/desk/PANEL/sheets/{practice}").text
    assert f'href="/desk/PANEL/panels/{practice}"' in watched
    assert "裁定用时" not in watched
    assert "/panels/" not in chief.get(f"/desk/PANEL/sheets/{paper}").text

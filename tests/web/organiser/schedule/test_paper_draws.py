"""A draw on paper: what was drawn is entered line by line, and a supervisor signs it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade
from PIL import Image
from sqlalchemy import select

from compete.domain.values.roles import Role
from compete.models import Account, Competition, DrawCeremony, Entrant, PaperDraw, Slot, db
from compete.resources import resource_dir
from compete.services.accounts.access import parts_in
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.accounts.roles import take_role_back
from compete.services.competitions.pending_approvals import asked_by
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.schedule.drawn_places import drawn_so_far, sign_paper_draw
from tests.support.drawing import drawn as drawn_here
from tests.support.drawing import end
from tests.support.judging import seat_and_open
from tests.support.people import visitor
from tests.support.signing_in import official, signed_in
from tests.support.small import small

PAGE = "/desk/X/draws/paper"
MODULE = {"module": "E|S|m"}
LAYOUT = MODULE | {
    "stations": "1 号\n2 号",
    "sessions": "上午场，2026-09-16 08:40，2，10",
    "check_in": "30",
}
FORM = MODULE | {
    "drawn_on": "2026-09-15",
    "supervisor": "监督乙",
    "lines": "P3\t上午场\t1 号\t2\nP1\t上午场\t1 号\t1\nP4，上午场，2 号\nP2，上午场，2 号",
}


@pytest.fixture
def competition(load: Callable[..., Competition]) -> Competition:
    return load(small())


@pytest.fixture
def desk(app: Flask, competition: Competition, organiser: Account) -> FlaskClient:
    client = signed_in(app, organiser)
    for module in ("E|S|m", "E|S|t"):
        client.post("/desk/X/draws/timetable", data=LAYOUT | {"module": module})
    return client


def picture() -> bytes:
    """A small photo."""
    made = BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, "JPEG")
    return made.getvalue()


def places() -> dict[str, tuple[str | None, str | None, str]]:
    """By number the session, the station, and the minutes past eight in the hall."""
    rows = db.session.execute(select(Entrant.code, Slot).join(Slot, Slot.entrant_id == Entrant.id))
    return {
        code: (slot.session, slot.station, f"{slot.starts_at:%M}" if slot.starts_at else "")
        for code, slot in rows.tuples()
    }


def test_what_was_drawn_on_paper_is_entered_as_its_record_has_it(
    desk: FlaskClient, competition: Competition
) -> None:
    assert desk.post(PAGE, data=FORM).status_code == 302
    assert places() == {
        "P1": ("上午场", "1 号", "40"),
        "P3": ("上午场", "1 号", "50"),
        "P4": ("上午场", "2 号", "40"),
        "P2": ("上午场", "2 号", "50"),
    }
    # The other module is laid out, too, and nobody has a place there yet.
    assert (drawn_so_far(competition).drawn, drawn_so_far(competition).done) == (0, False)
    assert desk.post(PAGE, data=FORM | {"module": "E|S|t", "why": "一起考"}).status_code == 302
    assert (drawn_so_far(competition).drawn, drawn_so_far(competition).done) == (4, True)
    entered = next(row for row in audit.recent(competition, 3) if row.action == "draw.paper")
    assert entered.after["places"]["P4"] == ["上午场", "2 号"]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("P1，上午场，1 号", "还有 3 个参赛号没有写：P2、P3、P4"),
        ("P1，上午场", "第 1 行：要写成"),
        ("P9，上午场，1 号", "第 1 行：这个模块没有参赛号 P9"),
        ("P1，上午场，1 号\n\nP1，上午场，2 号", "第 3 行：P1 写了两次"),
        ("P1，下午场，1 号", "没有场次“下午场”，有上午场"),
        ("P1，上午场，3 号", "没有工位“3 号”，有1 号、2 号"),
        ("P1，上午场，1 号，3", "场次里这个工位没有这一个位置了"),
        ("P1，上午场，1 号，0", "第几个写 1 或更大的整数"),
        ("P1，上午场，1 号，1\nP2，上午场，1 号，1", "第 2 行：P1 已经在这个位置"),
    ],
)
def test_a_line_that_says_no_place_stands_beside_its_field_and_nothing_is_kept(
    desk: FlaskClient, lines: str, sentence: str
) -> None:
    answer = desk.post(PAGE, data=FORM | {"lines": lines})
    assert answer.status_code == 400
    assert sentence in answer.text
    assert lines.splitlines()[0] in answer.text
    assert (places(), db.session.scalar(select(PaperDraw))) == ({}, None)


def test_all_that_is_wrong_with_a_draw_on_paper_is_told_at_once(desk: FlaskClient) -> None:
    lines = "P1，上午场，1 号\nP1，上午场，2 号\nP2，下午场，1 号\nP9，上午场，1 号"
    page_text = desk.post(PAGE, data=FORM | {"lines": lines, "drawn_on": "2999-01-01"}).text
    for fault in ("P1 写了两次", "没有场次“下午场”", "没有参赛号 P9", "2999年1月1日 还没到"):
        assert fault in page_text, fault
    # Who stands in a line that is wrong is not said to be left out besides.
    assert "还有 2 个参赛号没有写：P3、P4" in page_text
    # The timetable shows who was typed where, and what stands twice.
    page_text = desk.post(
        PAGE, data=FORM | {"lines": "P1，上午场，1 号，1\nP2，上午场，1 号，1"}
    ).text
    assert ("P1、P2" in page_text, "写了两次" in page_text) == (True, True)


def test_without_a_timetable_no_line_has_a_place(
    app: Flask, competition: Competition, organiser: Account
) -> None:
    answer = signed_in(app, organiser).post(PAGE, data=FORM)
    assert (answer.status_code, "先排场次和工位" in answer.text, "P3" in answer.text) == (
        400,
        True,
        True,
    )


def test_places_are_not_entered_once_judges_have_sheets(
    desk: FlaskClient, competition: Competition, organiser: Account
) -> None:
    seat_and_open(competition, organiser)
    answer = desk.post(PAGE, data=FORM)
    assert (answer.status_code, "不能再抽" in answer.text) == (400, True)
    assert places() == {}


def test_a_supervisor_signs_with_the_own_account_what_was_entered(
    app: Flask, desk: FlaskClient, competition: Competition, organiser: Account
) -> None:
    desk.post(PAGE, data=FORM)
    paper = db.session.scalars(select(PaperDraw)).one()
    assert "等监督签名" in desk.get("/desk/X/draws").text
    assert "纸上的抽签 1 次没签名" in desk.get("/desk/X/").text
    with pytest.raises(Refused, match="监督才能签"):
        sign_paper_draw(paper, organiser)
    for who in ("chief", "judge", "stranger"):
        assert visitor(app, who, competition).post(f"{PAGE}/{paper.id}/sign").status_code == 404
    supervisor = signed_in(app, official(competition, "S1"))
    assert f"{PAGE}/signing" in supervisor.get("/desk/X/").text
    shown = supervisor.get(f"{PAGE}/signing").text
    assert all(word in shown for word in ("赵启明", "上午场", "1 号", "08:40", "对过了，签名"))
    assert supervisor.post(f"{PAGE}/{paper.id}/sign").status_code == 302
    db.session.refresh(paper)
    assert paper.signed_by is not None
    after = desk.get("/desk/X/draws").text
    assert "监督 监督乙 签名" in after
    assert "没签名" not in desk.get("/desk/X/").text
    with pytest.raises(Refused, match="已经签过名"):
        sign_paper_draw(paper, official(competition, "S1"))
    # Who entered it stays in the log, and the row is sealed anew.
    signed = audit.recent(competition, 1)[0]
    assert (signed.action, signed.before) == ("draw.paper_sign", {"entered": organiser.name})
    assert list(check_rows(competition.id)) == []


def test_a_signature_stands_as_it_was_given_whatever_its_signer_becomes(
    app: Flask, desk: FlaskClient, competition: Competition, organiser: Account
) -> None:
    desk.post(PAGE, data=FORM)
    paper = db.session.scalars(select(PaperDraw)).one()
    # Who entered it has signed nothing by becoming a supervisor.
    grant_role(organiser, competition, Role.SUPERVISOR)
    assert "等监督签名" in desk.get("/desk/X/draws").text
    supervisor = official(competition, "S1")
    signed_in(app, supervisor).post(f"{PAGE}/{paper.id}/sign")
    for part in parts_in(supervisor, competition):
        take_role_back(part, organiser, "换人")
    after = desk.get("/desk/X/draws").text
    assert ("监督 监督乙 签名" in after, "等监督签名" in after) == (True, False)
    db.session.refresh(paper)
    assert (paper.made_by, paper.signed_by) == (organiser.id, supervisor.id)
    assert (paper.signed_as, list(check_rows(competition.id))) == (Role.SUPERVISOR, [])


def test_what_was_signed_before_signers_had_a_column_stays_signed(
    app: Flask, desk: FlaskClient, competition: Competition
) -> None:
    for module in ("E|S|m", "E|S|t"):
        desk.post(PAGE, data=FORM | {"module": module, "why": "两个模块同时记"})
    signed, entered = db.session.scalars(select(PaperDraw.id).order_by(PaperDraw.id)).all()
    signed_in(app, official(competition, "S1")).post(f"{PAGE}/{signed}/sign")
    folder = str(resource_dir("migrations"))
    db.session.remove()
    downgrade(directory=folder, revision="0085")
    upgrade(directory=folder)
    paper = db.session.get_one(PaperDraw, signed)
    assert paper.signer is not None
    assert (paper.signer.name, paper.signed_as) == ("监督乙", Role.SUPERVISOR)
    assert paper.signed_at is not None
    paper = db.session.get_one(PaperDraw, entered)
    assert (paper.signed_by, paper.signed_as, paper.signed_at) == (None, None, None)


def test_what_was_entered_wrong_is_entered_again_until_it_is_signed(
    app: Flask, desk: FlaskClient, competition: Competition
) -> None:
    desk.post(PAGE, data=FORM)
    swapped = FORM | {"lines": FORM["lines"].replace("P3", "P0").replace("P1", "P3")}
    right = swapped | {"lines": swapped["lines"].replace("P0", "P1")}
    assert desk.post(PAGE, data=right).status_code == 302
    assert places()["P1"] == ("上午场", "1 号", "50")
    paper = db.session.scalars(select(PaperDraw)).one()
    supervisor = signed_in(app, official(competition, "S1"))
    supervisor.post(f"{PAGE}/{paper.id}/sign")
    refused = desk.post(PAGE, data=FORM)
    assert (refused.status_code, "监督已经签过名" in refused.text) == (400, True)
    assert places()["P1"] == ("上午场", "1 号", "50")
    assert list(check_rows(competition.id)) == []


def test_a_draw_on_paper_that_was_signed_is_ended_by_two_alone_and_then_drawn_again(
    app: Flask, desk: FlaskClient, competition: Competition
) -> None:
    desk.post(PAGE, data=FORM)
    paper = db.session.scalars(select(PaperDraw)).one()
    draws = "/desk/X/draws"
    supervisor = signed_in(app, official(competition, "S1"))
    supervisor.post(f"{PAGE}/{paper.id}/sign")
    assert "还没抽<" not in desk.get(draws).text
    drawn = places()
    for way in ("computer", "sealed"):
        refused = desk.post(draws, data=MODULE | {"way": way, "why": "有一人没到场"})
        assert (refused.status_code, "先作废那一次" in refused.text) == (409, True)
    assert (db.session.scalar(select(DrawCeremony)), places()) == (None, drawn)
    blank = desk.post(f"{PAGE}/{paper.id}/end", data={"why": " "})
    assert (blank.status_code, "请写理由" in blank.text) == (400, True)
    assert desk.post(f"{PAGE}/{paper.id}/end", data={"why": "有一人没到场"}).status_code == 302
    assert [act.key for act in asked_by(competition, organiser_of(paper))] == [f"paper:{paper.id}"]
    assert "”纸上的抽签，等第二个人同意" in desk.get("/desk/X/").text
    assert "作废等另一个人" in desk.get(draws).text
    # Nobody agrees to what they asked for, and until somebody does it stands.
    assert desk.post(f"{PAGE}/{paper.id}/end/agree").status_code == 409
    assert places() == drawn
    assert "有一人没到场" in supervisor.get(f"{PAGE}/signing").text
    assert supervisor.post(f"{PAGE}/{paper.id}/end/keep").status_code == 302
    desk.post(f"{PAGE}/{paper.id}/end", data={"why": "有一人没到场"})
    assert supervisor.post(f"{PAGE}/{paper.id}/end/agree").status_code == 302
    assert places() == {}
    page_text = desk.get(draws).text
    assert ("作废了，等重新抽" in page_text, "有一人没到场" in page_text) == (True, True)
    assert desk.post(draws, data=MODULE | {"way": "computer"}).status_code == 302
    assert list(check_rows(competition.id)) == []
    assert list(verify_chain(competition)) == []


def organiser_of(paper: PaperDraw) -> Account:
    """Who entered it."""
    return db.session.get_one(Account, paper.made_by)


def test_a_draw_on_paper_after_one_that_was_ended_stands_and_is_shown_so(
    app: Flask, desk: FlaskClient, competition: Competition
) -> None:
    by = create_account("吴敏")
    end(drawn_here(competition, by), "漏了一人", by)
    assert desk.post(PAGE, data=FORM).status_code == 302
    paper = db.session.scalars(select(PaperDraw)).one()
    signed_in(app, official(competition, "S1")).post(f"{PAGE}/{paper.id}/sign")
    page_text = desk.get("/desk/X/draws").text
    assert ("抽好了" in page_text, "还没抽<" in page_text) == (True, False)


def test_nobody_signs_a_draw_on_paper_that_was_drawn_over(
    app: Flask, desk: FlaskClient, competition: Competition
) -> None:
    desk.post(PAGE, data=FORM)
    paper = db.session.scalars(select(PaperDraw)).one()
    desk.post("/desk/X/draws", data=MODULE | {"way": "computer"})
    with pytest.raises(Refused, match="后来又办了抽签"):
        sign_paper_draw(paper, official(competition, "S1"))
    desk.post(f"/desk/X/draws/{db.session.scalars(select(DrawCeremony.id)).one()}/draw")
    with pytest.raises(Refused, match="后来又办了抽签"):
        sign_paper_draw(paper, official(competition, "S1"))
    assert "没签名" not in desk.get("/desk/X/").text


def test_who_supervised_on_paper_is_a_supervisor_of_the_competition(
    app: Flask, desk: FlaskClient, competition: Competition
) -> None:
    refused = desk.post(PAGE, data=FORM | {"supervisor": "外人甲"})
    assert (refused.status_code, "外人甲不是这次竞赛的监督，监督有：监督乙" in refused.text) == (
        400,
        True,
    )
    desk.post(PAGE, data=FORM)
    paper = db.session.scalars(select(PaperDraw)).one()
    signed_in(app, official(competition, "S1")).post(f"{PAGE}/{paper.id}/sign")
    assert desk.get("/desk/X/draws").text.count("监督 监督乙") == 2


def test_a_photo_of_the_record_stays_with_it(
    app: Flask, desk: FlaskClient, competition: Competition
) -> None:
    desk.post(PAGE, data=FORM | {"photo": (BytesIO(picture()), "抽签单.jpg")})
    paper = db.session.scalars(select(PaperDraw)).one()
    page = f"{PAGE}/{paper.id}/photo"
    supervisor = signed_in(app, official(competition, "S1"))
    assert page in supervisor.get(f"{PAGE}/signing").text
    assert supervisor.get(page).mimetype == "image/jpeg"
    assert (
        desk.post(PAGE, data=FORM | {"photo": (BytesIO(b"%PDF"), "抽签单.pdf")}).status_code == 400
    )
    assert list(check_rows(competition.id)) == []
    # Entered again without one, the photo stays.
    assert desk.post(PAGE, data=FORM).status_code == 302
    again = db.session.scalars(select(PaperDraw)).one()
    assert supervisor.get(f"{PAGE}/{again.id}/photo").status_code == 200

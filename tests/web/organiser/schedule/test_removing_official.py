"""An official who was added by mistake goes from the list; who has a card or a seat stays."""

from __future__ import annotations

from flask import Flask

from compete.models import Account, Competition, Judge, db
from compete.services.kernel.chain_checks import verify_chain
from compete.services.registration.people_seals import check_people
from compete.services.schedule.allocation import assign_judges
from tests.support.signing_in import signed_in

ADD = "/desk/X/judges/add"


def codes(competition: Competition) -> list[str]:
    db.session.expire_all()
    return [judge.code for judge in competition.judges]


def test_who_was_added_by_mistake_goes_and_who_has_a_seat_stays(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    before = codes(fresh)
    desk.post(ADD, data={"role": "judge", "name": "写错的"})
    (code,) = set(codes(fresh)) - set(before)
    page = f"/desk/X/judges/{code}"
    assert "从名单里去掉" in desk.get(f"{page}/correct").text
    gone = desk.post(f"{page}/remove", follow_redirects=True)
    assert "写错的 不在名单里了" in gone.text
    assert codes(fresh) == before
    assert list(check_people(fresh)) == []
    assert f"从名单里去掉工作人员 {code} 写错的" in desk.get("/desk/X/").text
    assert desk.post(f"{page}/remove").status_code == 404
    # With a seat, or with a card, somebody else would miss them.
    desk.post(ADD, data={"role": "judge", "name": "坐下的"})
    judge = db.session.query(Judge).filter_by(name="坐下的").one()
    assign_judges(fresh.events[0], "S", "m", [(judge, "")], organiser)
    page = f"/desk/X/judges/{judge.code}"
    assert "不能删；换了人，用“换人”" in desk.get(f"{page}/correct").text
    assert desk.post(f"{page}/remove").status_code == 409
    assert judge.code in codes(fresh)
    desk.post(ADD, data={"role": "recorder", "name": "有卡的"})
    carded = db.session.query(Judge).filter_by(name="有卡的").one().code
    desk.post(f"/desk/X/judges/{carded}/card")
    assert desk.post(f"/desk/X/judges/{carded}/remove").status_code == 409
    assert list(verify_chain(fresh)) == []
    assert list(check_people(fresh)) == []


def test_only_a_unit_that_changed_asks_for_another_look_at_who_judges_whom(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    desk.post(ADD, data={"role": "judge", "name": "罗兵"})
    code = db.session.query(Judge).filter_by(name="罗兵").one().code
    page, other = f"/desk/X/judges/{code}/correct", {"other": "职业技术学院"}
    page_text = desk.post(page, data={"name": "罗斌"}, follow_redirects=True).text
    assert f"更正了 {code} 罗斌" in page_text
    assert "单位变了" not in page_text
    page_text = desk.post(page, data={"name": "罗斌"} | other, follow_redirects=True).text
    assert "单位变了，回避跟着变" in page_text

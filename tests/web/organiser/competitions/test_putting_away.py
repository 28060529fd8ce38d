"""A competition put away: out of the lists with its name typed, whole, and back again."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, db
from compete.services.accounts.accounts import create_account
from compete.services.competitions.archive import is_put_away
from compete.services.competitions.drafts import Beginnings
from compete.services.competitions.editions import next_edition
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.transactions import unit_of_work
from tests.support.people import visitor
from tests.support.signing_in import signed_in
from tests.support.small import small


def test_out_of_the_lists_and_back(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small())
    desk = signed_in(app, organiser)
    page = "/desk/X/put-away"
    assert "/desk/X/put-away" in desk.get("/desk/X/details").text
    assert "4 名选手" in desk.get(page).text
    wrong = desk.post(page, data={"name": "别的赛"})
    assert wrong.status_code == 400
    assert 'value="别的赛"' in wrong.text
    assert "应当是“小赛”" in wrong.text
    for who in ("chief", "judge"):
        assert visitor(app, who, competition).post(page, data={"name": "小赛"}).status_code == 404
    # HEAD asks for the page, whatever comes with it.
    assert desk.head(page, data={"name": "小赛"}).status_code == 200
    assert not is_put_away(competition)
    gone = desk.post(page, data={"name": " 小赛 "}, follow_redirects=True).text
    assert "收起了 小赛" in gone
    lists = gone.split("收起的竞赛")
    assert 'href="/desk/X/"' not in lists[0]
    assert 'href="/desk/X/"' in gone
    # All of it is there and says so; nothing of it comes along to the next edition.
    assert "收起了" in desk.get("/desk/X/").text
    assert "收起了竞赛" in desk.get("/desk/X/").text
    db.session.expire_all()
    assert list(verify_chain(competition)) == []
    wanted = Beginnings(name="下一届", code="NEXT")
    assert "put_away" not in next_edition(competition, wanted).settings
    assert desk.post(page, data={"name": "小赛"}).status_code == 409
    assert visitor(app, "chief", competition).post("/desk/X/bring-back").status_code == 404
    back = desk.post("/desk/X/bring-back", follow_redirects=True).text
    assert "收起的竞赛" not in back
    assert 'href="/desk/X/"' in back
    assert desk.post("/desk/X/bring-back").status_code == 409
    assert list(verify_chain(competition)) == []


def test_while_people_are_at_work_it_stays(
    app: Flask, here: Flask, load: Callable[..., Competition]
) -> None:
    competition = load(small())
    desk = signed_in(app, create_account("管理员", is_admin=True))
    for state in (CompetitionState.JUDGING, CompetitionState.LOCKED, CompetitionState.NOTICE):
        with unit_of_work():
            competition.state = state
        assert "还没有终审" in desk.get("/desk/X/put-away").text
        assert desk.post("/desk/X/put-away", data={"name": "小赛"}).status_code == 409
    with unit_of_work():
        competition.state = CompetitionState.FINAL
    assert "证书照样查得到" in desk.get("/desk/X/put-away").text

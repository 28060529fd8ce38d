"""The coder has a page of the own; cards are not made by looking."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from compete.models import Account, Competition, SignInCard, db
from compete.services.accounts.accounts import account_of_judge, create_account
from compete.services.kernel import audit
from tests.support.panels import bundle_of
from tests.support.people import visitor
from tests.support.signing_in import signed_in


def coded() -> dict[str, object]:
    plain = bundle_of(blind=True)
    plain["judges"].append({"code": "K1", "name": "姜明", "role": "coder"})
    return plain


def test_a_coder_lands_on_the_codes_and_sees_who_is_who_on_record(
    app: Flask, load: Callable[..., Competition]
) -> None:
    competition = load(coded())
    coder = next(judge for judge in competition.judges if judge.code == "K1")
    client = signed_in(app, account_of_judge(coder, competition, None))
    landed = client.get("/sign-in")
    assert landed.location == "/desk/PANEL/coding"
    assert client.get("/desk/").location == landed.location
    page = client.get(landed.location)
    assert page.status_code == 200
    assert "抽了 2 个加密号" in page.text
    assert "王一" not in page.text
    assert 'class="brand" href="/desk/PANEL/coding"' in page.text
    shown = client.post("/desk/PANEL/coding").text
    assert "王一" in shown
    assert audit.recent(competition, 1)[0].action == "codes.show"
    for who in ("chief", "supervisor", "judge"):
        code = {"chief": "C1", "supervisor": "S1", "judge": "J1"}[who]
        other = next(judge for judge in competition.judges if judge.code == code)
        stranger = signed_in(app, account_of_judge(other, competition, None))
        assert stranger.get("/desk/PANEL/coding").status_code == 404, who


def test_who_has_no_part_in_anything_lands_on_the_own_account(app: Flask, here: Flask) -> None:
    client = signed_in(app, create_account("闲人", username="xian", password="correct horse 港口"))
    answer = client.post("/sign-in", data={"username": "xian", "password": "correct horse 港口"})
    assert answer.location == "/account"
    assert client.get("/account").status_code == 200


def test_looking_makes_neither_an_account_nor_a_card(app: Flask, fresh: Competition) -> None:
    desk = visitor(app, "organiser", fresh)

    def made() -> tuple[int | None, int | None]:
        db.session.rollback()
        return (
            db.session.scalar(select(func.count(Account.id))),
            db.session.scalar(select(func.count(SignInCard.id))),
        )

    before = made()
    assert "还没发过登录卡" in desk.get("/desk/X/judges/J1/card").text
    assert desk.get("/desk/X/judges/cards.pdf").status_code == 405
    assert made() == before
    assert desk.post("/desk/X/judges/J1/card").status_code == 302
    assert "<svg" in desk.get("/desk/X/judges/J1/card").text
    assert made() != before


def test_who_is_kept_out_by_the_codes_is_not_sent_for_another_role(
    app: Flask, load: Callable[..., Competition]
) -> None:
    competition = load(coded())
    chief = next(judge for judge in competition.judges if judge.code == "C1")
    refused = signed_in(app, account_of_judge(chief, competition, None)).get(
        "/desk/PANEL/standings"
    )
    assert refused.status_code == 403
    assert "锁定评分以后才能看" in refused.text
    assert "找组委会" not in refused.text

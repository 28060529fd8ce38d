"""Each of a crew has a badge of their own: another code for one leaves the others' as they are."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import update

from compete.documents.badges import Badge
from compete.models import Account, Competition, Entrant, Member, db
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.row_seals import seal_what_has_none
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration import badges
from compete.services.registration.badges import give_members_badges
from compete.services.registration.consents import DESK_SOURCES, set_consent
from compete.services.results.contestants import find_by_badge
from compete.services.results.stored_pages import badge_tokens
from tests.support.second_day import person
from tests.support.signing_in import signed_in
from tests.web.organiser.registration.test_crews_counted import crews

WHERE = "/desk/X/entrants/P1"


@pytest.fixture
def crewed(load: Callable[..., Competition]) -> Competition:
    """The first of four is a crew of 队员甲 and 队员乙."""
    return load(crews(1))


def tokens(crew: Entrant) -> list[str]:
    return [member.badge_token or "" for member in crew.members]


def test_either_badge_opens_the_crews_page_and_a_lost_one_alone_ends(
    app: Flask, crewed: Competition, organiser: Account
) -> None:
    desk, crew = signed_in(app, organiser), person(crewed, "P1")
    first, second = tokens(crew)
    assert len({first, second, crew.badge_token}) == 3
    for token in (first, second):
        assert find_by_badge(token) == crew
        page = app.test_client().get(f"/c/{token}").text
        assert "P1" in page
        assert crew.badge_token not in page
    assert "同组别人的照样能用" in desk.get(f"{WHERE}/").text
    form = {"of": "P1甲", "reason": "丢了"}
    page_text = desk.post(f"{WHERE}/badge", data=form, follow_redirects=True).text
    assert "队员甲 旧参赛证上的码不能再用" in page_text
    assert "换新码 P1甲" in page_text
    assert "已换发" in app.test_client().get(f"/c/{first}").text
    assert app.test_client().get(f"/c/{second}").status_code == 200
    db.session.expire_all()
    assert tokens(crew)[1] == second
    assert find_by_badge(tokens(crew)[0]) == crew
    assert list(check_rows(crewed)) == []


def test_each_is_printed_with_a_code_of_their_own(
    app: Flask, crewed: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[Badge] = []
    draw = badges.render_badges

    def keep(wanted: Sequence[Badge], **keys: Any) -> object:
        printed.extend(wanted)
        return draw(wanted, **keys)

    monkeypatch.setattr(badges, "render_badges", keep)
    pdf = PdfReader(io.BytesIO(signed_in(app, organiser).get(f"{WHERE}/badge.pdf").data))
    text = "".join(page.extract_text() for page in pdf.pages)
    assert [name in text for name in ("队员甲", "队员乙")] == [True, True]
    crew = person(crewed, "P1")
    assert [badge.qr_url.rsplit("/", 1)[1] for badge in printed] == tokens(crew)


def test_badges_printed_before_each_had_their_own_stay_good_until_they_are_ended(
    app: Flask, crewed: Competition, organiser: Account
) -> None:
    """As `compete db upgrade` finds a crew: one code for all of them, which is on paper."""
    crew = person(crewed, "P1")
    with unit_of_work():
        crew.badge_shared = True
    given = {"badge_hash": None, "badge_token": None}
    db.session.execute(update(Member).values(given), execution_options={"noted": True})
    db.session.commit()
    with unit_of_work() as session:
        give_members_badges()
        seal_what_has_none(session)
    db.session.expire_all()
    assert all(tokens(crew))
    assert {*tokens(crew), crew.badge_token} <= set(badge_tokens(crewed))
    shared, desk = crew.badge_token, signed_in(app, organiser)
    assert app.test_client().get(f"/c/{shared}").status_code == 200
    assert "以前印的，全组共用" in desk.get(f"{WHERE}/").text
    desk.post(f"{WHERE}/badge", data={"of": "P1甲", "reason": "丢了"})
    assert app.test_client().get(f"/c/{shared}").status_code == 200
    page_text = desk.post(f"{WHERE}/badge", data={"reason": "都要换"}, follow_redirects=True).text
    assert "全组共用的码不能再用" in page_text
    assert "以前印的，全组共用" not in page_text
    assert app.test_client().get(f"/c/{shared}").status_code == 404
    assert [app.test_client().get(f"/c/{token}").status_code for token in tokens(crew)] == [200] * 2


def test_one_of_a_crew_takes_back_their_own_consent_alone(
    app: Flask, crewed: Competition, organiser: Account
) -> None:
    crew = person(crewed, "P1")
    for member in crew.members:
        set_consent(member, True, next(iter(DESK_SOURCES)), organiser)
    first, _second = tokens(crew)
    other = app.test_client().post(f"/c/{first}/consent", data={"of": "P1乙"})
    assert other.status_code == 404
    own = app.test_client().post(f"/c/{first}/consent", data={"of": "P1甲"})
    assert own.status_code == 302

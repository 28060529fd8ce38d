"""Two organisers with one page open: the later one never writes over the earlier unseen."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from flask import Flask

from compete.models import Account, Competition, db
from compete.services.kernel.competition_settings import settings_of
from compete.services.registration.window import window_of
from tests.support.competitions import load_sample
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small


class _Forms(HTMLParser):
    """What each form of a page would send as it stands, by its address."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._select, self._area = "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        name = has.get("name", "")
        if tag == "form":
            self.forms.append((has.get("action", ""), {}))
        if not self.forms:
            return
        sends = self.forms[-1][1]
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            if "selected" in has or self._select not in sends:
                sends[self._select] = has.get("value", "")
        elif tag == "textarea":
            self._area = name
            sends[name] = ""
        elif tag == "input" and name:
            ticked = has.get("type") in ("checkbox", "radio")
            if not ticked or "checked" in has:
                sends[name] = has.get("value", "on" if ticked else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][1][self._area] += data


def sent_by(page: str, address: str) -> dict[str, str]:
    """What the form that goes to this address sends."""
    return next(sends for action, sends in _Forms(page).forms if action.endswith(address))


SKILLS = {
    "appeals": ("/appeals", "/appeals/rules", {"answer_hours": "30"}, {"answer_hours": "40"}),
    "self entry": ("/self-entry", "/self-entry", {"open": "yes"}, {"crews": "yes"}),
    "months": ("/personal-data", "/personal-data/months", {"months": "30"}, {"months": "36"}),
    "award words": (
        "/certificates/words",
        "/certificates/words",
        {"title": "荣誉证书"},
        {"title": "获奖证书二"},
    ),
    "money": ("/prize-money", "/prize-money", {"yuan": "3000"}, {"yuan": "5000"}),
    "grounds": (
        "/claims",
        "/claims/grounds",
        {"direct.days": "7"},
        {"direct.days": "9"},
    ),
    "recheck": ("/recheck", "/recheck/settings", {"top": "60"}, {"top": "50"}),
    "clashes": ("/seating", "/seating/rules", {"years": "3"}, {"years": "4"}),
}


def test_the_later_of_two_is_told_and_presses_once_more(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    first, later = signed_in(app, organiser), signed_in(app, organiser)
    for what, (page, address, mine, theirs) in SKILLS.items():
        early = sent_by(first.get(f"/desk/X{page}").text, address)
        assert set(mine) - {"open", "crews"} <= set(early), (what, early)
        saved = later.post(f"/desk/X{address}", data=early | theirs)
        assert saved.status_code == 302, (what, saved.text[-3000:])
        db.session.expire_all()
        stands = dict(competition.settings)
        reply = first.post(f"/desk/X{address}", data=early | mine)
        assert (what, reply.status_code) == (what, 409)
        assert "吴敏 " in reply.text.split("你打开这一页以后，", 1)[1][:5], what
        assert "改过这里，所以没有存" in reply.text, what
        db.session.expire_all()
        assert competition.settings == stands, what
        # What was typed is still there, and goes when it is sent once more.
        typed = sent_by(reply.text, address)
        assert mine.items() <= typed.items(), (what, typed)
        assert first.post(f"/desk/X{address}", data=typed).status_code == 302, what
        db.session.expire_all()
        assert competition.settings != stands, what


def test_so_it_is_with_the_days_without_an_accident(
    app: Flask, here: Flask, organiser: Account
) -> None:
    competition = load_sample("key-projects-labour", by=organiser)
    desk, address = signed_in(app, organiser), f"/desk/{competition.code}/labour/safe-days"
    early = sent_by(desk.get(address).text, "/labour/safe-days")
    field, other = [name for name in early if name.startswith("day:")][:2]
    assert desk.post(address, data=early | {field: "2026-01-05"}).status_code == 302
    db.session.expire_all()
    stands = dict(competition.settings)
    reply = desk.post(address, data=early | {other: "2026-02-05"})
    assert (reply.status_code, "所以没有存" in reply.text) == (409, True)
    db.session.expire_all()
    assert competition.settings == stands


def test_a_form_that_was_refused_for_something_else_still_knows_what_it_showed(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    desk = signed_in(app, organiser)
    early = sent_by(desk.get("/desk/X/personal-data").text, "/personal-data/months")
    desk.post("/desk/X/personal-data/months", data=early | {"months": "30"})
    wrong = desk.post("/desk/X/personal-data/months", data=early | {"months": "0"})
    assert wrong.status_code == 400
    typed = sent_by(wrong.text, "/personal-data/months") | {"months": "36"}
    assert desk.post("/desk/X/personal-data/months", data=typed).status_code == 409
    db.session.expire_all()
    assert settings_of(competition).keep_months == 30


def test_a_quota_stays_when_somebody_else_sets_the_deadline(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    first, address = signed_in(app, organiser), "/desk/X/applications/window"
    early = sent_by(first.get("/desk/X/applications").text, "/applications/window")
    first.post(address, data=early | {"quota": "8"})
    assert first.post(address, data=early | {"closes": "2026-12-06T18:00"}).status_code == 302
    db.session.expire_all()
    window = window_of(competition)
    assert (window.quota, window.closes is not None) == (8, True)
    # Both the same: the later one sees whose value it is and chooses.
    reply = first.post(address, data=early | {"quota": "5"})
    assert reply.status_code == 409
    assert "改成“8”" in reply.text
    asked = sent_by(reply.text, "/applications/window")
    assert (asked["quota"], asked["closes"]) == ("5", "2026-12-06T18:00")
    assert first.post(address, data=asked).status_code == 409
    assert first.post(address, data=asked | {"settle": "theirs:quota"}).status_code == 302
    db.session.expire_all()
    assert window_of(competition).quota == 8
    assert first.post(address, data=asked | {"settle": "mine:quota"}).status_code == 302
    db.session.expire_all()
    assert window_of(competition).quota == 5


@pytest.mark.parametrize("shown", ["x", "a b c:", "units.window units_until", "·" * 500, "a :"])
def test_what_a_page_says_that_no_page_says_stops_nobody(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account, shown: str
) -> None:
    competition = load(small(all_marks()))
    desk = signed_in(app, organiser)
    sent = {"months": "30", "shown": shown, "was": shown, "theirs": "[" * 3000, "settle": ":::"}
    assert desk.post("/desk/X/personal-data/months", data=sent).status_code == 302
    db.session.expire_all()
    assert settings_of(competition).keep_months == 30
    sent |= {"quota": "5"}
    assert desk.post("/desk/X/applications/window", data=sent).status_code == 302

"""Blind codes in layers: each known to its own coder, opened by chief judge and supervisor."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from compete.domain.values import CompetitionState, Role
from compete.models import Account, BlindCode, Competition, Entrant, Sheet, db
from compete.services.accounts import create_account, grant_role, set_pin
from compete.services.closing import lock_marks, lock_module
from compete.services.judging import sign_sheet
from compete.services.kernel import Refused, audit, unit_of_work
from compete.services.sheets import (
    agree_unblinding,
    ask_unblinding,
    coding_settings,
    draw_blind_codes,
    drawn_codes,
    may_see_names,
    set_keepers,
    why_stay_closed,
)
from tests.support.judging import Tablet, seat_and_open
from tests.support.people import visitor
from tests.support.signing_in import official, signed_in
from tests.support.small import PEOPLE, small

PAGE = "/desk/X/coding"
PIN = "2580"


@pytest.fixture
def coders(load: Callable[..., Competition], organiser: Account) -> Competition:
    """A blind competition with three coders, before marking."""
    plain = small(event={"extra": {"blind": True}})
    plain["judges"] += [{"code": f"K{n}", "name": f"加密{n}", "role": "coder"} for n in range(1, 4)]
    return load(plain)


def chains(competition: Competition) -> dict[str, list[str]]:
    """By number the codes of a person, the outermost first."""
    rows = db.session.execute(
        select(Entrant.code, BlindCode.code)
        .join(BlindCode, BlindCode.entrant_id == Entrant.id)
        .order_by(BlindCode.layer)
    ).tuples()
    found: dict[str, list[str]] = {}
    for number, code in rows:
        found.setdefault(number, []).append(code)
    return found


def marked(competition: Competition, organiser: Account) -> None:
    """Everybody is marked by everybody, and nothing is signed."""
    seat_and_open(competition, organiser)
    for judge in ("J1", "J2", "J3"):
        tablet = Tablet(competition, judge)
        for number in PEOPLE:
            tablet.send(*tablet.full(number))


def test_each_coder_knows_the_own_layer_and_judges_the_last_one(
    app: Flask, coders: Competition, organiser: Account
) -> None:
    (event,) = coders.events
    desk = signed_in(app, organiser)
    assert "对照表" in desk.post(PAGE).text
    three = {"event": "E", "layer1": "K1", "layer2": "K2", "layer3": "K3"}
    assert desk.post(f"{PAGE}/keepers", data=three).status_code == 302
    assert coding_settings(event).keepers == ("K1", "K2", "K3")
    known = chains(coders)
    assert all(len(set(chain)) == 3 for chain in known.values())
    assert len({chain[layer][0] for chain in known.values() for layer in range(3)}) == 3
    assert drawn_codes(event) == {
        row.id: known[row.code][-1] for row in db.session.scalars(select(Entrant))
    }
    # The organiser knows none of them any more, nor does the record of one layer tell others.
    shown = desk.post(PAGE).text
    assert "归指定的加密裁判保管" in desk.get(PAGE).text
    assert not [code for chain in known.values() for code in chain if code in shown]
    assert desk.post(f"{PAGE}/form.pdf?event=E").status_code == 409
    for layer, coder in enumerate(("K1", "K2", "K3")):
        page = signed_in(app, official(coders, coder)).post(PAGE).text
        for chain in known.values():
            assert [code in page for code in chain] == [at in (layer, layer - 1) for at in range(3)]
        assert ("赵启明" in page) is (layer == 0)
    assert audit.recent(coders, 1)[0].action == "codes.show"
    assert not may_see_names(coders, [event], organiser)


def test_who_keeps_a_layer_is_chosen_among_coders_each_once(
    app: Flask, coders: Competition, organiser: Account
) -> None:
    desk, (event,) = signed_in(app, organiser), coders.events
    for first, second in (("J1", ""), ("K1", "K1")):
        sent = {"event": "E", "layer1": first, "layer2": second}
        answer = desk.post(f"{PAGE}/keepers", data=sent)
        assert (answer.status_code, coding_settings(event).keepers) == (400, ())
    assert desk.post(f"{PAGE}/keepers", data={"event": "?"}).status_code == 404
    for who in ("supervisor", "chief", "judge"):
        assert visitor(app, who, coders).post(f"{PAGE}/keepers").status_code == 404
    set_keepers(event, ["K2", "K1"], organiser)
    before = chains(coders)
    seat_and_open(coders, organiser)
    assert {sheet.label for sheet in db.session.scalars(select(Sheet))} == {
        chain[-1] for chain in before.values()
    }
    with pytest.raises(Refused, match="层数不能再改"):
        set_keepers(event, ["K2"], organiser)
    # A coder may be followed by another; the codes stay.
    set_keepers(event, ["K3", "K1"], organiser)
    assert chains(coders) == before
    set_keepers_back = desk.get(PAGE).text
    assert "第 1 层：K3 加密3" in set_keepers_back


def test_codes_are_opened_by_two_once_every_sheet_is_signed(
    app: Flask, coders: Competition, organiser: Account
) -> None:
    (event,) = coders.events
    set_keepers(event, ["K1", "K2"], organiser)
    chief, supervisor = official(coders, "C1"), official(coders, "S1")
    page = "/desk/X/unblinding"
    first, second = signed_in(app, chief), signed_in(app, supervisor)
    assert "还没开始评分" in first.get(page).text
    marked(coders, organiser)
    assert "没签名，不能解密" in first.get(page).text
    assert first.post(f"{page}/ask?event=E").status_code == 409
    with pytest.raises(Refused, match="没签名"):
        ask_unblinding(event, chief)
    for judge in ("J1", "J2", "J3"):
        tablet = Tablet(coders, judge)
        set_pin(tablet.account, PIN, PIN)
        for number in PEOPLE:
            name, sheet = tablet.judge.name, tablet.sheet(number)
            sign_sheet(sheet, pin=PIN, drawing=None, name=name, by=tablet.account)
    assert "先锁定" in str(why_stay_closed(event))
    for module in ("m", "t"):
        lock_module(event, "S", module, chief)
    with pytest.raises(Refused, match="还没解密"):
        lock_marks(coders, organiser)
    desk = signed_in(app, organiser)
    assert page in desk.get("/desk/X/").text
    assert desk.post(f"{page}/ask?event=E").status_code == 403
    assert first.post(f"{page}/ask?event=E").status_code == 302
    assert first.post(f"{page}/agree?event=E").status_code == 403
    assert desk.post(f"{page}/agree?event=E").status_code == 403
    assert first.post(f"{page}/codes").status_code == 404
    assert "同意解密" in second.get(page).text
    assert second.post(f"{page}/agree?event=E").status_code == 302
    shown = second.post(f"{page}/codes").text
    for number, chain in chains(coders).items():
        assert all(code in shown for code in (number, *chain))
    assert "赵启明" in shown
    assert audit.recent(coders, 2)[1].action == "blind.open"
    lock_marks(coders, organiser)
    assert coders.state is CompetitionState.LOCKED
    assert visitor(app, "stranger", coders).get(page).status_code == 404


def test_two_of_one_seat_do_not_open_the_codes(
    app: Flask, coders: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    (event,) = coders.events
    set_keepers(event, ["K1"], organiser)
    monkeypatch.setattr(
        "compete.services.sheets.coding_layers.why_stay_closed", lambda _event: None
    )
    other = create_account("裁判长丙")
    grant_role(other, coders, Role.CHIEF)
    ask_unblinding(event, official(coders, "C1"))
    with pytest.raises(Refused, match="各一人"):
        agree_unblinding(event, other)
    agree_unblinding(event, official(coders, "S1"))
    assert not coding_settings(event).closed


def test_who_comes_late_gets_a_code_of_every_layer(coders: Competition, organiser: Account) -> None:
    (event,) = coders.events
    set_keepers(event, ["K1", "K2", "K3"], organiser)
    first = db.session.scalars(select(Entrant).order_by(Entrant.id)).first()
    assert first is not None
    with unit_of_work() as session:
        for row in session.scalars(select(BlindCode).where(BlindCode.entrant_id == first.id)):
            session.delete(row)
    assert draw_blind_codes(event, organiser) == 1
    count = select(func.count(BlindCode.id)).where(BlindCode.entrant_id == first.id)
    assert db.session.scalar(count) == 3
    letters = {chain[1][0] for chain in chains(coders).values()}
    assert len(letters) == 1

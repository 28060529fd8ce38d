"""Blind codes in layers: each known to its own coder, opened by chief judge and supervisor."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import func, select

from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState, SheetState
from compete.models import Account, BlindCode, Competition, Entrant, Sheet, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.accounts.pins import set_pin
from compete.services.closing.competition_lock import lock_marks
from compete.services.closing.module_locks import lock_module, set_must_sign
from compete.services.closing.penalties_and_outcomes import Proposal, propose_decision
from compete.services.competitions.pending_approvals import asked_by
from compete.services.judging.signing import sign_sheet
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.sheets.blind_codes import (
    coding_settings,
    draw_blind_codes,
    drawn_codes,
    may_see_names,
)
from compete.services.sheets.coding_layers import (
    agree_unblinding,
    ask_unblinding,
    drop_unblinding,
    set_keepers,
    why_stay_closed,
)
from tests.support.judging import Tablet, seat_and_open
from tests.support.people import visitor
from tests.support.signing_in import official, signed_in, without_token
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
    codes_by_number: dict[str, list[str]] = {}
    for number, code in rows:
        codes_by_number.setdefault(number, []).append(code)
    return codes_by_number


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
    assert "归加密裁判保管" in desk.get(PAGE).text
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
    # Locked unsigned, the codes could never be opened: so a lock wants every signature here.
    set_must_sign(coders, False, organiser)
    with pytest.raises(Refused, match="没签名的评分表 8 张"):
        lock_module(event, "S", "m", chief)
    assert "没签名的评分表 8 张" in first.get("/desk/X/locks?module=E|S|m").text
    for judge in ("J1", "J2", "J3"):
        tablet = Tablet(coders, judge)
        set_pin(tablet.account, PIN, PIN)
        for number in PEOPLE:
            name, sheet = tablet.judge.name, tablet.sheet(number)
            sign_sheet(sheet, pin=PIN, drawing=None, name=name, by=tablet.account)
    assert "先锁定" in str(why_stay_closed(event))
    for module in ("m", "t"):
        lock_module(event, "S", module, chief)
    assert "改成签了才能锁" not in first.get("/desk/X/progress?module=E|S|m").text
    with pytest.raises(Refused, match="还没解密"):
        lock_marks(coders, organiser)
    desk = signed_in(app, organiser)
    assert page in desk.get("/desk/X/").text
    # Beside the progress by code, a state on a person's page would tell whose code it is.
    person = "/desk/X/entrants/P1/"
    assert "解密以前不写评到哪里" in desk.get(person).text
    assert "已签名" not in desk.get(person).text
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
    assert "已签名" in desk.get(person).text
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


def test_who_kept_one_layer_never_gets_another_of_the_same_codes(
    coders: Competition, organiser: Account
) -> None:
    (event,) = coders.events
    set_keepers(event, ["K1", "K2"], organiser)
    # Codes are drawn anew as long as no sheet bears them: nobody knows anything of these.
    set_keepers(event, ["K2", "K1"], organiser)
    seat_and_open(coders, organiser)
    with pytest.raises(Refused, match=r"K2 加密\d 保管过第 1 层"):
        set_keepers(event, ["K1", "K2"], organiser)
    set_keepers(event, ["K3", "K1"], organiser)
    # Who was followed keeps in mind what they saw, also once an opening was asked and dropped.
    with pytest.raises(Refused, match=r"K2 加密\d 保管过第 1 层"):
        set_keepers(event, ["K3", "K2"], organiser)
    set_keepers(event, ["K2", "K1"], organiser)
    assert coding_settings(event).keepers == ("K2", "K1")
    with pytest.raises(Refused, match=r"K3 加密\d 保管过第 1 层"):
        set_keepers(event, ["K2", "K3"], organiser)


def test_dropping_an_unblinding_forgets_nobody_who_kept_a_layer(
    coders: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    (event,) = coders.events
    set_keepers(event, ["K1", "K2"], organiser)
    seat_and_open(coders, organiser)
    set_keepers(event, ["K3", "K2"], organiser)
    monkeypatch.setattr(
        "compete.services.sheets.coding_layers.why_stay_closed", lambda _event: None
    )
    chief = official(coders, "C1")
    ask_unblinding(event, chief)
    drop_unblinding(event, chief)
    with pytest.raises(Refused, match=r"K1 加密\d 保管过第 1 层"):
        set_keepers(event, ["K3", "K1"], organiser)


def test_codes_that_somebody_saw_are_all_drawn_again_until_sheets_bear_them(
    app: Flask, coders: Competition, organiser: Account
) -> None:
    (event,) = coders.events
    desk, anew = signed_in(app, organiser), f"{PAGE}/anew"
    set_keepers(event, ["K1", "K2"], organiser)
    before = chains(coders)
    assert "全部重抽" in desk.get(PAGE).text
    refused = desk.post(anew, data={"event": "E"})
    assert (refused.status_code, "理由没写" in refused.text) == (400, True)
    assert chains(coders) == before
    sent = {"event": "E", "reason": "记录落在会场"}
    assert desk.post(anew, data=sent).status_code == 302
    known = chains(coders)
    assert known != before
    assert {len(chain) for chain in known.values()} == {2}
    assert "全部重抽：记录落在会场" in desk.get("/desk/X/").text
    seat_and_open(coders, organiser)
    assert "全部重抽" not in desk.get(PAGE).text
    assert desk.post(anew, data=sent).status_code == 409
    assert chains(coders) == known
    assert signed_in(app, official(coders, "K1")).post(anew, data=sent).status_code == 404


def test_who_keeps_codes_stays_on_the_list(
    app: Flask, coders: Competition, organiser: Account
) -> None:
    desk, (event,) = signed_in(app, organiser), coders.events
    set_keepers(event, ["K1"], organiser)
    drop = desk.post("/desk/X/judges/K1/remove")
    assert (drop.status_code, "保管加密号" in drop.text) == (409, True)
    assert "K1" in {judge.code for judge in coders.judges}
    set_keepers(event, ["K2"], organiser)
    assert desk.post("/desk/X/judges/K1/remove").status_code == 302


def test_a_coder_looks_up_what_is_handed_over_and_the_record_says_its_layer(
    app: Flask, coders: Competition, organiser: Account
) -> None:
    (event,) = coders.events
    set_keepers(event, ["K1", "K2"], organiser)
    known = chains(coders)
    # No code begins as an official's does: J-05 would be taken for the judge J5.
    letters = {judge.code[0] for judge in coders.judges}
    assert not letters & {code[0] for chain in known.values() for code in chain}
    for layer, coder in enumerate(("K1", "K2")):
        client = signed_in(app, official(coders, coder))
        page = client.post(PAGE).text
        handed = sorted(number if layer == 0 else chain[0] for number, chain in known.items())
        places = [page.index(f">{code}<") for code in handed]
        assert places == sorted(places)
        paper = client.post(f"{PAGE}/form.pdf?event=E").data
        text = PdfReader(BytesIO(paper)).pages[0].extract_text().replace(" ", "")
        assert f"第{layer + 1}层，共2层" in text
        places = [text.index(code) for code in handed]
        assert places == sorted(places)


def test_nobody_learns_a_units_codes_by_taking_a_judge_off_it(
    app: Flask, coders: Competition, organiser: Account
) -> None:
    (event,) = coders.events
    set_keepers(event, ["K1"], organiser)
    seat_and_open(coders, organiser)
    form = {"judge": "J1", "unit": "U1", "reason": "有亲属关系"}
    answer = signed_in(app, organiser).post("/desk/X/recusals", data=form)
    assert (answer.status_code, "用“换人”整个换下来" in answer.text) == (400, True)
    assert not db.session.scalar(select(Sheet.id).where(Sheet.state == SheetState.WITHDRAWN))


def test_a_proposal_tells_nobody_the_other_name_of_whom_it_is_about(
    app: Flask, coders: Competition, organiser: Account
) -> None:
    (event,) = coders.events
    set_keepers(event, ["K1", "K2"], organiser)
    seat_and_open(coders, organiser)
    desk, chief = signed_in(app, organiser), signed_in(app, official(coders, "C1"))
    page, known = "/desk/X/decisions", chains(coders)
    code, other = known["P1"][-1], known["P2"][-1]
    form = {"kind": "penalty", "place": "S|m", "points": "1", "reason": "迟到", "evidence": "录像"}
    by_code = desk.post(page, data=form | {"who": code})
    assert (by_code.status_code, "这里写参赛号" in by_code.text) == (400, True)
    assert desk.post(page, data=form | {"who": "P1"}).status_code == 302
    assert chief.post(page, data=form | {"who": other}).status_code == 302
    read = desk.get(page).text + desk.get("/desk/X/").text
    assert "#1 P1" in read
    assert f"#2 {other}" in read
    assert code not in read
    read = chief.get(page).text + chief.get("/desk/X/").text
    assert f"#1 {code}" in read
    assert f"#2 {other}" in read
    assert "P1" not in without_token(read)
    subjects = [row.subject for row in audit.recent(coders, 2)]
    assert subjects == ["#2", "#1"]


def test_who_proposed_by_the_number_reads_no_code_that_coders_keep(
    coders: Competition, organiser: Account
) -> None:
    (event,) = coders.events
    set_keepers(event, ["K1", "K2"], organiser)
    marked(coders, organiser)
    entrant = db.session.scalars(select(Entrant).filter_by(code="P1")).one()
    decision = propose_decision(entrant, Proposal("dsq", "S", None, "作弊", "录像"), organiser)
    (waiting,) = asked_by(coders, organiser)
    assert str(waiting.what) == f"取消成绩：#{decision.id}"

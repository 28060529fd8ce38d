"""退赛: before judging out of every list and back again, afterwards an outcome decided by two."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.scoring.scorer import score
from compete.domain.values.states import DecisionState
from compete.models import Account, Competition, Decision, Entrant, Sheet, Slot, db
from compete.services.competitions.overview import brief_of, overview_of
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.badges import print_badge
from compete.services.registration.entrant_lookup import entrant_by_code
from compete.services.registration.withdrawals import withdraw_person
from compete.services.schedule.allocation import assign_judges, make_sheets, open_judging
from compete.services.schedule.arrivals import arrivals_of
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live import live_results
from compete.services.sheets.blind_codes import draw_blind_codes, drawn_codes
from tests.support.announced import lock
from tests.support.signing_in import official, signed_in, without_token
from tests.support.small import all_marks, small

WHERE = "/desk/X/entrants/P4/"


def planned() -> dict[str, object]:
    """The small competition with a session of two people at one station."""
    plain = small()
    plain["competition"]["extra"] = {
        "schedule": [
            {
                "event": plain["events"][0]["code"],
                "stage": plain["events"][0]["stages"][0]["code"],
                "module": "m",
                "session": "第1场",
                "station": "1号工位",
                "starts": "2022-09-16T09:00",
                "entrants": ["P3", "P4"],
            }
        ]
    }
    return plain


@pytest.fixture
def competition(load: Callable[..., Competition]) -> Competition:
    """Nobody judged yet."""
    return load(planned())


@pytest.fixture
def desk(app: Flask, organiser: Account, competition: Competition) -> FlaskClient:
    """The organiser's desk."""
    return signed_in(app, organiser)


def begin(competition: Competition, by: Account) -> None:
    """Judging begins, with judges everywhere."""
    judges = {judge.code: judge for judge in competition.judges}
    event = competition.events[0]
    stage = rules_of(event).stages[0].code
    assign_judges(event, stage, "m", [(judges["J1"], ""), (judges["J2"], "")], by)
    assign_judges(event, stage, "t", [(judges["J3"], "")], by)
    open_judging(competition, by)


def of(competition: Competition, code: str = "P4") -> Entrant:
    """The entrant of that code."""
    entrant = entrant_by_code(competition, code)
    assert entrant is not None
    return entrant


def sheets_of(code: str) -> int:
    """How many sheets somebody has."""
    return db.session.query(Sheet).join(Entrant).filter(Entrant.code == code).count()


def test_who_withdrew_stands_in_no_list_and_the_record_stays(
    app: Flask, desk: FlaskClient, competition: Competition, organiser: Account
) -> None:
    page = desk.get(WHERE).text
    assert "第1场 1号工位" in page
    refused = desk.post(f"{WHERE}withdraw", data={"reason": " "})
    assert refused.status_code == 400
    assert "退赛要写原因" in refused.text
    before = export_bundle(competition)
    page_text = desk.post(f"{WHERE}withdraw", data={"reason": "受伤"}, follow_redirects=True).text
    assert "退赛了" in page_text
    assert "已退赛：受伤" in page_text
    assert "撤回退赛" in page_text
    assert "badge.pdf" in page
    assert "badge.pdf" not in page_text
    assert brief_of(competition).entrants == 3
    assert overview_of(competition).entrants == 3
    assert {row.entrant.code for row in arrivals_of(competition)} == {"P1", "P2", "P3"}
    listed = desk.get("/desk/X/entrants").text
    assert "3 人" in listed
    assert "已退赛" in listed
    assert "已退赛" in app.test_client().get(f"/c/{of(competition).badge_token}").text
    with pytest.raises(Refused, match="已经退赛"):
        print_badge(of(competition))
    with pytest.raises(Refused, match="已经退赛"):
        withdraw_person(of(competition), "再退", organiser)
    # The bundle is that of a competition in which nobody of that number was registered.
    bundle = export_bundle(competition)
    assert [row.code for row in bundle.entrants] == ["P1", "P2", "P3"]
    assert bundle.competition.extra["schedule"][0]["entrants"] == ["P3"]  # type: ignore[index]
    begin(competition, organiser)
    assert sheets_of("P4") == 0
    assert sheets_of("P3") == 3
    assert list(check_rows(competition)) == []
    assert list(verify_chain(competition)) == []
    # Back while others are judged, with sheets as everybody who comes late.
    assert desk.post(f"{WHERE}return").status_code == 302
    assert sheets_of("P4") == 3
    assert export_bundle(competition).entrants == before.entrants
    assert desk.post(f"{WHERE}return").status_code == 409
    assert "让 P4 退赛" in desk.get("/desk/X/").text


def test_a_withdrawal_is_taken_back_and_names_who_stands_there_now(
    desk: FlaskClient, competition: Competition
) -> None:
    desk.post(f"{WHERE}withdraw", data={"reason": "受伤"})
    page_text = desk.post(f"{WHERE}return", follow_redirects=True).text
    assert "回到名单了" in page_text
    assert "同一场同一个工位还有 P3" in page_text
    assert "撤回退赛" in page_text
    assert brief_of(competition).entrants == 4
    assert db.session.query(Slot).count() == 2


def test_a_code_is_drawn_for_those_alone_who_take_part(
    competition: Competition, organiser: Account
) -> None:
    withdraw_person(of(competition), "受伤", organiser)
    event = competition.events[0]
    with unit_of_work():
        event.blind = True
    draw_blind_codes(event, organiser)
    assert len(drawn_codes(event)) == 3
    with unit_of_work():
        make_sheets(event, organiser)
    assert sheets_of("P4") == 0


def test_results_agree_to_the_digit_with_a_file_without_the_person(
    load: Callable[..., Competition], competition: Competition, organiser: Account
) -> None:
    withdraw_person(of(competition), "受伤", organiser)
    plain = small([mark for mark in all_marks() if mark["entrant"] != "P4"])
    plain["competition"]["code"] = "Y"
    plain["entrants"] = plain["entrants"][:3]
    other = load(plain)
    event, same = export_bundle(competition), export_bundle(other)
    assert [row.code for row in event.entrants] == [row.code for row in same.entrants]
    rows = live_results(competition).results.events[0].standings
    assert [row.entrant for row in rows] == ["P1", "P2", "P3"]
    marked = msgspec.structs.replace(event, marks=same.marks)
    assert score(marked).events[0].standings == score(same).events[0].standings


def test_once_judging_has_begun_it_is_an_outcome_that_two_decide(
    app: Flask, desk: FlaskClient, competition: Competition, organiser: Account
) -> None:
    begin(competition, organiser)
    assert "按缺考或中途退出办" in desk.get(WHERE).text
    assert desk.post(f"{WHERE}withdraw", data={"reason": "受伤"}).status_code == 400
    typed = {"reason": "受伤", "evidence": "队医证明"}
    answer = desk.post(f"{WHERE}withdraw", data=typed)
    assert answer.location == "/desk/X/decisions"
    (decision,) = db.session.query(Decision).all()
    assert (decision.kind, decision.state) == ("dns", DecisionState.PROPOSED)
    assert decision.module is None
    assert desk.post(f"{WHERE}withdraw", data=typed).status_code == 409
    assert brief_of(competition).entrants == 4


def test_who_dropped_out_with_all_marks_keeps_a_rank_that_says_so(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small(all_marks())
    stage = plain["events"][0]["stages"][0]["code"]
    plain["outcomes"] = [{"stage": stage, "entrant": "P4", "status": "dnf", "reason": "受伤"}]
    competition = load(plain)
    desk = signed_in(app, organiser)
    card = desk.get(WHERE).text
    assert f'action="{WHERE}withdraw"' not in card
    assert "已经记了缺考、中途退出或取消成绩" in card
    lock(competition, organiser)
    rows = desk.get("/desk/X/standings").text.split("<tr")
    (row,) = [row for row in rows if ">P4<" in row]
    assert "中途退出" in row
    assert not any("中途退出" in other for other in rows if other is not row)


def test_nobody_goes_on_with_the_sheets_of_who_dropped_out(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    left = {"entrant": "P4", "judge": "J1", "aspect": "f"}
    plain = small([mark for mark in all_marks() if not left.items() <= mark.items()])
    stage = plain["events"][0]["stages"][0]["code"]
    plain["outcomes"] = [{"stage": stage, "entrant": "P4", "status": "dnf", "reason": "受伤"}]
    load(plain)
    page = signed_in(app, organiser).get(WHERE).text
    sheets = page[page.index("评分表和成绩") :]
    assert "中途退出 1</span>" in sheets
    assert "进行中" not in sheets


def test_under_the_lock_nothing_of_it_can_be_changed(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    lock(competition, organiser)
    desk = signed_in(app, organiser)
    assert f'action="{WHERE}withdraw"' not in desk.get(WHERE).text
    assert "先解锁" in desk.get(WHERE).text
    assert desk.post(f"{WHERE}withdraw", data={"reason": "x"}).status_code == 409
    assert desk.post(f"{WHERE}return").status_code == 409


def test_nobody_but_the_organiser_lets_somebody_withdraw(
    app: Flask, competition: Competition
) -> None:
    chief = signed_in(app, official(competition, "C1"))
    assert chief.post(f"{WHERE}withdraw", data={"reason": "x"}).status_code == 404
    assert chief.post(f"{WHERE}return").status_code == 404


def test_in_a_blind_event_neither_page_nor_words_join_name_and_code(
    app: Flask, desk: FlaskClient, competition: Competition, organiser: Account
) -> None:
    event, entrant = competition.events[0], of(competition)
    with unit_of_work():
        event.blind = True
    draw_blind_codes(event, organiser)
    begin(competition, organiser)
    code = drawn_codes(event)[entrant.id]
    for evidence in (f"{entrant.name}受伤", "P4 受伤", f"{entrant.unit.name}来电话"):
        typed = {"reason": "受伤", "evidence": evidence}
        refused = desk.post(f"{WHERE}withdraw", data=typed)
        assert (refused.status_code, "不要写姓名" in refused.text) == (400, True), evidence
    typed = {"reason": "受伤", "evidence": "队医证明"}
    answer = desk.post(f"{WHERE}withdraw", data=typed)
    assert answer.location == WHERE
    assert code not in desk.get(WHERE).text
    # A second time the refusal tells neither the one nor the other.
    chief = signed_in(app, official(competition, "C1"))
    (decision,) = db.session.query(Decision).all()
    form = {"who": code, "kind": "dns", "place": f"E|{decision.stage}|", **typed}
    refused = chief.post("/desk/X/decisions", data=form)
    assert "这名选手已经有“缺考”了" in refused.text
    for page in (refused.text, chief.get("/desk/X/").text, chief.get("/desk/X/decisions").text):
        assert code in page
        assert entrant.name not in page
        assert "P4" not in without_token(page)

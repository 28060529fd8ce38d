"""An event that was taken away by mistake comes back."""

from __future__ import annotations

import re
from datetime import date

from flask import Flask

from compete.domain.eligibility import Conditions
from compete.models import Account, BoardSnapshot, PaperDraw
from compete.services.hall.board_acts import make_board
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import Coding, change_settings, settings_of
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.slots import planned_sessions, put_plan
from tests.support.signing_in import signed_in
from tests.web.organiser.rules.test_event_pages import add, draft, event_of

UNDER_60 = Conditions(age_to=60)


def test_an_event_that_was_taken_away_comes_back_as_it_was(
    app: Flask, here: Flask, organiser: Account
) -> None:
    made = draft(organiser)
    desk = signed_in(app, organiser)
    place = add(desk, "叉车", "template:port-forklift:FORK")
    before = event_of("E-2026")
    code, rules = before.code, before.rules.definition
    own_session = {"event": code, "stage": "final", "module": "T", "date": "2026-12-01"}
    others = {"event": "other", "stage": "final", "module": "T", "date": "2026-12-02"}
    with unit_of_work():
        put_plan(made, [own_session, others])
        change_settings(
            made,
            conditions={code: UNDER_60},
            coding={code: Coding(keepers=("C01",))},
        )
    # Who opened the page of its board has made one; who drew on paper keeps it.
    with unit_of_work() as session:
        board = make_board(before, organiser)
        session.add(BoardSnapshot(board_id=board.id, purpose="live", version=1, content={}))
        paper = PaperDraw(
            **{"competition_id": made.id, "event_id": before.id, "stage": "F", "module": "T"},
            **{
                "drawn_on": date(2026, 12, 1),
                "supervisor": "田春",
                "codes": [],
                "made_by": organiser.id,
            },
        )
        session.add(paper)
    kept = desk.post(f"/desk/E-2026/events/remove?event={code}")
    assert (kept.status_code, "有抽签、评选的奖项" in kept.text) == (409, True)
    with unit_of_work() as session:
        session.delete(paper)
    gone = desk.post(f"/desk/E-2026/events/remove?event={code}")
    shown = desk.get(gone.location).text
    assert "撤销，拿回来" in shown
    assert made.events == []
    kept = settings_of(made)
    assert (kept.conditions, kept.coding) == ({}, {})
    assert planned_sessions(made) == [others]
    token = re.search(r'name="removed" value="([^"]*)"', shown)
    assert token is not None
    back = {"removed": token[1]}
    assert (
        "回来了" in desk.post("/desk/E-2026/events/restore", data=back, follow_redirects=True).text
    )
    again = event_of("E-2026")
    assert (again.code, again.name, again.rules.definition) == (code, "叉车", rules)
    assert desk.get(place).status_code == 200
    assert settings_of(made).conditions == {code: UNDER_60}
    assert planned_sessions(made) == [others, own_session]
    # Once, and by nobody else.
    assert desk.post("/desk/E-2026/events/restore", data=back).status_code == 410
    assert desk.post("/desk/E-2026/events/restore", data={"removed": "x"}).status_code == 410
    assert list(verify_chain(made)) == []

"""The step of checking in on the competition's page."""

from __future__ import annotations

import re
from uuid import uuid4

from flask import Flask

from compete.domain.values.states import CheckInKind
from compete.models import Account, Competition, Entrant, OutcomeEntry, db, utc_now
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.check_in_acts import CheckInIn, take_check_ins
from tests.support.announced import lock
from tests.support.signing_in import signed_in


def test_check_in_is_told_by_its_records_and_not_by_how_far_the_competition_is(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    def step() -> tuple[str, str]:
        page = signed_in(app, organiser).get("/desk/X/").text
        part = page[: page.index("3 检录")].rpartition('class="step ')[2].partition('"')[0]
        hit = re.search(r"3 检录(.*?)</(?:div|a)>", page, re.S)
        assert hit is not None
        return part, " ".join(re.sub(r"<[^>]*>", " ", hit[1]).split())

    lock(judged, organiser)
    assert step() == ("later", "0 / 4 没有记录")
    with unit_of_work() as session:
        last = db.session.query(Entrant).filter_by(code="P4").one()
        session.add(OutcomeEntry(entrant_id=last.id, stage="S", status="dns"))
    assert step()[1].startswith("0 / 4 没有记录；1 人缺考：")
    english = signed_in(app, organiser)
    english.get("/language/en")
    assert "No records; absent (1" in english.get("/desk/X/").text
    act = CheckInIn(
        **{"uuid": str(uuid4()), "kind": CheckInKind.PASSED, "entrant": "P1", "stage": "S"},
        **{"at": utc_now(), "compared": True},
    )
    take_check_ins(judged, [act], organiser)
    state, step_text = step()
    assert state == "later"
    assert step_text.startswith("1 / 4 2 人没排时间，还没检录；1 人缺考：")
    with unit_of_work() as session:
        for entrant in db.session.query(Entrant).filter(Entrant.code.in_(["P2", "P3"])):
            session.add(OutcomeEntry(entrant_id=entrant.id, stage="S", status="dns"))
    state, step_text = step()
    assert state == "done"
    assert step_text.startswith("已完成 1 / 4 3 人缺考")

"""Marks that a device measured: the first of two readings, which a person settles and signs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from compete.domain.values.roles import Role
from compete.domain.values.states import SheetState
from compete.models import Account, Act, AuditEntry, Competition, PaperEntry, Sheet, db
from compete.services.accounts.accounts import grant_role
from compete.services.accounts.api_tokens import Scope
from compete.services.closing.paper_entry import enter_paper
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.allocation import assign_judges, open_judging
from compete.services.sheets.provenance import brought_marks
from compete.web.organiser.log.record_words import record_text
from tests.support.api_calls import called, refused, token_for
from tests.support.signing_in import official, signed_in

WHERE = "/competitions/X/modules/E/t/marks"
AT = "2026-09-17T09:12:30+08:00"


@pytest.fixture
def begun(fresh: Competition, organiser: Account) -> Competition:
    """The small competition with its judges seated and judging begun."""
    event, judges = fresh.events[0], {judge.code: judge for judge in fresh.judges}
    assign_judges(event, "S", "m", [(judges["J1"], ""), (judges["J2"], "")], organiser)
    assign_judges(event, "S", "t", [(judges["J3"], "")], organiser)
    open_judging(fresh, organiser)
    return fresh


@pytest.fixture
def token(begun: Competition, organiser: Account) -> str:
    return token_for(organiser, Scope.MARKS_WRITE)


def mark(entrant: str = "P1", **keys: Any) -> dict[str, Any]:
    if not {"value", "time"} & keys.keys():
        keys["time"] = "1:32.5"
    return {"entrant": entrant, "source": "二号门计时器", "at": AT, **keys}


def sent(app: Flask, token: str, *rows: dict[str, Any], where: str = WHERE, **headers: str) -> Any:
    return called(app, where, token, method="POST", sent=list(rows), **headers)


def sheet_of(code: str, module: str = "t") -> Sheet:
    db.session.rollback()
    return db.session.query(Sheet).filter_by(label=code, module=module).one()


def readings() -> list[PaperEntry]:
    db.session.rollback()
    return db.session.query(PaperEntry).order_by(PaperEntry.id).all()


@pytest.mark.each_database
def test_a_reading_counts_once_a_person_has_read_the_same(
    app: Flask, begun: Competition, token: str
) -> None:
    answer = sent(app, token, mark(), mark("P2", time=100), mark("P3", value="88.25"))
    assert [row["result"] for row in answer.json["data"]] == ["changed"] * 3
    assert [entry.values["s"] for entry in readings()] == ["92.5", "100", "88.25"]
    assert {entry.device for entry in readings()} == {"二号门计时器"}
    assert readings()[0].read_at.isoformat() == "2026-09-17T01:12:30+00:00"
    assert not any(entry.signed for entry in readings())
    sheet = sheet_of("P1")
    assert sheet.state is SheetState.NOT_BEGUN
    reader = official(begun, "S1")
    page = signed_in(app, reader).get("/desk/X/paper").text
    assert "二号门计时器 读了，等你录" in page
    state = enter_paper(sheet, {"s": Decimal("92.50")}, signed=True, by=reader)
    assert state.settled
    assert sheet_of("P1").state is SheetState.SIGNED
    (words,) = brought_marks([sheet.id])[sheet.id].values()
    assert str(words) == "二号门计时器 的读数，S1 核对"
    entries = db.session.query(AuditEntry).filter_by(action="paper.enter")
    with app.test_request_context():
        sentence = record_text(entries.order_by(AuditEntry.seq).first(), {})
    assert sentence == "接口 人事系统 送来 二号门计时器 测的 P1"
    assert [entry.actor for entry in entries] == ["接口 人事系统"] * 3 + [reader.name]
    assert list(verify_chain(begun)) == []
    assert list(check_rows(begun)) == []


def test_what_a_person_reads_otherwise_settles_nothing(
    app: Flask, begun: Competition, token: str
) -> None:
    sent(app, token, mark())
    state = enter_paper(sheet_of("P1"), {"s": Decimal(93)}, signed=True, by=official(begun, "S1"))
    assert (state.word, state.signature_differs) == ("differs", False)
    assert db.session.query(Act).count() == 0


def test_a_device_never_settles_what_a_person_has_begun(
    app: Flask, begun: Competition, token: str
) -> None:
    enter_paper(sheet_of("P1"), {"s": Decimal("92.5")}, signed=True, by=official(begun, "S1"))
    problem = refused(sent(app, token, mark("P2"), mark("P1")), 409)
    assert problem["errors"][0]["pointer"] == "/1/entrant"
    assert len(readings()) == 1
    assert sheet_of("P1").state is SheetState.NOT_BEGUN


def test_who_made_the_token_is_no_second_person(app: Flask, begun: Competition, token: str) -> None:
    supervisor = official(begun, "S1")
    grant_role(supervisor, begun, Role.ORGANISER)
    sent(app, token_for(supervisor, Scope.MARKS_WRITE), mark())
    with pytest.raises(Refused):
        enter_paper(sheet_of("P1"), {"s": Decimal("92.5")}, signed=True, by=supervisor)


def test_the_same_reading_again_is_unchanged_and_another_takes_its_place(
    app: Flask, begun: Competition, token: str, organiser: Account
) -> None:
    sent(app, token, mark())
    assert sent(app, token, mark()).json["data"][0]["result"] == "unchanged"
    assert len(readings()) == 1
    other = token_for(organiser, Scope.MARKS_WRITE)
    assert sent(app, other, mark(time="93")).json["data"][0]["result"] == "changed"
    state = enter_paper(sheet_of("P1"), {"s": Decimal(93)}, signed=False, by=official(begun, "S1"))
    assert state.settled
    refused(sent(app, token, mark()), 409)


def test_an_instant_that_no_clock_says_is_refused(
    app: Flask, begun: Competition, token: str, organiser: Account
) -> None:
    far = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2999-01-01T00:00:00Z")
    reader = token_for(organiser, Scope.CERTIFICATES_READ)
    for at in far:
        problem = refused(sent(app, token, mark(at=at)), 400)
        assert problem["errors"][0]["pointer"].startswith("/0")
        since = at.replace("+", "%2B")
        refused(called(app, f"/competitions/X/certificates?since={since}", reader), 400)
    assert readings() == []


def test_one_bad_mark_keeps_all_of_them_out(app: Flask, begun: Competition, token: str) -> None:
    problem = refused(
        sent(
            app,
            token,
            mark("P1"),
            mark("P9"),
            mark("P1"),
            mark("P2", time="-3"),
            mark("P3", time="很快"),
            mark("P4", value=1, time=2),
        ),
        422,
    )
    assert [(it["pointer"], it["code"]) for it in problem["errors"]] == [
        ("/1/entrant", "entrant_unknown"),
        ("/2/entrant", "repeated"),
        ("/3/time", "refused"),
        ("/4/time", "refused"),
        ("/5/value", "missing"),
    ]
    assert readings() == []
    for row, pointer in (
        (mark(at="2026-09-17T09:12:30"), "/0/at"),
        (mark(source=""), "/0/source"),
        ({"entrant": "P1"}, "/0/source"),
    ):
        assert refused(sent(app, token, row), 400)["errors"][0]["pointer"] == pointer


def test_only_a_sheet_of_one_number_is_read_by_a_device(
    app: Flask, begun: Competition, token: str
) -> None:
    refused(sent(app, token, mark(), where="/competitions/X/modules/E/m/marks"), 422)
    refused(sent(app, token, mark(), where="/competitions/X/modules/E/x/marks"), 404)
    refused(sent(app, token, mark(), where="/competitions/X/modules/F/t/marks"), 404)
    refused(sent(app, token, mark(), where=f"{WHERE}?stage=F"), 404)
    assert sent(app, token, mark(), where=f"{WHERE}?stage=S").status_code == 200


def test_nobody_in_a_coded_event_is_marked_by_number(
    app: Flask, begun: Competition, token: str
) -> None:
    with unit_of_work():
        begun.events[0].blind = True
    assert "盲评" in refused(sent(app, token, mark()), 409)["detail"]
    assert readings() == []


def test_a_key_enters_marks_once(app: Flask, begun: Competition, token: str) -> None:
    key = {"Idempotency-Key": "a"}
    first = sent(app, token, mark(), **key)
    sent(app, token, mark(time="95"))
    assert sent(app, token, mark(), **key).data == first.data
    assert [entry.values["s"] for entry in readings()] == ["92.5", "95"]

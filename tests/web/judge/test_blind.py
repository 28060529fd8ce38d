"""In a blind event nothing that a judge can reach tells who anybody is."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.models import (
    Account,
    BlindCode,
    Competition,
    Decision,
    Entrant,
    Sheet,
    Slot,
    db,
    utc_now,
)
from compete.services.judging.panels.judge_progress import stations_by_entrant
from compete.services.kernel.transactions import unit_of_work
from tests.support.judging import Tablet, seat_and_open
from tests.support.people import visitor
from tests.support.signing_in import signed_in
from tests.support.small import PEOPLE, small

CODES = {code: f"ENT-{place}7" for place, code in enumerate(PEOPLE, start=1)}


@pytest.fixture
def blind(load: Callable[..., Competition], organiser: Account) -> Competition:
    """A blind competition, drawn, placed and open, with a sheet begun, returned and submitted."""
    plain = small(event={"extra": {"blind": True}})
    for entrant in plain["entrants"]:
        entrant |= {"code": CODES[entrant["code"]], "phone": "13800000000", "birth": "1990-01-01"}
    competition = load(plain)
    with unit_of_work() as session:
        for place, person in enumerate(session.scalars(select(Entrant))):
            session.add(
                Slot(
                    entrant_id=person.id,
                    stage="S",
                    module="m",
                    session=f"秘密场次{place}",
                    station=f"秘密工位{place}",
                    starts_at=utc_now(),
                )
            )
    seat_and_open(competition, organiser)
    tablet = Tablet(competition)
    tablet.send(*tablet.full("ENT-17"), tablet.mark("a", "1", "ENT-27"))
    return competition


def secrets(competition: Competition) -> list[str]:
    """Everything by which somebody could be known."""
    private_words = ["甲单位", "乙单位", "秘密", "13800000000", "1990-01-01", "19900101"]
    for person in db.session.scalars(select(Entrant)):
        private_words += [person.name, person.code, person.id_number or "", person.badge_token]
        private_words += [person.id_hash or "", person.badge_hash]
    return private_words


def text_of(answer: Any) -> str:
    """The whole of an answer: head, body, and where it leads."""
    return f"{answer.headers}{answer.data.decode()}"


@pytest.fixture
def judge(app: Flask, blind: Competition) -> FlaskClient:
    """J1, signed in."""
    return visitor(app, "judge", blind)


def test_no_page_and_no_answer_names_anybody(
    app: Flask, judge: FlaskClient, blind: Competition
) -> None:
    private = secrets(blind)
    sheets = db.session.scalars(select(Sheet)).all()
    answers = [
        judge.get(address)
        for address in (
            "/judge/",
            "/api/home",
            "/judge/scan",
            "/judge/scan?code=nobody",
            "/judge/sign",
            "/desk/",
            "/desk/X/",
            "/desk/X/standings",
            "/desk/X/progress",
            "/p/X",
            "/",
            *(f"/judge/sheets/{sheet.public_id}" for sheet in sheets),
            *(f"/judge/sheets/{sheet.public_id}/field" for sheet in sheets),
            *(f"/api/sheets/{sheet.public_id}" for sheet in sheets),
        )
    ]
    answers.append(judge.post("/api/acts", json={"acts": hostile_acts(sheets[0].public_id)}))
    assert any(answer.status_code == 200 for answer in answers)
    for answer in answers:
        assert [word for word in private if word and word in text_of(answer)] == [], (
            answer.request.path
        )


def hostile_acts(sheet: str) -> list[dict[str, Any]]:
    """Acts that are refused for every reason there is."""
    keys: list[dict[str, Any]] = [
        {"kind": "mark", "aspect": "a", "value": "99"},
        {"kind": "mark", "aspect": "zz", "value": "1"},
        {"kind": "submit"},
        {"kind": "watch_stop", "value": "-1"},
        {"kind": "unknown"},
        {"kind": "mark", "aspect": "a", "value": "1", "sheet": "f" * 32},
    ]
    return [{"uuid": str(uuid.uuid4()), "sheet": sheet, **key} for key in keys]


def test_every_refusal_knows_the_code_alone(judge: FlaskClient, blind: Competition) -> None:
    labels = set(db.session.scalars(select(BlindCode.code)))
    sheet = db.session.scalars(select(Sheet).where(Sheet.label.in_(labels))).first()
    assert sheet is not None
    answer = judge.post("/api/acts", json={"acts": hostile_acts(sheet.public_id)}).json
    assert len(answer["refused"]) == 6
    reasons = json.dumps(answer, ensure_ascii=False)
    assert [word for word in secrets(blind) if word and word in reasons] == []


def test_a_badge_and_a_number_lead_a_judge_to_no_sheet(
    judge: FlaskClient, blind: Competition
) -> None:
    for person in db.session.scalars(select(Entrant)).all():
        for wanted in (person.code, person.name, person.badge_token, f"/c/{person.badge_token}"):
            answer = judge.get("/judge/scan", query_string={"code": wanted})
            assert answer.status_code == 200
            assert "/judge/sheets/" not in answer.text
            words = "<span>盲评不看参赛证，写加密号</span>"
            assert (words in answer.text) == (person.badge_token in wanted)
        assert judge.get(f"/c/{person.badge_token}").status_code == 200


def test_a_code_leads_a_judge_to_the_sheet(judge: FlaskClient, blind: Competition) -> None:
    label = db.session.scalars(select(BlindCode.code)).first()
    assert label is not None
    letter, digits = re.findall(r"[A-Z]+|[0-9]+", label)
    wide = label.translate({ord(sign): ord(sign) + 0xFEE0 for sign in label})
    typed = [label, label.lower(), f"{letter}{digits}", f"{letter} {digits}", wide]
    answers = [judge.get("/judge/scan", query_string={"code": typed_code}) for typed_code in typed]
    assert {answer.status_code for answer in answers} == {302}
    (opened,) = {answer.location for answer in answers}
    assert "/judge/sheets/" in opened


def test_sheets_stand_in_the_order_of_the_codes_whatever_the_plan(
    judge: FlaskClient, blind: Competition
) -> None:
    codes = [sheet["code"] for sheet in judge.get("/api/home").json["sheets"]]
    assert codes == sorted(codes)
    assert len(codes) == 4


def test_another_judges_sheet_is_as_unknown_as_none(
    app: Flask, judge: FlaskClient, blind: Competition
) -> None:
    other = Tablet(blind, "J2").sheet("ENT-17").public_id
    there = judge.get(f"/api/sheets/{other}")
    not_there = judge.get(f"/api/sheets/{'f' * 32}")
    assert there.status_code == not_there.status_code == 404
    assert there.data == not_there.data


def test_the_same_pages_of_an_open_event_do_show_the_number(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    seat_and_open(fresh, organiser)
    judge = visitor(app, "judge", fresh)
    home = judge.get("/api/home").json
    assert [sheet["code"] for sheet in home["sheets"]] == list(PEOPLE)
    badge = db.session.scalars(select(Entrant.badge_token)).first()
    assert judge.get(f"/c/{badge}").status_code == 302


def test_who_writes_a_number_for_a_code_is_told_so(app: Flask, blind: Competition) -> None:
    chief = visitor(app, "chief", blind)
    form = {"kind": "dns", "place": "E|S|", "who": "P1", "reason": "没到", "evidence": "名单"}
    answer = chief.post("/desk/X/decisions", data=form)
    assert answer.status_code == 400
    assert "是盲评：写加密号。没有加密号“P1”" in answer.text


def test_who_knows_the_number_alone_asks_the_organiser_who_proposes_by_it(
    app: Flask, blind: Competition, organiser: Account
) -> None:
    """Nobody draws the code out of a number but who may see both; the chief confirms a code."""
    chief, desk = visitor(app, "chief", blind), signed_in(app, organiser)
    where = "/desk/X/decisions"
    assert "组委会按参赛号提出，你在这里确认" in chief.get(where).text
    assert "/desk/X/coding" not in chief.get(where).text
    assert 'href="/desk/X/coding"' in desk.get(where).text
    form = {"kind": "dsq", "place": "E|S|", "reason": "作弊", "evidence": "监督看到"}
    for number in ("ENT-17", "ENT-27"):
        assert chief.post(where, data=form | {"who": number}).status_code == 400
    assert desk.post(where, data=form | {"who": "ENT-17"}).status_code == 302
    decision = db.session.scalars(select(Decision)).one()
    assert decision.entrant.code == "ENT-17"
    page = chief.get(where).text
    code = db.session.scalars(
        select(BlindCode.code).where(BlindCode.entrant_id == decision.entrant_id)
    ).one()
    assert f"<h2>{code}<" in page
    assert not [secret for secret in secrets(blind) if secret in page]
    answer = chief.post(f"{where}/{decision.id}/confirm", follow_redirects=True)
    assert "确认了，从现在起生效" in answer.text
    # The code does as well, and a number of nobody is said to be nobody's.
    other = db.session.scalars(select(BlindCode.code).where(BlindCode.code != code).limit(1)).one()
    assert desk.post(where, data=form | {"who": other}).status_code == 302
    assert "没有编号是“ENT-99”的选手" in desk.post(where, data=form | {"who": "ENT-99"}).text


def test_no_station_stands_beside_a_code_on_the_desk(
    app: Flask, blind: Competition, organiser: Account
) -> None:
    """Who is drawn to a station is published: beside its codes it would tell whose they are."""
    event = blind.events[0]
    for who in ("chief", "supervisor"):
        desk = visitor(app, who, blind)
        for page in ("progress", f"progress?module={event.code}|S|m"):
            shown = desk.get(f"/desk/{blind.code}/{page}", follow_redirects=True).text
            assert "秘密工位" not in shown
    assert stations_by_entrant(event, "S", "m") == {}


def test_codes_begin_with_no_letter_of_the_numbers(blind: Competition) -> None:
    numbers = {code[0] for code in db.session.scalars(select(Entrant.code))}
    codes = db.session.scalars(select(BlindCode.code)).all()
    assert codes
    assert not {code[0] for code in codes} & numbers

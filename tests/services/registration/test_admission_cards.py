"""The admission card of an evaluation: for whom, and what stands on it."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from compete.documents.admission_cards import AdmissionCard
from compete.models import Account, Competition, Entrant, Slot, db
from compete.services.certificates.issuing_bodies import choose_body
from compete.services.jobs.papers.kinds import Asked, paper_kinds
from compete.services.kernel import audit
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration import badges
from compete.services.registration.entrant_lookup import entrants_by_code
from compete.services.registration.writing import add_person
from tests.services.registration.test_evaluation_columns import NEW
from tests.services.registration.test_issued_here import seat_judges
from tests.sheets.reading.files import id_of
from tests.support.announced import body_for
from tests.support.evaluation import evaluation
from tests.support.passing import pass_all, passed
from tests.support.roomed import centre
from tests.support.signing_in import signed_in
from tests.support.statements import statements


@pytest.fixture
def assessed(load: Callable[..., Competition]) -> Competition:
    plain = evaluation()
    plain["entrants"], plain["marks"] = [], []
    return load(plain)


@pytest.fixture
def desk(app: Flask, organiser: Account) -> FlaskClient:
    return signed_in(app, organiser)


def enter(competition: Competition, by: Account, name: str, number: int, **fields: str) -> Entrant:
    """Add somebody; who meets the conditions is passed at once."""
    typed = {"name": name, "id_number": id_of(number), "papers": ""}
    who = add_person(competition, NEW | typed | fields, by)
    pass_all(competition, by)
    return who


def read(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def seat(who: Entrant, by: Account) -> None:
    """Lay out the theory at nine in room 301, seat 12, and a skill at two."""
    with unit_of_work() as session:
        for module, hour, room, place in (
            ("theory", 1, "301考场", "12座"),
            ("one", 6, "泵房", "3工位"),
        ):
            at = datetime(2026, 5, 10, hour, tzinfo=UTC)
            slot = Slot(
                entrant_id=who.id,
                stage="s",
                module=module,
                session=room,
                station=place,
                starts_at=at,
            )
            session.add(slot)
        audit.record(who.competition, by, "test.seated", who.code)


def test_it_bears_the_masked_number_and_each_module_with_day_time_room_and_seat(
    assessed: Competition, organiser: Account, desk: FlaskClient
) -> None:
    who = enter(assessed, organiser, "符合的", 11)
    seat(who, organiser)
    for address in ("/desk/EV/badges.pdf", f"/desk/EV/entrants/{who.code}/badge.pdf"):
        text = read(desk.get(address).data)
        number = id_of(11)
        assert number[:4] + "*" * 10 + number[-4:] in text
        assert number not in text
        assert "准考证" in text
        for words in ("theory5月10日09:00301考场12座", "one5月10日14:00泵房3工位"):
            assert words in "".join(text.split())
        assert not any(word in text for word in ("参赛", "选手", "职工组", "赛前"))


def test_who_meets_no_condition_has_none_and_is_named_with_why(
    assessed: Competition, organiser: Account, desk: FlaskClient
) -> None:
    enter(assessed, organiser, "符合的", 11)
    early = enter(assessed, organiser, "差时间", 12, grade_since="2024-03-01").code
    text = read(desk.get("/desk/EV/badges.pdf").data)
    assert "符合的" in text
    assert "差时间" not in text
    page = desk.get("/desk/EV/entrants").text
    assert page.count("没有准考证：") == 1
    assert "没有准考证：还差 10 个月，2027-03-01 满" in page
    own = desk.get(f"/desk/EV/entrants/{early}/").text
    assert "没有通过审核，没有准考证" in own
    assert "badge.pdf" not in own
    refused = desk.get(f"/desk/EV/entrants/{early}/badge.pdf")
    assert f"{early} 没有通过审核，没有准考证" in refused.text
    assert "badges.pdf" in desk.get("/desk/EV/review").text


def test_where_nobody_meets_the_conditions_none_is_printed(
    assessed: Competition, organiser: Account, desk: FlaskClient
) -> None:
    early = enter(assessed, organiser, "差时间", 12, grade_since="2024-03-01").code
    assert "还没有人通过审核" in desk.get("/desk/EV/badges.pdf").text
    assert "badges.pdf" not in desk.get("/desk/EV/review").text
    assert entrants_by_code(assessed, [early])


def test_a_place_that_was_drawn_before_its_time_is_laid_out_is_printed(
    assessed: Competition, organiser: Account, desk: FlaskClient
) -> None:
    who = enter(assessed, organiser, "符合的", 11)
    with unit_of_work() as session:
        place = {"stage": "s", "module": "theory", "session": "第1场", "station": "12座"}
        session.add(Slot(entrant_id=who.id, **place))
        audit.record(assessed, organiser, "test.seated", who.code)
    text = read(desk.get("/desk/EV/badges.pdf").data)
    assert "theory第1场12座" in "".join(text.split())


def test_without_an_issuing_body_the_opening_says_so(
    assessed: Competition, organiser: Account, desk: FlaskClient
) -> None:
    enter(assessed, organiser, "符合的", 11)
    lacking = "没有备案的补好以前发不了证"
    for event in assessed.events:
        seat_judges(assessed, event, organiser)
    assert lacking in desk.get("/desk/EV/open").text
    choose_body(assessed, body_for(assessed), organiser)
    assert lacking not in desk.get("/desk/EV/open").text


def test_cards_of_many_are_read_by_as_few_statements_as_those_of_ten(
    load: Callable[..., Competition], organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[AdmissionCard] = []

    def laid(cards: Sequence[AdmissionCard], **_: object) -> bytes:
        printed[:] = cards
        return b""

    monkeypatch.setattr(badges, "render_admission_cards", laid)
    asked: list[int] = []
    for people in (10, 300):
        competition = load(centre(f"EV{people}", {"A": people // 2, "B": people // 2}))
        passed(competition)
        with unit_of_work() as session:
            own = select(Entrant.id).where(Entrant.competition_id == competition.id)
            for number in session.scalars(own).all():
                session.add(Slot(entrant_id=number, stage="s", module="theory", session="第1场"))
        kind = paper_kinds()[badges.BADGES]
        wish = Asked(competition, organiser, str, {})
        keys = list(kind.keys(wish))
        db.session.rollback()
        with statements(db.engine) as texts:
            kind.make(wish, keys)
        asked.append(len(texts))
        assert len({card.number for card in printed}) == people
        assert {card.sittings[0].room for card in printed} == {"第1场"}
    assert asked[0] == asked[1] <= 20

"""The list of judges: people added by the line, cards of who was ticked, counts that agree."""

from __future__ import annotations

import re
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from compete.models import Account, Competition, SignInCard, db
from tests.support.people import visitor
from tests.support.signing_in import signed_in

PAGE = "/desk/X/judges?people=1"
ADD = "/desk/X/judges/add"


def people_of(desk: FlaskClient, show: str = "all") -> list[str]:
    return re.findall(r'<tr id="judge-([^"]+)"', desk.get(f"{PAGE}&show={show}").text)


def test_several_are_added_by_the_line_each_with_the_unit_behind(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    desk, unit = signed_in(app, organiser), fresh.units[0].name
    lines = f"田野\t{unit}\n卞强  省港口协会\n\n季红"
    page = desk.post(ADD, data={"role": "judge", "name": lines}, follow_redirects=True)
    assert page.status_code == 200
    # Whoever was added gets a card next: nothing lies over the rows.
    assert 'id="adding" open' not in page.text
    assert 'id="adding"' in page.text
    db.session.expire_all()
    made = {judge.name: judge for judge in fresh.judges}
    assert made["田野"].unit is not None
    assert made["田野"].unit.name == unit
    assert (made["卞强"].unit, made["卞强"].unit_name) == (None, "省港口协会")
    assert made["季红"].unit_name == ""
    # Who is there already is told, and not entered twice.
    again = desk.post(ADD, data={"role": "judge", "name": "季红\n陶然"}, follow_redirects=True).text
    assert "1 人已在名单里" in again
    db.session.expire_all()
    assert sorted(judge.name for judge in fresh.judges).count("季红") == 1


def test_a_wrong_line_is_named_and_nobody_is_added_and_nothing_typed_is_lost(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    desk, before = signed_in(app, organiser), len(fresh.judges)
    lines = f"田野\n{'长' * 300}"
    refused = desk.post(ADD, data={"role": "judge", "name": lines})
    assert refused.status_code == 400
    assert "第 2 行" in refused.text
    assert lines in refused.text
    db.session.expire_all()
    assert len(fresh.judges) == before


def test_cards_are_made_for_those_who_were_ticked_and_nobody_else(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    assert people_of(desk, "cardless") == people_of(desk)
    answer = desk.post("/desk/X/judges/cards.pdf", data={"sure": "yes", "who": ["J1", "J2"]})
    assert answer.mimetype == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)
    assert ("J1" in text, "J3" in text) == (True, False)
    assert db.session.query(SignInCard).filter_by(cancelled_at=None).count() >= 2
    left = people_of(desk, "cardless")
    assert sorted([*left, "J1", "J2"]) == sorted(people_of(desk))
    unknown = desk.post("/desk/X/judges/cards.pdf", data={"sure": "yes", "who": ["J1", "J9"]})
    assert unknown.status_code == 400


def test_each_count_is_of_the_rows_that_it_opens(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    desk.post(ADD, data={"role": "judge", "name": "季红"})
    page = desk.get(PAGE).text
    for show, word in (("all", "全部"), ("cardless", "没卡"), ("free", "没排")):
        hit = re.search(rf"{word} (\d+)</a>", page)
        assert hit is not None
        assert int(hit[1]) == len(people_of(desk, show)), show
    assert "J4" in people_of(desk, "free")


def test_seats_in_a_list_are_the_organisers(app: Flask, fresh: Competition) -> None:
    assert visitor(app, "organiser", fresh).get("/desk/X/judges/assign").status_code == 200
    assert visitor(app, "chief", fresh).get("/desk/X/judges/assign").status_code == 404
    assert "/judges/assign" not in visitor(app, "chief", fresh).get(PAGE).text

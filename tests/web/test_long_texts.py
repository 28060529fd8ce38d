"""Texts of one sign and of three thousand: every page and paper shows them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.bundle.writing import write_bundle
from compete.models import Account, Competition, db
from compete.services.accounts.accounts import create_account
from compete.services.labour.closing import close_period, publish_closed
from compete.services.labour.corrections import Wanted, ask_correction
from tests.domain.labour.build import indicator, labour_bundle, quarter, value
from tests.support.appealing import appealed
from tests.support.long_texts import LongTexts
from tests.support.second_day import PRIZES, certify, second_version
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small
from tests.web.papers import AFTER, LABOUR, print_all
from tests.web.test_every_page import open_every_page

DAYS = {"starts": "2026-09-15", "ends": "2026-09-17", "venue": "一号馆", "host": "总工会"}
each_text = pytest.mark.parametrize(("sign", "length"), [("长", 1), ("长", 3000), ("W", 3000)])


@pytest.fixture
def admin(app: Flask, here: Flask) -> FlaskClient:
    """Somebody who may open everything."""
    return signed_in(app, create_account("管理员", is_admin=True))


@each_text
def test_a_competition_of_long_texts(
    admin: FlaskClient, load: Callable[..., Competition], organiser: Account, sign: str, length: int
) -> None:
    """Its file first, each text as long as loading takes; then every row that the second day left.

    What is taken in is printed, published and certified whatever its length: 200 signs of an
    award's name once were too many for its certificate.
    """
    texts = LongTexts(sign, length)

    def file() -> dict[str, Any]:
        return texts.file(small(all_marks(), event=PRIZES, competition=DAYS))

    competition = texts.until_taken(lambda: load(file()))
    certify(competition, organiser)
    appealed("P3")
    second_version(competition, organiser)
    print_all(admin, competition, AFTER, ["zh"])
    written = texts.rows()
    assert {"appeal.matter", "decision.evidence", "entrant.coach", "judge.name"} <= set(written)
    db.session.expire_all()
    open_every_page(admin, competition)
    print_all(admin, competition, AFTER, ["en"])


@each_text
def test_a_labour_competition_of_long_texts(
    admin: FlaskClient, load: Callable[..., Competition], organiser: Account, sign: str, length: int
) -> None:
    values = [value(unit, "一月", "安全", 40) for unit in "甲乙"]
    safety = [indicator("安全", 50)]
    months = quarter("一月", "二月")
    bundle = labour_bundle("甲乙", periods=months, indicators=safety, values=values)
    competition = load(json.loads(write_bundle(bundle)))
    close_period(competition, "一月", "", organiser)
    publish_closed(competition, organiser)
    ask_correction(competition, Wanted("veto", "一月", "乙", "亡人事故"), organiser)
    texts = LongTexts(sign, length)
    assert {"period_correction.reason", "unit.name"} <= set(texts.rows())
    db.session.expire_all()
    open_every_page(admin, competition)
    print_all(admin, competition, LABOUR, ["zh"])


@pytest.mark.parametrize(("most", "shown"), [(40, 40), (60, 60), (120, 60)])
def test_a_text_that_is_folded_hides_some_of_itself(app: Flask, most: int, shown: int) -> None:
    long = app.jinja_env.get_template("_parts/tables.html").module.long  # type: ignore[attr-defined]
    with app.test_request_context():
        assert str(long("长" * most, most)) == "长" * most
        folded = str(long("长" * (most + 1), most))
    assert f"<summary>{'长' * shown}… " in folded

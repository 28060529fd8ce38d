"""The page on which an organiser words award certificates: looked at first, then kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.bundle import write_bundle
from compete.models import Account, Competition, db
from compete.services.certificates import award_words_of
from compete.services.kernel import AwardWords
from tests.documents.reading import pages
from tests.domain.labour.build import indicator, labour_bundle, quarter
from tests.support.second_day import with_prizes
from tests.support.signing_in import official, signed_in

PAGE = "/desk/X/certificates/words"
TYPED = {
    "of": "place",
    "frame": "red",
    "title": "奖 状",
    "sentence": "在｛竞赛｝中,{成绩}，荣获",
    "signed": "省总工会\r\n\r\n省交通运输厅\r\n",
    "seal": "0",
    "called": "name",
}


@pytest.fixture
def competition(here: Flask, load: Callable[..., Competition]) -> Competition:
    return with_prizes(load)


@pytest.fixture
def desk(app: Flask, competition: Competition, organiser: Account) -> FlaskClient:
    return signed_in(app, organiser)


def picture_of(page: str) -> str:
    found = re.search(r'<img class="specimen" src="([^"]+)"', page)
    assert found is not None
    return unescape(found[1])


def test_it_is_looked_at_before_it_is_kept(desk: FlaskClient, competition: Competition) -> None:
    assert f'href="{PAGE}"' in desk.get("/desk/X/certificates").text
    first = desk.get(PAGE)
    usual = desk.get(picture_of(first.text))
    assert (usual.mimetype, usual.data[:4]) == ("image/png", b"\x89PNG")
    looked = desk.post(PAGE, data=TYPED | {"act": "look"})
    assert looked.status_code == 200
    assert "还没存" in looked.text
    assert award_words_of(competition) == AwardWords()
    shown = desk.get(picture_of(looked.text))
    assert shown.data != usual.data
    paper = re.search(rf'href="({PAGE}\.pdf[^"]+)"', looked.text)
    assert paper is not None
    (said,) = pages(desk.get(unescape(paper[1])).data)
    for words in ("奖状", "荣获", "省总工会", "省交通运输厅", "张三（", "样张"):
        assert words in said
    assert "盖章处" not in said
    assert desk.post(PAGE, data=TYPED).status_code == 302
    db.session.rollback()
    kept = award_words_of(competition)
    assert (kept.title, kept.sentence) == ("奖 状", "在{竞赛}中，{成绩}，荣获")
    assert (kept.signed, kept.seal, kept.called) == (("省总工会", "省交通运输厅"), False, "name")
    again = desk.get(PAGE).text
    assert "省总工会\n省交通运输厅</textarea>" in again
    assert "还没存" not in again
    assert desk.get(picture_of(again)).data == shown.data
    assert "改了获奖证书的样式" in desk.get("/desk/X/").text


def test_what_cannot_be_said_stays_in_its_field_with_the_reason(
    desk: FlaskClient, competition: Competition
) -> None:
    for act in ("look", "save"):
        answer = desk.post(PAGE, data=TYPED | {"sentence": "荣获", "act": act})
        assert answer.status_code == 400
        assert "句子里要有 {竞赛}，只写一次" in answer.text
        assert ">荣获</textarea>" in answer.text
        assert desk.get(picture_of(answer.text)).status_code == 200
    assert award_words_of(competition) == AwardWords()
    assert desk.post(PAGE, data=TYPED | {"frame": "golden"}).status_code == 400
    assert desk.get(f"{PAGE}.png?sentence=x").status_code == 400


def test_only_who_issues_words_them(app: Flask, competition: Competition) -> None:
    other = signed_in(app, official(competition, "C1"))
    for address in (PAGE, f"{PAGE}.png", f"{PAGE}.pdf"):
        assert other.get(address).status_code == 404
    assert other.post(PAGE, data=TYPED).status_code == 404


def test_a_labour_competition_words_what_is_given_by_hand(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    bundle = labour_bundle("甲乙", periods=quarter("一月"), indicators=[indicator("安全", 100)])
    load(json.loads(write_bundle(bundle)))
    desk = signed_in(app, organiser)
    page = desk.get("/desk/L/certificates/words").text
    assert "荣誉证书的样式" in page
    assert 'name="given"' in page
    assert 'name="sentence"' not in page
    assert "个人奖项" not in page
    assert desk.get(picture_of(page)).status_code == 200

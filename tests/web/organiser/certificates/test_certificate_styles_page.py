"""The page on which an organiser words award certificates: looked at first, then kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.bundle.writing import write_bundle
from compete.models import Account, Competition, db
from compete.services.certificates import award_styles as award_words_service
from compete.services.kernel.competition_settings import AwardWords, settings_of
from tests.documents.reading import pages
from tests.domain.labour.build import indicator, labour_bundle, quarter
from tests.support.pictures import photo
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
    hit = re.search(r'<img class="specimen" src="([^"]+)"', page)
    assert hit is not None
    return unescape(hit[1])


def test_it_is_looked_at_before_it_is_kept(desk: FlaskClient, competition: Competition) -> None:
    assert f'href="{PAGE}"' in desk.get("/desk/X/certificates").text
    first = desk.get(PAGE)
    usual = desk.get(picture_of(first.text))
    assert (usual.mimetype, usual.data[:4]) == ("image/png", b"\x89PNG")
    looked = desk.post(PAGE, data=TYPED | {"act": "look"})
    assert looked.status_code == 200
    assert "还没存" in looked.text
    assert settings_of(competition).award_words == AwardWords()
    shown = desk.get(picture_of(looked.text))
    assert shown.data != usual.data
    paper = re.search(rf'href="({PAGE}\.pdf[^"]+)"', looked.text)
    assert paper is not None
    (page_text,) = pages(desk.get(unescape(paper[1])).data)
    for words in ("奖状", "荣获", "省总工会", "省交通运输厅", "张三（", "样张"):
        assert words in page_text
    assert "盖章处" not in page_text
    assert desk.post(PAGE, data=TYPED).status_code == 302
    db.session.rollback()
    kept = settings_of(competition).award_words
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
        assert re.search(r">\s*荣获</textarea>", answer.text)
        assert desk.get(picture_of(answer.text)).status_code == 200
    assert settings_of(competition).award_words == AwardWords()
    assert desk.post(PAGE, data=TYPED | {"frame": "golden"}).status_code == 400
    assert desk.get(f"{PAGE}.png?sentence=x").status_code == 400


def picture_field(sent: bytes, name: str = "emblem.png") -> dict[str, object]:
    return {"picture": (BytesIO(sent), name), "emblem_at": "left", "of": "place"}


def test_an_emblem_is_looked_at_kept_moved_and_left_out_again(
    desk: FlaskClient, competition: Competition
) -> None:
    usual = desk.get(picture_of(desk.get(PAGE).text)).data
    looked = desk.post(PAGE, data=picture_field(photo("PNG")) | {"act": "look"})
    assert "还没存" in looked.text
    assert settings_of(competition).award_words == AwardWords()
    shown = desk.get(picture_of(looked.text)).data
    assert shown != usual
    # What was looked at is kept without being sent again.
    hit = re.search(r'name="emblem" value="([0-9a-f]{64})"', looked.text)
    assert hit is not None
    moved = {"emblem": hit[1], "emblem_at": "left", "right": "１.5", "down": "−2", "of": "place"}
    assert desk.post(PAGE, data=moved).status_code == 302
    db.session.rollback()
    kept = settings_of(competition).award_words
    assert (kept.emblem, kept.emblem_at, kept.right, kept.down) == (hit[1], "left", 15, -20)
    again = desk.get(PAGE).text
    assert 'value="1.5"' in again
    assert 'value="-2"' in again
    assert "已经有一张" in again
    assert desk.get(picture_of(again)).data not in (shown, usual)
    desk.post(PAGE, data={"emblem": hit[1], "emblem_at": "none", "right": "", "down": "0"})
    db.session.rollback()
    assert settings_of(competition).award_words == AwardWords(emblem_at="left")


def test_a_place_without_a_picture_is_told(desk: FlaskClient, competition: Competition) -> None:
    for act in ("look", "save"):
        answer = desk.post(PAGE, data=TYPED | {"emblem_at": "left", "act": act})
        assert answer.status_code == 400
        assert "选了放在哪里，还没选图片" in answer.text
        # What was chosen stands for another try.
        assert '<option selected value="left">' in answer.text
    assert settings_of(competition).award_words == AwardWords()


def test_a_second_emblem_is_kept_and_left_out_again(
    desk: FlaskClient, competition: Competition
) -> None:
    sent = picture_field(photo("PNG")) | {"second_picture": (BytesIO(photo()), "other.jpg")}
    assert desk.post(PAGE, data=sent).status_code == 302
    db.session.rollback()
    kept = settings_of(competition).award_words
    assert kept.emblem != kept.second != ""
    page = desk.get(PAGE).text
    assert f'name="second" value="{kept.second}"' in page
    assert desk.get(picture_of(page)).status_code == 200
    wrong = desk.post(PAGE, data={"second_picture": (BytesIO(b"MZ"), "x.png")})
    assert wrong.status_code == 400
    assert 'id="second-error"' in wrong.text
    assert 'id="picture-error"' not in wrong.text
    desk.post(PAGE, data={"emblem_at": "left", "second": kept.second, "two": "0"})
    db.session.rollback()
    assert settings_of(competition).award_words == AwardWords(emblem=kept.emblem, emblem_at="left")


@pytest.mark.parametrize("sent", [b"MZ not a picture", photo("PNG")[:200], b"<svg/>"])
def test_what_is_no_picture_is_no_emblem(
    desk: FlaskClient, competition: Competition, sent: bytes
) -> None:
    answer = desk.post(PAGE, data=picture_field(sent) | {"title": "奖状", "right": "2"})
    assert answer.status_code == 400
    assert "这不是 JPG、PNG 图片，或者没传完整" in answer.text
    assert 'value="奖状"' in answer.text
    assert 'value="2"' in answer.text
    assert settings_of(competition).award_words == AwardWords()


def test_a_picture_that_is_too_large_is_refused(
    desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(award_words_service, "LARGEST_EMBLEM", 100)
    answer = desk.post(PAGE, data=picture_field(photo("PNG")))
    assert answer.status_code == 400
    assert "图片太大了" in answer.text


@pytest.mark.parametrize(
    ("right", "sentence"), [("三", "写毫米数"), ("1.25", "写毫米数"), ("-25", "最多移 20 毫米")]
)
def test_how_far_is_moved_is_a_few_millimetres(
    desk: FlaskClient, competition: Competition, right: str, sentence: str
) -> None:
    answer = desk.post(PAGE, data=TYPED | {"right": right, "down": "1"})
    assert answer.status_code == 400
    assert sentence in answer.text
    assert f'value="{right}"' in answer.text
    assert 'value="奖 状"' in answer.text
    assert settings_of(competition).award_words == AwardWords()


def test_an_emblem_that_was_never_sent_is_asked_for_again(desk: FlaskClient) -> None:
    answer = desk.post(PAGE, data=TYPED | {"emblem": "ab" * 32, "emblem_at": "top"})
    assert answer.status_code == 400
    assert "图片不见了，请再选一次" in answer.text
    assert desk.get(f"{PAGE}.png?emblem=../../x").status_code == 400


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


def test_another_style_is_looked_at_kept_changed_and_let_go(
    desk: FlaskClient, competition: Competition
) -> None:
    usual = desk.get(picture_of(desk.get(PAGE).text)).data
    assert f'href="{PAGE}?style=new"' in desk.get(PAGE).text
    page = desk.get(f"{PAGE}?style=new").text
    assert "给哪些证书用" in page
    # One event alone is no choice.
    assert 'name="event"' not in page
    form = TYPED | {"style": "new", "sort": "", "award": ""}
    for act in ("save", "drop"):
        refused = desk.post(PAGE, data=form | {"act": act})
        assert refused.status_code == 400
        assert "选一样：赛项、种类或者奖项" in refused.text
        assert 'value="奖 状"' in refused.text
    assert desk.post(PAGE, data=form | {"sort": "golden"}).status_code == 400
    for nothing in ("7", "1" * 20_000, "²", "-1"):
        assert desk.post(PAGE, data=form | {"style": nothing}).status_code == 404
    form |= {"award": "二等奖"}
    looked = desk.post(PAGE, data=form | {"act": "look"})
    assert "还没存" in looked.text
    shown = desk.get(picture_of(looked.text)).data
    assert shown != usual
    paper = re.search(rf'href="({PAGE}\.pdf[^"]+)"', looked.text)
    assert paper is not None
    assert "二等奖" in pages(desk.get(unescape(paper[1])).data)[0]
    assert settings_of(competition).award_styles == ()
    kept = desk.post(PAGE, data=form)
    assert kept.headers["Location"].endswith("style=1")
    db.session.rollback()
    assert [award_style.award for award_style in settings_of(competition).award_styles] == [
        "二等奖"
    ]
    assert settings_of(competition).award_words == AwardWords()
    page = desk.get(f"{PAGE}?style=1").text
    assert 'aria-current="page">二等奖</a>' in page
    assert 'value="奖 状"' in page
    assert "定了二等奖的证书样式" in desk.get("/desk/X/").text
    # The usual page is of the usual words.
    assert 'value="奖 状"' not in desk.get(PAGE).text
    desk.post(PAGE, data=form | {"style": "1", "sort": "place", "award": "", "title": "证明书"})
    db.session.rollback()
    (style,) = settings_of(competition).award_styles
    assert (style.sort, style.award, style.words.title) == ("place", "", "证明书")
    # Of one sort a specimen of no other is shown.
    sorts = re.search(r'<select id="of".+?</select>', desk.get(f"{PAGE}?style=1").text, re.S)
    assert sorts is not None
    assert sorts[0].count("<option") == 1
    gone = desk.post(PAGE, data=form | {"style": "1", "act": "drop"})
    assert gone.headers["Location"].endswith(PAGE)
    db.session.rollback()
    assert settings_of(competition).award_styles == ()
    assert "删掉了个人奖项的证书样式" in desk.get("/desk/X/").text
    for lost in ("1", "0", "-1", "x", "９"):
        assert desk.get(f"{PAGE}?style={lost}").status_code == 404
    assert desk.post(PAGE, data=form | {"style": "1"}).status_code == 404
    # A specimen says no award that there is not.
    text = pages(desk.get(f"{PAGE}.pdf?award=没有的奖").data)[0]
    assert "没有的奖" not in text

"""An organiser's words on award certificates: for those issued later, and kept by these."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from msgspec.structs import replace
from pypdf import PdfReader

from compete.models import Account, Certificate, Competition, db
from compete.services.certificates.award_styles import (
    check_award_words,
    keep_emblem,
    picture_specimen,
    print_specimen,
    set_award_words,
)
from compete.services.certificates.printing import print_certificates
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.closing.competition_lock import lock_marks
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import (
    AwardWords,
    HonourNeed,
    change_settings,
    settings_of,
)
from compete.services.kernel.refusal import Refused, WrongFieldsError
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.consequences import consequences_of
from compete.services.results.publishing import publish
from compete.services.results.record_checks import check_records
from compete.services.sheets.photo_files import clean_picture
from tests.documents.reading import NO_FONT_HAS, pages
from tests.support.pictures import photo, picture_file
from tests.support.second_day import certify, strike_out, with_prizes
from tests.support.second_day import person as person_of

OWN = AwardWords(
    title="奖状",
    sentence="在{竞赛}中，{成绩}，荣获",
    closing="以资鼓励。",
    signed=("省总工会", "省交通运输厅"),
    frame="red",
)


@pytest.fixture
def certified(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    return competition


def awards() -> list[Certificate]:
    return db.session.query(Certificate).filter_by(kind="award").order_by(Certificate.id).all()


def text_of(certificate: Certificate) -> str:
    return pages(print_certificates([certificate]))[0]


def test_what_was_issued_keeps_its_words_and_what_comes_later_has_the_new(
    certified: Competition, organiser: Account
) -> None:
    old, before = awards()[0], text_of(awards()[0])
    assert "words" not in old.face
    assert "获奖证书" in before
    assert set_award_words(certified, OWN, organiser)
    assert not set_award_words(certified, OWN, organiser), "nothing changed"
    assert text_of(old) == before
    (new,) = reissue_certificate(old, "丢了", organiser)
    text = text_of(new)
    for words in ("奖状", "荣获", "以资鼓励。", "省总工会", "省交通运输厅"):
        assert words in text
    for gone in ("获奖证书", "特发此证", "列个人第"):
        assert gone not in text
    # Other words again, and the one before says what it said.
    set_award_words(certified, AwardWords(), organiser)
    assert text_of(new) == text
    assert settings_of(certified).award_words == AwardWords()
    (third,) = reissue_certificate(new, "丢了", organiser)
    assert "words" not in third.face
    assert list(check_records(certified)) == list(verify_chain(certified)) == []


def test_an_emblem_stays_on_what_was_issued_with_it(
    certified: Competition, organiser: Account
) -> None:
    first = awards()[0]
    emblem = keep_emblem(photo("PNG", size=(900, 300)))
    set_award_words(certified, AwardWords(emblem=emblem, emblem_at="right", down=15), organiser)
    (new,) = reissue_certificate(first, "丢了", organiser)
    assert new.face["words"] == {"emblem": emblem, "emblem_at": "right", "down": 15}
    other = awards()[1]
    # In one file the picture is but once, however many bear it, and only on these.
    assert pictures_on([new]) == [1]
    assert pictures_on([other, new]) == [0, 1]
    set_award_words(certified, AwardWords(), organiser)
    assert pictures_on([new]) == [1]
    assert list(check_records(certified)) == list(verify_chain(certified)) == []
    # Another picture in its place is not printed as if it were the one that was meant.
    picture_file(emblem).write_bytes(clean_picture(photo()).data)
    with pytest.raises(Refused, match="徽标图片不见了，或者被换过"):
        print_certificates([new])
    picture_file(emblem).unlink()
    with pytest.raises(Refused, match="徽标图片不见了，或者被换过"):
        print_certificates([new])
    assert pictures_on([other]) == [0]


def test_two_hosts_have_an_emblem_each(certified: Competition, organiser: Account) -> None:
    emblem, second = keep_emblem(photo("PNG", size=(900, 300))), keep_emblem(photo())
    made = [awards()[0]]
    for place in ("top", "left", "right"):
        words = AwardWords(emblem=emblem, emblem_at=place, second=second)
        set_award_words(certified, words, organiser)
        made += reissue_certificate(made[-1], "丢了", organiser)
        assert made[-1].face["words"]["second"] == second
        shown = picture_specimen(certified, words, "place")
        assert shown != picture_specimen(certified, replace(words, second=""), "place")
        assert shown != picture_specimen(
            certified, replace(words, emblem=second, second=emblem), "place"
        )
    assert pictures_on(made) == [0, 2, 2, 2]
    # Who leaves out the first has the other in its place, and the same twice is one.
    for typed in (AwardWords(second=second), AwardWords(emblem=second, second=second)):
        assert check_award_words(typed) == AwardWords(emblem=second)
    picture_file(second).unlink()
    with pytest.raises(WrongFieldsError) as wrong:
        check_award_words(AwardWords(emblem=emblem, second=second))
    assert set(wrong.value.faults) == {"second"}
    with pytest.raises(Refused, match="同一张再传一次"):
        print_certificates(made)
    keep_emblem(photo())
    assert pictures_on(made[1:]) == [2, 2, 2]


def pictures_on(certificates: list[Certificate]) -> list[int]:
    """How many pictures each page shows."""
    made = PdfReader(BytesIO(print_certificates(certificates)))
    return [len(page.images) for page in made.pages]


def test_other_words_are_no_other_award(certified: Competition, organiser: Account) -> None:
    """A new version leaves to be settled what it moved, and nothing for its words."""
    set_award_words(certified, OWN, organiser)
    paper = next(row for row in awards() if row.entrant == person_of(certified, "P1"))
    reissue_certificate(paper, "丢了", organiser)
    strike_out(certified, "P4", organiser)
    lock_marks(certified, organiser)
    publish(certified, organiser, "P4 取消成绩")
    assert [row for row in consequences_of(certified) if row.kind == "award"] == []


NOT_SAID: list[tuple[str, object, str]] = [
    ("title", "全省职业技能竞赛奖状", "最多 8 个字"),
    ("sentence", "荣获", "{竞赛}"),
    ("honour", "在{竞赛}中，{奖项}", "大括号"),
    ("given", "在{竞赛}中，" + "好" * 100, "最多 100 个字"),
    ("closing", "特\0发", "看不见的字符"),
    ("closing", f"特{NO_FONT_HAS}发", "字体里没有"),
    ("signed", ("甲", "乙", "丙", "丁"), "最多 3 个单位"),
    ("signed", ("甲", " 甲 "), "写了两遍"),
    ("signed", ("厅" * 31,), "最多 30 个字"),
    ("emblem", "ab" * 32, "图片不见了"),
]


def test_words_that_no_certificate_can_say_are_refused(
    certified: Competition, organiser: Account
) -> None:
    for key, value, words in NOT_SAID:
        with pytest.raises(WrongFieldsError) as refused:
            set_award_words(certified, AwardWords(**{key: value}), organiser)  # type: ignore[arg-type]
        assert list(refused.value.faults) == [key]
        assert words in str(refused.value.faults[key])
        assert settings_of(certified).award_words == AwardWords(), key


def test_a_specimen_is_no_certificate(certified: Competition) -> None:
    numbers = {row.number for row in db.session.query(Certificate)}
    for kind in ("place", "team", "honour", "given"):
        (page,) = pages(print_specimen(certified, OWN, kind))  # type: ignore[arg-type]
        assert "样张" in page
        assert "省总工会" in page
        # What by its name is another's to give waits to be told whose.
        assert ("某某机关核准（文号）" in page) is (kind == "honour")
    assert {row.number for row in db.session.query(Certificate)} == numbers


def test_a_specimen_shows_who_approves_where_the_certificate_will(certified: Competition) -> None:
    needs = {
        "江苏省技术能手": HonourNeed(body="江苏省人社厅", by=1),
        "技术能手": HonourNeed(body="江苏省人社厅", by=1, own=True),
        "先进个人": HonourNeed(body="", by=1, asked="本单位的"),
    }
    with unit_of_work():
        change_settings(certified, honours=needs)
    for title, line in (("江苏省技术能手", True), ("技术能手", False), ("先进个人", False)):
        (page,) = pages(print_specimen(certified, OWN, "honour", award=title))
        assert ("江苏省人社厅核准（文号）" in page) is line, title
        assert "某某机关" not in page

"""Other words for some award certificates: which one is for whom, kept by what was issued."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from compete.models import Account, AuditEntry, Certificate, Competition, db
from compete.services.awards.nominated_awards import (
    Nominee,
    agree_distinction,
    propose_distinctions,
)
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.certificates.award_faces import style_for
from compete.services.certificates.award_styles import (
    MOST_STYLES,
    drop_award_style,
    set_award_style,
    set_award_words,
)
from compete.services.certificates.printing import print_certificates
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import AwardStyle, AwardWords, settings_of
from compete.services.kernel.refusal import Refused, WrongFieldsError
from compete.services.results.record_checks import check_records
from tests.documents.reading import pages
from tests.support.announced import announce
from tests.support.second_day import with_prizes
from tests.support.signing_in import official

UNIT = "优秀组织奖"


@pytest.fixture
def competition(here: Flask, load: Callable[..., Competition]) -> Competition:
    return with_prizes(load)


def titled(title: str, **aim: str) -> AwardStyle:
    words = AwardWords(title=title, given_title=title)
    return AwardStyle(number=0, words=words, **aim)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("event", "sort", "award", "number"),
    [
        ("A", "place", "一等奖", 4),
        ("B", "place", "一等奖", 3),
        ("A", "place", "二等奖", 2),
        ("A", "team", "二等奖", 2),
        ("B", "team", "二等奖", 1),
        ("", "team", "一等奖", 3),
        ("B", "place", "二等奖", None),
        ("", "given", "优秀组织奖", 5),
        ("A", "given", "优秀裁判员", 2),
    ],
)
def test_the_one_that_names_the_award_goes_before_the_events_and_the_sorts(
    event: str, sort: str, award: str, number: int | None
) -> None:
    styles = [
        AwardStyle(number=1, sort="team"),
        AwardStyle(number=2, event="A"),
        AwardStyle(number=3, award="一等奖"),
        AwardStyle(number=4, event="A", award="一等奖"),
        AwardStyle(number=5, sort="given", award="优秀组织奖"),
    ]
    for order in (styles, styles[::-1]):
        style = style_for(order, event, sort, award)
        assert (style.number if style else None) == number


def text_of(certificate: Certificate) -> str:
    return pages(print_certificates([certificate]))[0]


def test_each_is_issued_in_the_words_that_are_for_it_and_keeps_them(
    competition: Competition, organiser: Account
) -> None:
    (row,) = propose_distinctions(competition, UNIT, [Nominee("U1")], "组织有力", organiser)
    agree_distinction(row, official(competition, "S1"))
    announce(competition, organiser)
    event = competition.events[0].code
    set_award_words(competition, AwardWords(title="获奖证明"), organiser)
    first = set_award_style(competition, titled("奖状", award="一等奖"), organiser)
    of_event = set_award_style(competition, titled("证明书", event=event, sort="place"), organiser)
    by_hand = set_award_style(competition, titled("奖牌证书", sort="given"), organiser)
    assert len({first, of_event, by_hand}) == 3
    issued = issue_award_certificates(competition, organiser, "急用")
    texts = {row.face["award"]: text_of(row) for row in issued}
    assert "奖状" in texts["一等奖"]
    assert "证明书" in texts["二等奖"]
    assert "奖牌证书" in texts[UNIT]
    for text in texts.values():
        assert "获奖证明" not in text
    # Let go, it is as the next that fits says, and what was issued stays as it is.
    drop_award_style(competition, first, organiser)
    winner = next(row for row in issued if row.face["award"] == "一等奖")
    assert "奖状" in text_of(winner)
    (again,) = reissue_certificate(winner, "丢了", organiser)
    assert "证明书" in text_of(again)
    drop_award_style(competition, of_event, organiser)
    (third,) = reissue_certificate(again, "丢了", organiser)
    assert "获奖证明" in text_of(third)
    assert list(check_records(competition)) == list(verify_chain(competition)) == []
    # A number is never another's, so that an old page changes no new style.
    drop_award_style(competition, by_hand, organiser)
    assert set_award_style(competition, titled("奖状", sort="team"), organiser) > by_hand


def test_a_style_of_an_event_is_not_for_what_was_given_without_one(
    competition: Competition, organiser: Account
) -> None:
    (row,) = propose_distinctions(competition, UNIT, [Nominee("U1")], "组织有力", organiser)
    agree_distinction(row, official(competition, "S1"))
    announce(competition, organiser)
    style = AwardStyle(
        number=0, event=competition.events[0].code, words=AwardWords(frame="red", seal=False)
    )
    set_award_style(competition, style, organiser)
    issued = issue_award_certificates(competition, organiser, "急用")
    for certificate in issued:
        by_hand = certificate.face["award"] == UNIT
        assert ("words" in certificate.face) is not by_hand
        assert ("盖章处" in text_of(certificate)) is by_hand


def test_what_it_cannot_be_for_is_refused_in_words(
    competition: Competition, organiser: Account
) -> None:
    kept = set_award_style(competition, titled("奖状", award="一等奖"), organiser)
    for style, words in (
        (titled("奖状"), "选一样"),
        (titled("奖状", event="NO"), "没有这个赛项"),
        (titled("奖状", award="没有的奖"), "没有这个奖项"),
        (titled("奖状", award="一等奖"), "已经另有一种样式"),
    ):
        with pytest.raises(WrongFieldsError, match=words) as refused:
            set_award_style(competition, style, organiser)
        assert list(refused.value.faults) == ["for"]
    with pytest.raises(WrongFieldsError) as both:
        set_award_style(competition, titled("特" * 9), organiser)
    assert set(both.value.faults) == {"title", "given_title", "for"}
    with pytest.raises(Refused, match="可能刚删掉了"):
        drop_award_style(competition, kept + 1, organiser)
    assert [style_there.number for style_there in settings_of(competition).award_styles] == [kept]
    # Its own aim may be changed, and saying the same again leaves no record.
    (style,) = settings_of(competition).award_styles
    records = db.session.query(AuditEntry).count()
    assert set_award_style(competition, style, organiser) == kept
    assert db.session.query(AuditEntry).count() == records


def test_there_are_no_more_than_a_page_shows(
    competition: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compete.services.certificates.award_styles.MOST_STYLES", 1)
    assert MOST_STYLES == 20
    set_award_style(competition, titled("奖状", sort="team"), organiser)
    with pytest.raises(WrongFieldsError, match="最多 1 种"):
        set_award_style(competition, titled("奖状", sort="place"), organiser)
    (style,) = settings_of(competition).award_styles
    changed = titled("奖状", sort="honour")
    set_award_style(
        competition,
        AwardStyle(number=style.number, sort=changed.sort, words=changed.words),
        organiser,
    )
    assert settings_of(competition).award_styles[0].sort == "honour"

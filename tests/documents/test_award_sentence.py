"""Award certificates in an organiser's words, and what no sentence may be."""

from __future__ import annotations

import pytest

from compete.documents.award_certificate import (
    award_wording,
    fill_sentence,
    picture_award_certificate,
    render_award_certificates,
    sentence_fault,
    tidy_sentence,
)
from compete.documents.errors import NothingPrinted
from tests.documents.reading import A4_LYING, NO_FONT_HAS, page_sizes, pages
from tests.documents.test_award_certificate import COMPETITION, certificate, sentence

OWN = "在{竞赛}{赛项}中，以{成绩}的总分，名列{名次}，荣获"


def test_a_sentence_is_filled_in_and_loses_the_parts_that_nobody_has() -> None:
    assert sentence(certificate(sentence=OWN, event="叉车司机")) == (
        f"吕㛃同志（省港口集团）：在{COMPETITION}叉车司机赛项中，"
        "以总成绩 96.40 分的总分，名列个人第 2 名，荣获"
    )
    text = sentence(certificate(sentence=OWN, score=None))
    assert text.endswith(f"在{COMPETITION}中，名列个人第 2 名，荣获")
    given = certificate(sentence=OWN, score=None, rank=None, distinction="coach")
    assert sentence(given).endswith(f"在{COMPETITION}中，荣获")
    # What is filled in is not read as a sentence again.
    values = {"赛项": "{成绩}", "成绩": "{名次}，{竞赛}", "名次": ""}
    assert fill_sentence("在{竞赛}{赛项}中，得{成绩}，列{名次}，获", values) == (
        "在",
        "{成绩}中，得{名次}，{竞赛}，获",
    )


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("在{竞赛}中，荣获", None),
        ("  在｛竞赛｝中,  {成绩},\n荣获，", None),
        ("荣获", "只写一次"),
        ("在{竞赛}的{竞赛}中，荣获", "只写一次"),
        ("在{竞赛}中，{姓名}荣获", "大括号里只能写"),
        ("在{竞赛}中，{成绩荣获", "大括号里只能写"),
        ("在{竞赛}中以{成绩}，荣获", "不能和"),
        ("在{竞赛}中，以{名次}获", "最后半句"),
        ("{{竞赛}}中，获", "大括号里只能写"),
    ],
)
def test_what_a_sentence_may_be(typed: str, reason: str | None) -> None:
    tidied = tidy_sentence(typed)
    fault = sentence_fault(tidied)
    assert (fault is None) == (reason is None), fault
    if reason is None:
        assert "\n" not in tidied
        assert sentence(certificate(sentence=tidied)).endswith("荣获")
    else:
        assert reason in str(fault)


def test_title_close_address_and_signers_are_the_organisers() -> None:
    own = certificate(
        title="奖状",
        closing="特发此证，以资鼓励。",
        called="contestant",
        beside=("江苏省总工会", "江苏省人力资源和社会保障厅"),
        frame="red",
    )
    (page,) = pages(render_award_certificates([own], author="主办"))
    for words in ("奖状", "以资鼓励", "吕㛃选手（", *own.beside, "全省港口竞赛组委会"):
        assert words in page
    assert "获奖证书" not in page
    assert page.count("盖章处") == 3
    assert "盖章处" not in pages(render_award_certificates([certificate(seal=False)]))[0]
    assert award_wording(certificate(called="name")).suffix == "（省港口集团）："
    # A coach takes no part.
    assert "同志" in award_wording(certificate(called="contestant", distinction="coach")).suffix
    assert award_wording(certificate(distinction="unit", called="contestant")).suffix == "："


def test_bought_paper_gets_the_words_alone() -> None:
    plain, bare = certificate(), certificate(frame="bare", title="奖状")
    papers = [render_award_certificates([paper]) for paper in (plain, bare)]
    assert page_sizes(papers[1]) == A4_LYING
    (full,), (words,) = (pages(paper) for paper in papers)
    assert "竞" in full.replace(COMPETITION, "")
    for gone in ("奖状", "获奖证书"):
        assert gone not in words
    assert "竞" not in words.replace(COMPETITION, "").replace(plain.issuer, "")
    for words_there in ("个人一等奖", "特发此证", "〔2022〕第002号"):
        assert words_there in words


def test_long_words_stay_on_the_page() -> None:
    long = certificate(
        title="全省优秀选手荣誉",
        sentence=OWN + "全省交通运输系统" * 9,
        closing="特发此证，望再接再厉，" * 3,
        beside=("江苏省人力资源和社会保障厅职业能力建设处竞赛工作办公室",) * 2,
    )
    printed = render_award_certificates([long])
    assert printed.left_out == ()
    (page,) = pages(printed)
    assert page.count("全省交通运输系统") == 9
    assert page.count("职业能力建设处") == 2


def test_a_picture_to_look_at() -> None:
    made = [
        picture_award_certificate(style) for style in (certificate(), certificate(title="奖状"))
    ]
    assert all(picture.startswith(b"\x89PNG") for picture in made)
    assert made[0] != made[1]
    assert made[0] == picture_award_certificate(certificate())
    with pytest.raises(NothingPrinted):
        picture_award_certificate(certificate(NO_FONT_HAS))

import pytest

from compete.documents.badges import JudgeCard, render_cards
from tests.documents.reading import A4, NO_FONT_HAS, TYPST_SOURCE, page_sizes, pages

COMPETITION = "2022年全省港口叉车司机职业技能竞赛"


def card(name: str = "沈国梁", **changes: str) -> JudgeCard:
    fields = {"role": "裁判长", "sign_in_url": "http://192.168.1.20:8000/s/7QK3MZ9T2XW8"}
    return JudgeCard(name, **{**fields, **changes})


def test_a_card_says_whose_it_is_and_what_to_do_with_it() -> None:
    (page,) = pages(render_cards([card(event="实操一组")], competition=COMPETITION))
    for words in (COMPETITION, "沈国梁", "裁判长", "实操一组", "只给本人用"):
        assert words in page
    assert "扫不了就输入" not in page


def test_what_can_be_typed_instead_is_on_the_card_if_there_is_such_a_thing() -> None:
    (page,) = pages(render_cards([card(typed="K7QF-29MX")], competition=COMPETITION))
    assert "扫不了就输入" in page
    assert "K7QF-29MX" in page


def test_the_secret_stands_only_in_the_code() -> None:
    (page,) = pages(render_cards([card()], competition=COMPETITION))
    assert "7QK3MZ9T2XW8" not in page
    assert "7QK3MZ9T2XW8" not in repr(card())


def test_eight_cards_stand_on_an_a4_page() -> None:
    pdf = render_cards([card(f"裁判{i}") for i in range(17)], competition="赛")
    assert page_sizes(pdf) == A4
    assert ["裁判16" in page for page in pages(pdf)] == [False, False, True]


def test_a_name_is_printed_and_never_run() -> None:
    (page,) = pages(render_cards([card(TYPST_SOURCE)], competition=TYPST_SOURCE))
    assert page.count(TYPST_SOURCE.replace(" ", "")) == 2


def test_a_missing_character_stops_its_own_card_alone() -> None:
    pdf = render_cards([card(NO_FONT_HAS), card("沈国梁")], competition="赛")
    first, last = pages(pdf)
    assert "沈国梁" in first
    assert "没印〓：字体里没有" in last


def test_no_cards_are_no_document() -> None:
    with pytest.raises(ValueError, match="no cards"):
        render_cards([], competition="赛")


def test_codes_that_no_other_device_opens_are_not_to_be_given_out() -> None:
    (page,) = pages(render_cards([card()], competition=COMPETITION))
    assert "别发出去" not in page
    for host in ("127.0.0.1:8000", "localhost", "[::1]:8000"):
        own = card(sign_in_url=f"http://{host}/s/7QK3MZ9T2XW8")
        (page,) = pages(render_cards([own], competition=COMPETITION))
        assert "别发出去" in page
        assert "第1/1页" in page

from collections.abc import Sequence
from io import BytesIO

import pytest
from pypdf import PdfReader

from compete.documents.badges import Badge, render_badges
from compete.documents.errors import NothingPrinted
from tests.documents.reading import A4, NO_FONT_HAS, TYPST_SOURCE, page_sizes, pages

COMPETITION = "2022年全省港口叉车司机职业技能竞赛"


def badge(name: str = "赵启明", **changes: object) -> Badge:
    fields: dict[str, object] = {
        "name": name,
        "unit": "省港口集团",
        "event": "叉车司机",
        "group": "职工组",
        "number": "B01",
        "qr_url": "https://example.cn/a/7QK3MZ9T2XW8R4VB",
    }
    return Badge(**{**fields, **changes})  # type: ignore[arg-type]


def printed(badges: Sequence[Badge]) -> list[str]:
    return pages(render_badges(badges, competition=COMPETITION))


def test_a_badge_says_who_from_where_in_what_and_the_number() -> None:
    (page,) = printed([badge("欧阳龑")])
    for words in (COMPETITION, "选手", "欧阳龑", "省港口集团", "叉车司机职工组", "参赛号", "B01"):
        assert words in page
    assert "赛前看时间，赛后看成绩" in page


def test_a_group_is_not_broken_over_two_lines() -> None:
    pdf = render_badges([badge(event="救援机械操作员")], competition=COMPETITION)
    lines = PdfReader(BytesIO(pdf)).pages[0].extract_text().splitlines()
    assert "职工组" in [line.replace(" ", "") for line in lines]


def test_eight_badges_stand_on_an_a4_page_and_the_ninth_on_the_next() -> None:
    pdf = render_badges([badge(f"选手{i}", number=f"N{i}") for i in range(9)], competition="赛")
    first, second = pages(pdf)
    assert page_sizes(pdf) == A4
    assert all(f"N{i}" in first for i in range(8))
    assert "N8" in second
    assert "第1/2页" in first
    assert "第2/2页" in second


def test_what_a_person_typed_is_printed_and_never_run() -> None:
    (page,) = printed([badge(TYPST_SOURCE, unit=TYPST_SOURCE, event=TYPST_SOURCE)])
    assert page.count(TYPST_SOURCE.replace(" ", "")) >= 2


def test_very_long_words_are_all_there_within_the_badge() -> None:
    name = "阿布都热依木·买买提江·伊斯拉木·库尔班江"
    unit = "江苏省沿江石油化工港口装卸储运有限责任公司第一分公司（龙潭港区）集装箱作业部"
    (page,) = printed([badge(name, unit=unit, number="2022-JSGK-QZJ-000123", event="A" * 60)])
    assert name in page
    assert unit in page
    assert "2022-JSGK-QZJ-000123" in page
    assert page.replace("\u200b", "").count("A" * 60) == 1


def test_rare_characters_are_drawn() -> None:
    (page,) = printed([badge("䶮𠅤㛃")])
    assert "䶮𠅤㛃" in page


def test_who_has_a_character_that_no_font_draws_is_left_out_and_named_on_the_last_page() -> None:
    pdf = render_badges(
        [badge(f"吕{NO_FONT_HAS}"), badge("王㛃"), badge("长" * 5000)], competition=COMPETITION
    )
    first, last = pages(pdf)
    assert "王㛃" in first
    assert "吕" not in first
    assert "第1/1页" in first
    assert [omission.who for omission in pdf.left_out] == [
        f"B01 吕{NO_FONT_HAS}",
        "B01 " + "长" * 5000,
    ]
    assert f"没印B01吕〓：字体里没有“〓”（U+{ord(NO_FONT_HAS):04X}）" in last
    assert "排不下，太长，放不下" in last


def test_a_photo_that_is_none_leaves_out_its_badge_alone() -> None:
    pdf = render_badges([badge("王㛃"), badge("何卫东", photo=b"GIF")], competition="赛")
    assert "何卫东：照片打不开" in pages(pdf)[1]


def test_where_nobody_can_be_printed_there_is_no_file() -> None:
    with pytest.raises(NothingPrinted, match=r"^没有印。B01 吕.*：字体里没有.*另有 1 份也印不了"):
        render_badges([badge(f"{name}{NO_FONT_HAS}") for name in "吕王"], competition="赛")


def test_a_character_missing_in_the_competitions_name_is_marked_and_stops_nobody() -> None:
    pdf = render_badges([badge()], competition=f"{NO_FONT_HAS}杯")
    first, last = pages(pdf)
    assert "〓杯" in first
    assert "印成〓整份文件：字体里没有" in last


def test_a_name_typed_over_several_lines_stands_on_one() -> None:
    (page,) = printed([badge("阿依古丽\n·买买提\u200b\t\r\n江")])
    assert "阿依古丽·买买提江" in page


@pytest.mark.parametrize(
    "event", ["救援机械操作员", "泵站运行工竞赛", "起重装卸机械操作工（港口）"]
)
def test_an_event_whose_name_must_break_but_is_short_is_printed(event: str) -> None:
    (page,) = printed([badge("买买提江·依布拉音·阿不都", event=event)])
    assert event in page


def test_those_without_a_number_get_no_label_for_one() -> None:
    (page,) = printed([badge("沈国梁", role="裁判长", number="", caption="扫码进评分页")])
    assert "参赛号" not in page
    assert "裁判长" in page
    assert "扫码进评分页" in page


def test_the_same_badges_give_the_same_bytes() -> None:
    badges = [badge("赵启明"), badge("吕㛃")]
    assert render_badges(badges, competition="赛") == render_badges(badges, competition="赛")


def test_words_of_the_form_are_translated_and_names_are_not() -> None:
    english = {"参赛号": "No.", "赛前看时间，赛后看成绩": "Times and results"}
    pdf = render_badges([badge()], competition="赛", translate=lambda text: english.get(text, text))
    (page,) = pages(pdf)
    assert "No." in page
    assert "Timesandresults" in page
    assert "赵启明" in page


def test_no_badges_are_no_document() -> None:
    with pytest.raises(ValueError, match="no badges"):
        render_badges([], competition=COMPETITION)

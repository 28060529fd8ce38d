import shutil
from pathlib import Path

import pylopdf_fonts_zh_cn
import pytest

from compete.documents.errors import LeftOut, NothingPrinted, glyphs_missing
from compete.documents.fonts import load_fonts, missing_glyphs
from compete.documents.grade_certificate import render_grade_certificates
from tests.documents.reading import NO_FONT_HAS, pages
from tests.documents.small_fonts import small_font
from tests.documents.test_grade_certificate import certificate


@pytest.mark.parametrize(
    "character", ["䶮", "𠮷", "𡃁", "𠅤", "㛃", "龑", "·", "〔", "—", "×", "　"]
)
def test_rare_characters_and_signs_of_our_papers_can_be_printed(character: str) -> None:
    assert missing_glyphs(character) == []


def test_what_no_font_draws_is_found_once_and_in_order() -> None:
    text = f"吕{NO_FONT_HAS}明\u200b{NO_FONT_HAS}"
    assert missing_glyphs(text) == [NO_FONT_HAS, "\u200b"]


def test_a_line_break_is_room_and_needs_no_glyph() -> None:
    assert missing_glyphs("第一行\n第二行") == []


def test_a_variation_selector_counts_with_the_character_before_it() -> None:
    (known, *_rest) = load_fonts().variations
    assert missing_glyphs(f"王{known}") == []
    assert missing_glyphs("王\U000e01ef") == ["王\U000e01ef"]


def test_without_a_font_folder_the_serif_stands_in_for_fangsong() -> None:
    book = load_fonts()
    assert book.chain("fangsong")[:2] == ["Noto Serif SC", "Noto Sans SC"]
    assert book.chain("sans")[:2] == ["Noto Sans SC", "Noto Serif SC"]
    assert not book.has_bold("serif")


def test_a_folder_that_is_not_there_counts_as_empty(tmp_path: Path) -> None:
    assert load_fonts(tmp_path / "none").chain("sans") == load_fonts().chain("sans")


def test_a_fangsong_in_the_font_folder_goes_first_for_certificates(tmp_path: Path) -> None:
    small_font(tmp_path, "Some FangSong")
    book = load_fonts(tmp_path)
    assert book.chain("fangsong")[0] == "Some FangSong"
    assert book.chain("serif")[0] == "Noto Serif SC"
    assert book.chain("serif")[-1] == "Some FangSong"


def test_a_character_added_in_the_font_folder_is_no_longer_missing(tmp_path: Path) -> None:
    assert load_fonts(tmp_path).missing([NO_FONT_HAS]) == [NO_FONT_HAS]
    small_font(tmp_path, "Rare", NO_FONT_HAS)
    assert missing_glyphs(NO_FONT_HAS, tmp_path) == []


def test_a_real_bold_in_the_font_folder_is_used(tmp_path: Path) -> None:
    small_font(tmp_path, "Noto Serif SC", weight=700)
    assert load_fonts(tmp_path).has_bold("serif")
    assert not load_fonts(tmp_path).has_bold("sans")


def test_a_damaged_font_in_the_folder_does_not_stop_printing(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"not a font")
    shutil.copy(pylopdf_fonts_zh_cn.sans_path(), tmp_path / "again.otf")
    assert load_fonts(tmp_path).missing(["王"]) == []


def test_the_error_names_the_person_the_character_and_its_code_point() -> None:
    error = NothingPrinted([LeftOut("吕某", glyphs_missing([NO_FONT_HAS]))])
    assert str(error) == (
        f"没有印。吕某：字体里没有“{NO_FONT_HAS}”（U+{ord(NO_FONT_HAS):04X}），"
        "把有这个字的字体放进字体文件夹再印。"
    )


def test_the_error_counts_the_others() -> None:
    problems = [LeftOut(who, glyphs_missing([NO_FONT_HAS])) for who in ("甲", "乙", "丙")]
    assert "另有 2 份也印不了" in str(NothingPrinted(problems))


def test_an_added_character_and_an_added_fangsong_are_really_printed(tmp_path: Path) -> None:
    small_font(tmp_path, "Some FangSong", characters=NO_FONT_HAS)
    pdf = render_grade_certificates([certificate(f"吕{NO_FONT_HAS}")], fonts=load_fonts(tmp_path))
    (page,) = pages(pdf)
    assert f"姓名吕{NO_FONT_HAS}" in page
    assert b"Square-Regular" in pdf

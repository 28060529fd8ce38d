import hashlib
from datetime import datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from compete.documents.lists import Column, ListDocument, Row, Section, Stamp, render_list
from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.messages import msg
from tests.documents.reading import A4, A4_LYING, NO_FONT_HAS, TYPST_SOURCE, page_sizes, pages

DIGEST = hashlib.sha256(b"published").digest()
STAMP = Stamp(datetime(2022, 9, 16, 18, 20), version=3, digest=DIGEST)
COLUMNS = (Column(msg("名次"), align="right"), Column(msg("姓名"), width=1))


def listed(*rows: Row, **changes: object) -> bytes:
    fields: dict[str, object] = {"title": "成绩", "columns": COLUMNS, "rows": rows, "stamp": STAMP}
    return render_list(ListDocument(**{**fields, **changes}))  # type: ignore[arg-type]


def row(number: int, name: str = "") -> Row:
    return Row((str(number), name or f"选手{number:03d}"), who=name)


def test_the_foot_carries_version_hash_words_time_and_page() -> None:
    (page,) = pages(listed(row(1)))
    words = hash_phrase(DIGEST).replace(" ", "")
    assert f"第3版{words}2022年9月16日18:20打印" in page
    assert "第1/1页" in page


def test_without_a_version_the_foot_says_only_when_it_was_printed() -> None:
    (page,) = pages(listed(row(1), stamp=Stamp(datetime(2022, 9, 16, 18, 20))))
    assert "版" not in page
    assert "2022年9月16日18:20打印" in page


def test_head_and_foot_repeat_on_every_page() -> None:
    texts = pages(listed(*(row(i) for i in range(200))))
    assert len(texts) > 2
    for number, text in enumerate(texts, 1):
        assert "名次姓名" in text
        assert f"第{number}/{len(texts)}页" in text


def test_every_row_stands_whole_on_one_page() -> None:
    tall = "很长的说明" * 40
    texts = pages(listed(*(row(i, f"甲{i:03d}{tall}乙{i:03d}") for i in range(30))))
    for i in range(30):
        assert [text for text in texts if f"甲{i:03d}" in text] == [
            text for text in texts if f"乙{i:03d}" in text
        ]


def test_words_that_fit_a_line_are_not_broken_for_one_that_does_not() -> None:
    name = "Alexander Maximilian v. Württemberg-Hohenzollern Y000032000123222000002"
    narrow = [Column(msg("姓名"), width=1), Column(msg("备注"), width=5)]
    set_down = listed(Row((name, "字" * 30)), columns=narrow)
    text = PdfReader(BytesIO(set_down)).pages[0].extract_text()
    for word in ("Alexander", "Maximilian", "Württemberg-", "Hohenzollern"):
        assert word in text
    assert "Y000032000123222000002" not in text


def test_a_heading_of_one_long_word_stays_on_its_page() -> None:
    word = "W" * 120
    section = Section(f"规则 {word}", COLUMNS, [row(1)], intro=[word])
    set_down = listed(row(1), title=word, subtitle=word, before=[word], more=[section])
    lines = PdfReader(BytesIO(set_down)).pages[0].extract_text().replace("\u200b", "").split("\n")
    assert sum(line.count("W") for line in lines) == 120 * 5
    assert max(line.count("W") for line in lines) < 120


def test_a_long_number_is_broken_rather_than_run_over_its_neighbour() -> None:
    number = "Y000032000123222000002"
    narrow = [Column(msg("证书编号"), width=1), Column(msg("备注"), width=8)]
    (page,) = pages(listed(Row((number, "字" * 30)), columns=narrow))
    assert number in page.replace("\u200b", "")


@pytest.mark.parametrize(("lying", "size"), [(False, A4), (True, A4_LYING)])
def test_a_list_is_upright_or_lying(lying: bool, size: set[tuple[int, int]]) -> None:
    assert page_sizes(listed(row(1), lying=lying)) == size


def test_lines_before_and_after_signatures_and_issuer_are_there() -> None:
    (page,) = pages(
        listed(
            row(1),
            before=["公示期三天"],
            after=["完"],
            signatures=[msg("裁判长")],
            issuer=["组委会", "2022年9月16日"],
        )
    )
    places = [page.index(words) for words in ("公示期三天", "选手001", "完", "裁判长", "组委会")]
    assert places == sorted(places)


def test_a_list_of_nobody_says_so() -> None:
    (page,) = pages(listed())
    assert "没有人在这张表上。" in page


def test_what_is_in_a_cell_is_printed_and_never_run() -> None:
    (page,) = pages(listed(row(1, TYPST_SOURCE), title=TYPST_SOURCE))
    assert page.replace("\u200b", "").count(TYPST_SOURCE.replace(" ", "")) == 2


def test_a_missing_character_is_set_as_a_mark_and_no_row_is_left_out() -> None:
    first, last = pages(listed(row(1), row(2, f"吕{NO_FONT_HAS}")))
    assert "吕〓" in first
    assert f"印成〓吕〓：字体里没有“〓”（U+{ord(NO_FONT_HAS):04X}）" in last


def test_of_a_row_that_is_nobodys_the_first_texts_are_named() -> None:
    rows = [Row(("裁判长", f"沈{NO_FONT_HAS}")), row(1)]
    printed = render_list(ListDocument(title="名单", columns=COLUMNS, rows=rows, stamp=STAMP))
    assert [omission.who for omission in printed.left_out] == [f"裁判长 沈{NO_FONT_HAS}"]


def test_a_row_of_another_width_is_refused() -> None:
    with pytest.raises(ValueError, match="a row of 1 texts for 2 columns"):
        listed(Row(("1",)))


def test_the_same_list_gives_the_same_bytes() -> None:
    assert listed(*(row(i) for i in range(60))) == listed(*(row(i) for i in range(60)))


def test_heads_and_foot_are_translated() -> None:
    english = {"名次": "Rank", "姓名": "Name", "第 %(pages)s 页": "page %(pages)s"}
    document = ListDocument(title="Results", columns=COLUMNS, rows=[row(1)], stamp=STAMP)
    (page,) = pages(render_list(document, translate=lambda text: english.get(text, text)))
    assert "RankName" in page
    assert "page1/1" in page


@pytest.mark.parametrize("following", [2, 12])
def test_a_heading_is_never_left_behind_with_a_row_or_two(following: int) -> None:
    wanted = min(following, 4)
    moved = 0
    for before in range(18, 34):
        more = [Section("单位排名", COLUMNS, [row(i, f"单位{i:03d}") for i in range(following)])]
        texts = pages(listed(*(row(i) for i in range(before)), more=more))
        (page,) = [text for text in texts if "单位排名" in text]
        assert page.count("单位0") >= wanted, before
        moved += page is not texts[0] and "选手" not in page
    assert moved, "in one of them the foot is near"

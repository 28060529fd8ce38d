import re
from datetime import datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from compete.documents.lists import Stamp
from compete.documents.score_sheet import ScoreRow, ScoreSheet, Signed, render_score_sheets
from tests.documents.reading import A4, NO_FONT_HAS, TYPST_SOURCE, page_sizes, pages

STAMP = Stamp(datetime(2022, 9, 16, 8, 0), version=2)
ROWS = (
    ScoreRow("操作规范", "起步检查", "5", "漏一处扣 1 分"),
    ScoreRow("操作规范", "鸣笛", "5", "一次未做扣 1 分"),
    ScoreRow("堆码质量", "碰杆", "20", "每次扣 2 分"),
)


def sheet(code: str = "K-19", **changes: object) -> ScoreSheet:
    fields: dict[str, object] = {
        "event": "叉车司机",
        "module": "堆垛与拆垛",
        "code": code,
        "judge": "许㛃",
        "sheet_url": "https://example.cn/s/8YQ2",
        "rows": ROWS,
        "points": "30",
    }
    return ScoreSheet(**{**fields, **changes})  # type: ignore[arg-type]


def printed(*sheets: ScoreSheet) -> list[str]:
    return pages(render_score_sheets(sheets, competition="全省竞赛", stamp=STAMP))


def long_sheet(code: str) -> ScoreSheet:
    rows = [ScoreRow(f"第{i // 15}项", f"要点{i:02d}", "1") for i in range(40)]
    return sheet(code, rows=rows, points="40")


def strokes(pdf: bytes) -> int:
    """How many straight lines are drawn on the first page."""
    contents = PdfReader(BytesIO(pdf)).pages[0].get_contents()
    assert contents is not None
    return len(re.findall(rb" l\s", contents.get_data()))


def test_the_head_says_event_module_blind_code_and_judge() -> None:
    (page,) = printed(sheet())
    for words in ("赛项叉车司机", "模块堆垛与拆垛", "编号K-19", "裁判许㛃", "评分表"):
        assert words in page


def test_the_columns_and_the_foot_are_those_of_a_paper_sheet() -> None:
    (page,) = printed(sheet())
    assert "序号项目要点配分评分标准记录扣分得分" in page
    for words in ("合计30", "用时", "裁判签名", "裁判长签名", "时间"):
        assert words in page


def test_what_nobody_fills_in_is_left_out_and_a_known_name_is_said() -> None:
    rows = [ScoreRow("", "起步检查", "5"), ScoreRow("", "鸣笛", "5")]
    printed_file = render_score_sheets(
        [sheet(rows=rows, name="何立军")], competition="全厂比武", stamp=STAMP, has_chief=False
    )
    (page,) = pages(printed_file)
    assert "序号要点配分评分标准记录扣分得分" in page
    assert "姓名何立军" in page
    assert "裁判长签名" not in page
    assert "姓名" not in printed(sheet())[0]


def test_rows_are_numbered_and_a_criterion_is_named_once() -> None:
    (page,) = printed(sheet())
    assert page.count("操作规范") == 1
    assert "起步检查5漏一处扣1分" in page
    assert "3堆码质量碰杆20每次扣2分" in page


def test_a_sheet_printed_again_carries_its_marks() -> None:
    marked = [ScoreRow("堆码", "碰杆", "20", "每次扣 2 分", "次", "2 次", "4", "16")]
    (page,) = printed(
        sheet(rows=marked, deducted="4", scored="16", working_time="9分42秒", note="重印")
    )
    assert "每次扣2分2次416" in page
    assert "用时9分42秒416" in page
    assert "重印" in page


def test_an_empty_row_says_what_to_write_and_how_it_counts() -> None:
    rule = "量两箱边缘\n10 毫米 以内 10 分\n再大 0 分"
    (page,) = printed(sheet(rows=[ScoreRow("堆码", "偏差", "10", rule, unit="毫米")]))
    assert "量两箱边缘10毫米以内10分再大0分毫米" in page


def test_the_hand_and_the_time_stand_on_the_lines() -> None:
    at = "2022年9月16日 10:02"
    blank = render_score_sheets([sheet()], competition="赛", stamp=STAMP)
    drawn = Signed(at, "M10 80 L30 20 40 90 60 30 80 80", (600, 150))
    signed = render_score_sheets([sheet(signed=drawn)], competition="赛", stamp=STAMP)
    assert "时间2022年9月16日10:02" in pages(signed)[0]
    assert strokes(signed) >= strokes(blank) + 4
    typed = render_score_sheets(
        [sheet(signed=Signed(at, name="许㛃"))], competition="赛", stamp=STAMP
    )
    assert "裁判签名许㛃" in pages(typed)[0]
    assert strokes(typed) == strokes(blank)


def test_each_sheet_begins_on_a_new_page_and_counts_its_own() -> None:
    texts = printed(sheet("K-01"), long_sheet("K-02"), sheet("K-03"))
    counts = [next(c for c in ("1/1", "1/2", "2/2", "1/3") if f"第{c}页" in t) for t in texts]
    assert counts == ["1/1", "1/2", "2/2", "1/1"]
    assert [
        f"编号{code}" in text
        for code, text in zip(("K-01", "K-02", "K-02", "K-03"), texts, strict=True)
    ] == [True] * 4


def test_the_tables_head_repeats_and_every_row_is_there() -> None:
    texts = printed(long_sheet("K-02"))
    assert all("序号项目要点配分" in text for text in texts)
    assert all(f"要点{i:02d}" in "".join(texts) for i in range(40))


def test_sheets_are_upright_a4() -> None:
    pdf = render_score_sheets([sheet()], competition="赛", stamp=STAMP)
    assert page_sizes(pdf) == A4


def test_what_is_typed_is_printed_and_never_run() -> None:
    rows = [ScoreRow(TYPST_SOURCE, TYPST_SOURCE, "1", TYPST_SOURCE)]
    (page,) = printed(sheet(rows=rows))
    assert page.replace("\u200b", "").count(TYPST_SOURCE.replace(" ", "")) == 3


def test_a_missing_character_is_marked_and_the_last_page_names_the_code_of_the_sheet() -> None:
    first, second, last = printed(sheet(), sheet("K-20", judge=f"许{NO_FONT_HAS}"))
    assert "〓" not in first
    assert "许〓" in second
    assert "印成〓编号K-20：字体里没有" in last


def test_the_same_sheets_give_the_same_bytes() -> None:
    def once() -> bytes:
        return render_score_sheets([sheet(), long_sheet("B")], competition="赛", stamp=STAMP)

    assert once() == once()


def test_no_sheets_are_no_document() -> None:
    with pytest.raises(ValueError, match="no score sheets"):
        printed()

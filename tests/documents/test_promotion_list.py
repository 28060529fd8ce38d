from datetime import datetime

from compete.documents.lists import Stamp
from compete.documents.promotion_list import (
    PROMOTION_TITLES,
    PromotionRow,
    promotion_cells,
    render_promotion_list,
)
from compete.domain.values.messages import msg
from tests.documents.reading import A4_LYING, page_sizes, pages

ROW = PromotionRow(
    name="吕㛃",
    sex="男",
    id_number="320000199308150071",
    unit="省港口集团",
    occupation="起重装卸机械操作工",
    contest="全省港口行业起重装卸机械操作工技能竞赛（省级二类） 叉车",
    level="省级二类 叉车",
    rank="2",
    scores="理论 92.00，实操 97.50",
    current="三级/高级工",
    promoted_to="二级/技师",
    basis="",
)

CONTEST = msg("赛事与级别")


def printed(rows: int = 1) -> bytes:
    stamp = Stamp(datetime(2022, 9, 16, 18, 20), version=1)
    return render_promotion_list([ROW] * rows, title="拟晋升名单", stamp=stamp)


def test_a_row_has_all_that_the_certifying_body_asks_for() -> None:
    (page,) = pages(printed())
    for head in ("序号", "姓名", "性别", "身份证号", "单位", "名次", "各部分成绩", "依据条款"):
        assert head in page
    for words in ("吕㛃", "320000199308150071", "92.00", "97.50", "三级/高级工", "二级/技师"):
        assert words in page
    assert page_sizes(printed()) == A4_LYING


def test_the_competition_is_named_once_and_not_in_each_row() -> None:
    assert "技能竞赛" not in "".join(pages(printed(60)))
    assert "级别与赛项" in pages(printed())[0]
    assert "省级二类叉车" in pages(printed())[0].replace(" ", "")
    assert promotion_cells(1, ROW)[PROMOTION_TITLES.index(CONTEST)] == ROW.contest


def test_what_is_not_known_is_a_dash() -> None:
    assert "二级/技师—" in pages(printed())[0]


def test_rows_are_numbered_over_all_pages_and_signed_at_the_end() -> None:
    texts = pages(printed(60))
    assert "60吕㛃" in texts[-1]
    assert ["复核人" in text for text in texts] == [False] * (len(texts) - 1) + [True]


def test_the_id_number_is_not_in_what_a_log_would_show() -> None:
    assert "320000199308150071" not in repr(ROW)

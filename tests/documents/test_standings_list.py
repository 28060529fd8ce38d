from datetime import date, datetime

from compete.documents.lists import Stamp
from compete.documents.standings_list import Notice, StandingsRow, render_standings_list
from tests.documents.reading import pages

STAMP = Stamp(datetime(2022, 9, 16, 18, 20), version=1)
ROWS = [
    StandingsRow(1, "赵*明", "省港口集团", "98.40", "个人一等奖", "二级/技师"),
    StandingsRow(2, "吕*", "江北港", "96.40", "个人一等奖"),
    StandingsRow(None, "何*东", "", "缺考"),
]


def test_rows_say_rank_name_unit_score_award_and_grade() -> None:
    (page,) = pages(render_standings_list(ROWS, title="成绩公示", stamp=STAMP))
    assert "名次姓名单位总成绩奖项拟晋升等级" in page
    assert "1赵*明省港口集团98.40个人一等奖二级/技师" in page
    assert "2吕*江北港96.40个人一等奖—" in page


def test_a_grade_of_final_results_is_no_longer_proposed() -> None:
    (page,) = pages(render_standings_list(ROWS, title="最终成绩", stamp=STAMP, settled=True))
    assert "总成绩奖项晋升等级" in page
    assert "拟晋升" not in page


def test_who_has_no_place_gets_a_dash_and_the_reason_never_a_zero() -> None:
    (page,) = pages(render_standings_list(ROWS, title="成绩公示", stamp=STAMP))
    assert "—何*东—缺考——" in page


def test_columns_that_nobody_has_anything_in_are_left_out() -> None:
    (page,) = pages(render_standings_list(ROWS[2:], title="成绩", stamp=STAMP))
    assert "奖项" not in page
    assert "拟晋升等级" not in page


def test_the_notice_says_until_when_and_to_whom_objections_go() -> None:
    notice = Notice(date(2022, 9, 17), date(2022, 9, 23), "省港口集团工会 025-0000 0012")
    (page,) = pages(
        render_standings_list(
            ROWS, title="成绩公示", stamp=STAMP, notice=notice, issuer=["组委会", "2022年9月16日"]
        )
    )
    assert "公示期2022年9月17日至2022年9月23日。" in page
    assert "受理人：省港口集团工会025-00000012" in page
    assert "组委会2022年9月16日" in page

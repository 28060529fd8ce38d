"""Results as a workbook: everybody with every score, teams beside, and nothing that can run."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import msgspec
import openpyxl
import pytest

from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.results import Results, read_results
from compete.domain.bundle.types import Bundle, WorkingTime
from compete.domain.grades.ladder import grade_label
from compete.domain.grades.proposals import DecidedGrade
from compete.domain.values.messages import msg
from compete.domain.values.states import GradeState
from compete.sheets.results_workbook.workbook import write_results_book
from compete.sheets.workbook.tables import Table, write_tables

SAMPLES = Path(__file__).parents[2] / "sample_events"
Sheets = dict[str, list[list[object]]]


def sample(name: str) -> tuple[Bundle, Results]:
    """A sample competition and its results."""
    folder = SAMPLES / name
    bundle = read_bundle((folder / "bundle.json").read_bytes())
    return bundle, read_results((folder / "results.json").read_bytes())


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def sheets(data: bytes) -> Sheets:
    """Every sheet's rows from the header on."""
    book = opened(data)
    return {
        name: [list(row) for row in book[name].iter_rows(min_row=2, values_only=True)]
        for name in book.sheetnames
    }


@pytest.fixture(scope="module")
def forklift() -> tuple[Bundle, Results]:
    return sample("port-forklift")


@pytest.fixture(scope="module")
def book(forklift: tuple[Bundle, Results]) -> Sheets:
    return sheets(write_results_book(*forklift))


def test_everybody_stands_in_the_order_of_the_results(
    forklift: tuple[Bundle, Results], book: Sheets
) -> None:
    header, *rows = book["叉车司机"]
    places = [header.index(title) for title in ("名次", "编号", "总成绩")]
    assert [[row[place] for place in places] for row in rows] == [
        [row.rank or "—", row.entrant, float(row.total) if row.total and row.rank else "—"]
        for row in forklift[1].events[0].standings
    ]


def test_each_module_has_its_scores(forklift: tuple[Bundle, Results], book: Sheets) -> None:
    header, *rows = book["叉车司机"]
    stage = forklift[1].events[0].stages[-1]
    scores = {row.entrant: row.modules for row in stage.standings}
    modules = forklift[0].events[0].stages[-1].modules
    for row in rows:
        for module in modules:
            module_score = scores[str(row[1])][module.code]
            shown: object = "缺考" if "dns" in module_score.flags else "—"
            if module_score.score and shown != "缺考":
                shown = float(module_score.score)
            assert row[header.index(module.name)] == shown


def test_who_is_absent_has_a_word_and_neither_a_zero_nor_a_total(book: Sheets) -> None:
    header, *rows = book["叉车司机"]
    (absent,) = [row for row in rows if row[0] == "—"]
    assert 0 not in absent
    assert absent[header.index("总成绩")] == "—"
    assert absent[header.index("说明")] == "缺考"


def test_the_time_that_parts_equals_stands_beside_the_total(book: Sheets) -> None:
    header, first, *_rest = book["叉车司机"]
    assert first[header.index("用时")] == "7:32"


def test_who_has_no_rank_has_no_time_either(forklift: tuple[Bundle, Results]) -> None:
    """A time that was read before a 取消成绩 parts nobody."""
    bundle, results = forklift
    out = next(row.entrant for row in results.events[0].standings if row.rank is None)
    kept = tuple(time for time in bundle.times if time.entrant != out)
    read = WorkingTime(stage="final", module="driving", entrant=out, seconds=Decimal("300"))
    timed = msgspec.structs.replace(bundle, times=(*kept, read))
    header, *rows = sheets(write_results_book(timed, results))["叉车司机"]
    (row,) = [row for row in rows if row[1] == out]
    assert row[header.index("用时")] is None


def test_every_sheet_says_which_version_it_shows(forklift: tuple[Bundle, Results]) -> None:
    words = msg("第 2 版，核对词 %(words)s", words="青松 江桥")
    published = opened(write_results_book(*forklift, edition=words))
    provisional = opened(write_results_book(*forklift))
    for name in published.sheetnames:
        assert str(published[name]["A1"].value).endswith("第 2 版，核对词 青松 江桥")
        assert str(provisional[name]["A1"].value).endswith("暂定")
        assert "第 2 版" in str(published[name].oddFooter.left.text)
    assert published.properties.description == "第 2 版，核对词 青松 江桥"


def test_a_grade_on_hold_is_not_said_to_be_given(forklift: tuple[Bundle, Results]) -> None:
    promoted = [row for row in forklift[1].events[0].grades or () if row.change == "promoted"]
    (deferred, refused, given, *_rest) = promoted
    decided = {
        deferred.entrant: DecidedGrade(deferred.grade or 0, GradeState.DEFERRED),
        refused.entrant: DecidedGrade(refused.grade or 0, GradeState.REFUSED),
        given.entrant: DecidedGrade(given.grade or 0, GradeState.APPROVED),
    }
    header, *rows = sheets(write_results_book(*forklift, decided=decided))["叉车司机"]
    grades = {row[1]: row[header.index("拟晋升等级")] for row in rows}
    assert grades[deferred.entrant] == "缓办"
    assert grades[refused.entrant] is None
    assert grades[given.entrant] == grade_label(given.grade).render()


def test_a_grade_of_final_results_is_no_longer_proposed(forklift: tuple[Bundle, Results]) -> None:
    codes = [event.code for event in forklift[1].events]
    for settled, word in (((), "拟晋升等级"), (codes, "晋升等级")):
        header, *_rows = sheets(write_results_book(*forklift, settled=settled))["叉车司机"]
        assert [title for title in header if "晋升" in str(title)] == [word]


def test_awards_grades_and_honours_stand_beside_the_winner(book: Sheets) -> None:
    header, first, *_ = book["叉车司机"]
    won = dict(zip(header, first, strict=True))
    assert (won["奖项"], won["拟晋升等级"]) == ("一等奖", "二级/技师")
    assert won["荣誉"] == "江苏省技术能手"


def test_who_has_no_rank_has_a_reason(forklift: tuple[Bundle, Results], book: Sheets) -> None:
    header, *rows = book["叉车司机"]
    why = {str(row[1]): row[header.index("说明")] for row in rows}
    words = {"ranked": None, "dns": "缺考", "dsq": "取消成绩", "incomplete": "没评完"}
    results = forklift[1].events[0].standings
    assert why == {row.entrant: words[row.status] for row in results}
    assert set(why.values()) != {None}


def test_teams_have_their_members_and_total(forklift: tuple[Bundle, Results], book: Sheets) -> None:
    rows = book["叉车司机 团体"][1:]
    assert rows[0] == [
        1,
        "省港口集团代表队",
        "省港口集团",
        "赵启明、吕䶮、程国栋",
        290,
        "团体一等奖",
    ]
    teams = forklift[1].events[0].teams
    assert teams is not None
    assert [row[4] for row in rows] == [
        float(team.total) if team.rank is not None else "—" for team in teams
    ]


def test_units_stand_with_what_they_are_ranked_by() -> None:
    header, first, *_rest = sheets(write_results_book(*sample("yangtze-recovery")))[
        "救援机械操作员 单位"
    ]
    assert header == ["名次", "单位", "第 1 名", "第 2 名", "第 3 名"]
    assert len(first) == 5
    assert first[2]


def test_who_went_no_further_than_an_earlier_stage_is_told_so() -> None:
    folder = SAMPLES / "pump-station"
    bundle = read_bundle((folder / "bundle.yaml").read_bytes(), form="yaml")
    results = read_results((folder / "results.json").read_bytes())
    header, *rows = sheets(write_results_book(bundle, results))["泵站运行和维修工"]
    remark = header.index("说明")
    assert [row[remark] for row in rows[11:13]] == [None, "止步预赛"]


def test_a_team_without_rank_has_no_total(forklift: tuple[Bundle, Results]) -> None:
    bundle, results = forklift
    event = results.events[0]
    assert event.teams
    last = msgspec.structs.replace(event.teams[-1], rank=None)
    event = msgspec.structs.replace(event, teams=[*event.teams[:-1], last])
    changed = msgspec.structs.replace(results, events=[event])
    rows = sheets(write_results_book(bundle, changed))["叉车司机 团体"][1:]
    assert (rows[-1][0], rows[-1][4]) == ("—", "—")


def test_single_items_name_item_and_award() -> None:
    rows = sheets(write_results_book(*sample("yangtze-recovery")))["救援机械操作员 单项"][1:]
    assert rows[0][:4] == ["5 吨折叠平板清障车", 1, "R02", "张文杰"]
    assert rows[0][-1] == "单项第一名"


def test_a_labour_competition_has_a_sheet_for_each_period() -> None:
    bundle, results = sample("key-projects-labour")
    book = sheets(write_results_book(bundle, results))
    assert results.labour is not None
    assert list(book)[len(results.labour.periods) :] == ["参赛人数"]
    header, *rows = book["一季度"]
    assert len(rows) == len(results.labour.periods[0].standings)
    assert "红旗" in [row[header.index("流动红旗")] for row in rows]


def test_places_are_shown_as_published(forklift: tuple[Bundle, Results]) -> None:
    sheet = opened(write_results_book(*forklift))["叉车司机"]
    titles = [cell.value for cell in sheet[2]]
    cell = sheet.cell(3, titles.index("总成绩") + 1)
    assert (cell.value, cell.number_format) == (98.4, "0.00")


def test_nothing_that_identifies_a_person_is_inside(forklift: tuple[Bundle, Results]) -> None:
    bundle = msgspec.structs.replace(
        forklift[0],
        entrants=tuple(
            msgspec.structs.replace(entrant, id_number="320000199001010012", phone="13812345678")
            for entrant in forklift[0].entrants
        ),
    )
    text = str(sheets(write_results_book(bundle, forklift[1])))
    assert "320000" not in text
    assert "138123" not in text


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "http://x"])
def test_a_name_that_looks_like_a_formula_or_link_is_only_text(
    forklift: tuple[Bundle, Results], name: str
) -> None:
    entrants = (msgspec.structs.replace(forklift[0].entrants[0], name=name),)
    bundle = msgspec.structs.replace(forklift[0], entrants=entrants + forklift[0].entrants[1:])
    sheet = opened(write_results_book(bundle, forklift[1]))["叉车司机"]
    (cell,) = (row[2] for row in sheet.iter_rows(min_row=3) if row[1].value == entrants[0].code)
    assert (cell.value, cell.data_type, cell.hyperlink) == (name, "s", None)
    assert cell.quotePrefix == (name[0] in "=+-@\t")


def test_sheets_of_one_name_are_told_apart_within_excels_limits() -> None:
    tables = [
        Table("甲/乙:丙*" * 9, "x", ["a"], []),
        Table("甲/乙:丙*" * 9, "x", ["a"], []),
        Table("''", "x", ["a"], []),
    ]
    names = opened(write_tables(tables)).sheetnames
    assert len(set(names)) == 3
    assert all(0 < len(name) <= 31 for name in names)


def test_numbers_too_long_for_a_spreadsheet_stay_whole_as_text() -> None:
    rows = [[Decimal("1234567890123456.78")], [Decimal("0.10")], [7], [None]]
    book = opened(write_tables([Table("x", "x", ["a"], rows)]))
    assert [cell.value for cell in book["x"]["A"][2:]] == ["1234567890123456.78", 0.1, 7, "—"]
    assert book["x"]["A4"].number_format == "0.00"


def test_words_can_be_in_another_language() -> None:
    data = write_tables(
        [Table(msg("成绩"), msg("成绩"), [msg("名次")], [])],
        {"成绩": "Results", "名次": "Rank"}.__getitem__,
    )
    book = opened(data)
    assert (book.sheetnames, book["Results"]["A2"].value) == (["Results"], "Rank")


def test_a_competition_without_events_still_gives_a_workbook(
    forklift: tuple[Bundle, Results],
) -> None:
    empty = Results(competition=forklift[0].competition.code, events=[])
    assert sheets(write_results_book(forklift[0], empty))["成绩"][0] == ["还没有成绩"]

"""A department's squares out to Excel and in again: looked at whole before any is written."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select

from compete.domain.values import Role
from compete.models import Account, Competition, LabourValueEntry, db
from compete.services.accounts import create_account, grant_role
from compete.services.kernel import Refused
from compete.services.labour import (
    BookPreview,
    Writer,
    department_book,
    grid_of,
    preview_book,
)
from compete.sheets.workbook import WorkbookError
from tests.services.labour.made_up import Contest, act, made_up


@pytest.fixture
def contest(load: Callable[..., Competition], organiser: Account) -> Contest:
    return made_up(load, organiser)


def opened(contest: Contest, writer: Writer | None = None, period: str = "二月") -> Any:
    content = department_book(writer or contest.writer(contest.safety), period)
    return openpyxl.load_workbook(io.BytesIO(content))


def filled(book: Any, changes: Mapping[str, Any]) -> bytes:
    for place, value in changes.items():
        book.active[place] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def looked_at(contest: Contest, changes: Mapping[str, Any]) -> BookPreview:
    book = opened(contest)
    return preview_book(contest.writer(contest.safety), "二月", filled(book, changes))


def test_it_says_what_stands_and_what_is_lacking_is_empty(contest: Contest) -> None:
    unit = contest.competition.units[1]
    contact = create_account("谢长林")
    grant_role(contact, contest.competition, Role.CONTACT, unit=unit)
    own = Writer(contest.competition, contact, unit=unit)
    contest.enter(act("乙", "安全", "29"), by=own)
    contest.enter(act("甲", "安全", "28.5"), act("甲", "安全", "临边", kind="reason"))
    sheet = opened(contest).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert rows[0] == [
        *("编号", "单位", "组"),
        *("安全 自评", "安全（满 30） 考评", "安全 扣分原因"),
        *("隐患 自评", "隐患（满 30） 考评", "隐患 扣分原因"),
    ]
    assert rows[1][:6] == ["甲", "甲", None, None, 28.5, "临边"]
    assert rows[2][3:5] == [29, None]
    # Brought back as it was, it changes nothing.
    told = looked_at(contest, {})
    assert (told.cells, told.problems, told.same) == ([], [], 2)


def test_what_it_would_write_is_told_and_nothing_is_written(contest: Contest) -> None:
    contest.enter(act("甲", "安全", "28.5"))
    before = db.session.scalar(select(func.count(LabourValueEntry.id)))
    told = looked_at(
        contest,
        {"E3": 27, "E4": 9.1 * 3, "F4": "少一次演练", "H3": "０", "H4": 10, "H5": ""},
    )
    assert [(each.place, each.kind, each.text, each.was) for each in told.cells] == [
        ("E3", "value", "27", "28.5"),
        ("H3", "value", "０", ""),
        # 9.1 × 3 is 27.299999999999997 to Excel, and 27.3 to whoever looks.
        ("E4", "value", "27.3", ""),
        ("F4", "reason", "少一次演练", ""),
        ("H4", "value", "10", ""),
    ]
    standing = grid_of(contest.competition, "二月").standing
    assert told.cells[0].seen == next(iter(standing.values())).id
    assert [str(each.ask) for each in told.cells if each.ask] == [
        "10 是上期 1 的 10 倍以上，对就再确认一次"
    ]
    assert db.session.scalar(select(func.count(LabourValueEntry.id))) == before


def test_a_reason_that_stays_beside_another_value_is_written_with_it(contest: Contest) -> None:
    contest.enter(act("甲", "安全", "20"), act("甲", "安全", "临边", kind="reason"))
    told = looked_at(contest, {"E3": 21})
    assert [(each.place, each.text) for each in told.cells] == [("E3", "21"), ("F3", "临边")]


def test_each_fault_names_its_row_and_column(contest: Contest) -> None:
    told = looked_at(
        contest,
        {
            **{"E3": "良", "H3": -1, "E4": 31, "F4": "字" * 501},
            **{"A5": "丁", "E5": 20, "A6": "甲", "E6": 20, "A7": "乙", "B7": "甲", "E7": 20},
            **{"B8": "丙", "E8": 1.2345678, "B9": "甲"},
        },
    )
    assert [(each.place, each.what, str(each.why)) for each in told.problems] == [
        ("E3", "甲 安全（满 30） 考评", "“良”不是数"),
        ("H3", "甲 隐患（满 30） 考评", "-1 小于 0"),
        ("E4", "乙 安全（满 30） 考评", "31 超过满分 30"),
        ("F4", "乙 安全 扣分原因", "最多 500 个字，现在是 501 个"),
        ("5", "丁", "没有这个单位"),
        ("6", "甲", "第 3 行已经有这一家"),
        ("7", "甲", "编号 乙 是乙"),
        ("E8", "丙 安全（满 30） 考评", "“1.2345678”不是数"),
    ]
    assert told.cells == []


def test_the_table_of_another_period_or_department_is_refused(contest: Contest) -> None:
    safety = contest.writer(contest.safety)
    with pytest.raises(Refused, match="一月 安全部打分表”，这里要“劳动竞赛 二月 安全部打分表"):
        preview_book(safety, "二月", filled(opened(contest, period="一月"), {}))
    works = opened(contest, contest.writer(contest.works))
    with pytest.raises(WorkbookError, match="请用下载的那张表"):
        preview_book(safety, "二月", filled(works, {}))
    with pytest.raises(WorkbookError, match="有两列"):
        preview_book(safety, "二月", filled(opened(contest), {"I2": "安全（满 30） 考评"}))
    with pytest.raises(WorkbookError):
        preview_book(safety, "二月", b"PK not a workbook")


def test_targets_have_a_column_of_their_own(contest: Contest) -> None:
    writer = contest.writer(contest.works)
    book = opened(contest, writer)
    heads = [cell.value for cell in book.active[2]]
    assert heads[3:] == ["产值 目标", "产值 自评", "产值 考评", "产值 扣分原因"]
    told = preview_book(writer, "二月", filled(book, {"D3": 0, "F3": 90, "D4": 100}))
    assert [(each.kind, each.text) for each in told.cells] == [("value", "90"), ("target", "100")]
    assert [str(each.why) for each in told.problems] == ["目标要大于 0"]
    assert Decimal(told.cells[0].text) == 90

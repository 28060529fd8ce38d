"""Counts of many nodes as a workbook: planned row by row, written at once; and reminders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from compete.domain.values.kinds import Level
from compete.domain.values.messages import msg
from compete.models import (
    Account,
    Competition,
    Series,
    SeriesNode,
    SeriesReminder,
    SessionReport,
    db,
    utc_now,
)
from compete.services.accounts.accounts import create_account
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.series.reminders import last_reminders, remind_nodes
from compete.services.series.report_rows import (
    REPORT_FIELDS,
    REPORT_ROWS,
    enter_reports,
    plan_reports,
    report_lines,
)
from compete.services.series.series_nodes import erase_node
from compete.services.series.series_out import (
    bare_series,
    counts_of,
    node_code,
    nodes_of,
    reports_of,
)
from compete.services.series.session_reports import history_of
from compete.sheets.headed_rows import read_headed_rows, write_headed_rows
from tests.sheets.reading.files import book_of
from tests.support.series import node_here, node_in, report_of, series_by

pytestmark = pytest.mark.each_database


def city_of(by: Account) -> tuple[Series, SeriesNode]:
    series = series_by(by)
    return series, node_in(series, "全市", by, level=Level.MUNICIPAL)


def row(name: str, sessions: str = "3", people: str = "100", **more: str) -> Mapping[str, str]:
    return {"name": name, "sessions": sessions, "people": people, **more}


def total(node: SeriesNode) -> tuple[int, int, int, int, str | None]:
    series = node.series
    counts = counts_of(bare_series(series, nodes_of(series), reports_of(series)))
    it = counts[node_code(node.id)]
    return (
        *(it.total.sessions, it.total.people, it.total.examined, it.total.passed),
        it.rate,
    )


def test_sixty_one_unions_add_up_and_come_in_twice_without_harm(organiser: Account) -> None:
    series, city = city_of(organiser)
    rows = [
        row(f"第{n}区总工会", "32", "30000", parent="全市", level="市级", examined="9", passed="5")
        for n in range(1, 61)
    ]
    rows.append(
        row("江北产业工会", "80", "60000", parent="全市", level="行业", examined="30", passed="48")
    )
    [*fine, wrong] = plan_reports(series, list(enumerate(rows, 1)))
    assert {it.state for it in fine} == {"added"}
    assert dict(wrong.faults) == {"passed": msg("合格的比考核的多")}
    rows[-1] = row(
        "江北产业工会", "80", "60000", parent="全市", level="行业", examined="30", passed="48"
    ) | {"examined": "60"}
    assert enter_reports(series, rows, organiser) == 61
    assert total(city) == (2000, 1_860_000, 600, 348, "58.00")
    again = [{key: text for key, text in it.items() if key != "level"} for it in rows]
    assert {it.state for it in plan_reports(series, list(enumerate(again, 1)))} == {"same"}
    assert enter_reports(series, again, organiser) == 0
    assert db.session.scalar(select(func.count(SessionReport.id))) == 61


def test_all_faults_of_all_rows_are_told_at_once(fresh: Competition, organiser: Account) -> None:
    series, city = city_of(organiser)
    node_here(series, fresh, organiser)
    node_in(series, "甲区", organiser, under=city)
    first = node_in(series, "片一", organiser, level=Level.MUNICIPAL, under=city)
    for above in (city, first):
        node_in(series, "乙区", organiser, under=above)
    rows = [
        row(fresh.name),
        row("没有的区"),
        row("没有的区", parent="没有的市"),
        row("新区", parent="全市", level="国家级一类"),
        row("乙区"),
        row("乙区", parent="片一"),
        row("甲区", "三", "", passed="1"),
        row("丙区", parent="全市"),
        row("丙区", parent="全市"),
        row("", day="2999-01-01"),
    ]
    plans = plan_reports(series, list(enumerate(rows, 1)))
    assert [sorted(it.faults) for it in plans] == [
        *(["name"], ["name"], ["parent"], ["level"], ["parent"], []),
        *(["people", "sessions"], ["name"], ["name"], ["day", "name"]),
    ]
    assert "人次就是选手数，不用再报" in str(plans[0].faults["name"])
    with pytest.raises(Refused, match="请再看一遍"):
        enter_reports(series, rows, organiser)
    assert not reports_of(series)


def test_what_goes_out_comes_back_with_rows_left_empty(organiser: Account) -> None:
    series, city = city_of(organiser)
    reported = node_in(series, "甲区", organiser, under=city)
    node_in(series, "乙区", organiser, under=city)
    report_of(reported, organiser, 2, 50)
    lines = report_lines(series)
    assert [(it["name"], it.get("people")) for it in lines] == [("甲区", "50"), ("乙区", None)]
    assert [it["name"] for it in report_lines(series, missing=True)] == ["乙区"]
    book = write_headed_rows(msg("报数表"), REPORT_FIELDS, lines)
    rows = read_headed_rows(book, REPORT_ROWS)
    assert [it.state for it in plan_reports(series, rows)] == ["same", "same"]


def test_columns_are_known_by_other_names(organiser: Account) -> None:
    series, city = city_of(organiser)
    node_in(series, "甲区总工会", organiser, under=city)
    head = ["序号", "单位", "举办场次", "参与人次", "上报人"]
    book = book_of({"报数": [head, [1, "甲区总工会", 12, 3400, "王工"]]})
    rows = read_headed_rows(book, REPORT_ROWS)
    [plan] = plan_reports(series, rows)
    assert (plan.state, plan.faults) == ("added", {})
    enter_reports(series, [plan.texts], organiser)
    assert total(city)[:2] == (12, 3400)


def test_who_reported_is_the_organiser_where_no_column_says_it(organiser: Account) -> None:
    series, city = city_of(organiser)
    node = node_in(series, "甲区", organiser, under=city)
    enter_reports(series, [row("甲区")], organiser)
    enter_reports(series, [row("甲区", people="120", told_by="李工")], organiser)
    assert [it.told_by for it in history_of(node)] == ["李工", "甲区"]
    assert total(city)[:2] == (3, 120)
    with pytest.raises(Refused, match="由建它的人和管理员管"):
        enter_reports(series, [row("甲区")], create_account("别人"))


def test_who_has_not_reported_is_reminded_once_a_day(organiser: Account) -> None:
    series, city = city_of(organiser)
    nodes = [node_in(series, name, organiser, under=city) for name in ("甲区", "乙区", "丙区")]
    report_of(nodes[2], organiser, 1, 1)
    assert remind_nodes(series, [nodes[0].id], organiser) == 1
    assert remind_nodes(series, [], organiser) == 1
    with pytest.raises(Refused, match="今天催过了"):
        remind_nodes(series, [], organiser)
    with unit_of_work() as session:
        for row_of in session.scalars(select(SeriesReminder).order_by(SeriesReminder.id)):
            row_of.made_at = utc_now() - timedelta(days=2)
    assert remind_nodes(series, [], organiser) == 2
    assert last_reminders(series).keys() == {nodes[0].id, nodes[1].id}
    erase_node(nodes[0], organiser)
    report_of(nodes[1], organiser, 1, 1)
    with pytest.raises(Refused, match="都报了"):
        remind_nodes(series, [], organiser)

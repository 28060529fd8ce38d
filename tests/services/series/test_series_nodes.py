"""A series in the database: nodes, what they report, and the file of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from compete.domain.series.reading import read_series
from compete.domain.series.reckoning import node_results
from compete.domain.values.kinds import Level
from compete.models import Account, Competition, SeriesNode, SessionReport, db
from compete.services.accounts.accounts import create_account
from compete.services.kernel.clock import local_today
from compete.services.kernel.refusal import FieldRefused, Refused
from compete.services.series.series_file import take_out_series
from compete.services.series.series_nodes import (
    NodeFields,
    add_competition,
    change_node,
    erase_node,
    erase_series,
)
from compete.services.series.series_out import (
    bare_series,
    counts_of,
    node_code,
    nodes_of,
    reports_of,
)
from compete.services.series.series_rights import sees_series, series_seen_by
from compete.services.series.session_reports import ReportFields, history_of, report_counts
from tests.support.series import node_here, node_in, report_of, series_by

pytestmark = pytest.mark.each_database


def totals(node: SeriesNode) -> tuple[int, int, str | None]:
    series = node.series
    counts = counts_of(bare_series(series, nodes_of(series), reports_of(series)))
    row = counts[node_code(node.id)]
    return row.total.sessions, row.total.people, row.rate


def test_reports_add_up_and_a_correction_replaces(organiser: Account) -> None:
    series = series_by(organiser)
    city = node_in(series, "市", organiser, level=Level.MUNICIPAL)
    first = node_in(series, "甲区", organiser, under=city)
    second = node_in(series, "乙区", organiser, under=city)
    report_of(first, organiser, 3, 100, examined=570, passed=348)
    report_of(second, organiser, 2, 50)
    assert totals(city) == (5, 150, "61.05")
    report_of(first, organiser, 4, 120, examined=570, passed=348)
    assert totals(city) == (6, 170, "61.05")
    assert [row.people for row in history_of(first)] == [120, 100]


def test_a_competition_here_counts_its_people_and_reports_nothing(
    fresh: Competition, organiser: Account
) -> None:
    series = series_by(organiser)
    node = node_here(series, fresh, organiser)
    assert totals(node)[:2] == (1, 4)
    with pytest.raises(Refused, match="不用再报"):
        report_of(node, organiser, 1, 1)
    with pytest.raises(FieldRefused, match="还没有加进来"):
        add_competition(series, None, fresh, organiser)


def test_only_who_runs_a_competition_adds_it(fresh: Competition) -> None:
    other = create_account("别人")
    series = series_by(other)
    with pytest.raises(FieldRefused, match="选一个您办的"):
        add_competition(series, None, fresh, other)


def test_a_node_is_not_above_what_it_hangs_under(organiser: Account) -> None:
    series = series_by(organiser)
    firm = node_in(series, "公司", organiser)
    with pytest.raises(Refused, match="级别还高"):
        node_in(series, "省赛", organiser, level=Level.PROVINCIAL_1, under=firm)
    city = node_in(series, "市赛", organiser, level=Level.MUNICIPAL)
    below = node_in(series, "区赛", organiser, level=Level.MUNICIPAL, under=city)
    with pytest.raises(Refused, match="级别还高"):
        change_node(city, NodeFields(name="市赛", level=Level.ENTERPRISE), organiser)
    assert change_node(below, NodeFields(name="区赛", level=Level.ENTERPRISE), organiser)
    assert not change_node(below, NodeFields(name="区赛", level=Level.ENTERPRISE), organiser)


def test_more_passed_than_examined_is_refused(organiser: Account) -> None:
    node = node_in(series_by(organiser), "公司", organiser)
    with pytest.raises(FieldRefused, match="合格的比考核的多") as refused:
        report_of(node, organiser, 1, 10, examined=3, passed=4)
    assert refused.value.field == "passed"
    report_of(node, organiser, 1, 10)
    with pytest.raises(Refused, match="和现在的一样"):
        report_of(node, organiser, 1, 10)
    assert db.session.scalar(select(func.count(SessionReport.id))) == 1


def test_a_node_goes_with_its_reports_once_nothing_is_below(organiser: Account) -> None:
    series = series_by(organiser)
    city = node_in(series, "市", organiser, level=Level.MUNICIPAL)
    firm = node_in(series, "公司", organiser, under=city)
    report_of(firm, organiser, 1, 10)
    report_of(firm, organiser, 1, 11)
    with pytest.raises(Refused, match="先删下面的"):
        erase_node(city, organiser)
    with pytest.raises(Refused, match="先删站"):
        erase_series(series, organiser)
    erase_node(firm, organiser)
    erase_node(city, organiser)
    erase_series(series, organiser)
    assert db.session.scalar(select(func.count(SessionReport.id))) == 0


def test_only_who_made_it_and_administrators_keep_it(
    fresh: Competition, organiser: Account
) -> None:
    admin, other = create_account("管理员", is_admin=True), create_account("别人")
    series = series_by(admin)
    assert not sees_series(organiser, series)
    node_here(series, fresh, admin)
    assert sees_series(organiser, series)
    assert not sees_series(other, series)
    assert series_seen_by(organiser) == [series] == series_seen_by(admin)
    with pytest.raises(Refused, match="由建它的人和管理员管"):
        node_in(series, "公司", organiser)
    with pytest.raises(Refused, match="由建它的人和管理员管"):
        take_out_series(series, organiser)


def test_its_file_is_one_that_the_program_reads(fresh: Competition, organiser: Account) -> None:
    series = series_by(organiser, year=2026, organiser="市总工会")
    city = node_in(series, "省", organiser, level=Level.PROVINCIAL_1)
    node_here(series, fresh, organiser, under=city)
    firm = node_in(series, "公司", organiser, under=city)
    report_of(firm, organiser, 2, 30)
    report_of(firm, organiser, 2, 31)
    file = read_series(take_out_series(series, organiser))
    rows = {row.node: row.total for row in node_results(file)}
    assert rows[node_code(city.id)].people == 35
    assert file.reports[1].replaces == file.reports[0].code


def test_a_day_to_come_is_none_on_which_anything_was_reported(organiser: Account) -> None:
    node = node_in(series_by(organiser), "公司", organiser)
    day = local_today() + timedelta(days=2)
    with pytest.raises(FieldRefused, match="还没到"):
        report_counts(node, ReportFields(sessions=1, people=1, day=day, told_by="甲"), organiser)

"""Values entered by departments and units: each act a row, nothing lost, scores follow at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from compete.domain.values.roles import Role
from compete.models import Account, Competition, LabourValueEntry, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.labour.entry import Writer, enter_cells
from compete.services.labour.squares import grid_of, history_of
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live_labour import labour_live
from tests.services.labour.made_up import Contest, act, everything, made_up, recorder
from tests.support.statements import statements


@pytest.fixture
def contest(load: Callable[..., Competition], organiser: Account) -> Contest:
    return made_up(load, organiser)


def rows() -> int:
    return db.session.scalar(select(func.count(LabourValueEntry.id))) or 0


def value_of(contest: Contest, unit: str, code: str, period: str = "二月") -> Decimal | None:
    """As the bundle has it, and so as it is scored."""
    labour = export_bundle(contest.competition).labour
    assert labour is not None
    numbers = [
        value.value
        for value in labour.values
        if (value.unit, value.period, value.indicator) == (unit, period, code)
    ]
    return numbers[-1] if numbers else None


def refusal_texts(refused: Sequence[tuple[str, object]]) -> list[str]:
    return [str(message) for _uuid, message in refused]


def test_an_act_is_kept_once_and_scores_follow(contest: Contest) -> None:
    before = labour_live(contest.competition).outcome.totals["二月", "甲"]
    first = act("甲", "安全", "２８．５")
    others = [act("甲", "隐患", "2")]
    assert contest.enter(first, *others).stored == [first.uuid, others[0].uuid]
    target, done = act("甲", "产值", "120", kind="target"), act("甲", "产值", "60")
    contest.enter(target, done, by=contest.writer(contest.works))
    after = labour_live(contest.competition).outcome.totals["二月", "甲"]
    assert before.total is None
    assert after.total == 2850 + 2400 + 2000
    there = rows()
    assert contest.enter(first, *others).stored == [first.uuid, others[0].uuid]
    assert rows() == there
    assert list(verify_chain(contest.competition)) == []
    assert list(check_rows(contest.competition)) == []


def test_an_emptied_square_is_missing_and_never_nought(contest: Contest) -> None:
    contest.enter(act("甲", "安全", "28"))
    contest.enter(act("甲", "安全", ""))
    assert value_of(contest, "甲", "安全") is None
    contest.enter(act("甲", "安全", "27"))
    assert value_of(contest, "甲", "安全") == 27
    # What came with the competition is somebody else's: it is emptied by who has seen it.
    unseen = act("乙", "安全", "")
    assert unseen.uuid in contest.enter(unseen, period="一月").met
    assert value_of(contest, "乙", "安全", "一月") == 20
    standing = grid_of(contest.competition, "一月").standing
    row = next(row for row in standing.values() if (row.unit.code, row.indicator) == ("乙", "安全"))
    contest.enter(act("乙", "安全", "", seen=row.id), period="一月")
    assert value_of(contest, "乙", "安全", "一月") is None


@pytest.mark.parametrize(
    ("code", "text", "why"),
    [
        ("安全", "良", "“良”不是数"),
        ("安全", "31", "31 超过满分 30"),
        ("安全", "-1", "-1 小于 0"),
        ("隐患", "10", "10 是上期 1 的 10 倍以上，对就再确认一次"),
        ("隐患", "1e3", "“1e3”不是数"),
    ],
)
def test_a_refused_text_stays_in_its_square_and_counts_as_missing(
    contest: Contest, code: str, text: str, why: str
) -> None:
    contest.enter(act("甲", code, "7"))
    assert contest.enter(act("甲", code, text)).refused == []
    grid = grid_of(contest.competition, "二月")
    unit = grid.units[0].id
    assert grid.standing[unit, code].text == text
    assert str(grid.problem((unit, code))) == why
    assert not grid.filled((unit, code))
    assert value_of(contest, "甲", code) is None


def test_an_odd_value_is_taken_once_it_is_confirmed(contest: Contest) -> None:
    contest.enter(act("甲", "隐患", "10", sure=True))
    assert value_of(contest, "甲", "隐患") == 10
    contest.enter(act("甲", "安全", "300", sure=True))
    assert value_of(contest, "甲", "安全") is None


def test_a_value_without_the_target_it_needs_is_missing(contest: Contest) -> None:
    writer = contest.writer(contest.works)
    contest.enter(act("甲", "产值", "90"), by=writer)
    assert value_of(contest, "甲", "产值") is None
    contest.enter(act("甲", "产值", "0", kind="target"), by=writer)
    grid = grid_of(contest.competition, "二月")
    assert str(grid.problem((grid.units[0].id, "产值"))) == "目标要大于 0"
    contest.enter(act("甲", "产值", "1,200", kind="target"), by=writer)
    grid = grid_of(contest.competition, "二月")
    assert grid.problem((grid.units[0].id, "产值")) is None
    assert value_of(contest, "甲", "产值") == 90


def test_only_what_one_owns(contest: Contest) -> None:
    entered = contest.enter(
        act("甲", "产值", "1"),
        act("丁", "安全", "1"),
        act("甲", "安全", "1", kind="target"),
        act("甲", "安全", "字" * 81),
        act("甲", "安全", "1", uuid="x"),
    )
    assert refusal_texts(entered.refused) == [
        "这一列不归你们部门填",
        "没有这一格",
        "没有这一格",
        f"“{'字' * 20}…”太长了，最多 80 个字",
        "这一条的编号不对",
    ]
    assert entered.stored == []
    with pytest.raises(Refused, match="不直接打分"):
        contest.enter(act("甲", "安全", "1"), period="Q")


def test_anothers_later_value_is_met_and_not_overwritten(contest: Contest) -> None:
    second = contest.writer(contest.safety, recorder("吴燕", contest.competition, contest.safety))
    contest.enter(act("甲", "安全", "28"))
    mine = act("甲", "安全", "25")
    entered = contest.enter(mine, by=second)
    standing = entered.met[mine.uuid]
    assert standing.value == 28
    assert standing.made_by == contest.zhou.id
    assert (entered.stored, entered.refused) == ([], [])
    assert value_of(contest, "甲", "安全") == 28
    contest.enter(act("甲", "安全", "25", seen=standing.id), by=second)
    assert value_of(contest, "甲", "安全") == 25
    # One's own earlier act never stands against one, however old the view.
    contest.enter(act("甲", "安全", "24", seen=None), by=second)
    assert value_of(contest, "甲", "安全") == 24


def test_a_self_assessment_stands_beside_and_scores_nothing(contest: Contest) -> None:
    unit = contest.competition.units[0]
    account = create_account("谢长林")
    grant_role(account, contest.competition, Role.CONTACT, unit=unit)
    writer = Writer(contest.competition, account, unit=unit)
    other = act("乙", "安全", "30")
    entered = enter_cells(writer, "二月", [act("甲", "安全", "29"), other])
    assert refusal_texts(entered.refused) == ["只能填本单位的自评"]
    contest.enter(act("甲", "安全", "28"))
    grid = grid_of(contest.competition, "二月")
    assert grid.own[unit.id, "安全"].value == 29
    assert grid.standing[unit.id, "安全"].value == 28
    assert value_of(contest, "甲", "安全") == 28
    assert list(verify_chain(contest.competition)) == []


def test_a_batch_is_one_record(contest: Contest) -> None:
    entered = contest.enter(*everything())
    assert len(entered.stored) == 6
    grid = grid_of(contest.competition, "二月", contest.safety.indicators)
    assert all(
        grid.filled((unit.id, indicator.code))
        for unit in grid.units
        for indicator in grid.indicators
    )


def test_many_squares_are_read_and_written_with_as_many_statements_as_few(
    contest: Contest,
) -> None:
    """130 units and four columns were 520 inserts, and each call read two whole months."""
    few, many = everything("乙"), everything("甲丙")
    grid_of(contest.competition, "二月")
    with statements(db.engine) as first:
        contest.enter(*few)
    with statements(db.engine) as second:
        assert len(contest.enter(*many).stored) == 4
    assert len([query for query in second if query.startswith("INSERT INTO labour_value")]) == 1
    assert len(second) <= len(first)
    read = [query for query in second if "GROUP BY labour_value" in query]
    assert read
    assert all("indicator IN" in query or "SELECT DISTINCT" in query for query in read)


def test_acts_of_one_call_on_one_square_follow_each_other(contest: Contest) -> None:
    first, second = act("甲", "安全", "28"), act("甲", "安全", "26")
    assert contest.enter(first, second).stored == [first.uuid, second.uuid]
    assert value_of(contest, "甲", "安全") == 26
    unit = contest.competition.units[0]
    assert [row.value for row in history_of(unit, "二月", "安全")] == [26, 28]


def test_a_unit_came_in_with_the_first_period_in_which_it_has_anything(contest: Contest) -> None:
    """Also where only another department has entered something for it."""
    joined = {unit.code: unit.joined for unit in grid_of(contest.competition, "一月").units}
    assert joined == {"甲": None, "乙": None, "丙": None}
    emptied = [act("丙", code, "", seen=10**6) for code in ("安全", "隐患")]
    contest.enter(*emptied, period="一月")
    contest.enter(act("丙", "安全", "20"))
    safety = contest.safety.indicators
    assert [unit.joined for unit in grid_of(contest.competition, "一月", safety).units] == [
        None
    ] * 3
    left = act("丙", "产值", "", seen=10**6)
    contest.enter(left, period="一月", by=contest.writer(contest.works))
    third = grid_of(contest.competition, "一月", safety).units[2]
    assert (third.code, third.joined) == ("丙", "二月")


def test_an_own_older_word_of_another_device_does_not_replace_the_newer(contest: Contest) -> None:
    """Typed at 9 without a network and sent after what was typed at 10 on the other device."""
    nine = datetime(2026, 3, 1, 9, tzinfo=UTC)
    newer = act("甲", "安全", "25", at=nine + timedelta(hours=1))
    older = act("甲", "安全", "20", at=nine)
    assert contest.enter(newer).stored == [newer.uuid]
    answer = contest.enter(older)
    assert (answer.stored, list(answer.met)) == ([], [older.uuid])
    standing = answer.met[older.uuid]
    assert standing.value == 25
    chosen = act("甲", "安全", "20", at=nine, seen=standing.id)
    assert contest.enter(chosen).stored == [chosen.uuid], "who has seen the newer one may choose"
    set_back = [
        act("乙", "安全", text, at=nine - timedelta(hours=n)) for n, text in enumerate("89")
    ]
    assert contest.enter(*set_back).met == {}, "in one call the order counts, not the clock"


def test_a_count_that_looks_like_a_score_and_a_reversed_target_are_asked_about(
    contest: Contest,
) -> None:
    def asked(unit: str, code: str) -> str | None:
        grid = grid_of(contest.competition, "二月")
        number = next(row.id for row in grid.units if row.code == unit)
        problem = grid.problem((number, code))
        return None if problem is None else str(problem)

    contest.enter(act("甲", "隐患", "30"))
    assert "个数" in (asked("甲", "隐患") or "")
    contest.enter(act("甲", "隐患", "30", sure=True))
    assert asked("甲", "隐患") is None
    works = contest.writer(contest.works)
    contest.enter(act("甲", "产值", "90"), by=works)
    contest.enter(act("甲", "产值", "9", kind="target"), by=works)
    assert "填反" in (asked("甲", "产值") or "")
    contest.enter(act("甲", "产值", "100", kind="target"), by=works)
    assert asked("甲", "产值") is None

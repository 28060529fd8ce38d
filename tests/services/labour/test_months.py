"""Month after month: a period is closed, announced, and afterwards corrected by two alone."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from compete.domain import score
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.values.period_states import PeriodState
from compete.domain.values.roles import Role
from compete.domain.values.states import MoveError
from compete.models import Account, Competition, LabourValueEntry, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.labour.closing import (
    UnitChange,
    close_period,
    publish_closed,
    unpublished_units,
)
from compete.services.labour.corrections import (
    Wanted,
    agree_correction,
    ask_correction,
    corrections_of,
    drop_correction,
    what_it_moves,
)
from compete.services.labour.departments import save_department
from compete.services.labour.entry import Writer, enter_cells
from compete.services.labour.period_progress import closed_periods, period_stands, state_of
from compete.services.labour.sign_off import sign_off, withdraw_sign_off
from compete.services.registration.units.unit_list import (
    add_units,
    labour_groups,
    remove_unit,
    rename_unit,
    unit_lines,
)
from compete.services.results.announced_periods import (
    announced_labour,
    announced_periods,
    announcing,
)
from compete.services.results.bulletin import print_bulletin
from compete.services.results.publishing import files_now
from compete.services.results.record_checks import check_records, check_scores
from compete.services.results.shown_version import edition_of_labour, edition_of_period
from compete.services.results.snapshots import (
    read_snapshot,
    snapshot_files,
    standing_publications,
)
from compete.services.scoring.live_labour import labour_live
from tests.documents.reading import pages
from tests.domain.labour.build import indicator, labour_bundle, quarter, value
from tests.services.labour.made_up import PIN, act, made_up, recorder

SCORES = {"甲": {"一月": 90, "二月": 80}, "乙": {"一月": 85, "二月": 95}, "丙": {"一月": 70}}

SEEN = 10**6
"""The number of a row after all: whoever writes has seen what stands."""


@pytest.fixture
def months(load: Callable[..., Competition]) -> Competition:
    """Three units; of February one has no value."""
    bundle = labour_bundle(
        "甲乙丙",
        periods=quarter("一月", "二月"),
        indicators=[indicator("安全", 50), indicator("质量", 50)],
        values=[
            value(unit, month, code, str(points / 2))
            for unit, by_month in SCORES.items()
            for month, points in by_month.items()
            for code in ("安全", "质量")
        ]
        + [value("丙", "二月", "安全", 20)],
        flags={"count": 1, "min": 80},
    )
    return load(json.loads(write_bundle(bundle)))


@pytest.fixture
def second(months: Competition, organiser: Account) -> Account:
    account = create_account("周颖")
    grant_role(account, months, Role.ORGANISER, by=organiser)
    return account


def _states(competition: Competition) -> dict[str, str]:
    stands = period_stands(competition)
    return {code: state_of(stands, code).value for code in ("一月", "二月", "Q")}


def _refused(kind: Refusal, act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.kind is kind
    return str(refused.value.message)


def test_periods_are_closed_one_after_the_other_and_what_is_missing_wants_a_reason(
    months: Competition, organiser: Account
) -> None:
    assert "先结前一期" in _refused(
        Refusal.CONFLICT, lambda: close_period(months, "二月", "", organiser)
    )
    assert "里面的还没结账" in _refused(
        Refusal.CONFLICT, lambda: close_period(months, "Q", "", organiser)
    )
    _refused(Refusal.UNKNOWN, lambda: close_period(months, "三月", "", organiser))
    close_period(months, "一月", "", organiser)
    with pytest.raises(MoveError):
        close_period(months, "一月", "", organiser)
    assert "还缺 1 个数" in _refused(
        Refusal.INVALID, lambda: close_period(months, "二月", " ", organiser)
    )
    closed = close_period(months, "二月", "丙的质量资料没交", organiser)
    assert (closed.missing, closed.closed_why) == (1, "丙的质量资料没交")
    # Nobody is asked twice for the same reason.
    assert close_period(months, "Q", "", organiser).closed_why is None
    assert closed_periods(months) == ["Q", "一月", "二月"]


def test_into_a_closed_period_nothing_is_entered(months: Competition, organiser: Account) -> None:
    writer = Writer(months, organiser, unit=months.units[0])
    early, late, other = (act("甲", "安全", mark, seen=SEEN) for mark in ("44", "43", "39"))
    assert enter_cells(writer, "一月", [early]).stored == [early.uuid]
    close_period(months, "一月", "", organiser)
    # What was written before and is sent again is held; it was only the answer that was lost.
    done = enter_cells(writer, "一月", [early, late])
    assert done.stored == [early.uuid]
    assert [(uuid, "只能由两个人更正" in str(why)) for uuid, why in done.refused] == [
        (late.uuid, True)
    ]
    assert enter_cells(writer, "二月", [other]).stored == [other.uuid]
    # A department that comes afterwards signs nothing there.
    late = save_department(months, "安全部", ["安全"], None, organiser)
    zhou = recorder("周茹", months, late)
    assert "只能由两个人更正" in _refused(
        Refusal.CONFLICT, lambda: sign_off(late, "一月", pin=PIN, name="周茹", by=zhou)
    )


def test_what_is_signed_off_and_closed_is_neither_corrected_alone_nor_given_back(
    load: Callable[..., Competition], organiser: Account
) -> None:
    contest = made_up(load, organiser)
    contest.enter(*(act(unit, "安全", "28", seen=SEEN) for unit in "甲乙丙"), period="一月")
    for department, by in ((contest.safety, contest.zhou), (contest.works, contest.chen)):
        sign_off(department, "一月", pin=PIN, name=by.name, by=by)
    close_period(contest.competition, "一月", "", organiser)
    mended = act("甲", "安全", "27", reason="看错了", seen=SEEN)
    done = contest.enter(mended, period="一月")
    assert [(uuid, "只能由两个人更正" in str(why)) for uuid, why in done.refused] == [
        (mended.uuid, True)
    ]
    assert "只能由两个人更正" in _refused(
        Refusal.CONFLICT,
        lambda: withdraw_sign_off(contest.safety, "一月", "看错了", organiser),
    )
    # Whoever signs again gets the sign-off that stands.
    again = sign_off(contest.safety, "一月", pin=PIN, name="周茹", by=contest.zhou)
    assert again.withdrawn_at is None


def test_a_month_waits_for_the_departments_sign_off(
    months: Competition, organiser: Account
) -> None:
    department = save_department(months, "安全部", ["安全"], None, organiser)
    assert "还没签核：安全部" in _refused(
        Refusal.CONFLICT, lambda: close_period(months, "一月", "", organiser)
    )
    assert department.name == "安全部"


def test_a_version_tells_closed_periods_and_no_value_of_others(
    months: Competition, organiser: Account
) -> None:
    _refused(Refusal.CONFLICT, lambda: publish_closed(months, organiser))
    close_period(months, "一月", "", organiser)
    assert "暂定" in "".join(pages(print_bulletin(months, "一月")))
    first = publish_closed(months, organiser)
    bundle, results = read_snapshot(first)
    assert announced_periods(first) == ["一月"]
    assert bundle.labour is not None
    assert {square.period for square in bundle.labour.values} == {"一月"}
    assert results == score(bundle)
    live = announced_labour(first)
    assert live.outcome.totals["Q", "甲"].total is None, "of the quarter nothing is announced"
    assert live.outcome.ranks["一月", "甲"] == 1
    printed = "".join(pages(print_bulletin(months, "一月")))
    assert "暂定" not in printed
    assert "第1版" in printed
    assert "暂定" in "".join(pages(print_bulletin(months, "二月")))
    assert _states(months) == {"一月": "published", "二月": "open", "Q": "open"}
    _refused(Refusal.CONFLICT, lambda: publish_closed(months, organiser))
    close_period(months, "二月", "丙没交", organiser)
    close_period(months, "Q", "", organiser)
    second = publish_closed(months, organiser)
    assert (second.version, announced_periods(second)) == (2, ["Q", "一月", "二月"])
    assert announced_periods(first) == ["一月"]
    assert [check_scores(publication) for publication in standing_publications(months)] == [
        None,
        None,
    ]
    whole = score(read_bundle(snapshot_files(second)[0])).labour
    assert whole is not None
    assert whole == read_snapshot(second)[1].labour
    save_department(months, "安全部", ["安全", "质量"], None, organiser)
    text = "".join(pages(print_bulletin(months, "二月")))
    assert "升降和原因" in text
    assert "安全部" not in text, "nobody had a department when it went out"
    labour = read_bundle(files_now(months)[0][0]).labour
    assert labour is not None
    assert (labour.extra or {})["departments"] == [
        {"name": "安全部", "indicators": ["安全", "质量"]}
    ]
    assert list(check_records(months)) == []


def _value(**fields: str) -> Wanted:
    keys = {
        "kind": "value",
        "period": "一月",
        "unit": "丙",
        "indicator": "安全",
        "points": "50",
        "reason": "验收单补齐了",
    }
    return Wanted(**{**keys, **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": " "},
        {"points": "51"},
        {"points": "多"},
        {"indicator": "没有"},
        {"unit": "丁"},
        {"kind": "mark"},
        {"kind": "adjustment", "points": ""},
        {"kind": "adjustment", "points": "1e1"},
        {"kind": "adjustment", "points": "-0"},
        {"kind": "adjustment", "points": "99999"},
    ],
)
def test_what_does_not_fit_the_rules_is_not_asked_for(
    months: Competition, organiser: Account, fields: dict[str, str]
) -> None:
    close_period(months, "一月", "", organiser)
    _refused(Refusal.INVALID, lambda: ask_correction(months, _value(**fields), organiser))
    assert corrections_of(months) == []


def test_a_value_is_refused_by_names_and_its_target_stays_where_none_is_typed(
    load: Callable[..., Competition], organiser: Account
) -> None:
    bundle = labour_bundle(
        "甲乙",
        periods=quarter("一月", "二月"),
        indicators=[
            indicator("I01", 60, name="安全"),
            indicator("I02", 40, name="产值", scoring={"type": "completion", "cap": 1}),
        ],
        values=[value("甲", "一月", "I02", 90, target=120)],
    )
    competition = load(json.loads(write_bundle(bundle)))
    close_period(competition, "一月", "只有一家", organiser)
    for fields, words in (
        ({"indicator": "I01", "points": "61"}, "61 超过满分 60"),
        ({"indicator": "I02", "unit": "乙"}, "产值按完成率打分，要写目标"),
        ({"indicator": "I09"}, "选一项这一期打分的指标"),
    ):
        with pytest.raises(Refused, match=words):
            ask_correction(competition, _value(**({"unit": "甲"} | fields)), organiser)
    fields_typed = {"unit": "甲", "indicator": "I02", "points": "108"}
    assert ask_correction(competition, _value(**fields_typed), organiser).target == 120
    assert (
        ask_correction(competition, _value(**fields_typed, target="100"), organiser).target == 100
    )


def test_a_correction_counts_once_another_agrees_and_says_what_it_moves(
    months: Competition, organiser: Account, second: Account
) -> None:
    _refused(Refusal.CONFLICT, lambda: ask_correction(months, _value(), organiser))
    close_period(months, "一月", "", organiser)
    publish_closed(months, organiser)
    asked = ask_correction(months, _value(), organiser)
    (would,) = what_it_moves(months, asked)
    assert (would.unit, would.totals, would.ranks) == ("丙", (7000, 8500), (3, 2))
    before = db.session.query(LabourValueEntry).count()
    _refused(Refusal.CONFLICT, lambda: agree_correction(asked, organiser))
    agree_correction(asked, second)
    assert db.session.query(LabourValueEntry).count() == before + 1
    assert what_it_moves(months, asked) == [would]
    assert _states(months)["一月"] == "corrected"
    # What was announced stays announced until the next version.
    publication = announcing(months, "一月")
    assert publication is not None
    assert "丙70.00" in "".join(pages(print_bulletin(months, "一月")))
    _refused(Refusal.INVALID, lambda: publish_closed(months, organiser))
    again = publish_closed(months, organiser, "丙 1 月安全 35 → 50")
    assert (again.version, again.note) == (2, "丙 1 月安全 35 → 50")
    assert "丙85.00" in "".join(pages(print_bulletin(months, "一月")))
    assert "丙70.00" in "".join(pages(print_bulletin(months, "一月", publication=publication)))
    with pytest.raises(MoveError):
        agree_correction(asked, second)
    assert list(check_records(months)) == []


def test_points_and_a_veto_are_corrections_too_and_one_can_be_dropped(
    months: Competition, organiser: Account, second: Account
) -> None:
    close_period(months, "一月", "", organiser)
    points = ask_correction(months, _value(kind="adjustment", points="-1.5"), organiser)
    veto = ask_correction(months, _value(kind="veto", unit="甲", reason="瞒报事故"), organiser)
    dropped = drop_correction(ask_correction(months, _value(), organiser), organiser)
    with pytest.raises(MoveError):
        agree_correction(dropped, second)
    agree_correction(points, second)
    (moved,) = what_it_moves(months, points)
    assert moved.totals == (7000, 6850)
    agree_correction(veto, second)
    shifts = {shift.unit: shift for shift in what_it_moves(months, veto)}
    assert shifts["甲"].vetoes == (False, True)
    assert shifts["甲"].flags == (True, False)
    assert shifts["乙"].flags == (False, True), "the flag goes on to the next"
    # Nothing was published: the month is closed, and the first version says it right.
    assert _states(months)["一月"] == PeriodState.CLOSED.value


def test_until_a_correction_is_out_pages_papers_and_workbooks_say_which_numbers_they_show(
    months: Competition, organiser: Account, second: Account
) -> None:
    def editions() -> dict[str, str]:
        whole, by_period = edition_of_labour(months, labour_live(months))
        return {"": str(whole)} | {code: str(edition) for code, edition in by_period.items()}

    assert editions() == {"": "暂定，还没公布"}
    close_period(months, "一月", "", organiser)
    publish_closed(months, organiser)
    words_of_periods = editions()
    assert words_of_periods["一月"].startswith("第 1 版，核对词")
    assert (words_of_periods["二月"], words_of_periods["Q"]) == ("暂定，还没公布", "暂定，还没公布")
    assert words_of_periods[""] == f"{words_of_periods['一月']}；没公布的期次是暂定"
    assert "更正" not in "".join(pages(print_bulletin(months, "一月")))

    # 乙 gets ahead of 甲, which the announced numbers do not know yet.
    wanted = Wanted("value", "一月", "乙", "漏记", indicator="安全", points="50")
    agree_correction(ask_correction(months, wanted, organiser), second)
    words_of_periods = editions()
    assert words_of_periods[""] == words_of_periods["一月"] == "暂定，第 1 版公布以后改过"
    late = "这是第1版；公布以后改过，改的还没公布。"
    assert late in "".join(pages(print_bulletin(months, "一月")))
    publication = announcing(months, "一月")
    assert late not in "".join(pages(print_bulletin(months, "一月", None, publication)))

    publish_closed(months, organiser, "补记")
    assert editions()["一月"].startswith("第 2 版")
    assert late not in "".join(pages(print_bulletin(months, "一月")))


def test_units_renamed_or_late_are_announced_anew_and_who_leaves_keeps_its_points(
    months: Competition, organiser: Account
) -> None:
    close_period(months, "一月", "", organiser)
    publish_closed(months, organiser)
    assert unpublished_units(months) == []
    assert "没有要公布的" in _refused(Refusal.CONFLICT, lambda: publish_closed(months, organiser))

    rename_unit(months.units[0], months, "甲一局", organiser)
    edition = edition_of_period(months, labour_live(months), "一月")
    assert (edition[0], str(edition[1])) == (None, "暂定，第 1 版公布以后单位改过名")
    (late,) = add_units(months, ["丁"], organiser)
    assert unpublished_units(months) == [UnitChange("甲", "甲一局"), UnitChange(None, "丁")]
    live = labour_live(months)
    rows = {row.unit: (row.rank, row.total) for row in live.standings["一月"]}
    assert rows["甲"] == (1, "90.00")
    assert rows[late.code] == (None, None)
    assert live.is_absent("一月", late.code)
    publication = announcing(months, "一月")
    assert publication is not None
    assert announced_labour(publication).units["甲"] == "甲", "what was announced stays as it was"
    assert "改的还没公布" in "".join(pages(print_bulletin(months, "一月")))
    assert "写明更正了什么" in _refused(
        Refusal.INVALID, lambda: publish_closed(months, organiser, " ")
    )
    publish_closed(months, organiser, "甲改名")
    printed = "".join(pages(print_bulletin(months, "一月")))
    assert "甲一局" in printed
    assert "改的还没公布" not in printed
    assert list(check_records(months)) == []

    # Who has points stays; who never had any may go, and is announced no more.
    with pytest.raises(Refused, match="写最后参加的一期"):
        remove_unit(months.units[2], months, organiser)
    remove_unit(late, months, organiser)
    assert unpublished_units(months) == [UnitChange("丁", None)]
    # 丙 leaves: nothing more is entered for it, and its January stays.
    rows = {row.unit: row.total for row in labour_live(months).standings["一月"]}
    assert rows["丙"] == "70.00"


def test_where_units_are_ranked_in_groups_a_new_one_is_put_into_one(
    load: Callable[..., Competition], organiser: Account
) -> None:
    bundle = labour_bundle(
        "甲乙",
        periods=quarter("一月"),
        indicators=[indicator("安全", 100)],
        values=[value(unit, "一月", "安全", 80) for unit in "甲乙"],
        groups={"甲": "土建", "乙": "机电"},
    )
    competition = load(json.loads(write_bundle(bundle)))
    assert labour_groups(competition) == ["土建", "机电"]
    assert "选一个组" in _refused(
        Refusal.INVALID, lambda: add_units(competition, ["丙"], organiser, group="绿化")
    )
    (new,) = add_units(competition, ["丙"], organiser, group="土建")
    live = labour_live(competition)
    assert live.outcome.field.group_of == {"甲": "土建", "乙": "机电", new.code: "土建"}
    assert [line.group for line in unit_lines(competition)] == ["土建", "机电", "土建"]
    remove_unit(new, competition, organiser)
    assert labour_live(competition).outcome.field.group_of == {"甲": "土建", "乙": "机电"}
    assert list(verify_chain(competition)) == []

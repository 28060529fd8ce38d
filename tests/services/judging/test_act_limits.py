"""What no finger meant is refused in words, and nothing of a judge's is cut in silence."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect, AspectType
from compete.models import Act, Competition, db
from compete.services.closing.penalties_and_outcomes import Proposal, propose_decision
from compete.services.judging.act_intake import take_acts
from compete.services.judging.disputes import rule_dispute
from compete.services.judging.tablet_view import home_data, sheet_data
from compete.services.kernel.refusal import Refused
from compete.services.sheets.act_rules import ActIn
from tests.support.judging import Tablet, seat_and_open
from tests.support.panels import Panel, bundle_of, open_panel


@pytest.fixture
def timed(app: Any) -> Any:
    bundle = bundle_of(timed=True)
    practice = bundle["events"][0]["stages"][0]["modules"][1]
    bands = [{"within": 10, "marks": 10}, {"within": 20, "marks": 7}]
    hits = {"code": "hit", "name": "碰杆", "type": "deduction", "max": 20, "points": 2}
    practice["aspects"] += [
        hits,
        hits | {"code": "few", "name": "掉落", "extra": {"most": 12}},
        {"code": "gap", "name": "偏差", "type": "measurement", "max": 10, "bands": bands},
    ]
    practice["full"] += 50
    with app.app_context():
        yield open_panel(bundle)


def refusal(panel: Panel, kind: str, **fields: Any) -> str:
    before = db.session.query(Act).count()
    fields = panel.refusal(panel.sheet("J1"), kind, **fields)  # type: ignore[assignment]
    assert db.session.query(Act).count() == before
    return str(fields)


def test_a_watch_belongs_to_a_timed_aspect(timed: Panel) -> None:
    for kind in ("watch_start", "watch_stop", "watch_correct"):
        assert "不计时" in refusal(timed, kind, aspect="work", value="480")
        assert "没说是哪一项" in refusal(timed, kind, aspect=None, value="480")


NOT_MEANT = [
    ("watch_stop", "run", "100000000000", "“用时”最多 86400 秒，"),
    ("mark", "run", "86401", "“用时”最多 86400 秒，"),
    ("mark", "run", "0", "“用时”最少 0.1 秒，"),
    ("watch_stop", "run", "0.0", "“用时”最少 0.1 秒，"),
    ("watch_correct", "run", "0.05", "“用时”最少 0.1 秒，"),
    ("mark", "gap", "-999999", "“偏差”最少 -20000"),
    ("mark", "gap", "999999", "“偏差”最多 20000"),
    ("mark", "hit", "100000", "“碰杆”最多 99"),
    ("mark", "few", "13", "“掉落”最多 12"),
]


def test_a_value_that_nobody_means_is_refused(timed: Panel) -> None:
    for kind, aspect, value, why in NOT_MEANT:
        assert why in refusal(timed, kind, aspect=aspect, value=value)


def test_the_tablet_knows_the_limits_before_the_server_says_so(timed: Panel) -> None:
    aspects = {aspect["code"]: aspect for aspect in sheet_data(timed.sheet("J1"))["aspects"]}
    assert (aspects["hit"]["most"], aspects["few"]["most"]) == ("99", "12")
    assert (aspects["gap"]["least"], aspects["gap"]["most"]) == ("-20000", "20000")
    assert (aspects["run"]["least"], aspects["run"]["most"]) == ("0.1", "86400")
    assert aspects["run"]["plausible"] == {"least": "120.0", "most": "1440.0"}
    assert "most" not in aspects["work"]


def test_the_list_shows_the_total_that_the_sheet_shows(timed: Panel) -> None:
    def listed() -> Any:
        sheets = home_data(judge)["sheets"]
        return next(sheet for sheet in sheets if sheet["id"] == timed.sheet("J1").public_id)

    judge = timed.sheet("J1").judge
    assert listed()["total"] is None
    timed.act(timed.sheet("J1"), "mark", aspect="work", value="17.5")
    # Two untouched counters of faults count 20 each, as the tablet adds them up.
    assert listed()["total"] == sheet_data(timed.sheet("J1"))["total"] == "57.50"
    assert listed()["left"] == 3


@pytest.mark.parametrize(
    ("others", "least", "most"),
    [
        (["470", "480", "500", "0.9"], "235", "1000"),
        (["470", "480", "500", "86400"], "235", "1000"),
        (["0.9", "470", "490"], "235", "980"),
        (["300", "480", "700"], "150", "1400"),
        (["0.9", "470"], "120", "1440"),
    ],
)
def test_one_wild_reading_does_not_let_the_next_pass(
    others: list[str], least: str, most: str
) -> None:
    aspect = Aspect(
        code="run",
        name="用时",
        type=AspectType.TIME,
        max=Decimal(10),
        full_at=Decimal(480),
        zero_at=Decimal(580),
    )
    values = [*map(Decimal, others)]
    assert kind_of(aspect).plausible(values) == (Decimal(least), Decimal(most))


def test_what_stands_may_be_below_zero_where_a_deviation_is(timed: Panel) -> None:
    timed.act(timed.sheet("J1"), "mark", aspect="gap", value="-12.5")


@pytest.mark.parametrize("state", ["open", "submitted"])
def test_a_note_is_kept_whole_or_refused(panel: Panel, state: str) -> None:
    sheet = panel.sheet("J1")
    if state == "submitted":
        panel.fill(sheet)
    panel.act(panel.sheet("J1"), "note", note="长" * 2000)
    assert db.session.query(Act).filter_by(kind="note").one().note == "长" * 2000
    message = refusal(panel, "note", note="长" * 300_000)
    assert message == "备注最多 2000 个字，这条 300000 个，没有记下"


@pytest.fixture
def tablet(fresh: Competition, organiser: Any) -> Tablet:
    seat_and_open(fresh, organiser)
    return Tablet(fresh)


@pytest.mark.each_database
@pytest.mark.parametrize("together", [True, False])
def test_another_value_under_a_known_id_is_told(tablet: Tablet, together: bool) -> None:
    first = tablet.mark("a", "30")
    other = tablet.mark("a", "31", uuid=first.uuid)
    same = tablet.mark("a", "30.00", uuid=first.uuid)
    if together:
        taken = tablet.send(first, other, same)
    else:
        tablet.send(first)
        taken = tablet.send(other, same)
    assert taken.stored[-1] == same.uuid
    assert [str(why) for _uuid, why in taken.refused] == [
        "这一条早就记下了，记的是 30，和这次送来的不一样，这次的没有记下"
    ]
    assert tablet.values() == {"a": "30"}
    assert db.session.query(Act).count() == 1


def test_the_same_id_for_something_else_is_told_too(tablet: Tablet) -> None:
    first = tablet.act("note", note="有异响")
    tablet.send(first)
    for other in (
        tablet.act("note", note="没有异响", uuid=first.uuid),
        tablet.act("note", "P2", note="有异响", uuid=first.uuid),
        tablet.mark("y", True, uuid=first.uuid),
    ):
        assert "和这次送来的不一样" in tablet.refusal(other)
    assert tablet.send(first).stored == [first.uuid]


def test_a_flag_sent_again_is_the_same(tablet: Tablet) -> None:
    flag = tablet.mark("y", True)
    tablet.send(flag)
    assert tablet.send(flag).stored == [flag.uuid]
    assert "和这次送来的不一样" in tablet.refusal(tablet.mark("y", False, uuid=flag.uuid))


def test_a_penalty_takes_no_more_than_there_is(panel: Panel) -> None:
    for points, seconds, why in (
        ("1000000000", "", "满分 26 分"),
        ("26.5", "", "满分 26 分"),
        ("", "10", "没有按用时算分的项"),
    ):
        wanted = Proposal(
            "penalty", "final", "practice", "带手机", "录像", points=points, seconds=seconds
        )
        with pytest.raises(Refused, match=why):
            propose_decision(panel.entrant("E1"), wanted, panel.account("C1"))


def test_a_penalty_in_seconds_is_no_longer_than_a_day(timed: Panel) -> None:
    sheet = timed.sheet("J1")
    wanted = Proposal("penalty", sheet.stage, sheet.module, "带手机", "录像", seconds="86401")
    with pytest.raises(Refused, match="罚时最多 86400 秒，"):
        propose_decision(sheet.entrant, wanted, timed.account("C1"))


def test_a_ruling_keeps_to_the_limits(timed: Panel) -> None:
    values = {"smooth": "2", "work": "17", "run": "480", "hit": "0", "few": "0", "gap": "0"}
    for judge, hit in (("J1", "0"), ("J2", "9"), ("J3", "0")):
        timed.fill(timed.sheet(judge), values | {"hit": hit})
    with pytest.raises(Refused, match="最多 99"):
        rule_dispute(timed.sheet("J1"), {"hit": "100000"}, "录像", timed.account("C1"))


def test_a_submission_that_carries_a_novel_is_refused(panel: Panel) -> None:
    judge = panel.judge("J1")
    act = ActIn(
        uuid=str(uuid4()), sheet=panel.sheet("J1").public_id, kind="submit", note="x" * 200_000
    )
    assert take_acts(judge, [act], panel.account("J1")).refused

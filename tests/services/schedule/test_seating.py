"""Panels by what is between judges and contestants: refused, explained, proposed, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from compete.domain.seating import Weight
from compete.models import (
    Account,
    Assignment,
    AuditEntry,
    Competition,
    Entrant,
    Event,
    Expert,
    Judge,
    JudgeTie,
    Organisation,
    Person,
    Sheet,
    Slot,
    db,
)
from compete.services.closing.module_locks import lock_module
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import ClashRules
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.allocation import open_judging
from compete.services.schedule.clashes import (
    TieLinesError,
    clashes_in,
    declare_ties,
    end_tie,
    ties_of,
)
from compete.services.schedule.next_stage import open_stage
from compete.services.schedule.seating import (
    last_step,
    panels_in,
    reseat,
    set_clash_rules,
    undo_seating,
    use_seating,
)
from compete.services.schedule.seating_suggestion import seat_all, suggest_panels
from tests.support.crewed import with_a_crew
from tests.support.judging import Tablet, judge_of
from tests.support.small import small
from tests.support.two_stages import next_of, two_stages

Load = Callable[..., Competition]


@pytest.fixture
def hall(load: Load) -> Competition:
    """P1 and P2 of 甲单位 at 一号, P3 and P4 of 乙单位 at 二号; J1 is of 甲单位."""
    plain: dict[str, Any] = small()
    plain["judges"][0]["unit"] = "U1"
    competition = load(plain)
    with unit_of_work() as session:
        for entrant in session.scalars(select(Entrant)):
            station = "一号" if entrant.code in ("P1", "P2") else "二号"
            session.add(Slot(entrant_id=entrant.id, stage="S", module="m", station=station))
    return competition


def put(
    hall: Competition,
    by: Account,
    code: str,
    station: str,
    away_from: str | None = None,
    reason: str = "",
) -> None:
    judge = judge_of(hall, code)
    left = [] if away_from is None else [(judge, away_from)]
    reseat(hall.events[0], "S", "m", left, [(judge, station)], by, reason)


def swap(
    place: tuple[Event, str, str],
    judge: Judge,
    away_from: str | None,
    other: Judge,
    station: str,
    by: Account,
) -> None:
    left = [] if away_from is None else [away_from]
    leave = [(other, station), *((judge, at) for at in left)]
    reseat(*place, leave, [(judge, station), *((other, at) for at in left)], by)


def seats(hall: Competition) -> set[tuple[str, str]]:
    db.session.rollback()
    names = {judge.id: judge.code for judge in hall.judges}
    return {(names[judge], at) for judge, at in panels_in(hall.events[0], "S", "m").seats}


def why(hall: Competition, code: str, station: str = "") -> list[str]:
    clashes = clashes_in(hall.events[0], "S", "m").at(judge_of(hall, code).id, station)
    return [("! " if clash.hard else "") + str(clash.words) for clash in clashes]


@pytest.mark.each_database
def test_who_must_not_judge_somebody_is_refused_and_the_pair_named(
    hall: Competition, organiser: Account
) -> None:
    with pytest.raises(Refused, match="周一 不能评一号：和 赵启明 同单位、和 钱文 同单位"):
        put(hall, organiser, "J1", "一号")
    assert seats(hall) == set()
    put(hall, organiser, "J1", "二号")
    # Two kinds of clash with one person: the hard one decides, both are told.
    text = "J2，孙䶮，师徒，2018，带过两年\n周二\tP3\t亲属"
    assert declare_ties(hall, text, organiser) == 2
    assert why(hall, "J2", "二号") == ["! 和 孙䶮 是亲属", "带过 孙䶮，到 2018 年"]
    with pytest.raises(Refused, match="和 孙䶮 是亲属"):
        put(hall, organiser, "J2", "二号")
    kin = next(tie for tie in ties_of(hall) if tie.kind == "kin")
    end_tie(kin, organiser)
    with pytest.raises(Refused, match="要写一句理由：带过 孙䶮") as refused:
        put(hall, organiser, "J2", "二号")
    assert refused.value.kind is Refusal.INVALID
    put(hall, organiser, "J2", "二号", reason="2018 年以后没有来往")
    assert seats(hall) == {("J1", "二号"), ("J2", "二号")}
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "judges.assign").order_by(AuditEntry.seq)
    ).all()[-1]
    assert entry.reason == "2018 年以后没有来往"
    assert list(verify_chain(hall.id)) == []


def test_lines_that_cannot_be_read_are_told_and_nothing_is_written(
    hall: Competition, organiser: Account
) -> None:
    text = "J1，P3，亲属\nJ9，P1，亲属\n\nJ1，没有，师徒\nJ1，P1，邻居\nJ1，P1，师徒，明年\nJ1"
    with pytest.raises(TieLinesError) as refused:
        declare_ties(hall, text, organiser)
    faults = [(number, str(message)[:9]) for number, message in refused.value.faults]
    assert [number for number, _text in faults] == [2, 4, 5, 6, 7]
    assert db.session.scalar(select(func.count(JudgeTie.id))) == 0
    assert declare_ties(hall, "J1，P3，亲属\nJ1，P3，亲属", organiser) == 1
    assert declare_ties(hall, "J1，P3，亲属", organiser) == 0
    long = f"J1，P4，教练，，{'长' * 201}"
    with pytest.raises(TieLinesError, match="1 行要改"):
        declare_ties(hall, long, organiser)
    # A year that no column holds, and one with more digits than a number may have.
    for year in ("0199900000", "01999" + "9" * 5000, "２０２０"):
        with pytest.raises(TieLinesError, match="1 行要改"):
            declare_ties(hall, f"J1，P4，师徒，{year}", organiser)


def test_units_above_and_the_same_person_are_found_and_weighed(
    load: Load, hall: Competition, organiser: Account
) -> None:
    declare_ties(hall, "J2，甲单位，所在单位\nJ3，乙单位，教练", organiser)
    assert why(hall, "J2") == ["! 和 赵启明 同单位", "! 和 钱文 同单位"]
    assert why(hall, "J3", "二号") == ["! 是 孙䶮 的教练", "! 是 李小小 的教练"]
    with unit_of_work() as session:
        group, other = (Organisation(name=name, name_key=name) for name in ("港口集团", "总工会"))
        session.add_all([group, other])
        session.flush()
        for unit in hall.units:
            own = Organisation(name=unit.name, name_key=unit.name, parent_id=group.id)
            session.add(own)
            session.flush()
            unit.organisation_id = own.id
    # What stands above every unit of the competition tells nothing.
    assert why(hall, "J1", "二号") == []
    with unit_of_work() as session:
        session.add(third := type(hall.units[0])(competition_id=hall.id, code="U3", name="丙"))
        session.flush()
        third.organisation_id = other.id
    session.refresh(hall, ["units"])
    assert why(hall, "J1", "二号") == ["和 孙䶮 同属 港口集团", "和 李小小 同属 港口集团"]
    set_clash_rules(hall, ClashRules(superior=Weight.OFF, unit=Weight.SOFT), organiser)
    assert why(hall, "J1") == ["和 赵启明 同单位", "和 钱文 同单位"]
    with unit_of_work() as session:
        who = session.scalars(select(Entrant).where(Entrant.code == "P4")).one()
        judge = session.merge(judge_of(hall, "J2"))
        into = session.get_one(Person, who.person_id or 0)
        session.get_one(Person, judge.person_id or 0).merged_into_id = into.id
    assert why(hall, "J2", "二号") == ["! 李小小 就是本人"]


def test_two_organisers_change_different_seats_and_lose_nothing(
    hall: Competition, organiser: Account
) -> None:
    event = hall.events[0]
    put(hall, organiser, "J2", "一号")
    proposed = suggest_panels(event, "S", "m")
    put(hall, organiser, "J3", "一号")
    with pytest.raises(Refused, match="再算一次"):
        use_seating(event, "S", "m", proposed.seats, proposed.seen, organiser)
    with pytest.raises(Refused, match="已经在这里了"):
        put(hall, organiser, "J2", "一号")
    with pytest.raises(Refused, match="每组 2 名"):
        put(hall, organiser, "C1", "一号")
    put(hall, organiser, "J2", "二号", away_from="一号")
    with pytest.raises(Refused, match="刚被别人换走了"):
        put(hall, organiser, "J2", "", away_from="一号")
    assert seats(hall) == {("J2", "二号"), ("J3", "一号")}
    # Back step by step, and no further than the first.
    step = last_step(event, "S", "m")
    assert step is not None
    undo_seating(event, "S", "m", step.seq, organiser)
    with pytest.raises(Refused, match="没有撤销"):
        undo_seating(event, "S", "m", step.seq, organiser)
    assert seats(hall) == {("J2", "一号"), ("J3", "一号")}
    for _again in range(2):
        step = last_step(event, "S", "m")
        assert step is not None
        undo_seating(event, "S", "m", step.seq, organiser)
    assert (seats(hall), last_step(event, "S", "m")) == (set(), None)


def test_a_proposal_says_why_and_what_is_not_met_and_is_taken_over_as_a_whole(
    hall: Competition, organiser: Account
) -> None:
    event = hall.events[0]
    declare_ties(hall, "J2，P3，亲属\nJ3，P4，师徒", organiser)
    suggestion = suggest_panels(event, "S", "m")
    names = {judge.id: judge.code for judge in hall.judges}
    assert {(names[judge], at) for judge, at in suggestion.seats} == {
        ("J1", "二号"),
        ("J2", "一号"),
        ("J3", "一号"),
    }
    reasons = {(move.judge.code, move.comes): str(move.why) for move in suggestion.moves}
    assert reasons["J1", True] == "2 个工位里只有这里没有必须回避的选手"
    (short,) = [shortage for shortage in suggestion.short if "缺" in str(shortage.title)]
    assert str(short.title) == "二号缺 1 席"
    assert "2 人必须回避（J2 周二、J3 周三）：亲属 1 人、师徒 1 人。别人都有席位了" in str(
        short.why
    )
    # Whose certificate has run out is not put in; that they are left out is said.
    with unit_of_work() as session:
        third = judge_of(hall, "J3")
        lapsed = Expert(kind="judge", valid_until=date(2020, 1, 1), made_by=organiser.id)
        lapsed.person_id = third.person_id or 0
        session.add(lapsed)
    without = suggest_panels(event, "S", "m")
    assert third.id not in {judge for judge, _at in without.seats}
    assert "1 人证书过期，没有放：J3 周三" in [str(shortage.title) for shortage in without.short]
    # Nor whoever cannot come on a day of the module; two spans that meet leave no day out.
    with unit_of_work() as session:
        row = session.merge(lapsed)
        row.valid_until, row.days = None, [["2022-09-14", "2022-09-14"]]
        hall.starts, hall.ends = date(2022, 9, 14), date(2022, 9, 15)
    assert panels_in(event, "S", "m").away == {third.id: [date(2022, 9, 15)]}
    without = suggest_panels(event, "S", "m")
    assert third.id not in {judge for judge, _at in without.seats}
    assert "1 人有几天来不了，没有放：J3 周三" in [
        str(shortage.title) for shortage in without.short
    ]
    with unit_of_work() as session:
        slot = session.scalars(select(Slot).where(Slot.module == "m")).first()
        assert slot is not None
        slot.starts_at = datetime(2022, 9, 14, 1, tzinfo=UTC)
    # Only the first day is planned.
    assert panels_in(event, "S", "m").away == {}
    with unit_of_work() as session:
        row.days = [["2022-09-14", "2022-09-14"], ["2022-09-15", "2022-09-16"]]
        slot.starts_at = None
    assert panels_in(event, "S", "m").away == {}
    with unit_of_work() as session:
        session.delete(session.merge(lapsed))
    assert db.session.scalar(select(func.count(Assignment.id))) == 0
    use_seating(event, "S", "m", suggestion.seats, suggestion.seen, organiser)
    assert len(seats(hall)) == 3
    again = suggest_panels(event, "S", "m")
    assert (again.moves, again.seats) == ([], suggestion.seats)
    # Declared only now: who sits there already is shown, and proposed to leave.
    declare_ties(hall, "J1，P3，亲属", organiser)
    leaves = suggest_panels(event, "S", "m").moves
    assert [(move.judge.code, move.comes) for move in leaves] == [("J1", False)]


def test_once_judging_has_begun_a_change_wants_a_reason_and_sheets_follow(
    hall: Competition, organiser: Account
) -> None:
    event = hall.events[0]
    reseat(event, "S", "t", [], [(judge_of(hall, "J3"), "")], organiser)
    put(hall, organiser, "J2", "一号")
    put(hall, organiser, "J1", "二号")
    open_judging(hall, organiser)
    with pytest.raises(Refused, match="换人要写理由"):
        reseat(event, "S", "m", [(judge_of(hall, "J2"), "一号")], [], organiser)
    put(hall, organiser, "J3", "一号", reason="周二病了")
    reseat(event, "S", "m", [(judge_of(hall, "J2"), "一号")], [], organiser, "周二病了")
    rows = db.session.scalars(select(Sheet).where(Sheet.module == "m")).all()
    assert {(row.judge.code, row.entrant.code) for row in rows} == {
        *(("J3", code) for code in ("P1", "P2")),
        *(("J1", code) for code in ("P3", "P4")),
    }


def test_two_judges_change_places_and_somebody_without_a_seat_takes_one(
    hall: Competition, organiser: Account
) -> None:
    place = (hall.events[0], "S", "m")
    j1, j2, j3 = (judge_of(hall, code) for code in ("J1", "J2", "J3"))
    put(hall, organiser, "J2", "一号")
    put(hall, organiser, "J3", "二号")
    swap(place, j2, "一号", j3, "二号", organiser)
    assert seats(hall) == {("J3", "一号"), ("J2", "二号")}
    # From the bench: the other leaves.
    swap(place, j1, None, j2, "二号", organiser)
    assert seats(hall) == {("J3", "一号"), ("J1", "二号")}
    # J1 is of the unit whose people come to 一号: neither way there.
    for who, at, other, there in ((j1, "二号", j3, "一号"), (j3, "一号", j1, "二号")):
        with pytest.raises(Refused) as refused:
            swap(place, who, at, other, there, organiser)
        assert "不能评" in str(refused.value.message)
    # What is no longer so, and nobody with themselves.
    for who, at, other, there in (
        (j2, "一号", j3, "一号"),
        (j3, "一号", j2, "二号"),
        (j3, "一号", j3, "一号"),
        (j3, None, j3, "一号"),
    ):
        with pytest.raises(Refused):
            swap(place, who, at, other, there, organiser)
    assert seats(hall) == {("J3", "一号"), ("J1", "二号")}
    last = last_step(*place)
    assert last is not None
    undo_seating(*place, last.seq, organiser)
    assert seats(hall) == {("J3", "一号"), ("J2", "二号")}


def test_nobody_is_proposed_to_leave_who_has_begun_to_judge(load: Load, organiser: Account) -> None:
    plain: dict[str, Any] = small()
    competition = load(plain)
    with unit_of_work() as session:
        for entrant in session.scalars(select(Entrant)):
            session.add(Slot(entrant_id=entrant.id, stage="S", module="m", station="一号"))
    event = competition.events[0]
    for code in ("J1", "J2"):
        put(competition, organiser, code, "一号")
    reseat(event, "S", "t", [], [(judge_of(competition, "J3"), "")], organiser)
    open_judging(competition, organiser)
    declare_ties(competition, "J1，P1，亲属", organiser)
    assert "J1" in {move.judge.code for move in suggest_panels(event, "S", "m").moves}
    tablet = Tablet(competition, "J1")
    tablet.send(*tablet.full("P2"))
    suggestion = suggest_panels(event, "S", "m")
    assert "J1" not in {move.judge.code for move in suggestion.moves}
    use_seating(event, "S", "m", suggestion.seats, suggestion.seen, organiser, "照建议")


def test_whoever_is_in_a_crew_stands_for_it_when_a_tie_is_declared(
    load: Load, organiser: Account
) -> None:
    crew = with_a_crew(load)
    lines = "J1，魏海燕，亲属，，表姐\nJ2，P1，教练\nJ3，施雪梅，师徒，2018"
    assert declare_ties(crew, lines, organiser) == 3
    ties = {tie.judge.code: (tie.entrant and tie.entrant.name, tie.note) for tie in ties_of(crew)}
    assert ties == {
        "J1": ("第1组", "魏海燕,表姐"),
        "J2": ("第1组", ""),
        "J3": ("第1组", "施雪梅"),
    }
    assert why(crew, "J1") == ["! 和 第1组 是亲属"]


def timed(hall: Competition, module: str, starts: str, ends: str, station: str) -> None:
    """Everybody is at that station of the module then."""
    with unit_of_work() as session:
        for entrant in session.scalars(select(Entrant)):
            for slot in session.scalars(
                select(Slot).where(Slot.entrant_id == entrant.id, Slot.module == module)
            ):
                session.delete(slot)
            session.flush()
            session.add(
                Slot(
                    entrant_id=entrant.id,
                    stage="S",
                    module=module,
                    station=station,
                    starts_at=datetime.fromisoformat(f"2026-09-16T{starts}:00+08:00"),
                    ends_at=datetime.fromisoformat(f"2026-09-16T{ends}:00+08:00"),
                )
            )


def test_nobody_is_proposed_for_a_time_at_which_they_sit_elsewhere(
    load: Load, organiser: Account
) -> None:
    hall = load(small())
    event = hall.events[0]
    timed(hall, "m", "14:00", "18:00", "一号")
    timed(hall, "t", "13:30", "16:40", "跑道")
    for code, module, station in (("J3", "m", "一号"), ("J3", "t", "跑道"), ("J1", "m", "一号")):
        reseat(event, "S", module, [], [(judge_of(hall, code), station)], organiser)
    panels = panels_in(event, "S", "m")
    seat_words = panels.elsewhere[judge_of(hall, "J3").id, "一号"].words
    other = f"{module_title(event, 'S', 't')} 13:30–16:40"
    assert seat_words == other
    suggestion = suggest_panels(event, "S", "m")
    codes = {judge.id: judge.code for judge in hall.judges}
    assert {codes[judge] for judge, _station in suggestion.seats} == {"J1", "J2"}
    assert f"这时还坐在{other}" in {str(move.why) for move in suggestion.moves}
    assert (suggestion.twice, suggestion.short) == (0, [])
    use_seating(event, "S", "m", suggestion.seats, suggestion.seen, organiser)
    assert suggest_panels(event, "S", "m").moves == []


def test_where_nobody_is_free_it_says_who_sits_elsewhere(load: Load, organiser: Account) -> None:
    plain = small()
    plain["judges"] = [judge for judge in plain["judges"] if judge["code"] != "J3"]
    hall = load(plain)
    event = hall.events[0]
    timed(hall, "m", "14:00", "18:00", "一号")
    timed(hall, "t", "13:30", "16:40", "跑道")
    for code in ("J1", "J2"):
        reseat(event, "S", "m", [], [(judge_of(hall, code), "一号")], organiser)
    suggestion = suggest_panels(event, "S", "t")
    assert suggestion.seats == frozenset()
    (short,) = suggestion.short
    assert "2 人这时坐在别的模块" in str(short.why)
    timed(hall, "t", "18:00", "19:00", "跑道")
    assert len(suggest_panels(event, "S", "t").seats) == 1


def test_all_modules_are_seated_by_one_act(load: Load, organiser: Account) -> None:
    hall = load(small())
    timed(hall, "m", "14:00", "18:00", "一号")
    timed(hall, "t", "13:30", "16:40", "跑道")
    done, left = seat_all(hall, organiser)
    assert (done, left) == (2, [])
    rows = db.session.scalars(select(Assignment)).all()
    assert len({row.judge_id for row in rows}) == len(rows) == 3
    again, _left = seat_all(hall, organiser)
    assert again == 0


def test_a_final_is_seated_by_the_same_act_and_wants_no_reason_before_it_begins(
    load: Load, organiser: Account
) -> None:
    made = two_stages(load)
    final = select(Assignment).where(Assignment.stage == "B")
    with unit_of_work() as session:
        session.delete(session.scalars(final).one())
    seat_all(made, organiser)
    assert db.session.scalars(final).all()
    for row in db.session.scalars(final).all():
        # Another one before anybody goes on, though the preliminary is being judged.
        reseat(made.events[0], "B", "m", [(row.judge, row.station)], [], organiser)
    assert not db.session.scalars(final).all()
    done, _left = seat_all(made, organiser)
    assert (done, bool(db.session.scalars(final).all())) == (1, True)
    lock_module(made.events[0], "A", "m", organiser)
    open_stage(made, "E", "B", next_of(made).mark, organiser)
    (first, *_others) = db.session.scalars(final).all()
    with pytest.raises(Refused, match="换人要写理由"):
        reseat(made.events[0], "B", "m", [(first.judge, first.station)], [], organiser)

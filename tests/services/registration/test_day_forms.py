"""The schedule and the field record follow the plan, and say nothing that tells whose a code is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from compete.documents.forms import Form
from compete.models import Account, Competition, Entrant, Slot, db
from compete.services.jobs.papers.kinds import Asked, paper_kinds
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.badges import print_badge
from compete.services.registration.day_forms import field_lines, schedule_lines
from compete.services.registration.printed_forms import PEOPLE_FORM, print_people_form
from compete.services.sheets.blind_codes import draw_blind_codes, drawn_codes
from tests.documents.reading import pages
from tests.support.small import small
from tests.support.varied import varied


def place(code: str, hour: int, station: str, session_name: str = "", minute: int = 0) -> None:
    """A slot in the module 操作 of September 16, at `hour` by the clock of the hall."""
    at = datetime(2022, 9, 16, hour - 8, minute, tzinfo=UTC)
    with unit_of_work() as session:
        entrant = session.scalars(select(Entrant).where(Entrant.code == code)).one()
        stage = rules_of(entrant.event).stages[0].code
        slot = Slot(entrant_id=entrant.id, stage=stage, module="m")
        slot.session, slot.station = session_name or f"{hour}点场", station
        slot.check_in_at, slot.starts_at = at - timedelta(minutes=20), at
        slot.ends_at = at + timedelta(minutes=30)
        session.add(slot)


def planned(competition: Competition) -> Competition:
    place("P3", 14, "10号工位")
    place("P1", 9, "10号工位")
    place("P2", 9, "2号工位")
    return competition


def test_the_schedule_goes_by_time_and_says_who_drew_which_station(fresh: Competition) -> None:
    (page,) = pages(print_people_form(planned(fresh), Form.SCHEDULE))
    assert "2022年9月16日" in page
    morning = page.index("08:4009:00–09:309点场模块m2号工位（P2）、10号工位（P1）2")
    assert morning < page.index("13:4014:00–14:3014点场模块m10号工位（P3）1")
    assert page.index("时间还没定") > morning
    assert "赵启明" not in page


def test_a_field_record_has_a_page_for_each_session(fresh: Competition) -> None:
    first, second, *rest = pages(print_people_form(planned(fresh), Form.FIELD_RECORD))
    assert "1P2钱文2号工位" in first
    assert "2P1赵启明10号工位" in first
    assert "P3" not in first
    assert "1P3孙䶮10号工位" in second
    assert len(rest) == 2, "who has no time yet in 操作, and everybody in 用时"
    assert "P4李小小" in rest[0]


@pytest.fixture
def in_turns(fresh: Competition) -> Competition:
    """Two of the first session begin at nine, one half an hour later; one has the afternoon."""
    place("P1", 9, "10号工位", "第1场")
    place("P2", 9, "2号工位", "第1场")
    place("P3", 9, "2号工位", "第1场", minute=30)
    place("P4", 14, "2号工位", "第2场")
    return fresh


def test_turns_of_a_session_stand_on_one_page_with_their_times(in_turns: Competition) -> None:
    first, second, *rest = pages(print_people_form(in_turns, Form.FIELD_RECORD))
    assert "第1场09:00–10:00" in first
    assert "109:00–09:30P2钱文2号工位" in first
    assert "209:00–09:30P1赵启明10号工位" in first
    assert "309:30–10:00P3孙䶮2号工位" in first
    assert "P4" not in first
    # Where all begin together the time stands over them alone.
    assert "第2场14:00–14:30序号参赛号" in second
    assert len(rest) == 1, "everybody in 用时, which has no time yet"


def test_the_order_book_has_a_table_for_a_session_and_not_for_each_turn(
    in_turns: Competition,
) -> None:
    paper_text = "".join(pages(print_people_form(in_turns, "order_book")))
    assert paper_text.count("比赛顺序和工位") == 2
    seats = paper_text[paper_text.index("比赛顺序和工位") :]
    assert "第1场09:00–10:00时间工位参赛号姓名单位09:00–09:302号工位P2" in seats
    assert seats.index("10号工位P1") < seats.index("09:30–10:002号工位P3")
    assert "第2场14:00–14:30工位参赛号" in seats


def test_a_session_of_the_same_name_on_another_day_is_another(fresh: Competition) -> None:
    place("P1", 9, "1号工位", "第1场")
    place("P2", 9, "1号工位", "第1场")
    slot = db.session.scalars(select(Slot).join(Entrant).where(Entrant.code == "P2")).one()
    with unit_of_work():
        assert slot.check_in_at
        assert slot.starts_at
        slot.check_in_at += timedelta(days=1)
        slot.starts_at += timedelta(days=1)
        slot.ends_at = None
    first, second, *_rest = pages(print_people_form(fresh, Form.FIELD_RECORD))
    assert "P2" not in first
    assert "2022年9月17日第1场09:00" in second
    signing = "".join(pages(print_people_form(fresh, Form.ATTENDANCE)))
    assert "9月16日第1场" in signing
    assert "9月17日第1场" in signing


def test_people_sign_under_their_session_and_by_the_time_they_check_in(
    in_turns: Competition,
) -> None:
    slot = db.session.scalars(select(Slot).join(Entrant).where(Entrant.code == "P2")).one()
    with unit_of_work() as session:
        session.delete(slot)
    paper_text = "".join(pages(print_people_form(in_turns, Form.ATTENDANCE)))
    morning = paper_text.index("2022年9月16日第1场")
    afternoon = paper_text.index("2022年9月16日第2场")
    untimed = paper_text.index("时间还没定")
    assert morning < paper_text.index("108:40赵启明") < paper_text.index("209:10孙䶮") < afternoon
    assert afternoon < paper_text.index("113:40李小小") < untimed < paper_text.index("1钱文")


def test_without_sessions_everybody_signs_on_one_list(fresh: Competition) -> None:
    paper_text = "".join(pages(print_people_form(fresh, Form.ATTENDANCE)))
    assert "时间还没定" not in paper_text
    assert (
        paper_text.index("1赵启明")
        < paper_text.index("2钱文")
        < paper_text.index("3孙䶮")
        < paper_text.index("4李小小")
    )


def test_of_a_blind_event_codes_stand_alone(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = planned(load(small(event={"extra": {"blind": True}})))
    (event,) = competition.events
    without = "".join(pages(print_people_form(competition, Form.FIELD_RECORD)))
    assert "加密号" in without
    draw_blind_codes(event, organiser)
    codes = sorted(drawn_codes(event).values())
    record = "".join(pages(print_people_form(competition, Form.FIELD_RECORD)))
    for place_in_list, code in enumerate(codes, 1):
        assert f"{place_in_list}{code}" in record
    for telling in ("P1", "赵启明", "2号工位", "9点场", "选手签名"):
        assert telling not in record
    (schedule,) = pages(print_people_form(competition, Form.SCHEDULE))
    assert "2号工位、10号工位" in schedule
    for telling in ("P1", "赵启明", *codes):
        assert telling not in schedule


def test_a_crew_has_one_line_that_names_its_people(load: Callable[..., Competition]) -> None:
    paper_text = "".join(pages(print_people_form(load(varied()), Form.FIELD_RECORD)))
    assert "甲一组赵启明、钱文" in paper_text
    assert "双人起重" in paper_text


def test_the_schedule_counts_each_of_a_crew(load: Callable[..., Competition]) -> None:
    competition = load(varied())
    people = db.session.query(Entrant).filter_by(competition_id=competition.id).all()
    crew = next(entrant for entrant in people if entrant.members)
    lines = schedule_lines([crew], None, several=False)
    assert {line.people for line in lines} == {str(len(crew.members))} == {"2"}


def test_a_crowd_is_counted_and_not_numbered(
    fresh: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compete.services.registration.day_forms._MOST_NUMBERS", 1)
    (page,) = pages(print_people_form(planned(fresh), Form.SCHEDULE))
    assert "2号工位、10号工位2" in page
    assert "10号工位（P3）1" in page


def test_the_order_book_says_what_everybody_should_know_and_nothing_private(
    load: Callable[..., Competition],
) -> None:
    file = small()
    file["judges"].append({"code": "J10", "name": "周十", "role": "judge"})
    competition = planned(load(file))
    paper_text = "".join(pages(print_people_form(competition, "order_book")))
    for word in ("秩序册", "工作人员", "日程", "参赛名单", "比赛顺序和工位", "规则", "申诉"):
        assert word in paper_text
    assert [paper_text.index(name) for name in ("周一", "周二", "周十")] == sorted(
        paper_text.index(name) for name in ("周一", "周二", "周十")
    )
    seats = paper_text[paper_text.index("比赛顺序和工位") :]
    assert seats.index("2号工位P2钱文") < seats.index("10号工位P1赵启明")
    people = db.session.scalars(select(Entrant).order_by(Entrant.id)).all()
    assert people
    for person in people:
        assert person.name in paper_text
        assert (person.id_number or "?") not in paper_text
        assert (person.phone or "?") not in paper_text


def test_the_order_book_of_a_blind_event_seats_nobody_and_tells_no_code(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = planned(load(small(event={"extra": {"blind": True}})))
    (event,) = competition.events
    draw_blind_codes(event, organiser)
    paper_text = "".join(pages(print_people_form(competition, "order_book")))
    assert "赵启明" in paper_text
    assert "比赛顺序和工位" not in paper_text
    for code in drawn_codes(event).values():
        assert code not in paper_text


def test_the_order_book_names_each_of_a_crew_with_the_part(
    load: Callable[..., Competition],
) -> None:
    paper_text = "".join(pages(print_people_form(load(varied()), "order_book")))
    assert "赵启明" in paper_text
    assert "甲一组主选手" in paper_text
    assert "甲一组辅助选手" in paper_text


@pytest.mark.parametrize("make", [small, varied])
def test_what_is_set_is_counted_by_line_and_not_by_person(
    load: Callable[..., Competition], organiser: Account, make: Callable[[], dict[str, Any]]
) -> None:
    """A person has a line in each module: the bound of what is printed at once counts these."""
    competition, paper = load(make()), paper_kinds()[PEOPLE_FORM]
    people = db.session.scalars(select(Entrant)).all()
    expected = field_lines(people, None, several=True)

    def lines(form: str) -> int:
        asked = Asked(competition, organiser, str, {"form": form})
        return paper.lines(asked, paper.keys(asked))

    assert lines(Form.FIELD_RECORD) == len(expected) > len(people)
    attendance = lines(Form.ATTENDANCE)
    assert attendance == sum(max(1, len(it.members)) for it in people)
    assert lines("order_book") == len(expected) + attendance


def test_who_signs_in_several_sessions_is_counted_in_each(
    in_turns: Competition, organiser: Account
) -> None:
    with unit_of_work() as session:
        entrant = session.scalars(select(Entrant).where(Entrant.code == "P1")).one()
        stage = rules_of(entrant.event).stages[0].code
        session.add(Slot(entrant_id=entrant.id, stage=stage, module="t", session="第3场"))
    asked = Asked(in_turns, organiser, str, {"form": Form.ATTENDANCE})
    paper = paper_kinds()[PEOPLE_FORM]
    assert paper.lines(asked, paper.keys(asked)) == 5
    assert "".join(pages(print_people_form(in_turns, Form.ATTENDANCE))).count("赵启明") == 2


def test_b_2_comes_before_b_10_on_every_paper(fresh: Competition) -> None:
    for code, station in (("P1", "B-10"), ("P2", "B-2"), ("P3", "A-11"), ("P4", "B-2号")):
        place(code, 9, station)
    for form in (Form.FIELD_RECORD, Form.SCHEDULE, "order_book"):
        paper_text = "".join(pages(print_people_form(fresh, form)))
        paper_text = (
            paper_text[paper_text.index("比赛顺序和工位") :] if form == "order_book" else paper_text
        )
        stations = [
            paper_text.index(station_code) for station_code in ("A-11", "B-2", "B-2号", "B-10")
        ]
        assert stations == sorted(stations), form


def test_a_badge_says_when_and_where_once_that_is_drawn(fresh: Competition) -> None:
    def badge(code: str) -> str:
        entrant = db.session.scalars(select(Entrant).where(Entrant.code == code)).one()
        return "".join(pages(print_badge(entrant)))

    assert "检录" not in badge("P1")
    planned(fresh)
    assert "模块m9月16日08:40检录10号工位" in badge("P1").replace(" ", "")
    assert "2号工位" in badge("P2")

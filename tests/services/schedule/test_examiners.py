"""Examiners of an evaluation: the ratio, rooms and panels, certificates, who steps aside."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from compete.domain.evaluation.examiners import ExaminerRules
from compete.domain.values.states import CompetitionState, SheetState
from compete.models import (
    Account,
    AuditEntry,
    Competition,
    Entrant,
    Event,
    Expert,
    Person,
    Sheet,
    Slot,
    db,
)
from compete.services.closing.blockers import find_blockers
from compete.services.judging.recusal import put_in_substitute, recuse_from_entrant, short_panels
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.bends import bends_of
from compete.services.schedule.allocation import assign_judges, open_judging
from compete.services.schedule.clashes import declare_ties
from compete.services.schedule.examiners import Mend, examiners_short, set_examiner_rules
from compete.services.scoring.live import live_results
from tests.support.evaluation import module
from tests.support.judging import judge_of

Load = Callable[..., Competition]
Plain = dict[str, Any]


def level(code: str, *modules: Plain, grade: int = 4) -> Plain:
    return {
        "code": code,
        "name": f"泵站运行工 {code}",
        "occupation": {"code": f"4-{code}", "name": "泵站运行工"},
        "verdict": "pass",
        "grade": grade,
        "stages": [{"code": "s", "name": "考核", "modules": [*modules]}],
    }


def batch(*levels: Plain, people: int, judges: int = 9, **keys: Any) -> Plain:
    """So many candidates of 一站 in each event, and examiners of nowhere."""
    entrants = [
        {"code": f"{event['code']}{n}", "name": f"考生{n}", "event": event["code"], "unit": "U"}
        for event in levels
        for n in range(1, people + 1)
    ]
    return {
        "format": "compete-bundle/2",
        "competition": {
            "code": "EV",
            "name": "认定",
            "kind": "evaluation",
            "level": "enterprise",
            "starts": "2026-05-10",
        },
        "units": [{"code": "U", "name": "一站"}, {"code": "V", "name": "二站"}],
        "judges": [{"code": f"J{n}", "name": f"考评{n}"} for n in range(1, judges + 1)],
        "entrants": entrants,
        "events": [*levels],
        "marks": [],
        "outcomes": [],
        "penalties": [],
    } | keys


THEORY = module("theory", panel={"size": 2})
PRACTICE = module("hands", panel={"size": 3})
REVIEW = module("review", review=True, panel={"size": 3})


def seat(event: Event, of: str, by: Account, *judges: int, station: str = "") -> None:
    seats = [(judge_of(event.competition, f"J{n}"), station) for n in judges]
    assign_judges(event, "s", of, seats, by)


def lines(competition: Competition) -> list[str]:
    db.session.rollback()
    return [str(short.line) for short in examiners_short(competition)]


def to_stations(event: Event, of: str, stations: Iterable[str]) -> None:
    """The candidates in turn to these stations."""
    stations = [*stations]
    with unit_of_work() as session:
        people = session.scalars(select(Entrant).where(Entrant.event_id == event.id)).all()
        for place, person in enumerate(people):
            station = stations[place % len(stations)]
            session.add(Slot(entrant_id=person.id, stage="s", module=of, station=station))


@pytest.mark.each_database
def test_theory_of_all_levels_is_one_sitting_and_is_short_by_rooms_and_in_all(
    load: Load, organiser: Account
) -> None:
    competition = load(batch(level("A", THEORY), level("B", THEORY), people=20))
    first, second = competition.events
    for event in competition.events:
        to_stations(event, "theory", ("1考场", "2考场"))
    seat(first, "theory", organiser, 1, station="1考场")
    seat(second, "theory", organiser, 2, station="2考场")
    assert lines(competition) == [
        "理论考场差 1 名考评员：40 人要 3 名，排了 2 名",
        "理论考场（1考场、2考场）排了 1 名考评员：每个考场至少 2 名",
    ]
    assign_judges(
        first, "s", "theory",
        [(judge_of(competition, f"J{n}"), "1考场") for n in (1, 3)], organiser,
    )  # fmt: skip
    assert lines(competition) == ["理论考场（2考场）排了 1 名考评员：每个考场至少 2 名"]
    # Who examines another level in the same room is there, too.
    seat(first, "theory", organiser, 1, 3, station="2考场")
    seat(second, "theory", organiser, 2, 4, station="1考场")
    assert lines(competition) == []


def test_practice_wants_a_fifth_and_an_odd_panel_at_each_station(
    load: Load, organiser: Account
) -> None:
    four = module("hands", panel={"size": 4})
    competition = load(batch(level("A", four), people=22))
    (event,) = competition.events
    to_stations(event, "hands", ("1号", "2号"))
    seats = [(judge_of(competition, f"J{n}"), "1号") for n in (1, 2)]
    seats += [(judge_of(competition, f"J{n}"), "2号") for n in (1, 2, 3, 4)]
    assign_judges(event, "s", "hands", seats, organiser)
    assert lines(competition) == [
        "“hands”差 1 名考评员：22 人要 5 名，排了 4 名",
        "“hands”（1号）排了 2 名考评员：要单数，至少 3 名",
        "“hands”（2号）排了 4 名考评员：要单数，至少 3 名",
    ]
    seats = [(judge_of(competition, f"J{n}"), f"{1 + n // 4}号") for n in range(1, 7)]
    assign_judges(event, "s", "hands", seats, organiser)
    assert lines(competition) == []


def test_where_the_rules_have_no_room_for_more_they_are_what_is_mended(
    load: Load, organiser: Account
) -> None:
    competition = load(batch(level("A", module("hands")), people=12))
    seat(competition.events[0], "hands", organiser, 1)
    in_all, panel = examiners_short(competition)
    assert (in_all.mend, panel.mend) == (Mend.RULES, Mend.RULES)
    assert "最多排得下 1 名" in str(in_all.detail)
    assert "每组只排得下 1 名" in str(panel.detail)


def test_who_brought_a_mark_along_is_no_candidate_of_it(load: Load, organiser: Account) -> None:
    plain = batch(level("A", THEORY) | {"carry_months": 24}, people=31)
    brought = {
        "of": "theory",
        "mark": "80",
        "until": "2027-01-01",
        "from": {"competition": "Y", "event": "E", "entrant": "Q", "publication": "2"},
    }
    plain["entrants"][0]["carried"] = [brought]
    void = {"day": "2026-04-01", "reason": "更正了"}
    plain["entrants"][1]["carried"] = [brought | {"void": void}]
    competition = load(plain)
    seat(competition.events[0], "theory", organiser, 1, 2)
    # 30 sit it; with the one whose mark was brought along it would be 31, for three.
    assert lines(competition) == []


def test_opening_below_the_ratio_wants_a_reason_that_everybody_reads(
    load: Load, organiser: Account
) -> None:
    competition = load(batch(level("A", THEORY, PRACTICE), people=20))
    (event,) = competition.events
    seat(event, "theory", organiser, 1, 2)
    seat(event, "hands", organiser, 3, 4, 5)
    with pytest.raises(Refused, match="“hands”差 1 名考评员") as refused:
        open_judging(competition, organiser)
    assert refused.value.kind is Refusal.INVALID
    with pytest.raises(Refused, match="考评员不够"):
        open_judging(competition, organiser, "  ")
    db.session.rollback()
    assert competition.state is CompetitionState.REGISTERING
    open_judging(competition, organiser, "两名考评员当天病了")
    assert competition.state is CompetitionState.JUDGING
    (bend,) = bends_of(competition)
    assert bend.why == "两名考评员当天病了"
    assert "“hands”差 1 名考评员" in str(bend.what)
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "examiners.overrule")
    ).one()
    assert entry.actor == organiser.name
    assert list(verify_chain(competition.id)) == []


def test_with_enough_of_them_it_opens_and_nothing_bends(load: Load, organiser: Account) -> None:
    competition = load(batch(level("A", THEORY, PRACTICE, REVIEW, grade=2), people=15))
    (event,) = competition.events
    seat(event, "theory", organiser, 1, 2)
    for of in ("hands", "review"):
        seat(event, of, organiser, 3, 4, 5)
    open_judging(competition, organiser)
    assert bends_of(competition) == []


def test_a_contest_asks_no_ratio(fresh: Competition) -> None:
    assert examiners_short(fresh) == []


@pytest.mark.parametrize("seated", [(3,), (3, 4)])
def test_a_review_by_two_or_one_opens_for_no_reason(
    load: Load, organiser: Account, seated: tuple[int, ...]
) -> None:
    competition = load(batch(level("A", THEORY, REVIEW, grade=2), people=6))
    (event,) = competition.events
    seat(event, "theory", organiser, 1, 2)
    seat(event, "review", organiser, *seated)
    with pytest.raises(Refused, match=f"“review”排了 {len(seated)} 名考评员：要单数，至少 3 名"):
        open_judging(competition, organiser, "没有别人")
    seat(event, "review", organiser, 3, 4, 5)
    open_judging(competition, organiser)
    assert bends_of(competition) == []


def test_a_review_by_an_even_number_opens_for_no_reason(load: Load, organiser: Account) -> None:
    five = module("review", review=True, panel={"size": 5})
    competition = load(batch(level("A", five, grade=2), people=6))
    (event,) = competition.events
    seat(event, "review", organiser, 1, 2, 3, 4)
    with pytest.raises(Refused, match="“review”排了 4 名考评员"):
        open_judging(competition, organiser, "没有别人")


def certified(judge_code: str, competition: Competition, until: date, by: Account) -> None:
    with unit_of_work() as session:
        judge = judge_of(competition, judge_code)
        person = session.get(Person, judge.person_id) if judge.person_id else None
        if person is None:
            session.add(person := Person(name=judge.name))
            session.flush()
            judge.person_id = person.id
        session.add(Expert(person_id=person.id, kind="assessor", valid_until=until, made_by=by.id))


def test_an_examiner_whose_certificate_has_run_out_by_then_is_told_and_refused(
    load: Load, organiser: Account
) -> None:
    competition = load(batch(level("A", THEORY), people=6))
    (event,) = competition.events
    seat(event, "theory", organiser, 1, 2)
    certified("J1", competition, date(2026, 5, 10), organiser)
    # Who sits nowhere keeps nobody waiting.
    certified("J3", competition, date(2026, 5, 9), organiser)
    assert lines(competition) == []
    certified("J2", competition, date(2026, 5, 9), organiser)
    (short,) = examiners_short(competition)
    assert (short.mend, short.firm) == (Mend.PERSON, True)
    assert str(short.what) == "考评2 的考评员证 2026年5月9日 到期"
    with pytest.raises(Refused, match="考评2 的考评员证"):
        open_judging(competition, organiser, "他马上换证")
    certified("J2", competition, date(2027, 5, 9), organiser)
    open_judging(competition, organiser)


def test_the_numbers_are_settings_and_fewer_than_the_standards_want_bends(
    load: Load, organiser: Account
) -> None:
    competition = load(batch(level("A", THEORY), people=31))
    seat(competition.events[0], "theory", organiser, 1, 2)
    assert lines(competition) == [
        "理论考场差 1 名考评员：31 人要 3 名，排了 2 名；"
        "现在最多排得下 2 名，先改规则里的每组人数，或者多设工位"
    ]
    with pytest.raises(Refused, match="要写理由"):
        set_examiner_rules(competition, ExaminerRules(theory_per=20), "", organiser)
    assert set_examiner_rules(competition, ExaminerRules(theory_per=20), "机考", organiser)
    assert lines(competition) == []
    assert not set_examiner_rules(competition, ExaminerRules(theory_per=20), "机考", organiser)
    # Back to the standards, or beyond them, is nobody's concern.
    assert set_examiner_rules(competition, ExaminerRules(theory_per=10), "", organiser)
    assert [bend.why for bend in bends_of(competition)] == ["机考"]
    assert settings_of(competition).examiners.theory_per == 10
    assert list(verify_chain(competition.id)) == []


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        (ExaminerRules(theory_per=0), "理论一名考评员"),
        (ExaminerRules(practice_per=100), "技能一名考评员"),
        (ExaminerRules(theory_least=0), "每个考场"),
        (ExaminerRules(practice_least=4), "单数"),
        (ExaminerRules(practice_least=11), "单数"),
    ],
)
def test_numbers_that_cannot_be_are_refused(
    load: Load, organiser: Account, rules: ExaminerRules, sentence: str
) -> None:
    competition = load(batch(level("A", THEORY), people=3))
    with pytest.raises(Refused, match=sentence) as refused:
        set_examiner_rules(competition, rules, "理由", organiser)
    assert refused.value.kind is Refusal.INVALID


def test_once_it_has_begun_the_numbers_stay(load: Load, organiser: Account) -> None:
    competition = load(batch(level("A", THEORY), people=3))
    seat(competition.events[0], "theory", organiser, 1, 2)
    open_judging(competition, organiser)
    with pytest.raises(Refused, match="已经开始"):
        set_examiner_rules(competition, ExaminerRules(theory_per=10), "", organiser)


def test_a_mentor_and_a_colleague_are_not_seated(load: Load, organiser: Account) -> None:
    plain = batch(level("A", PRACTICE), people=2)
    plain["judges"][0]["unit"] = "U"
    plain["entrants"][1]["unit"] = "V"
    competition = load(plain)
    (event,) = competition.events
    with pytest.raises(Refused, match="考评1 不能评这个模块：和 考生1 同单位"):
        seat(event, "hands", organiser, 1)
    declare_ties(competition, "J2，A2，师徒", organiser)
    with pytest.raises(Refused, match="考评2 不能评这个模块：和 考生2 是师徒"):
        seat(event, "hands", organiser, 2)
    seat(event, "hands", organiser, 3)


def test_where_an_examiner_steps_aside_another_is_asked_for(load: Load, organiser: Account) -> None:
    competition = load(batch(level("A", REVIEW, grade=2), people=2))
    (event,) = competition.events
    seat(event, "review", organiser, 1, 2, 3)
    open_judging(competition, organiser)
    own = select(Sheet).join(Entrant, Entrant.id == Sheet.entrant_id)
    sheet = db.session.scalars(
        own.where(Entrant.code == "A1", Sheet.judge_id == judge_of(competition, "J1").id)
    ).one()
    recuse_from_entrant(sheet, "是我徒弟", organiser)
    (short,) = short_panels(competition)
    assert (short.sheet.label, short.left, short.least) == ("A1", 2, 3)
    blockers = find_blockers(competition, live_results(competition).results)
    assert "short" in [blocker.kind for blocker in blockers]
    put_in_substitute(short.sheet, judge_of(competition, "J4"), organiser)
    assert short_panels(competition) == []
    assert sheet.state is SheetState.WITHDRAWN

"""单科保留 and 补考: brought once, taken back, void once the earlier sitting is corrected."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from compete.domain import read_bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.values.states import GradeState
from compete.models import Account, AuditEntry, Competition, Entrant, GradeDecision, Sheet, db
from compete.services.closing.blockers import find_blockers
from compete.services.closing.penalties_and_outcomes import Proposal, propose_decision
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.registration.carried_modules import (
    bring_module,
    kept_modules,
    take_module_back,
    void_module,
)
from compete.services.registration.corrections import WrongFieldsError, correct_person
from compete.services.registration.earlier_sittings import drop_resit, record_resit, tried_again
from compete.services.results.consequences import compare_again, doubts_about, open_consequences
from compete.services.results.notice import print_notice
from compete.services.results.publishing import publish
from compete.services.results.result_moves import final_blockers
from compete.services.schedule.allocation import assign_judges, open_judging
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live import live_results
from tests.services.results.test_notice import text_of
from tests.sheets.reading.files import id_of
from tests.support.announced import (
    announce,
    approve_all,
    body_for,
    end_appeals,
    lock,
    reopen,
)
from tests.support.begun import copied
from tests.support.evaluation import mark
from tests.support.issuing import issue_grade_certificates
from tests.support.judging import judge_of
from tests.support.sittings import (
    Load,
    correct,
    empty,
    enter,
    of,
    put_back,
    sitting,
    take_off,
    verdict,
)


@pytest.fixture
def first(load: Load, organiser: Account) -> Competition:
    """A sitting that is published: the theory passed with 72, the rest not."""
    competition = load(sitting("FIRST", "2026-05-10"))
    announce(competition, organiser)
    return competition


@pytest.fixture
def later(first: Competition, load: Load, organiser: Account) -> Competition:
    """One after it, in which the person is registered."""

    def make() -> None:
        enter(load(empty(), registering=True), organiser)

    copied("registered again", make)
    return db.session.scalars(select(Competition).where(Competition.id != first.id)).one()


def person(competition: Competition) -> Entrant:
    return db.session.scalars(select(Entrant).where(Entrant.competition_id == competition.id)).one()


def bring(entrant: Entrant, by: Account) -> None:
    (kept,) = kept_modules(entrant)
    bring_module(entrant, kept.key, by)


def file_of(competition: Competition) -> Any:
    """The competition's file, which its reader takes."""
    return read_bundle(write_bundle(export_bundle(competition)))


def actions(competition: Competition) -> list[str]:
    query = select(AuditEntry.action).where(AuditEntry.competition_id == competition.id)
    return list(db.session.scalars(query.order_by(AuditEntry.seq)))


def seat(competition: Competition, by: Account) -> None:
    """J1 marks everything, and the review all three."""
    for module, codes in (
        *((code, ["J1"]) for code in ("theory", "one", "two")),
        ("review", ["J1", "J2", "J3"]),
    ):
        seats = [(judge_of(competition, code), "") for code in codes]
        assign_judges(competition.events[0], "s", module, seats, by)


def sheets(entrant: Entrant) -> set[str]:
    return set(db.session.scalars(select(Sheet.module).where(Sheet.entrant_id == entrant.id)))


@pytest.mark.each_database
def test_what_was_passed_is_brought_once_and_stands_in_file_and_results(
    first: Competition, later: Competition, load: Load, organiser: Account
) -> None:
    who = person(later)
    offered = {it.of: it for it in kept_modules(who)}
    assert {of: (str(it.mark), str(it.until), it.why_not) for of, it in offered.items()} == {
        "theory": ("72.00", "2028-05-10", None),
        "review": ("80.00", "2028-05-10", None),
    }
    for it in offered.values():
        bring_module(who, it.key, organiser)
    entrant = file_of(later).entrants[0]
    assert [(it.of, it.mark, it.from_.competition, it.from_.entrant) for it in entrant.carried] == [
        ("theory", 72, "FIRST", "P1"),
        ("review", 80, "FIRST", "P1"),
    ]
    assert verdict(who).modules["theory"].verdict == "pass"
    assert "carried" in verdict(who).modules["theory"].flags
    assert kept_modules(who) == []
    # Nobody brings it a second time, here or elsewhere.
    with pytest.raises(Refused):
        bring_module(who, offered["theory"].key, organiser)
    third = enter(load(empty("THIRD", "2027-03-01"), registering=True), organiser)
    assert all(it.why_not is not None for it in kept_modules(third))
    with pytest.raises(Refused, match="只能带一次"):
        bring_module(third, kept_modules(third)[0].key, organiser)
    # Taken back it is free again.
    take_module_back(who, "theory", organiser)
    free = {it.of: it for it in kept_modules(third)}["theory"]
    assert free.why_not is None
    bring_module(third, free.key, organiser)
    assert actions(later).count("entrant.carry") == 2
    assert actions(later).count("entrant.carry_end") == 1
    assert list(check_rows(later)) == []
    assert list(verify_chain(later)) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"starts": "2028-05-11"}, "只留到"),
        ({"pass": "75"}, "合格线"),
        ({"full": "120"}, "满分"),
        ({"code": "paper"}, "没有代码"),
        ({"places": 0}, ""),
    ],
)
def test_what_does_not_fit_says_why(
    first: Competition, load: Load, organiser: Account, change: dict[str, Any], why: str
) -> None:
    plain = empty(starts=change.get("starts", "2028-05-10"))
    module = plain["events"][0]["stages"][0]["modules"][0]
    module |= {key: change[key] for key in ("pass", "full", "code") if key in change}
    if "full" in change:
        module["aspects"][0]["max"] = change["full"]
    plain["events"][0]["rounding"]["module"] = change.get("places", 2)
    who = enter(load(plain, registering=True), organiser)
    kept = next(it for it in kept_modules(who) if it.of == "theory")
    if not why:
        assert kept.why_not is None  # 72.00 is 72 without places too
        return
    assert why in str(kept.why_not)
    with pytest.raises(Refused):
        bring_module(who, kept.key, organiser)


@pytest.mark.parametrize("change", [{"grade": 3}, {"occupation": None}])
def test_another_grade_or_occupation_has_nothing_to_bring(
    first: Competition, load: Load, organiser: Account, change: dict[str, Any]
) -> None:
    plain = empty()
    event = plain["events"][0]
    if "occupation" in change:
        event["occupation"] = event["occupation"] | {"track": "乙"}
    elif "carry_months" in change:
        del event["carry_months"]
    else:
        event |= change
    who = enter(load(plain, registering=True), organiser)
    assert kept_modules(who) == []
    assert bool(who.resit) == ("carry_months" in change)


def test_nothing_goes_back_to_a_sitting_before(
    first: Competition, load: Load, organiser: Account
) -> None:
    who = enter(load(empty(starts="2026-05-09"), registering=True), organiser)
    assert kept_modules(who) == []
    assert who.resit is None


def test_nothing_is_brought_where_it_was_marked_and_nothing_marked_where_it_was_brought(
    first: Competition, load: Load, organiser: Account
) -> None:
    plain = sitting("NEXT", "2027-01-10")
    plain["entrants"][0]["code"] = "P9"
    plain["marks"] = [mark("theory", "P9", 50)]
    who = of(load(plain), "P9")
    kept = {it.of: it for it in kept_modules(who)}
    assert "已经评了" in str(kept["theory"].why_not)
    bring_module(who, kept["review"].key, organiser)
    wanted = Proposal(kind="dns", stage="s", module="review", reason="没来", evidence="签到")
    with pytest.raises(Refused, match="带来的"):
        propose_decision(who, wanted, organiser)
    file_of(who.competition)


@pytest.mark.each_database
def test_sheets_go_and_come_with_what_is_brought(
    first: Competition, later: Competition, organiser: Account
) -> None:
    who = person(later)
    theory = next(it for it in kept_modules(who) if it.of == "theory")
    seat(later, organiser)
    bring_module(who, theory.key, organiser)
    open_judging(later, organiser, "考评员少")
    assert sheets(who) == {"one", "two", "review"}
    review = next(it for it in kept_modules(who) if it.of == "review")
    bring_module(who, review.key, organiser)
    assert sheets(who) == {"one", "two"}
    take_module_back(who, "theory", organiser)
    assert sheets(who) == {"one", "two", "theory"}
    assert list(check_rows(later)) == []


@pytest.mark.each_database
@pytest.mark.parametrize(("points", "why"), [(20, "不再合格"), (2, "改成 70.00")])
def test_a_correction_there_makes_it_void_here_and_locks_the_approval(
    first: Competition,
    load: Load,
    organiser: Account,
    points: int,
    why: str,
) -> None:
    plain = sitting("NEXT", "2027-01-10", hands=80)
    plain["entrants"][0]["code"] = "P9"
    plain["marks"] = [it for it in plain["marks"] if it["module"] in ("one", "two")]
    for it in plain["marks"]:
        it["entrant"] = "P9"
    later = load(plain)
    who = of(later, "P9")
    for kept in kept_modules(who):
        bring_module(who, kept.key, organiser)
    assert verdict(who).verdict == "pass"
    announce(later, organiser)
    assert db.session.scalars(select(GradeDecision)).one().state is GradeState.PROPOSED
    # Published with it, it is not taken back any more.
    reopen(later, organiser)
    with pytest.raises(Refused, match="已经公布"):
        take_module_back(who, "theory", organiser)
    lock(later, organiser)
    publish(later, organiser, "同上")
    correct(first, organiser, lambda: take_off(of(first, "P1"), "theory", points))
    void = {it["of"]: it.get("void") for it in who.carried or ()}
    assert void["review"] is None
    assert why in void["theory"]["reason"]
    assert void["theory"]["day"]
    assert actions(later)[-1] == "entrant.carry_void"
    # Nobody gets the grade: it is gone with the mark, and the event is not final.
    assert db.session.scalars(select(GradeDecision)).all() == []
    assert verdict(who).verdict == "incomplete"
    assert "carried" in {it.kind for it in final_blockers(later.events[0])}
    reopen(later, organiser)
    assert "sheetless" in {it.kind for it in find_blockers(later, live_results(later).results)}
    offered = {it.of: it for it in kept_modules(who)}
    if points == 2:
        bring_module(who, offered["theory"].key, organiser)
        assert [it["of"] for it in who.carried or ()] == ["review", "theory"]
        assert verdict(who).verdict == "pass"
    else:
        assert offered == {}
    file_of(later)
    assert list(check_rows(later)) == []
    assert list(verify_chain(later)) == []


def test_what_was_certified_on_a_mark_that_is_void_is_to_be_settled(
    here: Flask, first: Competition, load: Load, organiser: Account
) -> None:
    plain = sitting("NEXT", "2027-01-10", hands=80)
    plain["entrants"][0]["code"] = "P9"
    plain["marks"] = [it for it in plain["marks"] if it["module"] in ("one", "two")]
    for it in plain["marks"]:
        it["entrant"] = "P9"
    later = load(plain)
    who = of(later, "P9")
    for kept in kept_modules(who):
        bring_module(who, kept.key, organiser)
    announce(later, organiser)
    end_appeals(later)
    approve_all(later, organiser)
    (certificate,) = issue_grade_certificates(later, body_for(later), organiser, "急着上岗")
    assert open_consequences(later) == 0
    public, notice = here.test_client(), print_notice(later, "A")
    assert "复核中" not in public.get("/p/NEXT").text + text_of(notice)
    correct(first, organiser, lambda: take_off(of(first, "P1"), "theory", 20))
    assert open_consequences(later) == 1
    # Until it is published anew the list says so, on the page and on paper.
    page = public.get("/p/NEXT").text
    assert "1 人复核中" in page
    assert "四级/中级工" not in page
    assert "复核中" in text_of(print_notice(later, "A"))
    assert doubts_about([certificate]) == {certificate.id: "review"}
    compare_again(later, organiser)
    assert open_consequences(later) == 1


def test_a_sitting_whose_rules_keep_nothing_says_so(
    first: Competition, load: Load, organiser: Account
) -> None:
    plain = sitting("NEXT", "2027-01-10", hands=80)
    for event in plain["events"]:
        del event["carry_months"]
    who = of(load(plain), "P1")
    (why,) = {it.why_not.render() for it in kept_modules(who) if it.why_not}
    assert "单科保留" in why


def test_who_passed_as_a_whole_after_all_keeps_nothing(load: Load, organiser: Account) -> None:
    first = load(sitting("FIRST", "2026-05-10", hands=90))
    fault = take_off(of(first, "P1"), "one", 60)
    announce(first, organiser)
    who = enter(load(empty(), registering=True), organiser)
    theory = next(it for it in kept_modules(who) if it.of == "theory")
    bring_module(who, theory.key, organiser)
    # A version in which nothing of it is another leaves it alone.
    correct(first, organiser, lambda: take_off(of(first, "P1"), "review", 10))
    (carried_module,) = who.carried or ()
    assert "void" not in carried_module
    assert next(it for it in kept_modules(who) if it.of == "review").mark == 70
    correct(first, organiser, lambda: put_back(fault))
    (carried_module,) = who.carried or ()
    assert "不再保留" in carried_module["void"]["reason"]


def test_within_one_competition_it_blocks_until_it_is_made_void(
    load: Load, organiser: Account
) -> None:
    plain = sitting("BOTH", "2026-05-10")
    plain["events"].append(plain["events"][0] | {"code": "B"})
    competition = load(plain)
    announce(competition, organiser)
    reopen(competition, organiser)
    again = enter(competition, organiser, event="B")
    assert again.resit == {"event": "A", "entrant": "P1", "attempt": 2}
    theory = next(it for it in kept_modules(again) if it.of == "theory")
    bring_module(again, theory.key, organiser)
    file_of(competition)
    with pytest.raises(Refused, match="不用作废"):
        void_module(again, "theory", organiser)
    take_off(of(competition, "P1"), "theory", 20)
    blockers = find_blockers(competition, live_results(competition).results)
    assert "carried" in {it.kind for it in blockers}
    void_module(again, "theory", organiser)
    blockers = find_blockers(competition, live_results(competition).results)
    assert "carried" not in {it.kind for it in blockers}
    assert verdict(again).verdict == "incomplete"
    file_of(competition)


@pytest.mark.each_database
def test_who_failed_is_registered_as_trying_again(
    first: Competition, later: Competition, organiser: Account
) -> None:
    who = person(later)
    assert who.resit == {"competition": "FIRST", "event": "A", "entrant": "P1", "attempt": 2}
    assert verdict(who).attempt == 2
    assert file_of(later).entrants[0].resit.attempt == 2
    drop_resit(who, organiser)
    retry = tried_again([who])[who.code]
    assert (retry.attempt, retry.proposed) == (None, 2)
    record_resit(who, organiser)
    assert tried_again([who])[who.code].attempt == 2
    with pytest.raises(Refused):
        record_resit(who, organiser)
    assert actions(later).count("entrant.resit") == 2
    assert list(check_rows(later)) == []


def test_another_name_under_the_number_is_proposed_and_not_recorded(
    first: Competition, load: Load, organiser: Account
) -> None:
    who = enter(load(empty(), registering=True), organiser, name="王小壹")
    assert who.resit is None
    assert tried_again([who])[who.code].proposed == 2


def test_who_passed_or_stands_in_nothing_published_tries_for_the_first_time(
    load: Load, organiser: Account
) -> None:
    passed = load(sitting("PASSED", "2026-05-10", hands=90))
    open_still = load(sitting("OPEN", "2026-06-10", people=2))
    announce(passed, organiser)
    later = load(empty(), registering=True)
    first, second = enter(later, organiser), enter(later, organiser, 2)
    assert (first.resit, second.resit) == (None, None)
    assert tried_again([first, second]) == {}
    announce(open_still, organiser)
    assert tried_again([second])[second.code].proposed == 2


def test_the_door_opens_for_a_second_event_only_after_the_first_was_in_vain(
    load: Load, organiser: Account
) -> None:
    plain = sitting("BOTH", "2026-05-10")
    plain["events"] += [
        plain["events"][0] | {"code": "B"},
        plain["events"][0] | {"code": "C", "grade": 3},
    ]
    competition = load(plain)
    with pytest.raises(WrongFieldsError):
        enter(competition, organiser, event="B")
    announce(competition, organiser)
    reopen(competition, organiser)
    with pytest.raises(WrongFieldsError):
        enter(competition, organiser, event="C")
    wrong = enter(competition, organiser, 2, event="B", name="王小1")
    correct_person(wrong, {"id_number": id_of(1)}, "号码录错了", organiser)
    assert wrong.resit == {"event": "A", "entrant": "P1", "attempt": 2}
    with pytest.raises(Refused, match="只能是补考"):
        drop_resit(wrong, organiser)
    file_of(competition)


def test_a_number_is_not_corrected_to_somebody_elses_while_a_mark_goes_by_it(
    first: Competition, later: Competition, organiser: Account
) -> None:
    who = person(later)
    bring_module(who, kept_modules(who)[0].key, organiser)
    with pytest.raises(WrongFieldsError, match="先更正那里"):
        correct_person(who, {"id_number": id_of(5)}, "号码录错了", organiser)
    correct_person(of(first, "P1"), {"id_number": id_of(5)}, "号码录错了", organiser)
    correct_person(who, {"id_number": id_of(5)}, "号码录错了", organiser)


def test_who_brings_nothing_is_not_read_where_what_was_brought_is_looked_for(
    load: Load, organiser: Account
) -> None:
    plain = sitting("NEXT", "2027-01-10", people=3)
    later = load(plain)
    brought = select(Entrant.code).where(Entrant.carried.is_not(None))
    assert db.session.scalars(brought).all() == []
    people = db.session.query(Entrant).filter_by(competition_id=later.id)
    assert [entrant.carried for entrant in people] == [None] * 3

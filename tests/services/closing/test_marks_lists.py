"""Lists of marks: each row is a reading of a sheet, refused by its field; two alike count."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compete.domain import read_bundle
from compete.domain.values.roles import Role
from compete.domain.values.states import SheetState
from compete.models import Account, Event, Job, Sheet, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.closing.marks_lists import (
    ListPlan,
    ListTaken,
    MarkedModule,
    differing_of,
    enter_list_or_ask,
    marked_module,
    plan_marks_list,
    takes_list,
    why_no_list,
)
from compete.services.closing.paper_entry import (
    enter_paper,
    paper_readings,
    paper_state,
    settle_paper,
)
from compete.services.closing.penalties_and_outcomes import confirm_proposal, decisions_of

from compete.services.closing import marks_lists  # isort: skip
from compete.services.competitions.loading import load_bundle
from compete.services.jobs import queue
from compete.services.jobs.running import do_next
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.schedule.allocation import assign_judges, open_judging
from compete.services.scoring.bundle_out import export_bundle
from compete.services.sheets import counts
from compete.services.sheets.act_seals import check_acts
from tests.sheets.reading.files import id_of
from tests.support.evaluation import evaluation
from tests.support.panels import Panel, bundle_of, open_panel

Row = dict[str, str]
FIRST = [
    {"name": "王一", "mark": "88", "code": "E1"},
    {"name": "李二", "mark": "缺考", "code": "E2"},
]
SHA = hashlib.sha256(b"list").hexdigest()


def place(panel: Panel) -> MarkedModule:
    return marked_module(panel.competition.events[0], "final", "paper")


def rows(*given_rows: Row) -> list[tuple[int, Row]]:
    return list(enumerate(given_rows or FIRST, 2))


def plan(panel: Panel, *given_rows: Row, who: str = "R1") -> ListPlan:
    return plan_marks_list(place(panel), rows(*given_rows), panel.account(who))


def fault(panel: Panel, **texts: str) -> dict[str, str]:
    """What is wrong with a row of E1 that is otherwise right."""
    (row,) = plan(panel, FIRST[0] | texts).rows
    return {field: str(why) for field, why in row.faults.items()}


def enter(
    panel: Panel, who: str, *given_rows: Row, content: bytes = b"list", signed: bool = False
) -> ListTaken:
    taken = enter_list_or_ask(
        place(panel), content, rows(*given_rows), panel.account(who), signed=signed
    )
    assert isinstance(taken, ListTaken)
    return taken


def marks(panel: Panel) -> dict[str, Decimal | bool]:
    return {mark.entrant: mark.value for mark in export_bundle(panel.competition).marks}


def paper(panel: Panel, entrant: str) -> Sheet:
    return panel.sheet("J4", entrant, "paper")


@pytest.mark.each_database
def test_two_lists_alike_become_marks_with_the_files_hashes(panel: Panel) -> None:
    assert enter(panel, "R1", content=b"one").waits == 2
    assert marks(panel) == {}
    assert enter(panel, "R2", content=b"two").settled == 2
    assert marks(panel) == {"E1": Decimal(88)}
    (mark,) = export_bundle(panel.competition).marks
    assert mark.judge == "J4"
    assert mark.extra is not None
    assert mark.extra["entered_by"] == ["R1", "R2"]
    hashes = sorted(hashlib.sha256(content).hexdigest() for content in (b"one", b"two"))
    assert mark.extra["from_list"] == hashes
    records = audit.record_contents(panel.competition, "paper.list")
    assert sorted(record["file"] for record in records) == hashes
    assert list(check_acts(panel.competition)) == []
    assert list(verify_chain(panel.competition)) == []


@pytest.mark.each_database
def test_absent_in_both_lists_is_proposed_and_the_chief_judge_confirms(panel: Panel) -> None:
    enter(panel, "R1")
    enter(panel, "R2")
    (decision,) = decisions_of(panel.competition)
    assert (decision.kind, decision.module, decision.entrant.code) == ("dns", "paper", "E2")
    assert SHA in decision.evidence
    confirm_proposal(decision, panel.account("C1"))
    (outcome,) = export_bundle(panel.competition).outcomes
    assert (outcome.entrant, outcome.module, outcome.status) == ("E2", "paper", "dns")
    same = plan(panel, FIRST[1])
    assert [row.state for row in same.rows] == ["same"]
    (marked,) = plan(panel, FIRST[1] | {"mark": "60"}).rows
    assert "撤回" in str(marked.faults["mark"])


def test_a_signature_on_both_lists_signs_the_sheets(panel: Panel) -> None:
    enter(panel, "R1", FIRST[0], signed=True)
    enter(panel, "R2", FIRST[0], signed=True)
    assert paper(panel, "E1").state is SheetState.SIGNED


@pytest.mark.each_database
def test_where_the_lists_differ_the_chief_judge_says_which_stands(panel: Panel) -> None:
    enter(panel, "R1")
    other = [FIRST[0] | {"mark": "缺考"}, FIRST[1] | {"mark": "61"}]
    assert enter(panel, "R2", *other).differs == 2
    assert {sheet.entrant.code for sheet in differing_of(place(panel))} == {"E1", "E2"}
    for code in ("E1", "E2"):
        absent, marked = sorted(
            paper_readings(paper(panel, code)), key=lambda entry: entry.values["all"] is not None
        )
        chosen = marked if code == "E1" else absent
        chief = panel.account("C1")
        settle_paper(paper(panel, code), {"all": chosen.id}, False, "看过试卷", chief)
    assert marks(panel) == {"E1": Decimal(88)}
    (decision,) = decisions_of(panel.competition)
    assert (decision.entrant.code, decision.reason) == ("E2", "看过试卷")
    assert differing_of(place(panel)) == []


def test_a_row_and_a_sheet_typed_in_are_readings_of_each_other(panel: Panel) -> None:
    enter(panel, "R1", FIRST[0])
    values = {"all": Decimal(88)}
    second = panel.account("R2")
    assert enter_paper(paper(panel, "E1"), values, signed=False, by=second).settled


def test_one_person_twice_is_one_reading(panel: Panel) -> None:
    enter(panel, "R1")
    with pytest.raises(Refused, match="一样"):
        enter(panel, "R1")
    corrected = FIRST[0] | {"mark": "87"}
    (row,) = plan(panel, corrected).rows
    assert row.changes == {"mark": "88"}
    assert enter(panel, "R1", corrected).waits == 1
    assert paper_state(paper(panel, "E1"), panel.account("R1")).others == 0
    assert marks(panel) == {}


def test_the_second_sees_nothing_of_the_first(panel: Panel) -> None:
    enter(panel, "R1")
    assert [row.state for row in plan(panel, *FIRST, who="R2").rows] == ["added", "added"]


NOT_TAKEN: list[tuple[Row, str, str]] = [
    ({"code": "E9"}, "code", "没有这个号码"),
    ({"code": ""}, "code", "没填"),
    ({"id_number": "E12345678"}, "id_number", "没有这个号码"),
    ({"name": "王二"}, "name", "王一"),
    ({"name": ""}, "name", "王一"),
    ({"mark": ""}, "mark", "空着"),
    ({"mark": "101"}, "mark", "0 到 100"),
    ({"mark": "-1"}, "mark", "0 到 100"),
    ({"mark": "88.555"}, "mark", "递增"),
    ({"mark": "八十"}, "mark", "递增"),
    ({"mark": "1e1"}, "mark", "递增"),
]


def test_a_row_that_cannot_be_taken_names_its_field(panel: Panel) -> None:
    for texts, field, word in NOT_TAKEN:
        faults = fault(panel, **texts)
        assert faults.keys() == {field}, texts
        assert word in faults[field], texts


def test_nought_is_a_mark_and_full_width_is_read(panel: Panel) -> None:
    rows_read = plan(panel, FIRST[0] | {"mark": "0", "name": "王 一", "code": "ｅ１"}).rows
    assert [row.checked for row in rows_read] == [(Decimal(0),)]


def test_a_unit_behind_a_mark_is_read_and_two_numbers_are_none(panel: Panel) -> None:
    assert fault(panel, mark="88分") == {}
    assert set(fault(panel, mark="8 5")) == {"mark"}


def test_somebody_in_two_rows_is_refused_in_both(panel: Panel) -> None:
    listing = plan(panel, FIRST[0], FIRST[0] | {"mark": "70"}, FIRST[1])
    assert [row.state for row in listing.rows] == ["refused", "refused", "added"]
    with pytest.raises(Refused, match="2 行"):
        enter(panel, "R1", FIRST[0], FIRST[0])
    assert paper_readings(paper(panel, "E1")) == []


def test_who_stands_in_no_row_is_named(panel: Panel) -> None:
    assert [entrant.code for entrant in plan(panel, FIRST[0]).without] == ["E2"]
    enter(panel, "R1", FIRST[0])
    enter(panel, "R2", FIRST[0])
    assert [entrant.code for entrant in plan(panel, FIRST[1]).without] == []


def test_what_is_submitted_is_not_entered_over(panel: Panel) -> None:
    panel.fill_papers()
    assert "已经提交" in fault(panel)["mark"]


def test_people_are_found_by_their_papers_too(app: Flask) -> None:
    bundle = bundle_of()
    first, second = (id_of(number) for number in (1, 2))
    for entrant, number in zip(bundle["entrants"], (first, second), strict=True):
        entrant["id_number"] = number
    with app.app_context():
        panel = open_panel(bundle)
        (row,) = plan(panel, {"name": "王一", "mark": "88", "id_number": first}).rows
        assert row.state == "added"
        assert "不是同一个人" in fault(panel, id_number=second)["id_number"]


@pytest.fixture
def examined(app: Flask) -> Iterator[Panel]:
    """An evaluation that is being held: two events whose stages and modules have equal codes."""
    bundle = evaluation() | {"marks": []}
    bundle["judges"] += [{"code": c, "name": c, "role": "recorder"} for c in ("R1", "R2")]
    with app.app_context():
        by = create_account("吴敏", username="organiser")
        competition = load_bundle(read_bundle(json.dumps(bundle).encode()), by=by)
        grant_role(by, competition, Role.ORGANISER)
        panel = Panel("EV")
        for code in ("A", "B"):
            for module in ("theory", "one", "two", "review"):
                judges = ("J1", "J2", "J3") if module == "review" else ("J1",)
                seats = [(panel.judge(judge), "") for judge in judges]
                assign_judges(event_of(panel, code), "s", module, seats, by)
        open_judging(panel.competition, panel.organiser, "考场小")
        yield panel


def event_of(panel: Panel, code: str) -> Event:
    return next(event for event in panel.competition.events if event.code == code)


def test_a_list_of_an_evaluation_is_of_its_own_event_alone(examined: Panel) -> None:
    texts = {"name": "王小明", "mark": "72.5", "code": "P2"}
    here, there = (marked_module(event_of(examined, code), "s", "theory") for code in ("B", "A"))
    (row,) = plan_marks_list(there, rows(texts), examined.account("R1")).rows
    assert "没有这个号码" in str(row.faults["code"])
    for who in ("R1", "R2"):
        enter_list_or_ask(here, b"list", rows(texts), examined.account(who), signed=False)
    assert marks(examined) == {"P2": Decimal("72.5")}


def test_who_brought_the_mark_along_is_in_no_list(examined: Panel) -> None:
    there = marked_module(event_of(examined, "A"), "s", "theory")
    by = examined.account("R1")
    listing = plan_marks_list(there, rows({"name": "王小明", "mark": "1", "code": "P1"}), by)
    assert "带来的" in str(listing.rows[0].faults["code"])
    assert listing.without == []


def test_a_row_is_a_reading_of_every_examiners_sheet(app: Flask) -> None:
    bundle = bundle_of()
    bundle["events"][0]["stages"][0]["modules"][0]["panel"] = {"size": 2, "combine": "agreed"}
    with app.app_context():
        panel = open_panel(bundle, papers=("J3", "J4"))
        enter(panel, "R1")
        assert enter(panel, "R2").settled == 4
        marks_there = [(mark.judge, mark.value) for mark in export_bundle(panel.competition).marks]
        assert sorted(marks_there) == [("J3", Decimal(88)), ("J4", Decimal(88))]
        (decision,) = decisions_of(panel.competition)
        assert (decision.kind, decision.entrant.code) == ("dns", "E2")


def test_only_a_sheet_of_one_mark_takes_a_list(panel: Panel) -> None:
    event: Event = panel.competition.events[0]
    modules = {code: marked_module(event, "final", code).module for code in ("paper", "practice")}
    assert {code: takes_list(module) for code, module in modules.items()} == {
        "paper": True,
        "practice": False,
    }


@pytest.mark.parametrize("who", ["J1", "C1"])
def test_who_reads_no_paper_brings_no_list(panel: Panel, who: str) -> None:
    with pytest.raises(Refused, match="不归你办"):
        enter(panel, who)


def test_a_blind_event_takes_no_list_by_names(app: Flask) -> None:
    with app.app_context():
        panel = open_panel(bundle_of(blind=True))
        assert "盲评" in str(why_no_list(place(panel), panel.account("R1")))


@pytest.mark.each_database
def test_a_long_list_is_a_job_that_goes_on_after_a_kill(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "wake", lambda _competition: None)
    monkeypatch.setattr(counts, "MOST_ROWS", 0)
    monkeypatch.setattr(marks_lists, "_PART", 1)
    number, by = panel.competition.id, panel.account("R1")
    asked = enter_list_or_ask(place(panel), b"list", rows(), by, signed=False)
    assert isinstance(asked, Job)
    real, seen = enter_paper, []

    def dies_at_the_second(sheet: Sheet, *arguments: Any, **more: Any) -> object:
        seen.append(sheet.id)
        if len(seen) == 2:
            raise SystemExit
        return real(sheet, *arguments, **more)

    monkeypatch.setattr(marks_lists, "enter_paper", dies_at_the_second)
    with pytest.raises(SystemExit):
        do_next(number)
    db.session.rollback()
    assert do_next(number)
    assert [len(paper_readings(paper(panel, code))) for code in ("E1", "E2")] == [1, 1]
    job = db.session.get_one(Job, asked.id, populate_existing=True)
    assert job.result == {"waits": 2, "left": 0, "others": []}
    (record,) = audit.record_contents(panel.competition, "paper.list")
    assert (record["sheets"], record["file"]) == (2, SHA)


def test_what_came_in_meanwhile_is_left_out_and_told(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "wake", lambda _competition: None)
    monkeypatch.setattr(counts, "MOST_ROWS", 0)
    enter_list_or_ask(place(panel), b"list", rows(), panel.account("R1"), signed=False)
    panel.fill(paper(panel, "E1"), {"all": "50"})
    assert do_next(panel.competition.id)
    (record,) = audit.record_contents(panel.competition, "paper.list")
    assert record["refused"] == ["E1"]
    assert marks(panel) == {"E1": Decimal(50)}


TEXTS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["王一", "李二", "王 一", ""]),
        "mark": st.sampled_from(["88", "0", "缺考", "", "100.5", "１００", "x"]),
        "code": st.sampled_from(["E1", "e2", "E9", ""]),
        "id_number": st.sampled_from(["", "E12345678"]),
    }
)


@given(sent=st.lists(TEXTS, min_size=1, max_size=5))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_row_and_nobody_is_dropped_in_silence(panel: Panel, sent: Sequence[Row]) -> None:
    by: Account = panel.account("R1")
    listing = plan_marks_list(place(panel), rows(*sent), by)
    assert [row.texts for row in listing.rows] == list(sent)
    for row in listing.rows:
        assert bool(row.faults) == (row.state == "refused")
        assert row.faults or (row.known and row.checked is not None)
    good = [row.known[0].entrant.code for row in listing.rows if row.known and not row.faults]
    assert len(good) == len(set(good))
    named = {row.known[0].entrant.code for row in listing.rows if row.known}
    assert named | {entrant.code for entrant in listing.without} == {"E1", "E2"}

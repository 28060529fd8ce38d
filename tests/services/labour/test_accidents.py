"""A unit reports its own accident; until two have settled it, it moves nothing."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from compete.domain.values.accident_states import AccidentState
from compete.domain.values.roles import Role
from compete.domain.values.states import MoveError
from compete.models import Account, AuditEntry, Competition, LabourAccident, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.competitions.retention import erase_notes, labour_people
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import SafeSince
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.labour.accidents import (
    Report,
    accidents_of,
    agree_refusal,
    confirm_accident,
    correction_of,
    count_unsettled_accidents,
    drop_refusal,
    refuse_accident,
    report_accident,
)
from compete.services.labour.corrections import (
    Wanted,
    agree_correction,
    ask_correction,
    drop_correction,
)
from compete.services.labour.entry import Writer
from compete.services.labour.without_accident import safe_since, set_safe_since
from compete.services.scoring.live_labour import labour_live
from tests.services.labour.made_up import Contest, made_up

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def contest(load: Callable[..., Competition], organiser: Account) -> Contest:
    return made_up(load, organiser)


@pytest.fixture
def second(contest: Contest) -> Account:
    account = create_account("周颖")
    grant_role(account, contest.competition, Role.ORGANISER)
    return account


def _report(**keys: str | bytes) -> Report:
    day = local_today().isoformat()
    return replace(Report(uuid=str(uuid.uuid4()), happened=day, text="吊物坠落"), **keys)


def _reported(contest: Contest, **keys: str | bytes) -> LabourAccident:
    competition = contest.competition
    writer = Writer(competition, create_account("联系人"), unit=competition.units[0])
    return report_accident(writer, "二月", _report(**keys))


def _refused(kind: Refusal, act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.kind is kind
    return str(refused.value.message)


def test_a_report_wants_a_unit_a_day_and_words_and_comes_once(contest: Contest) -> None:
    competition = contest.competition
    writer = Writer(competition, create_account("联系人"), unit=competition.units[0])
    later = (local_today() + timedelta(days=1)).isoformat()
    for wrong in (_report(happened=later), _report(happened="昨天"), _report(text=" ")):
        _refused(Refusal.INVALID, lambda wrong=wrong: report_accident(writer, "二月", wrong))
    department = Writer(competition, contest.zhou, department=contest.safety)
    _refused(Refusal.FORBIDDEN, lambda: report_accident(department, "二月", _report()))
    _refused(
        Refusal.WRONG_FORMAT, lambda: report_accident(writer, "二月", _report(content=b"GIF89a"))
    )
    sent = _report(filename="现场.pdf", content=PDF)
    row = report_accident(writer, "二月", sent)
    assert report_accident(writer, "二月", sent).id == row.id
    assert (row.state, row.filename, row.media) == (
        AccidentState.REPORTED,
        "现场.pdf",
        "application/pdf",
    )
    other = Writer(competition, contest.chen, unit=competition.units[1])
    _refused(Refusal.CONFLICT, lambda: report_accident(other, "二月", sent))
    assert [accident.id for accident in accidents_of(competition)] == [row.id]
    assert accidents_of(competition, "一月") == []
    assert accidents_of(competition, unit=competition.units[1].id) == []


def test_a_veto_by_two_confirms_it_and_a_dropped_one_leaves_it_open(
    contest: Contest, organiser: Account, second: Account
) -> None:
    competition, row = contest.competition, _reported(contest)
    stood = labour_live(competition)
    assert count_unsettled_accidents(competition) == 1
    assert labour_live(competition) is stood, "a report is not ranked"
    _refused(Refusal.INVALID, lambda: confirm_accident(row, "value", "", "查实", organiser))
    _refused(Refusal.INVALID, lambda: confirm_accident(row, "veto", "", " ", organiser))
    _refused(Refusal.INVALID, lambda: confirm_accident(row, "adjustment", "-", "查实", organiser))
    assert row.correction_id is None
    asked = confirm_accident(row, "veto", "", "查实", organiser)
    assert row.state is AccidentState.REPORTED
    assert labour_live(competition).outcome.field.vetoed == set()
    _refused(Refusal.CONFLICT, lambda: confirm_accident(row, "veto", "", "查实", second))
    _refused(Refusal.CONFLICT, lambda: refuse_accident(row, "不是", second))
    drop_correction(asked, organiser)
    assert (row.state, row.correction_id) == (AccidentState.REPORTED, None)
    again = confirm_accident(row, "veto", "", "查实", organiser)
    _refused(Refusal.CONFLICT, lambda: agree_correction(again, organiser))
    start = SafeSince(local_today() - timedelta(days=90))
    counted = {unit.code: start for unit in competition.units[:2]}
    set_safe_since(competition, counted, organiser)
    agree_correction(again, second)
    begun, others = (safe_since(competition)[unit.code] for unit in competition.units[:2])
    assert (begun.day, begun.accident, others) == (row.happened, True, start)
    assert (row.state, row.ended_by) == (AccidentState.CONFIRMED, second.id)
    assert correction_of(row) is again
    assert ("二月", row.unit.code) in labour_live(competition).outcome.field.vetoed
    assert count_unsettled_accidents(competition) == 0
    _refused(Refusal.CONFLICT, lambda: refuse_accident(row, "不是", organiser))
    assert list(check_rows(competition.id)) == []
    assert list(verify_chain(competition)) == []


def test_lifting_the_veto_takes_up_the_days_again(
    contest: Contest, organiser: Account, second: Account
) -> None:
    competition = contest.competition
    unit, today = competition.units[0], local_today()

    def settled(days: int, period: str) -> LabourAccident:
        happened = (today - timedelta(days=days)).isoformat()
        row = report_accident(
            Writer(competition, organiser, unit=unit), period, _report(happened=happened)
        )
        agree_correction(confirm_accident(row, "veto", "", "查实", organiser), second)
        return row

    def lift(period: str) -> None:
        wanted = Wanted("lift", period, unit.code, "不是责任事故")
        agree_correction(ask_correction(competition, wanted, organiser), second)

    def since() -> tuple[int, bool]:
        safety = safe_since(competition)[unit.code]
        return (today - safety.day).days, safety.accident

    set_safe_since(competition, {unit.code: SafeSince(today - timedelta(days=90))}, organiser)
    early, late = settled(30, "一月"), settled(10, "二月")
    assert since() == (10, True)
    lift("二月")
    assert (late.state, late.refused_why) == (AccidentState.REFUSED, "不是责任事故")
    assert since() == (30, True), "the earlier one still counts"
    again = settled(5, "二月")
    lift("一月")
    assert (early.state, since()) == (AccidentState.REFUSED, (5, True))
    lift("二月")
    assert (again.state, since()) == (AccidentState.REFUSED, (90, False))
    settled(4, "二月")
    by_hand = SafeSince(today - timedelta(days=2), accident=True)
    set_safe_since(competition, {unit.code: by_hand}, organiser)
    lift("二月")
    assert since() == (2, True), "what somebody entered by hand stays"
    assert list(check_rows(competition.id)) == []
    assert list(verify_chain(competition)) == []


def test_points_may_follow_and_refusing_takes_two_and_a_reason(
    contest: Contest, organiser: Account, second: Account
) -> None:
    competition, row = contest.competition, _reported(contest)
    other = report_accident(
        Writer(competition, organiser, unit=competition.units[1]), "二月", _report()
    )
    agree_correction(confirm_accident(other, "adjustment", "2", "轻伤", organiser), second)
    adjusted = labour_live(competition).outcome.field.adjusted
    assert adjusted["二月", other.unit.code] == -2
    _refused(Refusal.INVALID, lambda: refuse_accident(row, " ", organiser))
    _refused(Refusal.CONFLICT, lambda: agree_refusal(row, second))
    refuse_accident(row, "报重了", organiser)
    _refused(Refusal.CONFLICT, lambda: agree_refusal(row, organiser))
    drop_refusal(row, organiser)
    assert row.refused_by is None
    _refused(Refusal.CONFLICT, lambda: drop_refusal(row, organiser))
    refuse_accident(row, "报重了", organiser)
    agree_refusal(row, second)
    assert (row.state, row.refused_why) == (AccidentState.REFUSED, "报重了")
    with pytest.raises(MoveError):
        agree_refusal(row, second)
    records = db.session.query(AuditEntry).filter(AuditEntry.action.startswith("labour.accident"))
    assert {record.action for record in records} == {
        *("labour.accident", "labour.accident.ask", "labour.accident.confirm"),
        *("labour.accident.refuse.ask", "labour.accident.refuse.drop", "labour.accident.refuse"),
    }


def test_what_was_written_of_it_is_erased_after_its_purpose(contest: Contest) -> None:
    row = _reported(contest, filename="现场.pdf", content=PDF)
    kept = row.sha256
    assert labour_people([contest.competition.id])[contest.competition.id] > 0
    with unit_of_work():
        assert erase_notes(contest.competition) == 1
    db.session.refresh(row)
    assert (row.text, row.filename, row.document, row.sha256) == (None, None, None, kept)
    assert row.erased_at is not None
    with unit_of_work():
        assert erase_notes(contest.competition) == 0
    assert list(check_rows(contest.competition.id)) == []

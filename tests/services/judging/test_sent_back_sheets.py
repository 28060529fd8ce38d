from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from compete.domain.values.states import SheetState
from compete.models import AuditEntry, Sheet, db
from compete.services.closing.module_locks import lock_module
from compete.services.judging.disputes import send_panel_back
from compete.services.judging.recusal import recuse_from_entrant, reopen_recused
from compete.services.judging.sent_back_sheets import (
    remind,
    reminder_wait,
    send_sheet_back,
    standing_reminders,
)
from compete.services.judging.tablet_view import home_data, sheet_data
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.scoring.bundle_out import export_bundle
from tests.support.panels import Panel


def sent_back(panel: Panel, judge: str = "J1") -> Sheet:
    """A sheet of the judge that was submitted and came back."""
    panel.fill(panel.sheet(judge))
    send_sheet_back(panel.sheet(judge), "碰杆 3 次，录像是 2 次", panel.account("C1"))
    return panel.sheet(judge)


def earlier(sheet: Sheet, by: timedelta) -> None:
    """The sheet was reminded of that much before."""
    with unit_of_work() as session:
        session.refresh(sheet)
        assert sheet.reminded_at is not None
        sheet.reminded_at -= by


def standing(sheet: Sheet) -> datetime | None:
    db.session.rollback()
    return standing_reminders([sheet]).get(sheet.id)


def everything_but_the_reminder(sheet: Sheet) -> dict[str, object]:
    db.session.rollback()
    columns = Sheet.__table__.columns.keys()
    return {name: getattr(sheet, name) for name in columns if name != "reminded_at"}


@pytest.mark.each_database
def test_a_reminder_changes_nothing_else_on_the_sheet_and_is_on_record(panel: Panel) -> None:
    sheet = sent_back(panel)
    before, bundle = everything_but_the_reminder(sheet), export_bundle(panel.competition)
    remind(sheet, panel.account("C1"))
    assert everything_but_the_reminder(sheet) == before
    assert export_bundle(panel.competition) == bundle
    assert standing(sheet) == sheet.reminded_at
    row = db.session.query(AuditEntry).filter_by(action="sheet.remind").one()
    assert (row.actor, row.subject) == ("沈国梁", "E1")
    assert row.after == {"state": "returned", "judge": "J1"}
    assert list(verify_chain(panel.competition)) == []


@pytest.mark.each_database
def test_one_reminder_a_minute(panel: Panel) -> None:
    sheet = sent_back(panel)
    remind(sheet, panel.account("C1"))
    with pytest.raises(Refused, match="E1 刚提醒过"):
        remind(sheet, panel.organiser)
    earlier(sheet, timedelta(seconds=61))
    first = sheet.reminded_at
    remind(sheet, panel.organiser)
    assert first is not None
    assert sheet.reminded_at is not None
    assert sheet.reminded_at > first
    # Each sheet by itself.
    remind(sent_back(panel, "J2"), panel.account("C1"))


def test_how_long_until_the_next_reminder(panel: Panel) -> None:
    sheet = sent_back(panel)
    at = datetime.fromisoformat("2026-09-16T10:31:00+08:00")
    assert reminder_wait(sheet, at) == timedelta(0)
    sheet.reminded_at = at
    waits = [reminder_wait(sheet, at + timedelta(seconds=after)) for after in (0, 20, 60, 999)]
    assert waits == [timedelta(seconds=left) for left in (60, 40, 0, 0)]
    db.session.rollback()


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("mark", {"aspect": "smooth", "value": "1"}),
        ("clear", {"aspect": "smooth"}),
        ("note", {"note": "看过录像了"}),
        ("submit", {}),
    ],
)
def test_a_reminder_stands_until_the_judge_does_something(
    panel: Panel, kind: str, fields: dict[str, str]
) -> None:
    sheet = sent_back(panel)
    remind(sheet, panel.account("C1"))
    # What somebody does on another sheet answers nothing.
    panel.act(panel.sheet("J1", "E2"), "mark", aspect="smooth", value="1")
    assert standing(sheet) is not None
    panel.act(sheet, kind, **fields)
    assert standing(sheet) is None


def test_who_began_and_left_it_lying_can_be_reminded_too(panel: Panel) -> None:
    sheet = sent_back(panel)
    remind(sheet, panel.account("C1"))
    panel.act(sheet, "clear", aspect="smooth")
    assert panel.sheet("J1").state is SheetState.BEGUN
    earlier(sheet, timedelta(minutes=2))
    remind(sheet, panel.account("C1"))
    assert standing(sheet) is not None


def test_a_sheet_is_reminded_of_only_while_it_is_to_be_mended(panel: Panel) -> None:
    chief = panel.account("C1")
    with pytest.raises(Refused, match="E1 没有退回"):
        remind(panel.sheet("J1"), chief)
    panel.act(panel.sheet("J1"), "mark", aspect="smooth", value="1")
    with pytest.raises(Refused, match="E1 没有退回"):
        remind(panel.sheet("J1"), chief)
    panel.fill(panel.sheet("J1"))
    with pytest.raises(Refused, match="E1 没有退回"):
        remind(panel.sheet("J1"), chief)
    assert panel.sheet("J1").reminded_at is None


def test_each_sheet_of_a_panel_that_marks_again_can_be_reminded_of(panel: Panel) -> None:
    panel.fill_panel("3", "1", "1")
    send_panel_back(panel.sheet("J1"), ["smooth"], "看录像再评", panel.account("C1"))
    for judge in ("J1", "J2", "J3"):
        remind(panel.sheet(judge), panel.account("C1"))
    panel.fill(panel.sheet("J2"), {"smooth": "2"})
    sheets = [panel.sheet(judge) for judge in ("J1", "J2", "J3")]
    assert set(standing_reminders(sheets)) == {sheets[0].id, sheets[2].id}


def test_nobody_is_reminded_under_a_lock(panel: Panel) -> None:
    for entrant in ("E1", "E2"):
        panel.fill_panel("2", "2", "2", entrant=entrant)
    lock_module(panel.competition.events[0], "final", "practice", panel.account("C1"))
    with pytest.raises(Refused, match="已经锁定"):
        remind(panel.sheet("J1"), panel.account("C1"))


def test_a_sheet_that_is_opened_again_brings_no_old_reminder_back(panel: Panel) -> None:
    sheet = sent_back(panel)
    remind(sheet, panel.account("C1"))
    recuse_from_entrant(panel.sheet("J1"), "是我徒弟", panel.account("J1"))
    reopen_recused(panel.sheet("J1"), "点错了", panel.account("C1"))
    assert standing(panel.sheet("J1")) is None


def test_the_tablet_is_told_when_by_the_halls_clock(panel: Panel) -> None:
    sheet = sent_back(panel)
    remind(sheet, panel.account("C1"))
    with unit_of_work() as session:
        session.refresh(sheet)
        sheet.reminded_at = datetime.fromisoformat("2099-09-16T02:31:00+00:00")
    db.session.rollback()
    rows = {(row["code"], row["reminded"]) for row in home_data(panel.judge("J1"))["sheets"]}
    assert rows == {("E1", "10:31"), ("E2", None)}
    assert sheet_data(panel.sheet("J1"))["reminded"] == "10:31"
    assert sheet_data(panel.sheet("J1", "E2"))["reminded"] is None

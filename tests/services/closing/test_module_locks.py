from __future__ import annotations

import pytest
from flask import Flask

from compete.domain.values.states import CompetitionState, SheetState
from compete.models import LockEntry
from compete.services.accounts.pins import set_pin
from compete.services.closing.competition_lock import lock_marks, unlock_marks
from compete.services.closing.module_locks import (
    ask_unlock,
    confirm_unlock,
    drop_unlock,
    lock_module,
)
from compete.services.judging.sent_back_sheets import send_sheet_back
from compete.services.judging.signing import sign_sheet
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.sheets.locks_in_force import locked_sheets, must_sign, standing_locks
from tests.support.panels import PIN, SIGNATURE, VALUES, Panel, bundle_of, open_panel


def fill_practice(panel: Panel) -> None:
    for entrant in ("E1", "E2"):
        panel.fill_panel("2", "2", "2", entrant=entrant)


def lock(panel: Panel, module: str = "practice") -> LockEntry:
    return lock_module(panel.competition.events[0], "final", module, panel.account("C1"))


def sign_all(panel: Panel) -> None:
    for judge in ("J1", "J2", "J3"):
        account = panel.account(judge)
        if account.pin_hash is None:
            set_pin(account, PIN, PIN)
        for entrant in ("E1", "E2"):
            sheet = panel.sheet(judge, entrant)
            sign_sheet(sheet, pin=PIN, drawing=SIGNATURE, by=panel.account(judge))


@pytest.mark.each_database
def test_a_locked_module_takes_no_act_and_no_return(panel: Panel) -> None:
    fill_practice(panel)
    lock(panel)
    refusal = panel.refusal(panel.sheet("J1"), "note", note="补记")
    assert refusal == "E1 所在的模块已锁定，这一条没有记下"
    with pytest.raises(Refused, match="两个人解锁"):
        send_sheet_back(panel.sheet("J1"), "再看", panel.account("C1"))
    panel.fill_papers()
    assert list(verify_chain(panel.competition)) == []


def test_a_module_is_locked_only_when_all_is_in(panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    with pytest.raises(Refused, match="没交的评分表 3 张"):
        lock(panel)


def test_and_not_while_judges_lie_apart(panel: Panel) -> None:
    panel.fill_panel("3", "1", "1")
    panel.fill_panel("2", "2", "2", entrant="E2")
    with pytest.raises(Refused, match="分差超限没处理：E1"):
        lock(panel)


def test_who_is_disputed_is_not_named_by_rank(panel: Panel) -> None:
    panel.fill_panel("3", "1", "1")
    panel.fill_panel("3", "1", "3", entrant="E2")
    with pytest.raises(Refused, match="分差超限没处理：E1、E2"):
        lock(panel)


def test_a_provincial_competition_wants_every_sheet_signed(app: Flask) -> None:
    with app.app_context():
        panel = open_panel(bundle_of(level="provincial-2"))
        assert must_sign(panel.competition)
        fill_practice(panel)
        with pytest.raises(Refused, match="没签名的评分表 6 张"):
            lock(panel)
        sign_all(panel)
        assert lock(panel).sheets == 6


@pytest.mark.each_database
def test_two_people_open_a_lock_and_the_next_is_a_new_version(panel: Panel) -> None:
    fill_practice(panel)
    first = lock(panel)
    with pytest.raises(Refused, match="没有人申请"):
        confirm_unlock(first, panel.organiser)
    with pytest.raises(Refused, match="理由"):
        ask_unlock(first, " ", panel.account("C1"))
    ask_unlock(first, "E1 的成品记错了", panel.account("C1"))
    with pytest.raises(Refused, match="另一个人"):
        confirm_unlock(first, panel.account("C1"))
    with pytest.raises(Refused, match="不归你办"):
        confirm_unlock(first, panel.account("J1"))
    assert standing_locks(panel.competition)
    confirm_unlock(first, panel.organiser)
    assert standing_locks(panel.competition) == []
    send_sheet_back(panel.sheet("J1"), "成品记错", panel.account("C1"))
    panel.fill(panel.sheet("J1"), {**VALUES, "work": "18"})
    before = first.sha256
    second = lock(panel)
    assert second.version == 2
    assert second.sha256 != before
    with pytest.raises(Refused, match="已经解锁"):
        confirm_unlock(first, panel.organiser)
    assert list(verify_chain(panel.competition)) == []


def test_what_was_asked_can_be_taken_back(panel: Panel) -> None:
    fill_practice(panel)
    module_lock = lock(panel)
    ask_unlock(module_lock, "看错了", panel.account("C1"))
    drop_unlock(module_lock, panel.account("C1"))
    with pytest.raises(Refused, match="没有人申请"):
        confirm_unlock(module_lock, panel.organiser)


def test_a_lock_is_not_put_on_twice(panel: Panel) -> None:
    fill_practice(panel)
    lock(panel)
    with pytest.raises(Refused, match="已经锁定"):
        lock(panel)


@pytest.mark.each_database
def test_locking_the_competition_locks_its_modules_and_unlocking_leaves_them(
    panel: Panel,
) -> None:
    fill_practice(panel)
    panel.fill_papers()
    lock_marks(panel.competition, panel.organiser)
    assert {lock.module for lock in standing_locks(panel.competition)} == {"paper", "practice"}
    unlock_marks(panel.competition, "E1 的成品记错了", panel.organiser)
    assert panel.competition.state is CompetitionState.JUDGING
    with pytest.raises(Refused, match="两个人解锁"):
        send_sheet_back(panel.sheet("J1"), "成品记错", panel.account("C1"))
    (practice,) = (lock for lock in standing_locks(panel.competition) if lock.module == "practice")
    ask_unlock(practice, "E1 的成品记错了", panel.account("C1"))
    confirm_unlock(practice, panel.organiser)
    send_sheet_back(panel.sheet("J1"), "成品记错", panel.account("C1"))
    assert panel.sheet("J1").state is SheetState.RETURNED


def test_locks_stand_in_the_competitions_order_whichever_was_put_on_first(panel: Panel) -> None:
    fill_practice(panel)
    panel.fill_papers()
    for module in ("practice", "paper"):
        lock(panel, module)
    locks = standing_locks(panel.competition)
    assert locks[0].id > locks[1].id
    assert [lock.module for lock in locks] == ["paper", "practice"]


def test_a_competition_that_wants_signatures_is_not_locked_without(app: Flask) -> None:
    with app.app_context():
        panel = open_panel(bundle_of(level="provincial-2"))
        fill_practice(panel)
        panel.fill_papers()
        with pytest.raises(Refused, match="还不能锁定：没签名的评分表 8 张"):
            lock_marks(panel.competition, panel.organiser)
        assert panel.competition.state is CompetitionState.JUDGING


def with_sessions() -> dict[str, object]:
    plain = bundle_of()
    plain["competition"]["extra"] = {
        "schedule": [
            {
                "event": "FORK",
                "stage": "final",
                "module": "practice",
                "session": f"第{number}场",
                "starts": f"2026-09-16T0{number + 7}:00",
                "station": "1号工位",
                "entrants": [f"E{number}"],
            }
            for number in (1, 2)
        ]
    }
    return plain


def test_one_session_is_locked_while_the_next_goes_on(app: Flask) -> None:
    with app.app_context():
        panel = open_panel(with_sessions())
        event = panel.competition.events[0]
        panel.fill_panel("2", "2", "2")
        lock_module(event, "final", "practice", panel.account("C1"), session="第1场")
        sheets = [panel.sheet("J1", entrant) for entrant in ("E1", "E2")]
        assert locked_sheets(panel.competition.id, sheets) == {sheets[0].id}
        panel.fill_panel("2", "2", "2", entrant="E2")
        with pytest.raises(Refused, match="没有“第9场”"):
            lock_module(
                panel.competition.events[0],
                "final",
                "practice",
                panel.account("C1"),
                session="第9场",
            )
        whole = lock(panel)
        assert (whole.session, whole.sheets) == (None, 6)

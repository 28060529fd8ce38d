"""The second person on the same day: both there with their own PINs, or by a signed paper."""

from __future__ import annotations

from datetime import timedelta

import pytest

from compete.models import Account, AuditEntry, CardHandling, LockEntry, SignedPaper, db, utc_now
from compete.services.accounts.accounts import create_account
from compete.services.accounts.invitations import invite, password_link, take_up_invitation
from compete.services.accounts.pins import set_pin
from compete.services.accounts.printed_cards import print_judge_cards
from compete.services.accounts.second_persons import (
    note_device,
    say_present,
    second_now,
    why_not_second,
)
from compete.services.closing.competition_lock import lock_marks, unlock_marks
from compete.services.closing.module_locks import (
    ask_unlock,
    confirm_unlock,
    lock_module,
    unlock_word,
)
from compete.services.competitions.same_day_approvals import (
    agree_in_person,
    agree_on_paper,
    countersign,
    signed_papers,
    why_not_countersign,
)
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.publishing import publish
from compete.services.results.result_moves import agree_final, ask_final
from compete.services.sheets.locks_in_force import standing_locks
from tests.support.announced import end_appeals, plain
from tests.support.panels import PIN, Panel
from tests.support.pictures import photo


def asked(panel: Panel) -> LockEntry:
    """A locked module that the organiser asks to open."""
    panel.fill_papers()
    lock_module(panel.competition.events[0], "final", "paper", panel.organiser)
    (lock,) = standing_locks(panel.competition)
    ask_unlock(lock, "录错了", panel.organiser)
    return lock


def carded(panel: Panel, *, device: str = "chief's phone") -> None:
    """Cards printed today; the chief judge sets the PIN on a device, the organiser has another."""
    print_judge_cards(panel.competition, panel.organiser)
    note_device(panel.organiser, "desk", "sign_in")
    set_pin(panel.account("C1"), PIN, PIN)
    note_device(panel.account("C1"), device, "set")


def days_later(hours: int) -> None:
    with unit_of_work():
        for row in db.session.query(CardHandling):
            row.at -= timedelta(hours=hours)


def actions(panel: Panel) -> list[str]:
    return [row.action for row in db.session.query(AuditEntry).order_by(AuditEntry.id)]


def actors(action: str) -> list[str]:
    return [row.actor for row in db.session.query(AuditEntry).filter_by(action=action)]


@pytest.mark.each_database
def test_both_there_at_one_device_count_as_two_on_the_same_day(panel: Panel) -> None:
    lock, chief = asked(panel), panel.account("C1")
    carded(panel)
    assert "当面办" in str(second_now(panel.competition, panel.organiser))
    with pytest.raises(Refused, match="不满 24 小时"):
        confirm_unlock(lock, chief)
    agree_in_person(panel.competition, f"lock:{lock.id}", chief, panel.organiser)
    assert standing_locks(panel.competition) == []
    assert [name for name in actions(panel) if name.startswith("second.")] == [
        *("second.there", "second.there", "second.present")
    ]
    assert list(verify_chain(panel.competition)) == []


def test_each_at_the_own_device_count_for_half_an_hour(panel: Panel) -> None:
    lock, chief = asked(panel), panel.account("C1")
    carded(panel)
    say_present(panel.competition, chief)
    with pytest.raises(Refused, match="不满 24 小时"):
        confirm_unlock(lock, chief)
    say_present(panel.competition, panel.organiser)
    assert why_not_second(panel.organiser.id, chief) is None
    confirm_unlock(lock, chief)


@pytest.mark.parametrize("device", ["desk", ""])
def test_a_pin_that_was_not_set_on_a_device_of_their_own_counts_for_nothing(
    panel: Panel, device: str
) -> None:
    lock, chief = asked(panel), panel.account("C1")
    print_judge_cards(panel.competition, panel.organiser)
    note_device(panel.organiser, "desk", "sign_in")
    set_pin(chief, PIN, PIN)
    if device:
        note_device(chief, device, "set")
    with pytest.raises(Refused, match="自己的设备"):
        agree_in_person(panel.competition, f"lock:{lock.id}", chief, panel.organiser)
    assert standing_locks(panel.competition) == [lock]


@pytest.mark.each_database
def test_a_signed_paper_does_it_now_and_stays_open_until_it_is_countersigned(panel: Panel) -> None:
    lock, chief = asked(panel), panel.account("C1")
    print_judge_cards(panel.competition, panel.organiser)
    key = f"lock:{lock.id}"
    with pytest.raises(Refused, match="照片"):
        agree_on_paper(panel.competition, key, chief, b"", panel.organiser)
    paper = agree_on_paper(panel.competition, key, chief, photo(), panel.organiser)
    assert standing_locks(panel.competition) == []
    assert actors("lock.unlock") == [f"{chief.name}（凭吴敏发的卡）（签字件，吴敏交）"]
    for by, why in ((panel.organiser, "另一个人"), (chief, "不满 24 小时")):
        with pytest.raises(Refused, match=why):
            countersign(paper, by)
    why = str(why_not_countersign(paper, chief))
    assert (f"最早是{panel.account('S1').name}" in why, "交签字件" in why) == (True, False)
    days_later(24)
    countersign(paper, chief)
    (row,) = signed_papers(panel.competition)
    assert row.countersigned_at is not None
    assert row.due_at <= utc_now() + timedelta(hours=24)
    with pytest.raises(Refused, match="补签过"):
        countersign(paper, chief)
    assert list(verify_chain(panel.competition)) == []


def test_a_person_whose_card_the_asker_gave_never_counts_alone_for_what_is_grave(
    panel: Panel,
) -> None:
    chief, organiser = panel.account("C1"), panel.organiser
    carded(panel)
    days_later(240)
    panel.fill_papers()
    for entrant in ("E1", "E2"):
        panel.fill_panel("2", "2", "2", entrant=entrant)
    plain(panel.competition)
    lock_marks(panel.competition, organiser)
    publish(panel.competition, organiser)
    event = panel.competition.events[0]
    end_appeals(panel.competition)
    ask_final(event, "当晚颁奖", organiser)
    with pytest.raises(Refused, match="换别人同意，或交签字件"):
        agree_final(event, chief)
    unlock_marks(panel.competition, "录错了", organiser)
    lock = standing_locks(panel.competition)[0]
    ask_unlock(lock, "录错了", organiser)
    nobody = str(unlock_word(lock).why_not(chief))
    # There is nobody whose card would do, so none is advised.
    assert ("发登录卡" in nobody, "交签字件来办" in nobody) == (False, True)
    with pytest.raises(Refused, match="换别人同意，或交签字件"):
        agree_in_person(panel.competition, f"lock:{lock.id}", chief, organiser)
    paper = agree_on_paper(panel.competition, f"lock:{lock.id}", chief, photo(), organiser)
    assert db.session.query(SignedPaper).count() == 1
    why = str(why_not_countersign(paper, chief))
    assert ("管理员" in why, "交签字件" in why) == (True, False)
    with pytest.raises(Refused, match="换别人同意"):
        countersign(paper, chief)
    admin = create_account("顾明", is_admin=True)
    assert "现在能办的：顾明" in str(why_not_countersign(paper, chief))
    countersign(paper, admin)
    # Before anything is out, the same two open a lock.
    assert why_not_second(organiser.id, chief) is None


def invited(panel: Panel, name: str, by: Account) -> Account:
    """An organiser who came by the other's link, which that one may have opened."""
    _made, token = invite(name, competition=panel.competition, by=by)
    return take_up_invitation(token, name=name, username=name, password="lamp-cobalt-42")


@pytest.mark.each_database
def test_what_is_grave_takes_two_whom_no_third_person_made(panel: Panel) -> None:
    organiser = panel.organiser
    carded(panel)
    chief, supervisor = panel.account("C1"), panel.account("S1")
    first, other = (invited(panel, name, organiser) for name in ("丁一", "丁二"))
    later = invited(panel, "丁三", first)
    admin = create_account("管理员", is_admin=True)
    plain_two = [invited(panel, name, admin) for name in ("戊一", "戊二")]
    days_later(240)

    def counts(asker: Account, two: Account) -> bool:
        whys = [
            why_not_second(asker.id, two, grave=True),
            why_not_second(two.id, asker, grave=True),
        ]
        assert (whys[0] is None) is (whys[1] is None)
        assert why_not_second(asker.id, two) is None
        return whys[0] is None

    assert not counts(organiser, later)
    assert not counts(first, other)
    assert not counts(other, later)
    assert not counts(later, chief)
    # Cards of the officials' list come from one hand; administrators make everybody.
    assert counts(chief, supervisor)
    assert counts(*plain_two)
    assert counts(organiser, plain_two[0])
    # A new password takes nothing from whoever had the card, but from whoever had the former one.
    for account in (chief, first):
        _made, token = password_link(account, by=admin)
        take_up_invitation(
            token, name=account.name, username=f"{account.id}x", password="lamp-cobalt-43"
        )
    days_later(24)
    assert not counts(organiser, chief)
    assert counts(organiser, first)


def test_after_publishing_nobody_is_promised_whose_card_was_in_hand(panel: Panel) -> None:
    carded(panel)
    days_later(25)
    assert "现在能当第二个人的" in str(second_now(panel.competition, panel.organiser))
    grave = str(second_now(panel.competition, panel.organiser, grave=True))
    assert "签字件" in grave
    assert "现在能当第二个人的" not in grave

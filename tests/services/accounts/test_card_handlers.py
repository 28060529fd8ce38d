"""Who had another's card in hand is not the other of two persons, and signatures say so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import current_app

from compete.models import Account, AuditEntry, CardHandling, db, utc_now
from compete.services.accounts.accounts import create_account
from compete.services.accounts.card_handlers import signed_as
from compete.services.accounts.invitations import invite, password_link, take_up_invitation
from compete.services.accounts.pins import set_pin
from compete.services.accounts.printed_cards import print_judge_cards
from compete.services.accounts.second_persons import require_second
from compete.services.accounts.sign_in_cards import (
    cancel_cards,
    issue_card,
    show_card,
    standing_card,
)
from compete.services.closing.module_locks import ask_unlock, confirm_unlock, lock_module
from compete.services.closing.paper_entry import enter_paper, why_not_second_reader
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    decision_word,
    propose_decision,
)
from compete.services.closing.recheck import draw_recheck, enter_recheck, why_not_recheck
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.clock import moment_words
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.sheets.locks_in_force import standing_locks
from tests.support.panels import PIN, Panel

PENALTY = Proposal("penalty", "final", "practice", "带手机", "录像 12:30", points="2")


def shows(panel: Panel, who: Account, by: Account) -> None:
    standing_card(who)
    assert show_card(who, panel.competition, by) is not None


def prints(panel: Panel, _who: Account, by: Account) -> None:
    with current_app.test_request_context():
        print_judge_cards(panel.competition, by)


def resets(_panel: Panel, who: Account, by: Account) -> None:
    cancel_cards(who, by, "换卡")
    issue_card(who, one_time=False, by=by)


@pytest.mark.each_database
@pytest.mark.parametrize(
    ("handle", "words"),
    [
        (shows, "吴敏看过你的登录卡"),
        (prints, "吴敏打印过你的登录卡"),
        (resets, "你的登录卡是吴敏发的"),
    ],
)
def test_whose_card_somebody_else_had_in_hand_is_no_second_person_for_a_day(
    panel: Panel, handle: Callable[[Panel, Account, Account], None], words: str
) -> None:
    second, third = panel.account("S1"), panel.account("R1")
    handle(panel, second, panel.organiser)
    decision = propose_decision(panel.entrant("E1"), PENALTY, panel.account("C1"))
    with pytest.raises(Refused, match=f"{words}，不满 24 小时"):
        confirm_proposal(decision, second)
    with unit_of_work():
        for row in db.session.query(CardHandling):
            row.at = utc_now() - timedelta(hours=24, minutes=1)
    require_second(panel.competition, panel.account("C1").id, third)
    confirm_proposal(decision, second)
    assert str(signed_as(second, utc_now())) == "卞志强（凭吴敏发的卡）"
    entry = db.session.query(AuditEntry).filter_by(action="decision.confirm").one()
    assert entry.actor == "卞志强（凭吴敏发的卡）"
    assert list(verify_chain(panel.competition)) == []


def test_who_had_the_first_ones_card_in_hand_is_not_the_second(panel: Panel) -> None:
    chief = panel.account("C1")
    shows(panel, panel.account("S1"), chief)
    decision = propose_decision(panel.entrant("E1"), PENALTY, panel.account("S1"))
    with pytest.raises(Refused, match="你看过卞志强的登录卡，不满 24 小时"):
        confirm_proposal(decision, chief)


def test_a_card_whose_holder_chose_the_pin_before_opens_nothing(panel: Panel) -> None:
    second = panel.account("S1")
    set_pin(second, PIN, PIN)
    prints(panel, second, panel.organiser)
    assert str(signed_as(second)) == second.name
    decision = propose_decision(panel.entrant("E1"), PENALTY, panel.account("C1"))
    confirm_proposal(decision, second)


def test_a_lock_opens_by_two_persons_with_cards_of_their_own(panel: Panel) -> None:
    panel.fill_papers()
    event = panel.competition.events[0]
    lock_module(event, "final", "paper", panel.organiser)
    (lock,) = standing_locks(panel.competition)
    shows(panel, panel.account("C1"), panel.organiser)
    ask_unlock(lock, "录错了", panel.organiser)
    with pytest.raises(Refused, match="才能当第二个人"):
        confirm_unlock(lock, panel.account("C1"))
    confirm_unlock(lock, panel.account("S1"))


def test_paper_is_read_by_two_recorders_with_cards_of_their_own(panel: Panel) -> None:
    values = {"smooth": Decimal(2), "work": Decimal("17.5")}
    enter_paper(panel.sheet("J1"), values, signed=True, by=panel.account("R1"))
    shows(panel, panel.account("R2"), panel.organiser)
    with pytest.raises(Refused, match="才能当第二个人"):
        enter_paper(panel.sheet("J1"), values, signed=True, by=panel.account("R2"))


def test_a_re_check_is_made_by_somebody_with_a_card_of_their_own(panel: Panel) -> None:
    panel.fill_papers()
    for entrant in ("E1", "E2"):
        panel.fill_panel("2", "2", "2", entrant=entrant)
    drawn = draw_recheck(panel.competition.events[0], "final", panel.account("C1"))
    entry = next(entry for entry in drawn.entries if entry.sheet.module == "paper")
    values = {"all": Decimal(88)}
    shows(panel, panel.account("R1"), panel.organiser)
    with pytest.raises(Refused, match="才能当第二个人"):
        enter_recheck(entry, values, panel.account("R1"))
    enter_recheck(entry, values, panel.account("R2"))


def test_who_made_the_link_of_an_account_might_have_opened_it(panel: Panel) -> None:
    made, token = invite("丁一", competition=panel.competition, by=panel.organiser)
    account = take_up_invitation(token, name="丁一", username="ding", password="lamp-cobalt-42")
    assert made.id
    with pytest.raises(Refused, match="你的用户名和密码是用吴敏发的链接设的，不满 24 小时"):
        require_second(panel.competition, panel.account("C1").id, account)
    with pytest.raises(Refused, match="丁一的用户名和密码是用你发的链接设的"):
        require_second(panel.competition, account.id, panel.organiser)
    assert str(signed_as(account)) == "丁一（凭吴敏发的链接）"
    with unit_of_work():
        entry = audit.record(panel.competition, account, "lock.keep", "X")
    assert entry.actor == "丁一（凭吴敏发的链接）"
    chief = panel.account("C1")
    require_second(panel.competition, None, chief)
    _made, token = password_link(chief, by=panel.organiser)
    require_second(panel.competition, None, chief)
    take_up_invitation(token, name="裁判长", username="chief", password="lamp-cobalt-43")
    assert str(signed_as(chief)) == f"{chief.name}（凭吴敏发的链接）"
    with pytest.raises(Refused, match="你的新密码是用吴敏发的链接设的"):
        require_second(panel.competition, panel.account("S1").id, chief)


def test_what_the_installation_hands_out_is_nobodys(panel: Panel) -> None:
    account = create_account("丁一")
    issue_card(account, one_time=True)
    require_second(panel.competition, panel.organiser.id, account)
    assert str(signed_as(account)) == "丁一"


def test_who_cannot_be_the_second_is_told_why_since_when_and_who_can(panel: Panel) -> None:
    decision = propose_decision(panel.entrant("E1"), PENALTY, panel.account("C1"))
    second = panel.account("S1")
    assert decision_word(decision).why_not(second) is None
    assert str(decision_word(decision).why_not(panel.account("C1"))) == (
        "要另一个人来。现在能办的：吴敏、卞志强"
    )
    shows(panel, second, panel.organiser)
    until = utc_now() + timedelta(hours=24)
    sentence = str(decision_word(decision).why_not(second))
    assert sentence.startswith("吴敏看过你的登录卡，不满 24 小时，")
    assert str(moment_words(until)) in sentence
    assert sentence.endswith("。现在能办的：吴敏")
    with pytest.raises(Refused, match="吴敏看过你的登录卡，不满 24 小时"):
        confirm_proposal(decision, second)
    shows(panel, panel.account("C1"), panel.organiser)
    sentence = str(decision_word(decision).why_not(panel.organiser))
    assert sentence.startswith("你看过沈国梁的登录卡")
    assert "现在没有人能办，最早是卞志强" in sentence


def test_where_a_chief_judge_is_wanted_only_a_chief_judge_is_named(panel: Panel) -> None:
    decision = propose_decision(panel.entrant("E1"), PENALTY, panel.organiser)
    sentence = str(decision_word(decision).why_not(panel.account("S1")))
    assert sentence == (
        "两个人里要有一位裁判长。这个竞赛里还没有别人能办，先发卡或发链接给第二个人"
    )
    chief = panel.account("C1")
    sentence = str(decision_word(decision).why_not(panel.account("S1")))
    assert sentence == "两个人里要有一位裁判长。现在能办的：沈国梁"
    assert decision_word(decision).why_not(chief) is None


def test_a_second_reader_is_told_before_the_fields_are_typed(panel: Panel) -> None:
    values = {"smooth": Decimal(2), "work": Decimal("17.5")}
    enter_paper(panel.sheet("J1"), values, signed=True, by=panel.account("R1"))
    assert why_not_second_reader(panel.sheet("J1"), panel.account("R1")) is None
    assert why_not_second_reader(panel.sheet("J1"), panel.account("R2")) is None
    panel.account("S1")
    shows(panel, panel.account("R2"), panel.organiser)
    sentence = str(why_not_second_reader(panel.sheet("J1"), panel.account("R2")))
    assert sentence.startswith("吴敏看过你的登录卡，不满 24 小时")
    assert sentence.endswith("。现在能办的：卞志强")
    sentence = str(why_not_recheck(panel.competition, panel.account("R2")))
    assert sentence.startswith("吴敏看过你的登录卡")
    assert why_not_recheck(panel.competition, panel.account("C1")) is None

"""Who had another's card in hand is not the other of two persons, and signatures say so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import current_app

from compete.models import Account, AuditEntry, CardHandling, db, utc_now
from compete.services.accounts import (
    cancel_cards,
    create_account,
    handler_of,
    invite,
    issue_card,
    password_link,
    print_judge_cards,
    require_second,
    set_pin,
    show_card,
    signed_as,
    standing_card,
    take_up_invitation,
)
from compete.services.closing import (
    Proposal,
    ask_unlock,
    confirm_proposal,
    confirm_unlock,
    draw_recheck,
    enter_paper,
    enter_recheck,
    lock_module,
    propose_decision,
)
from compete.services.kernel import Refused, audit, unit_of_work
from compete.services.sheets import standing_locks
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
@pytest.mark.parametrize("handle", [shows, prints, resets])
def test_whose_card_somebody_else_had_in_hand_is_no_second_person_for_a_day(
    panel: Panel, handle: Callable[[Panel, Account, Account], None]
) -> None:
    second, third = panel.account("S1"), panel.account("R1")
    handle(panel, second, panel.organiser)
    decision = propose_decision(panel.entrant("E1"), PENALTY, panel.account("C1"))
    with pytest.raises(Refused, match="吴敏发的或看过"):
        confirm_proposal(decision, second)
    with unit_of_work():
        for row in db.session.query(CardHandling):
            row.at = utc_now() - timedelta(hours=24, minutes=1)
    require_second(panel.account("C1").id, third)
    confirm_proposal(decision, second)
    assert str(signed_as(second, utc_now())) == "卞志强（凭吴敏发的卡）"
    said = db.session.query(AuditEntry).filter_by(action="decision.confirm").one()
    assert said.actor == "卞志强（凭吴敏发的卡）"
    assert list(audit.verify_chain(panel.competition)) == []


def test_who_had_the_first_ones_card_in_hand_is_not_the_second(panel: Panel) -> None:
    chief = panel.account("C1")
    shows(panel, panel.account("S1"), chief)
    decision = propose_decision(panel.entrant("E1"), PENALTY, panel.account("S1"))
    with pytest.raises(Refused, match="卞志强的登录卡是你发的"):
        confirm_proposal(decision, chief)


def test_a_card_whose_holder_chose_the_pin_before_opens_nothing(panel: Panel) -> None:
    second = panel.account("S1")
    set_pin(second, PIN, PIN)
    prints(panel, second, panel.organiser)
    assert handler_of(second.id) is None
    decision = propose_decision(panel.entrant("E1"), PENALTY, panel.account("C1"))
    confirm_proposal(decision, second)


def test_a_lock_opens_by_two_persons_with_cards_of_their_own(panel: Panel) -> None:
    panel.fill_papers()
    event = panel.competition.events[0]
    lock_module(event, "final", "paper", panel.organiser)
    (lock,) = standing_locks(panel.competition)
    shows(panel, panel.account("C1"), panel.organiser)
    ask_unlock(lock, "录错了", panel.organiser)
    with pytest.raises(Refused, match="不能当第二个人"):
        confirm_unlock(lock, panel.account("C1"))
    confirm_unlock(lock, panel.account("S1"))


def test_paper_is_read_by_two_recorders_with_cards_of_their_own(panel: Panel) -> None:
    values = {"smooth": Decimal(2), "work": Decimal("17.5")}
    enter_paper(panel.sheet("J1"), values, signed=True, by=panel.account("R1"))
    shows(panel, panel.account("R2"), panel.organiser)
    with pytest.raises(Refused, match="不能当第二个人"):
        enter_paper(panel.sheet("J1"), values, signed=True, by=panel.account("R2"))


def test_a_re_check_is_made_by_somebody_with_a_card_of_their_own(panel: Panel) -> None:
    panel.fill_papers()
    for entrant in ("E1", "E2"):
        panel.fill_panel("2", "2", "2", entrant=entrant)
    drawn = draw_recheck(panel.competition.events[0], "final", panel.account("C1"), said="一二三")
    entry = next(one for one in drawn.entries if one.sheet.module == "paper")
    values = {"all": Decimal(88)}
    shows(panel, panel.account("R1"), panel.organiser)
    with pytest.raises(Refused, match="不能当第二个人"):
        enter_recheck(entry, values, panel.account("R1"))
    enter_recheck(entry, values, panel.account("R2"))


def test_who_made_the_link_of_an_account_might_have_opened_it(panel: Panel) -> None:
    made, token = invite("丁一", competition=panel.competition, by=panel.organiser)
    account = take_up_invitation(token, name="丁一", username="ding", password="lamp-cobalt-42")
    assert made.id
    with pytest.raises(Refused, match="吴敏发的或看过"):
        require_second(panel.account("C1").id, account)
    chief = panel.account("C1")
    require_second(None, chief)
    _made, token = password_link(chief, by=panel.organiser)
    require_second(None, chief)
    take_up_invitation(token, name="裁判长", username="chief", password="lamp-cobalt-43")
    assert str(signed_as(chief)) == f"{chief.name}（凭吴敏发的卡）"
    with pytest.raises(Refused, match="吴敏发的或看过"):
        require_second(panel.account("S1").id, chief)


def test_what_the_installation_hands_out_is_nobodys(panel: Panel) -> None:
    account = create_account("丁一")
    issue_card(account, one_time=True)
    require_second(panel.organiser.id, account)
    assert handler_of(account.id) is None

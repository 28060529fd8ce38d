"""Who is no second person where a result or grade hangs on it, and what is advised instead."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

import compete
from compete.domain.values.roles import Role
from compete.models import Account, Competition, db, utc_now
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.accounts.invitations import invite, take_up_invitation
from compete.services.accounts.roles import asked_roles, memberships_in, take_role_back
from compete.services.accounts.second_persons import (
    STRICTNESS,
    SecondWord,
    Strictness,
    why_not_second,
)
from compete.services.accounts.sign_in_cards import issue_card
from compete.services.competitions.pending_approvals import KINDS, pending_approvals
from compete.services.kernel.refusal import Refused
from compete.services.results.bends import bends_of
from tests.support.signing_in import official, signed_in

PASSWORD = "lamp-cobalt-42"


def invited(competition: Competition, name: str, by: Account | None) -> Account:
    """Another organiser, by a link that `by` made."""
    _made, token = invite(name, competition=competition, by=by)
    return take_up_invitation(token, name=name, username=f"u{name}", password=PASSWORD)


def test_the_table_has_each_kind_with_why() -> None:
    assert set(STRICTNESS) == {*KINDS, "claim"}
    assert all(why for _strict, why in STRICTNESS.values())


def test_an_account_by_ones_own_link_is_never_the_second_where_a_result_hangs_on_it(
    judged: Competition, organiser: Account
) -> None:
    own = invited(judged, "吴敏二", organiser)
    chief = official(judged, "C1")
    issue_card(chief, one_time=False, by=organiser)
    with time_machine.travel(utc_now() + timedelta(days=3), tick=True):
        assert why_not_second(organiser.id, own) is None
        for first, second in ((organiser, own), (own, organiser)):
            assert "链接" in str(why_not_second(first.id, second, linked=True))
        # A card makes an official whom everybody sees: after a day it counts.
        assert why_not_second(organiser.id, chief, linked=True) is None
        # Nor are two accounts two that came by one's links.
        other = invited(judged, "吴敏三", organiser)
    with time_machine.travel(utc_now() + timedelta(days=6), tick=True):
        assert why_not_second(own.id, other, linked=True) is not None


@pytest.mark.parametrize(
    "kind", [k for k, (s, _why) in STRICTNESS.items() if s is not Strictness.DAY]
)
def test_what_is_strict_is_asked_strictly(kind: str) -> None:
    """The word of each kind is made by a function that says so."""
    services = Path(compete.__file__).parent / "services"
    texts = [file.read_text("utf-8") for file in services.rglob("*.py")]
    if STRICTNESS[kind][0] is Strictness.GRAVE:
        assert sum("grave=" in text for text in texts) >= 4
    else:
        shared = {"playoff": "decision", "undo-decision": "decision", "undo-playoff": "decision"}
        shared["tables"] = "rules"
        assert any(f'is_linked("{shared.get(kind, kind)}")' in text for text in texts)


def test_no_card_is_advised_that_would_be_refused(judged: Competition, organiser: Account) -> None:
    """Both organisers came by one administrator-less link: whoever makes a card is refused."""
    own = invited(judged, "吴敏二", organiser)
    with time_machine.travel(utc_now() + timedelta(days=3), tick=True):
        word = SecondWord(judged, organiser.id, grave=True)
        text = str(word.why_not(own))
        assert "给一位监督发登录卡" not in text
        assert "签字件" in text
        # With somebody whose card would do, that person is named.
        admin = create_account("管理员", is_admin=True)
        able = str(word.why_not(own))
        assert admin.name in able


def test_an_organisers_part_is_taken_back_by_two(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    guest = invited(judged, "客人", organiser)
    third = create_account("周颖")
    grant_role(third, judged, Role.ORGANISER)
    (founder,) = [row for row in memberships_in(judged) if row.account_id == organiser.id]
    take_role_back(founder, guest, "我来办")
    assert [row.account_id for row, _asked in asked_roles(judged)] == [organiser.id]
    assert organiser.id in {row.account_id for row in memberships_in(judged)}
    (waiting,) = [it for it in pending_approvals(judged) if it.kind == "role"]
    assert waiting.why_not(guest) is not None
    page = signed_in(app, third).get("/desk/X/").text
    assert "收回吴敏的组委会职责" in page
    # Who asked drops it by coming again.
    take_role_back(founder, guest)
    assert asked_roles(judged) == []
    take_role_back(founder, guest, "我来办")
    with pytest.raises(Refused):
        waiting.agree(official(judged, "C1"))
    (waiting,) = [it for it in pending_approvals(judged) if it.kind == "role"]
    waiting.agree(third)
    assert organiser.id not in {row.account_id for row in memberships_in(judged)}
    assert "role.revoke" in [bend.action for bend in bends_of(judged)]


def test_an_administrator_alone_still_can(judged: Competition, organiser: Account) -> None:
    admin = create_account("管理员", is_admin=True)
    (founder,) = memberships_in(judged)[:1]
    take_role_back(founder, admin, "离职")
    assert founder.account_id not in {row.account_id for row in memberships_in(judged)}


def test_the_desk_says_that_it_waits(app: Flask, judged: Competition, organiser: Account) -> None:
    guest = create_account("客人")
    grant_role(guest, judged, Role.ORGANISER)
    (founder,) = [row for row in memberships_in(judged) if row.account_id == organiser.id]
    desk = signed_in(app, guest)
    at = f"/desk/X/accounts/{founder.id}/take-back"
    assert "组委会的职责要两个人收回" in desk.get(at).text
    assert desk.post(at, data={"reason": "我来办"}).status_code == 302
    assert "不收回" in desk.get(at).text
    db.session.rollback()
    assert len(asked_roles(judged)) == 1

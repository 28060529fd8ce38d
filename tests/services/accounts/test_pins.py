from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from compete.models import Account, db
from compete.services.accounts.pins import (
    MOST_TRIES,
    WrongPin,
    check_pin,
    is_locked,
    pin_hasher,
    set_pin,
)
from compete.services.accounts.sign_in_cards import cancel_cards
from compete.services.kernel.refusal import Refusal, Refused
from tests.support.panels import PIN, Panel


def account(panel: Panel) -> Account:
    db.session.expire_all()
    return panel.account("J1")


@pytest.mark.each_database
def test_a_pin_is_chosen_once_and_asked_for_after(panel: Panel) -> None:
    set_pin(account(panel), PIN, PIN)
    check_pin(account(panel), PIN)
    hashed = account(panel).pin_hash
    assert hashed is not None
    assert hashed.startswith("$argon2id$")
    with pytest.raises(Refused, match="已经设过"):
        set_pin(account(panel), "9153", "9153")


def test_what_is_no_pin_or_too_easy_is_refused(panel: Panel) -> None:
    for pin in ("", "12", "1234567", "12a4", "１２３４", "1111", "2345", "654321"):
        with pytest.raises(Refused):
            set_pin(account(panel), pin, pin)
        assert account(panel).pin_hash is None, pin


def test_the_second_time_must_be_the_same(panel: Panel) -> None:
    with pytest.raises(Refused, match="不一样"):
        set_pin(account(panel), PIN, "4828")


def test_without_a_pin_there_is_nothing_to_check(panel: Panel) -> None:
    with pytest.raises(Refused) as refused:
        check_pin(account(panel), PIN)
    assert refused.value.kind is Refusal.NEEDED_FIRST


@pytest.mark.each_database
def test_five_wrong_tries_lock_the_card_until_it_is_changed(panel: Panel) -> None:
    set_pin(account(panel), PIN, PIN)
    left = []
    for _ in range(MOST_TRIES):
        with pytest.raises(WrongPin) as wrong:
            check_pin(account(panel), "9153")
        left.append(wrong.value.left)
    assert left == [4, 3, 2, 1, 0]
    assert is_locked(account(panel))
    with pytest.raises(WrongPin) as wrong:
        check_pin(account(panel), PIN)
    assert wrong.value.kind is Refusal.LOCKED_OUT
    cancel_cards(account(panel), panel.account("C1"), "换卡")
    assert not is_locked(account(panel))
    set_pin(account(panel), "9153", "9153")
    check_pin(account(panel), "9153")


@pytest.mark.each_database
def test_a_right_pin_forgets_the_wrong_ones(panel: Panel) -> None:
    set_pin(account(panel), PIN, PIN)
    for _ in range(MOST_TRIES - 1):
        with pytest.raises(WrongPin):
            check_pin(account(panel), "9153")
    check_pin(account(panel), PIN)
    assert account(panel).pin_tries == 0


def test_a_pin_asks_for_a_third_of_what_a_password_does_at_most() -> None:
    """A hall signs in within a minute; its cost is memory written over, times the rounds."""

    def cost(hasher: PasswordHasher) -> int:
        return hasher.memory_cost * hasher.time_cost

    assert cost(pin_hasher()) * 3 < cost(PasswordHasher())

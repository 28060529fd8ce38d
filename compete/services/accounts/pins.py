"""PINs: short, chosen by the judge at the first use of a card, and few wrong tries."""

from __future__ import annotations

import re

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import update

from compete.domain.values.messages import msg
from compete.models import Account
from compete.services.accounts.access import comes_by_link, is_helped_by_chief
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.transactions import unit_of_work

MOST_TRIES = 5
_DIGITS = re.compile(r"[0-9]{4,6}")
_RUNS = ("0123456789", "9876543210")


def pin_hasher() -> PasswordHasher:
    """The PIN hasher: OWASP's least for argon2id, a seventh of what a password costs.

    So few digits are found by trying, whatever a try costs. Five tries guard them, and
    the card that they go with, whose token lies under the field key. What a try costs is
    felt when five hundred judges sign in within the same minute, on two cores.
    """
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


_hasher = pin_hasher()


class WrongPin(Refused):
    """The PIN is not the account's; `left` tries remain."""

    def __init__(self, left: int, *, by_link: bool = False, by_chief: bool = False) -> None:
        sentence = msg("PIN 不对，还能试 %(left)s 次", left=left)
        if not left and by_link:
            sentence = msg("PIN 错了 %(most)s 次，链接锁住了。找组委会换一个", most=MOST_TRIES)
        elif not left and by_chief:
            sentence = msg(
                "PIN 错了 %(most)s 次，卡锁住了。找裁判长或组委会换一张", most=MOST_TRIES
            )
        elif not left:
            sentence = msg("PIN 错了 %(most)s 次，卡锁住了。找组委会换一张", most=MOST_TRIES)
        super().__init__(sentence, kind=Refusal.WRONG_SECRET if left else Refusal.LOCKED_OUT)
        self.left = left


def is_locked(account: Account) -> bool:
    """True if too many wrong PINs have locked the account's card."""
    return account.pin_tries >= MOST_TRIES


def set_pin(account: Account, pin: str, again: str) -> None:
    """The account's first PIN, kept as argon2id.

    Raises `Refused` (INVALID) for one that is no PIN, too easy or typed
    differently the second time; (CONFLICT) where there is one already.
    """
    hashed = hashed_pin(pin, again)
    with unit_of_work() as session:
        row = session.get_one(Account, account.id, with_for_update=True)
        if row.pin_hash is not None:
            raise Refused(
                msg("PIN 已经设过了。忘了就找组委会换一个链接")
                if comes_by_link(row)
                else msg("PIN 已经设过了。忘了就找裁判长或组委会换一张卡")
                if is_helped_by_chief(row)
                else msg("PIN 已经设过了。忘了就找组委会换一张卡")
            )
        row.pin_hash, row.pin_tries = hashed, 0
        session.flush()
        audit.record(None, row, "pin.set", row.name)


def check_pin(account: Account, pin: str) -> None:
    """Return if the PIN is the account's.

    Raises `WrongPin` (WRONG_SECRET, or LOCKED_OUT once the card is locked), `Refused`
    (NEEDED_FIRST) where none has been chosen yet. A try is counted before it is looked at, so
    that tries made side by side count too; the slow look is outside the
    transaction, so that nobody's marks wait for it.
    """
    number = account.id
    with unit_of_work() as session:
        known = session.execute(
            update(Account)
            .where(
                Account.id == number,
                Account.pin_tries < MOST_TRIES,
                Account.pin_hash.is_not(None),
            )
            .values(pin_tries=Account.pin_tries + 1)
            .returning(Account.pin_hash, Account.pin_tries)
            # Tries are not sealed.
            .execution_options(synchronize_session=False, noted=True)
        ).first()
        row = session.get_one(Account, number, populate_existing=True)
        if known is None and row.pin_hash is None:
            raise Refused(msg("还没设 PIN，先设一个"), kind=Refusal.NEEDED_FIRST)
        if known is None:
            raise WrongPin(0, by_link=comes_by_link(row), by_chief=is_helped_by_chief(row))
    if fits_pin(known.pin_hash, pin):
        with unit_of_work() as session:
            session.get_one(Account, number).pin_tries = 0
        return
    left = MOST_TRIES - known.pin_tries
    if left <= 0:
        with unit_of_work() as session:
            row = session.get_one(Account, number)
            audit.record(None, row, "pin.locked", row.name)
    raise WrongPin(
        max(left, 0), by_link=comes_by_link(account), by_chief=is_helped_by_chief(account)
    )


def hashed_pin(pin: str, again: str) -> str:
    """A new PIN as it is kept. Raises `Refused` (INVALID) for one that cannot be."""
    _check_form(pin)
    if pin != again:
        raise invalid(msg("两次写的 PIN 不一样，再写一次"))
    return _hasher.hash(pin)


def fits_pin(hashed: str, pin: str) -> bool:
    """True if it is the PIN that is kept so."""
    try:
        return _hasher.verify(hashed, pin)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _check_form(pin: str) -> None:
    if not _DIGITS.fullmatch(pin):
        raise invalid(msg("PIN 要 4 到 6 位数字"))
    if len(set(pin)) == 1 or any(pin in run for run in _RUNS):
        raise invalid(msg("这个 PIN 太好猜，换一个"))

"""Sign-in links and cards: random, found by their hash, cancelled at once."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import select

from compete.domain.values.messages import msg
from compete.domain.values.roles import Role
from compete.models import (
    Account,
    Competition,
    Judge,
    Membership,
    SignInCard,
    TabletKey,
    db,
    utc_now,
)
from compete.models.types import token_hash
from compete.services.accounts.access import comes_by_link
from compete.services.accounts.accounts import account_of_judge
from compete.services.accounts.card_handlers import note_handling
from compete.services.accounts.firm_identities import end_firm_link
from compete.services.accounts.pins import is_locked
from compete.services.accounts.second_factors import end_all_factors
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work


def issue_card(
    account: Account,
    *,
    one_time: bool,
    valid_for: timedelta | None = None,
    by: Account | None = None,
) -> tuple[SignInCard, str]:
    """A new card and its token (192 random bits, URL-safe)."""
    token = secrets.token_urlsafe(24)
    with unit_of_work() as session:
        record_renewal(account, by, "card")
        card = SignInCard(
            account_id=account.id,
            token_hash=token_hash(token),
            token=token,
            one_time=one_time,
            expires_at=utc_now() + valid_for if valid_for else None,
        )
        session.add(card)
        session.flush()
        note_handling(account, by, "issue")
        audit.record(
            None, by, "card.issue", account.name, after={"card": card.id, "one_time": one_time}
        )
    return card, token


def record_renewal(account: Account, by: Account | None, method: str) -> None:
    """Record that an account gets a way in after another, in each competition in which it speaks.

    `method`: `card`, `reset` for a link by which a password is set, or `firm` for one by which the
    account was connected to the firm's sign-in. Inside a unit of work. What
    nobody had used yet was nobody's voice: that it was renewed is on record, and bends nothing.
    """
    earlier = db.session.scalars(
        select(SignInCard.used_at).where(SignInCard.account_id == account.id)
    ).all()
    used = account.password_hash is not None or any(at is not None for at in earlier)
    if not used and not earlier:
        return
    for part in db.session.scalars(
        select(Membership)
        .where(Membership.account_id == account.id, Membership.role != Role.CONTACT)
        .order_by(Membership.competition_id, Membership.id)
    ):
        code = part.judge.code if part.judge else None
        after = {"role": part.role.value, "judge": code, "how": method, "used": used}
        audit.record(
            part.competition, by, "way_in.renew", code or part.role.value, after=after, bends=True
        )


def use_card(token: str) -> Account:
    """The account that the card signs in; a one-time link is used up by this.

    Raises `Refused` (GONE) for a link that is unknown, used, expired
    or cancelled: one sentence for all, so that nothing can be tried out.
    """
    with unit_of_work() as session:
        card = session.scalar(
            select(SignInCard).where(SignInCard.token_hash == token_hash(token)).with_for_update()
        )
        if card is None or not _good(card):
            raise Refused(msg("这个登录码不能用了，请找裁判长或组委会换一个"), kind=Refusal.GONE)
        account = card.account
        if card.used_at is None:
            card.used_at = utc_now()
            audit.record(None, account, "card.first_use", account.name, after={"card": card.id})
    return account


def peek_card(token: str) -> SignInCard | None:
    """The card, without using it up; None for one that is no longer good."""
    card = db.session.scalar(select(SignInCard).where(SignInCard.token_hash == token_hash(token)))
    return card if card is not None and _good(card) else None


def lasting_card(account: Account) -> SignInCard | None:
    """The account's lasting card, or None."""
    return db.session.scalar(
        select(SignInCard)
        .where(
            SignInCard.account_id == account.id,
            SignInCard.one_time.is_(False),
            SignInCard.cancelled_at.is_(None),
        )
        .order_by(SignInCard.id.desc())
    )


def one_time_card(account: Account) -> SignInCard | None:
    """The account's newest link that works once, used or not; None for none, or a cancelled one."""
    card = db.session.scalar(
        select(SignInCard)
        .where(SignInCard.account_id == account.id, SignInCard.one_time.is_(True))
        .order_by(SignInCard.id.desc())
        .limit(1)
    )
    return card if card is not None and card.cancelled_at is None else None


def has_void_card(account: Account) -> bool:
    """True if the account had a lasting card that is cancelled."""
    return (
        db.session.scalar(
            select(SignInCard.id)
            .where(
                SignInCard.account_id == account.id,
                SignInCard.one_time.is_(False),
                SignInCard.cancelled_at.is_not(None),
            )
            .limit(1)
        )
        is not None
    )


def standing_card(account: Account, by: Account | None = None) -> tuple[SignInCard, str]:
    """The account's lasting card, made if it has none."""
    card = lasting_card(account)
    return (card, card.token) if card else issue_card(account, one_time=False, by=by)


def show_card(account: Account, competition: Competition, by: Account) -> str | None:
    """The token of the account's lasting card, to be looked at; None for none, or a used one.

    Who sees it could sign in as its holder and choose the PIN: that is noted.
    """
    with unit_of_work():
        card = lasting_card(account)
        if card is None or card.used_at is not None:
            return None
        token = card.token
        note_handling(account, by, "show")
        what = {"card": card.id, "link": comes_by_link(account)}
        audit.record(competition, by, "card.show", account.name, after=what)
    return token


def end_cards_of(account: Account) -> None:
    """End all cards of the account; inside a unit of work."""
    cards = select(SignInCard).where(
        SignInCard.account_id == account.id, SignInCard.cancelled_at.is_(None)
    )
    for card in db.session.scalars(cards):
        card.cancelled_at = utc_now()


def renew_judge_card(judge: Judge, competition: Competition, by: Account, reason: str) -> None:
    """Cancel a judge's card and make another, in one transaction."""
    with unit_of_work():
        account = account_of_judge(judge, competition, by)
        cancel_cards(account, by, reason)
        issue_card(account, one_time=False, by=by)


def cancel_cards(account: Account, by: Account | None, reason: str) -> None:
    """Cancel every card of the account, and end all its sessions and its tablets' keys.

    With it goes every way in that somebody made who had signed in by it: PIN, password, passkeys,
    the link to the firm's sign-in.
    """
    with unit_of_work() as session:
        end_cards_of(account)
        for key in session.scalars(
            select(TabletKey).where(
                TabletKey.account_id == account.id, TabletKey.ended_at.is_(None)
            )
        ):
            key.ended_at = utc_now()
        account = session.merge(account)
        account.session_epoch += 1
        account.pin_hash, account.pin_tries = None, 0
        account.username = account.password_hash = None
        end_all_factors(account)
        end_firm_link(account)
        audit.record(None, by, "card.cancel", account.name, reason=reason)


def _good(card: SignInCard) -> bool:
    if card.cancelled_at is not None or not card.account.active:
        return False
    if card.one_time and card.used_at is not None:
        return False
    if not card.one_time and is_locked(card.account):
        return False
    return card.expires_at is None or card.expires_at > utc_now()

"""Invitations: links, good once and for a time, that give an account, a role or a new password."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import msg
from compete.domain.values.roles import AT_DESKS, Role
from compete.models import Account, Competition, Invitation, db, utc_now
from compete.models.types import token_hash
from compete.services.accounts.access import has_handed_part
from compete.services.accounts.accounts import (
    create_account,
    grant_role,
    hash_password,
    plain_username,
    refuse_taken,
)
from compete.services.accounts.card_handlers import note_handling
from compete.services.accounts.sign_in_cards import end_cards_of, record_renewal
from compete.services.kernel import audit
from compete.services.kernel.link_lives import FIRST_ADMINISTRATOR, INVITATION
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.rows_by_number import find
from compete.services.kernel.text_limits import check_name, check_text
from compete.services.kernel.transactions import for_update, unit_of_work

_LONGEST_USERNAME = 80
_ALSO_OF_UNITS = frozenset({Role.ORGANISER, Role.OBSERVER})
"""The desk's roles in a competition of units, which has neither registration nor papers."""


def desk_roles(competition: Competition) -> list[Role]:
    """The roles that somebody may be invited to take at the competition's desk."""
    of_people = competition_kind(competition).of_people
    return [role for role in Role if role in AT_DESKS and (of_people or role in _ALSO_OF_UNITS)]


def _desk_role(competition: Competition, name: str) -> Role:
    for role in desk_roles(competition):
        if role == name:
            return role
    raise invalid(msg("没有这种职责"))


def invite(
    name: str,
    *,
    is_admin: bool = False,
    competition: Competition | None = None,
    role: str = Role.ORGANISER,
    by: Account | None,
    valid_for: timedelta = INVITATION,
) -> tuple[Invitation, str]:
    """A link for somebody who becomes an administrator, or gets a role at a competition's desk.

    Gives the invitation and its token (192 random bits, URL-safe), which is kept nowhere.
    `role` is one of `desk_roles`. Other officials come in by their cards: a link that an
    organiser may open himself must not make the second of two persons.
    """
    name = name.strip()
    if not name:
        raise invalid(msg("请写请的是谁"))
    check_name(name)
    given = None if competition is None else _desk_role(competition, role)
    with unit_of_work():
        if competition is not None:
            competition = for_update(competition)
        made, token = _make(
            Invitation(
                name=name,
                is_admin=is_admin,
                role=given,
                competition_id=competition.id if competition else None,
            ),
            by,
            valid_for,
        )
        audit.record(
            competition,
            by,
            "invitation.make",
            name,
            after={
                "id": made.id,
                "admin": is_admin,
                **({"role": given.value} if given else {}),
            },
        )
    return made, token


def password_link(account: Account, *, by: Account | None) -> tuple[Invitation, str]:
    """A link by which the account's owner chooses a user name and a password; older ones end."""
    with unit_of_work() as session:
        account = session.get_one(Account, account.id, with_for_update=True)
        if not account.active:
            raise Refused(msg("%(name)s 的账号停用了", name=account.name))
        _end_all(Invitation.account_id == account.id)
        made, token = _make(Invitation(name=account.name, account_id=account.id), by, INVITATION)
        audit.record(None, by, "account.link", account.name, after={"id": made.id})
    return made, token


def first_link() -> str | None:
    """The token of a link for the first administrator; None where there is one already.

    Links that were made for this before end: only the newest is good.
    """
    with unit_of_work() as session:
        if session.scalar(select(Account.id).where(Account.is_admin, Account.active).limit(1)):
            return None
        _end_all(Invitation.is_admin)
        _made, token = invite("管理员", is_admin=True, by=None, valid_for=FIRST_ADMINISTRATOR)
    return token


def peek_invitation(token: str) -> Invitation | None:
    """The invitation, without using it up; None for one that is no longer good."""
    invitation = db.session.scalar(
        select(Invitation).where(Invitation.token_hash == token_hash(token))
    )
    return invitation if invitation is not None and _good(invitation) else None


def take_up_invitation(token: str, *, name: str, username: str, password: str) -> Account:
    """The account that the link makes, or whose password it sets; the link is used up.

    Raises `Refused`: GONE for a link that is no good, INVALID for a name that is
    missing or a password too easy, CONFLICT for a user name that is somebody else's.
    """
    name, username = name.strip(), plain_username(username)
    if not name or not username:
        raise invalid(msg("姓名和用户名都要写"))
    check_name(name)
    check_text(username, _LONGEST_USERNAME)
    # Slow on purpose, so before anybody waits for the transaction.
    hashed = hash_password(password, username)
    with unit_of_work():
        invitation = claim_invitation(token)
        account = invitation.account
        kind = "link" if account is None else "reset"
        if account is None:
            account = create_account(name, username=username, is_admin=invitation.is_admin)
        else:
            refuse_taken(username, but=account)
            if invitation.by_id != account.id:
                record_renewal(account, find(Account, invitation.by_id), "reset")
            account.username = username
            account.session_epoch += 1
        account.password_hash = hashed
        use_invitation(invitation, account)
        # Whoever made the link could have opened it.
        note_handling(account, find(Account, invitation.by_id), kind)
        audit.record(None, account, "account.password", account.name)
    return account


def join_by_invitation(token: str, account: Account) -> Account:
    """Give the invitation's role to an account that is there already.

    Raises `Refused` (GONE), and (CONFLICT) for an account whose card or link others renew: they
    would have its new part in hand too.
    """
    with unit_of_work() as session:
        invitation = claim_invitation(token)
        if invitation.account_id is not None:
            raise _no_good()
        account = session.get_one(Account, account.id)
        if has_handed_part(account):
            raise Refused(
                msg(
                    "用登录卡或报名链接的账号不能再当别的：先退出登录，再打开这个链接，另设用户名和密码"
                )
            )
        if invitation.is_admin and not account.is_admin:
            account.is_admin = True
            audit.record(None, account, "account.admin", account.name, after={"admin": True})
        use_invitation(invitation, account)
    return account


def open_invitations(competition: Competition | None) -> Sequence[Invitation]:
    """Links that nobody has taken up yet and that still hold, newest first; None: every one."""
    query = (
        select(Invitation)
        .where(
            Invitation.used_at.is_(None),
            Invitation.cancelled_at.is_(None),
            Invitation.expires_at > utc_now(),
        )
        .order_by(Invitation.id.desc())
    )
    if competition is not None:
        query = query.where(Invitation.competition_id == competition.id)
    return db.session.scalars(query).all()


def cancel_invitation(invitation: Invitation, by: Account) -> None:
    """The link is good no more."""
    with unit_of_work() as session:
        row = session.get_one(Invitation, invitation.id, with_for_update=True)
        if row.used_at is not None:
            raise Refused(msg("这个链接已经有人用了"))
        if row.cancelled_at is None:
            row.cancelled_at = utc_now()
            audit.record(row.competition, by, "invitation.cancel", row.name, after={"id": row.id})


def end_links_of(account: Account) -> None:
    """End cards and links that would let the account in again; inside a unit of work."""
    _end_all(Invitation.account_id == account.id)
    end_cards_of(account)


def _end_all(condition: ColumnElement[bool] | InstrumentedAttribute[bool]) -> None:
    """Cancel the unused invitations of which the condition holds."""
    unused = (Invitation.used_at.is_(None), Invitation.cancelled_at.is_(None))
    for invitation in db.session.scalars(select(Invitation).where(condition, *unused)):
        invitation.cancelled_at = utc_now()


def _make(
    invitation: Invitation, by: Account | None, valid_for: timedelta
) -> tuple[Invitation, str]:
    token = secrets.token_urlsafe(24)
    invitation.token_hash = token_hash(token)
    invitation.by_id = by.id if by else None
    invitation.expires_at = utc_now() + valid_for
    db.session.add(invitation)
    db.session.flush()
    return invitation, token


def claim_invitation(token: str) -> Invitation:
    """The invitation, held until the unit of work ends. Raises `Refused` (GONE) for one past."""
    invitation = db.session.scalar(
        select(Invitation)
        .where(Invitation.token_hash == token_hash(token))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if invitation is None or not _good(invitation):
        raise _no_good()
    return invitation


def use_invitation(invitation: Invitation, account: Account) -> None:
    """Use the link up for the account, and give its part; inside a unit of work."""
    invitation.used_at, invitation.account_id = utc_now(), account.id
    if invitation.role is not None and invitation.competition is not None:
        inviter = find(Account, invitation.by_id)
        grant_role(account, invitation.competition, invitation.role, by=inviter)
    db.session.flush()


def _good(invitation: Invitation) -> bool:
    if invitation.used_at is not None or invitation.cancelled_at is not None:
        return False
    if invitation.account is not None and not invitation.account.active:
        return False
    return invitation.expires_at > utc_now()


def _no_good() -> Refused:
    return Refused(msg("这个链接已经用过、过期或作废了，请发链接的人再发一个"), kind=Refusal.GONE)

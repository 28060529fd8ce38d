"""Accounts connected to the firm's sign-in: by an administrator's link, ended on record.

Who somebody is at the firm is its issuer's name for them, never an e-mail address. What they may
do here stays ours.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import delete, select, update

from compete.domain.values.messages import msg
from compete.models import (
    Account,
    FirmIdentity,
    FirmSignOut,
    Invitation,
    SignedInSession,
    utc_now,
)
from compete.services.accounts.access import has_handed_part
from compete.services.accounts.accounts import create_account
from compete.services.accounts.card_handlers import note_handling
from compete.services.accounts.firm_identities import (
    end_firm_link,
    firm_identity_of,
    standing_identity,
)
from compete.services.accounts.firm_provider import FirmPerson, LogoutToken, firm_here
from compete.services.accounts.invitations import claim_invitation, use_invitation
from compete.services.accounts.sign_in_cards import record_renewal
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.rows_by_number import find
from compete.services.kernel.text_limits import check_name
from compete.services.kernel.transactions import unit_of_work

_IDS_KEPT_FOR = timedelta(hours=1)


def account_of_firm_person(person: FirmPerson) -> Account:
    """The account of whom the firm let in. Raises `Refused` (UNKNOWN) where none is connected."""
    identity = standing_identity(person.issuer, person.subject)
    if identity is None:
        raise Refused(
            msg(
                "你在%(name)s的账号没有连到这里的账号：请管理员在“账号和职责”里发一个链接，"
                "打开它，再用%(name)s登录",
                name=firm_here().name,
            ),
            kind=Refusal.UNKNOWN,
        )
    if not identity.account.active:
        raise Refused(msg("%(name)s 的账号停用了", name=identity.account.name))
    return identity.account


def is_firm_invitation(invitation: Invitation) -> bool:
    """True if the link may connect an account to the firm's: an administrator made it."""
    by = find(Account, invitation.by_id)
    if invitation.by_id is not None and (by is None or not by.is_admin):
        return False
    return invitation.account is None or not has_handed_part(invitation.account)


def take_up_by_firm(token: str, person: FirmPerson, *, name: str) -> Account:
    """The account that the link makes, or meant, connected to whom the firm let in.

    Who is connected already takes the link's part with that account: no person has two.
    Raises `Refused`: GONE for a link that is no good, CONFLICT where two people would have one
    account or one person two, FORBIDDEN for a link that no administrator made.
    """
    name = name.strip()
    with unit_of_work() as session:
        invitation = claim_invitation(token)
        if not is_firm_invitation(invitation):
            raise Refused(
                msg("这个链接不能连单位登录：管理员发的才行，请用用户名和密码"),
                kind=Refusal.FORBIDDEN,
            )
        identity = standing_identity(person.issuer, person.subject)
        inviter = find(Account, invitation.by_id)
        account = invitation.account
        if identity is not None and (account is None or account.id != identity.account_id):
            if account is not None or not identity.account.active:
                raise Refused(
                    msg(
                        "你在%(firm)s的账号已经连到这里的 %(name)s，不能再连一个",
                        firm=firm_here().name,
                        name=identity.account.name,
                    )
                )
            account = session.get_one(Account, identity.account_id)
            if invitation.is_admin and not account.is_admin:
                account.is_admin = True
                audit.record(None, account, "account.admin", account.name, after={"admin": True})
            use_invitation(invitation, account)
            return account
        if account is None:
            if not name:
                raise invalid(msg("姓名要写"))
            check_name(name)
            account = create_account(name, is_admin=invitation.is_admin)
        elif identity is None and firm_identity_of(account) is not None:
            raise Refused(
                msg(
                    "%(name)s 已经连着%(firm)s的另一个账号，请管理员先解除",
                    name=account.name,
                    firm=firm_here().name,
                )
            )
        elif invitation.by_id != account.id:
            record_renewal(account, inviter, "firm")
        use_invitation(invitation, account)
        # Whoever made the link could have opened it, and be at the firm whoever they are there.
        note_handling(account, inviter, "firm_link")
        if identity is None:
            session.add(
                FirmIdentity(account_id=account.id, issuer=person.issuer, subject=person.subject)
            )
            session.flush()
            audit.record(None, account, "account.firm_link", account.name, after={"id": account.id})
    return account


def unlink_firm(account: Account, by: Account | None) -> None:
    """End the account's link to the firm's sign-in; by somebody else its sessions end too.

    Raises `Refused` where there is none, and for one's own without a password to come back by.
    """
    with unit_of_work() as session:
        row = session.get_one(Account, account.id, with_for_update=True)
        own = by is not None and by.id == row.id
        if firm_identity_of(row) is None:
            raise Refused(msg("%(name)s 没有连单位登录", name=row.name))
        if own and row.password_hash is None:
            raise Refused(msg("先设密码，再解除：不然你登不进来了"))
        end_firm_link(row)
        if not own:
            row.session_epoch += 1
        session.flush()
        audit.record(None, by, "account.firm_unlink", row.name, after={"id": row.id})


def note_firm_session(token: str, issuer: str, there: str) -> None:
    """Note of the session of a cookie's id which one it is at the firm, so that that ends it."""
    if not there:
        return
    with unit_of_work() as session:
        session.execute(
            update(SignedInSession)
            .where(SignedInSession.token_hash == _hash(token))
            .values(firm_session=_session_hash(issuer, there))
        )


def end_by_firm(token: LogoutToken) -> int:
    """End the sessions that the firm says are over; gives how many were.

    Those of the session there where we know it, else all of the person, however they began: who
    is signed out at the firm is in nowhere here. Raises `Refused` (INVALID) for a token that came
    before.
    """
    now = utc_now()
    with unit_of_work() as session:
        session.execute(delete(FirmSignOut).where(FirmSignOut.at < now - _IDS_KEPT_FOR))
        number = _hash(f"{token.issuer} {token.id}")
        if session.scalar(select(FirmSignOut.id).where(FirmSignOut.token_hash == number)):
            raise invalid(msg("退出的通知已经收到过"))
        session.add(FirmSignOut(token_hash=number))
        session.flush()
        identity = standing_identity(token.issuer, token.subject) if token.subject else None
        there = _session_hash(token.issuer, token.session) if token.session else ""
        known = there and session.scalar(
            select(SignedInSession.id).where(SignedInSession.firm_session == there).limit(1)
        )
        if known:
            chosen = SignedInSession.firm_session == there
        elif identity is not None:
            chosen = SignedInSession.account_id == identity.account_id
        else:
            return 0
        gone = session.scalars(
            update(SignedInSession)
            .where(chosen, SignedInSession.ended_at.is_(None))
            .values(ended_at=now)
            .returning(SignedInSession.account_id)
            .execution_options(synchronize_session=False)
        ).all()
        for number_of_account in sorted(set(gone)):
            account = session.get_one(Account, number_of_account)
            after = {"ended": sum(it == account.id for it in gone)}
            audit.record(None, None, "session.firm_end", account.name, after=after)
    return len(gone)


def _session_hash(issuer: str, session: str) -> str:
    return _hash(f"{issuer} {session}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

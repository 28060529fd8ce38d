"""Roles: list accounts and roles, take roles back, close accounts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.domain.values.roles import Role
from compete.models import Account, Competition, Membership, db, utc_now
from compete.services.accounts.accounts import account_by_username
from compete.services.accounts.firm_identities import forget_firm_links
from compete.services.accounts.invitations import end_links_of
from compete.services.accounts.second_factors import end_all_factors
from compete.services.accounts.second_persons import ASKED_YOURSELF, SecondWord
from compete.services.accounts.sign_ins import forget_sign_ins
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import (
    AskedRole,
    change_settings,
    settings_of,
)
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.outbox.messages import erase_messages


def list_accounts(*, limit: int | None = None, offset: int = 0) -> Sequence[Account]:
    """List accounts with their roles: administrators first, then by name."""
    return db.session.scalars(
        select(Account)
        .options(selectinload(Account.memberships).joinedload(Membership.competition))
        .order_by(Account.active.desc(), Account.is_admin.desc(), Account.name, Account.id)
        .limit(limit)
        .offset(offset)
    ).all()


def count_accounts() -> int:
    """Count the accounts, closed ones included."""
    return db.session.scalar(select(func.count(Account.id))) or 0


def memberships_in(competition: Competition) -> Sequence[Membership]:
    """List everybody with a part in the competition: by role, then by name."""
    order = list(Role)
    rows = db.session.scalars(
        select(Membership)
        .join(Membership.account)
        .options(
            selectinload(Membership.account),
            selectinload(Membership.judge),
            selectinload(Membership.unit),
        )
        .where(Membership.competition_id == competition.id)
        .order_by(Account.name, Membership.id)
    ).all()
    return sorted(rows, key=lambda row: order.index(row.role))


def find_account(who: str) -> Account | None:
    """The account of that user name, number, or name where only one bears it."""
    account = account_by_username(who)
    if account is None and who.isascii() and who.isdigit() and len(who) < 19:
        account = db.session.get(Account, int(who))
    if account is None:
        named = db.session.scalars(select(Account).where(Account.name == who).limit(2)).all()
        account = named[0] if len(named) == 1 else None
    return account


def take_role_back(
    membership: Membership, by: Account | None, reason: str = "", *, replaced: bool = False
) -> None:
    """The account has that part no more; what it did stays as it was recorded.

    An organiser's takes two, unless an administrator does it: it is asked for first, and says so
    (`asked_role`). Who asked and comes again drops that. `replaced`: a successor has it, and the
    record of that tells.

    Raises `Refused` where a person gives no reason (INVALID), and for one's own role: nobody locks
    himself out by mistake, and a competition is never left without an organiser.
    """
    reason = reason_text(reason)
    with unit_of_work() as session:
        competition = for_update(membership.competition)
        row = session.get(Membership, membership.id)
        if row is None:
            return
        asked = asked_role(row)
        if by is not None and row.account_id == by.id and asked is None:
            raise Refused(msg("自己的职责要由别人收回"))
        if by is not None and asked is None and not reason:
            raise invalid(msg("收回职责要写理由"))
        if by is not None and not _takes_part_back(competition, row, asked, by, reason):
            return
        first = session.get_one(Account, asked.by) if asked is not None else None
        if asked is not None and first is not None:
            reason = asked.why
        name, role, judge, number = row.account.name, row.role, row.judge, row.account_id
        session.delete(row)
        session.flush()
        before = {
            "role": role.value,
            "judge": judge.code if judge else None,
            "account": number,
            **({"replaced": True} if replaced else {}),
        }
        why = reason or None
        after = {"asked": audit.signer(first)} if first is not None and first is not by else None
        audit.record(
            competition,
            by,
            "role.revoke",
            name,
            before=before,
            after=after,
            reason=why,
            bends=True,
        )


def _takes_part_back(
    competition: Competition, row: Membership, asked: AskedRole | None, by: Account, reason: str
) -> bool:
    """True if the part ends now; else it was asked for, or who had asked dropped that."""
    others = tuple(it for it in settings_of(competition).asked_roles if it.membership != row.id)
    if asked is not None and by.id == asked.by:
        change_settings(competition, asked_roles=others)
        audit.record(competition, by, "role.keep", row.account.name)
        return False
    if asked is not None:
        role_word(competition, asked).require(by)
        change_settings(competition, asked_roles=others)
        return True
    if row.role is not Role.ORGANISER or by.is_admin:
        return True
    asked = AskedRole(membership=row.id, by=by.id, at=utc_now(), why=reason)
    change_settings(competition, asked_roles=(*others, asked))
    audit.record(competition, by, "role.ask_revoke", row.account.name, reason=reason)
    return False


def role_word(competition: Competition, asked: AskedRole) -> SecondWord:
    """The conditions of agreeing that an organiser's part ends."""
    return SecondWord(
        competition,
        asked.by,
        right=Right.GIVE_ROLES,
        own=ASKED_YOURSELF,
        whose=msg("别的组委会成员或管理员才能同意"),
    )


def asked_role(membership: Membership) -> AskedRole | None:
    """The request to take this part back that waits for a second person, or None."""
    asked = settings_of(membership.competition).asked_roles
    return next((it for it in asked if it.membership == membership.id), None)


def asked_roles(competition: Competition) -> list[tuple[Membership, AskedRole]]:
    """List the organisers' parts that somebody asked to take back."""
    return [
        (row, it)
        for it in settings_of(competition).asked_roles
        if (row := db.session.get(Membership, it.membership)) is not None
    ]


def close_account(account: Account, by: Account | None, reason: str = "") -> None:
    """The account signs nobody in any more, and everything signed in by it ends.

    Raises `Refused` where a person gives no reason (INVALID), for one's own, and for the
    only administrator.
    """
    reason = reason_text(reason, None if by is None else msg("停用账号要写理由"))
    with unit_of_work() as session:
        row = session.get_one(Account, account.id, with_for_update=True)
        if by is not None and row.id == by.id:
            raise Refused(msg("自己的账号要由别人停用"))
        others = select(Account.id).where(Account.is_admin, Account.active, Account.id != row.id)
        if row.is_admin and row.active and session.scalar(others.limit(1)) is None:
            raise Refused(msg("这是唯一的管理员，先请一位新的管理员"))
        if not row.active:
            return
        row.active = False
        row.session_epoch += 1
        end_links_of(row)
        session.flush()
        audit.record(
            None, by, "account.close", row.name, after={"id": row.id}, reason=reason or None
        )


def close_for_good(account: Account) -> None:
    """Close the account: nobody signs in by it any more, by anything known; in a unit of work."""
    account.active = False
    account.session_epoch += 1
    account.password_hash = account.pin_hash = account.mail = None
    account.pin_tries = 0
    erase_messages([f"account {account.id}"])
    end_links_of(account)
    end_all_factors(account)
    forget_firm_links(account)
    forget_sign_ins(account)


def open_account(account: Account, by: Account | None) -> None:
    """The account is in use again; its old cards, links and sessions stay ended.

    Raises `Refused` for one whose personal data were erased.
    """
    with unit_of_work() as session:
        row = session.get_one(Account, account.id, with_for_update=True)
        if row.erased_at is not None:
            raise Refused(msg("个人资料已经删除，不能再启用，要另建账号"))
        if not row.active:
            row.active = True
            session.flush()
            audit.record(None, by, "account.open", row.name, after={"id": row.id})

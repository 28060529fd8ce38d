"""Accounts: making them, passwords, memberships."""

from __future__ import annotations

import re

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select

from compete.domain.values import Role, msg
from compete.models import Account, Competition, Judge, Membership, db
from compete.services.kernel import Refused, audit, for_update, unit_of_work

SHORTEST_PASSWORD = 10
_SESSION_ID = re.compile(r"([0-9]{1,18}):([0-9]{1,18})")
_hasher = PasswordHasher()
# Checked when there is no such account, so that names cannot be told by time.
_DECOY = _hasher.hash("no such account")


def create_account(
    name: str,
    *,
    username: str | None = None,
    password: str | None = None,
    is_admin: bool = False,
    by: Account | None = None,
) -> Account:
    """A new account. `Refused` for a taken user name or a password that is too short."""
    with unit_of_work() as session:
        if username and session.scalar(select(Account).where(Account.username == username)):
            raise Refused(msg("用户名“%(name)s”已经有人用了", name=username))
        account = Account(name=name, username=username, is_admin=is_admin)
        if password is not None:
            account.password_hash = hash_password(password)
        session.add(account)
        session.flush()
        audit.record(None, by, "account.create", name, after={"id": account.id, "admin": is_admin})
    return account


def hash_password(password: str) -> str:
    """argon2id of the password; `Refused` when it is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(msg("密码至少 %(least)s 位", least=SHORTEST_PASSWORD), status=400)
    return _hasher.hash(password)


def check_password(username: str, password: str) -> Account | None:
    """The account, when name and password fit and it is active."""
    account = db.session.scalar(select(Account).where(Account.username == username))
    known = account.password_hash if account and account.active else None
    try:
        _hasher.verify(known or _DECOY, password)
    except (VerifyMismatchError, InvalidHashError):
        return None
    return account if known else None


def read_session(session_id: str) -> tuple[int, int] | None:
    """The number of the account and the epoch in a session cookie's `id:epoch`."""
    read = _SESSION_ID.fullmatch(session_id)
    return (int(read[1]), int(read[2])) if read else None


def load_account(session_id: str) -> Account | None:
    """The account of a session cookie, while the epoch still holds."""
    read = read_session(session_id)
    if read is None:
        return None
    account = db.session.get(Account, read[0])
    if account is None or not account.active or account.session_epoch != read[1]:
        return None
    return account


def grant_role(
    account: Account,
    competition: Competition,
    role: Role,
    *,
    judge: Judge | None = None,
    by: Account | None = None,
) -> Membership:
    """The account's membership with that role, made if it is not there."""
    with unit_of_work() as session:
        competition = for_update(competition)
        found = session.scalar(
            select(Membership).where(
                Membership.account_id == account.id,
                Membership.competition_id == competition.id,
                Membership.role == role,
            )
        )
        if found:
            return found
        membership = Membership(
            account_id=account.id,
            competition_id=competition.id,
            role=role,
            judge_id=judge.id if judge else None,
        )
        session.add(membership)
        session.flush()
        audit.record(competition, by, "role.grant", account.name, after={"role": role.value})
    return membership


def account_of_judge(judge: Judge, competition: Competition, by: Account | None) -> Account:
    """The account through which a judge signs in, made if there is none."""
    with unit_of_work() as session:
        competition = for_update(competition)
        found = session.scalar(
            select(Account)
            .join(Membership, Membership.account_id == Account.id)
            .where(Membership.judge_id == judge.id)
        )
        if found:
            return found
        account = create_account(judge.name, by=by)
        grant_role(account, competition, judge.role or Role.JUDGE, judge=judge, by=by)
        return account

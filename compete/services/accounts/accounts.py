"""Accounts: making them, passwords, memberships."""

from __future__ import annotations

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select
from zxcvbn import zxcvbn

from compete.domain.values.messages import msg
from compete.domain.values.roles import Role
from compete.models import Account, Competition, Judge, LabourDepartment, Membership, Unit, db
from compete.services.accounts.revoked_roles import lost_officials
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import check_text
from compete.services.kernel.transactions import changing, unit_of_work
from compete.services.outbox.channels import read_mail

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
_LEAST_GUESSES = 10**6
"""Known passwords, rows of keys, dates and their like take fewer."""
_OWN_WORDS = ("compete", "jingsai", "竞赛")
_hasher = PasswordHasher()


@cache
def _decoy() -> str:
    """The hash checked when there is no such account, so that names cannot be told by time."""
    return _hasher.hash("no such account")


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
        if username:
            refuse_taken(username)
        account = Account(name=name, username=username, is_admin=is_admin)
        if password is not None:
            account.password_hash = hash_password(password, username or "")
        session.add(account)
        session.flush()
        audit.record(None, by, "account.create", name, after={"id": account.id, "admin": is_admin})
    return account


def account_by_username(username: str) -> Account | None:
    """The account of that user name, or None."""
    return db.session.scalar(select(Account).where(Account.username == username))


def refuse_taken(username: str, but: Account | None = None) -> None:
    """Raise `Refused` for a user name that is somebody else's."""
    holder = account_by_username(username)
    if holder is not None and holder is not but:
        raise Refused(msg("用户名“%(name)s”已经有人用了", name=username))


def hash_password(password: str, username: str = "") -> str:
    """The argon2id hash of the password.

    Raises `Refused` (INVALID) when it is too short, too long, or guessed within a million tries
    by what is known of passwords (the package's lists) and of this account.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise invalid(msg("密码至少 %(least)s 位", least=SHORTEST_PASSWORD))
    check_text(password, LONGEST_PASSWORD)
    guessed = zxcvbn(password[:72], [*_OWN_WORDS, username], max_length=72)
    bare, own = password.casefold(), username.casefold()
    named = len(own) > 2 and own in bare and len(bare) < len(own) + 6
    if guessed["guesses"] < _LEAST_GUESSES or len(set(bare)) < 5 or named:
        raise invalid(msg("这个密码太好猜，换一个：几个不相干的词连起来就好"))
    return _hasher.hash(password)


def plain_username(typed: str) -> str:
    """The username as it is kept: wide letters and digits of a Chinese keyboard made narrow."""
    return unicodedata.normalize("NFKC", typed).strip()


def check_password(username: str, password: str) -> Account | None:
    """The account, when name and password fit and it is active."""
    # Names from before stand as they were typed, and go first.
    names = {username, plain_username(username)}
    accounts = db.session.scalars(select(Account).where(Account.username.in_(names))).all()
    account = max(accounts, key=lambda row: row.username == username, default=None)
    known = account.password_hash if account and account.active else None
    # Made at the first sign-in of a process, whoever it is: a start need not wait for it.
    decoy = _decoy()
    try:
        _hasher.verify(known or decoy, password)
    except (VerifyMismatchError, InvalidHashError):
        return None
    return account if known else None


def set_mail(account: Account, text: str) -> None:
    """Set where messages to an account's owner go; nothing: nowhere.

    Raises `Refused` for what is no mail address.
    """
    mail = read_mail(text) if text.strip() else None
    with unit_of_work() as session:
        account = session.get_one(Account, account.id, populate_existing=True)
        if account.mail != mail:
            account.mail = mail
            after = {"set": mail is not None}
            audit.record(None, account, "account.mail", account.name, after=after)


def set_password(account: Account, password: str, *, username: str | None = None) -> None:
    """A new password of the account's own choice. Raises `Refused` as `hash_password` does."""
    name = plain_username(username) if username else account.username or ""
    if not name:
        raise invalid(msg("姓名和用户名都要写"))
    hashed = hash_password(password, name)
    with unit_of_work() as session:
        row = session.get_one(Account, account.id, with_for_update=True)
        refuse_taken(name, but=row)
        row.username, row.password_hash = name, hashed
        session.flush()
        audit.record(None, row, "account.password", row.name)


def grant_role(
    account: Account,
    competition: Competition,
    role: Role,
    *,
    judge: Judge | None = None,
    unit: Unit | None = None,
    department: LabourDepartment | None = None,
    by: Account | None = None,
    again: bool = False,
) -> Membership:
    """The account's membership with that role, made if it is not there.

    `again`: it was taken back once. An organiser beside another is told, too.
    """
    with changing(competition) as competition:
        known = db.session.scalar(
            select(Membership).where(
                Membership.account_id == account.id,
                Membership.competition_id == competition.id,
                Membership.role == role,
            )
        )
        if known:
            return known
        another = role is Role.ORGANISER and db.session.scalar(
            select(Membership.id)
            .where(Membership.competition_id == competition.id, Membership.role == role)
            .limit(1)
        )
        membership = Membership(
            account_id=account.id,
            competition_id=competition.id,
            role=role,
            judge_id=judge.id if judge else None,
            unit_id=unit.id if unit else None,
            department_id=department.id if department else None,
        )
        db.session.add(membership)
        db.session.flush()
        audit.record(
            competition,
            by,
            "role.grant",
            account.name,
            before={"lost": True} if again else {"another": True} if another else None,
            after={"role": role.value, **({"judge": judge.code} if judge else {})},
            bends=True,
        )
    return membership


def known_account_of(judge: Judge) -> Account | None:
    """The account through which a judge signs in, or None."""
    return db.session.scalar(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.judge_id == judge.id)
    )


def account_of_judge(judge: Judge, competition: Competition, by: Account | None) -> Account:
    """The account through which a judge signs in, made if there is none.

    Whose role was taken back gets it again, with the same account.
    """
    with changing(competition) as competition:
        known = known_account_of(judge)
        if known:
            return known
        lost = lost_officials(competition).get(judge.code)
        former = db.session.get(Account, lost.account) if lost else None
        if former is not None and former.active:
            account = former
        else:
            account = create_account(judge.name, by=by)
        role, again = judge.role or Role.JUDGE, lost is not None
        grant_role(account, competition, role, judge=judge, by=by, again=again)
        return account

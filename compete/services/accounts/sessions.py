"""Sessions: who is signed in where and for how long; judges to the last day, a desk for hours."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, or_, select, update
from sqlalchemy.exc import OperationalError

from compete.domain.values.messages import msg
from compete.domain.values.roles import AT_DESKS, Role
from compete.models import Account, SignedInSession, SignInCard, db, utc_now
from compete.models.compiled_statements import Prepared, table_of
from compete.models.types import token_hash
from compete.services.accounts.access import memberships_with
from compete.services.kernel import audit
from compete.services.kernel.installation import config_here
from compete.services.kernel.link_lives import end_of
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work

SEEN_EVERY = timedelta(minutes=5)
"""The time between two notes that a session is in use; at every page it would be too often."""
LONGEST = timedelta(days=31)
UNDATED = timedelta(days=7)
"""The time that judges stay signed in if nobody has said the competition's days."""
_KEPT = timedelta(days=30)
_AT_COMPUTERS = AT_DESKS | {Role.CONTACT}
"""The roles at a computer, a unit's contact often at a shared one: no tablet to be kept going."""


def session_holds(now: Any) -> tuple[Any, ...]:
    """Conditions on a session joined with its account: `now` is an instant or a `bindparam`."""
    return (
        SignedInSession.ended_at.is_(None),
        SignedInSession.good_until > now,
        SignedInSession.epoch == Account.session_epoch,
        Account.active,
    )


def begin_session(account: Account, *, method: str, device: str = "") -> str:
    """Sign the account in on one more device; gives the random id that its cookie carries.

    `method` is `card`, `link` or `password`. The account's sessions that ended
    long ago are forgotten.
    """
    token, now = secrets.token_urlsafe(32), utc_now()
    lasts, idle = _limits_for(account, now)
    with unit_of_work() as session:
        account = session.get_one(Account, account.id)
        session.execute(
            delete(SignedInSession).where(
                SignedInSession.account_id == account.id, SignedInSession.good_until < now - _KEPT
            )
        )
        session.add(
            SignedInSession(
                account_id=account.id,
                token_hash=token_hash(token),
                epoch=account.session_epoch,
                method=method,
                device=device[:80],
                idle_seconds=int(idle.total_seconds()),
                made_at=now,
                seen_at=now,
                good_until=now + min(lasts, idle),
                expires_at=now + lasts,
            )
        )
    return token


def find_session(token: str) -> SignedInSession | None:
    """The session of a cookie's id, while it holds."""
    return db.session.scalar(
        select(SignedInSession)
        .join(SignedInSession.account)
        .where(SignedInSession.token_hash == token_hash(token), *session_holds(utc_now()))
    )


def is_of_no_part(token: str) -> bool:
    """True if it is the session of an account that has no part in any competition any more.

    It may have ended: a judge who was replaced has a tablet that can sign in no more.
    """
    account = db.session.scalar(
        select(Account)
        .join(SignedInSession, SignedInSession.account_id == Account.id)
        .where(SignedInSession.token_hash == token_hash(token))
    )
    return account is not None and not account.is_admin and not account.memberships


def card_gone(token: str) -> bool:
    """True if it is the session of somebody who came by a card that signs nobody in any more.

    The card was cancelled since, also for another one, or its time is over.
    """
    return (
        db.session.scalar(
            select(SignInCard.id)
            .join(SignedInSession, SignedInSession.account_id == SignInCard.account_id)
            .where(
                SignedInSession.token_hash == token_hash(token),
                SignedInSession.method == "card",
                SignInCard.one_time.is_(False),
                SignInCard.made_at <= SignedInSession.made_at,
                or_(
                    SignInCard.cancelled_at >= SignedInSession.made_at,
                    and_(SignInCard.cancelled_at.is_(None), SignInCard.expires_at <= utc_now()),
                ),
            )
            .limit(1)
        )
        is not None
    )


# Asked at every request: a statement that stands is neither built nor taken apart again.
_HOLDER = (
    select(Account, SignedInSession.id, SignedInSession.seen_at)
    .join(SignedInSession, SignedInSession.account_id == Account.id)
    .where(SignedInSession.token_hash == bindparam("token"), *session_holds(bindparam("now")))
)


def load_account(token: str, *, in_use: bool = True) -> Account | None:
    """The account that a cookie's id signs in, while its session holds.

    That it is in use is written down now and then, which moves its idle limit on.
    """
    now = utc_now()
    holder = db.session.execute(_HOLDER, {"token": token_hash(token), "now": now}).first()
    if holder is None:
        return None
    account, number, seen_at = holder
    if in_use and seen_at < now - SEEN_EVERY and not db.session().info.get("writing"):
        # On a full disk, or one that cannot be written to, whoever is signed in still reads.
        with suppress(OperationalError), unit_of_work() as session:
            note_session_use(session.connection(), number, now)
    return account  # type: ignore[no-any-return]


_FIND = Prepared(
    select(SignedInSession.idle_seconds, SignedInSession.expires_at).where(
        SignedInSession.id == bindparam("number")
    )
)
_SEEN = Prepared(
    update(table_of(SignedInSession)).where(table_of(SignedInSession).c.id == bindparam("number")),
    columns=("seen_at", "good_until"),
)


def note_session_use(connection: Connection, number: int, now: datetime) -> None:
    """The session is in use: its idle limit counts from now; inside a unit of work."""
    row = _FIND.first(connection, number=number)
    if row is not None:
        until = min(row[1], now + timedelta(seconds=row[0]))
        _SEEN.run(connection, number=number, seen_at=now, good_until=until)


def sessions_of(account: Account) -> Sequence[SignedInSession]:
    """List the places where the account is signed in now, the device used last first."""
    return db.session.scalars(
        select(SignedInSession)
        .join(SignedInSession.account)
        .where(SignedInSession.account_id == account.id, *session_holds(utc_now()))
        .order_by(SignedInSession.seen_at.desc(), SignedInSession.id.desc())
    ).all()


def end_session(account: Account, token: str) -> None:
    """Sign out on the device whose cookie carries the id; nothing, where that ended before."""
    with unit_of_work() as session:
        session.execute(
            update(SignedInSession)
            .where(
                SignedInSession.token_hash == token_hash(token),
                SignedInSession.account_id == account.id,
                SignedInSession.ended_at.is_(None),
            )
            .values(ended_at=utc_now())
        )


def end_other_sessions(account: Account, token: str | None, number: int | None = None) -> int:
    """Sign the account out elsewhere: on one device, or on all but the one of `token`.

    Without a token on that one too. Gives how many ended. Raises `Refused` (UNKNOWN)
    for a device that is not the account's.
    """
    chosen = [SignedInSession.account_id == account.id, SignedInSession.ended_at.is_(None)]
    if number is not None:
        chosen.append(SignedInSession.id == number)
    elif token is not None:
        chosen.append(SignedInSession.token_hash != token_hash(token))
    with unit_of_work() as session:
        gone = session.scalars(
            update(SignedInSession)
            .where(*chosen)
            .values(ended_at=utc_now())
            .returning(SignedInSession.id)
            .execution_options(synchronize_session=False)
        ).all()
        if number is not None and not gone:
            raise Refused(msg("没有这台设备，或者它已经退出了"), kind=Refusal.UNKNOWN)
        if gone:
            audit.record(None, account, "session.end", account.name, after={"ended": len(gone)})
    return len(gone)


def _limits_for(account: Account, now: datetime) -> tuple[timedelta, timedelta]:
    """The account's session limits, in all and idle: the strictest of what it may do.

    A judge, and whoever else has a part in the judging, stays signed in to the end of the
    competition's last day, and as long as judges may be idle at least. The hours are settings.
    """
    hours = config_here()
    if account.is_admin:
        return timedelta(hours=hours.admin_session_hours), timedelta(hours=hours.admin_idle_hours)
    parts = memberships_with(account, set(Role))
    if not parts or any(part.role in _AT_COMPUTERS for part in parts):
        return timedelta(hours=hours.desk_session_hours), timedelta(hours=hours.desk_idle_hours)
    idle = timedelta(hours=hours.judge_idle_hours)
    last_days = [part.competition.ends or part.competition.starts for part in parts]
    ends = [end_of(day) - now for day in last_days if day is not None]
    lasts = min(max(idle, *ends), LONGEST) if ends else UNDATED
    return lasts, idle

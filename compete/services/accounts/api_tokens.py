"""Tokens of the API: made, listed, taken back, and what one may do at this moment."""

from __future__ import annotations

import secrets
import string
import zlib
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

import msgspec
from sqlalchemy import delete, select

from compete.domain.identity.names import LONGEST_NAME
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.rights import HOLDERS, Right
from compete.models import Account, ApiAnswer, ApiToken, Competition, db, utc_now
from compete.models.types import keyed_hash
from compete.services.accounts.access import may, memberships_with
from compete.services.kernel import audit
from compete.services.kernel.fields import Setting, kept_field
from compete.services.kernel.former_keys import first_look_up_key
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work

_START, _RANDOM, _CHECK = "ct_", 40, 6
_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
ANSWERS_KEPT_FOR = timedelta(days=1)
_SEEN_AFTER = timedelta(minutes=1)


class Scope(StrEnum):
    """What a token is for."""

    REGISTRATION_READ = "registration:read"
    REGISTRATION_WRITE = "registration:write"
    RESULTS_READ = "results:read"
    MARKS_WRITE = "marks:write"
    LABOUR_READ = "labour:read"
    LABOUR_WRITE = "labour:write"
    CERTIFICATES_READ = "certificates:read"
    PEOPLE_READ = "people:read"
    ADMIN_READ = "admin:read"


SCOPE_WORDS: Mapping[Scope, Message] = {
    Scope.REGISTRATION_READ: msg("读报名"),
    Scope.REGISTRATION_WRITE: msg("送报名、改报名"),
    Scope.RESULTS_READ: msg("读没公布的成绩"),
    Scope.MARKS_WRITE: msg("写设备的成绩，等人核对"),
    Scope.LABOUR_READ: msg("读劳动竞赛的数"),
    Scope.LABOUR_WRITE: msg("写劳动竞赛的数"),
    Scope.CERTIFICATES_READ: msg("读证书"),
    Scope.PEOPLE_READ: msg("读全姓名、证件号和电话，每读一次都记下"),
    Scope.ADMIN_READ: msg("读没公开的竞赛"),
}
_LONGEST_DAYS = 366
_DAYS = msg("有效期是 1 到 %(most)s 天", most=_LONGEST_DAYS)


class TokenFields(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a new token."""

    name: Annotated[
        str,
        Setting(
            msg("给哪个系统"),
            most=LONGEST_NAME,
            needed=msg("令牌要有名字，写清给哪个系统用"),
        ),
    ]
    scope: Annotated[
        tuple[str, ...],
        Setting(
            msg("能做什么"),
            choices=SCOPE_WORDS,
            needed=msg("至少写一个权限，可以写：%(all)s", all=listed(list(Scope))),
        ),
    ]
    competitions: Annotated[
        str,
        Setting(msg("哪些竞赛"), msg("写竞赛编号，用逗号隔开；空着就是你能管的全部"), most=2000),
    ] = ""
    days: Annotated[
        int,
        Setting(
            msg("几天有效"),
            msg("最多 %(most)s 天", most=_LONGEST_DAYS),
            least=1,
            most=_LONGEST_DAYS,
            needed=_DAYS,
            wrong=_DAYS,
        ),
    ] = 90


RIGHT_OF: Mapping[Scope, Right] = {
    Scope.REGISTRATION_READ: Right.REGISTER,
    Scope.REGISTRATION_WRITE: Right.REGISTER,
    Scope.RESULTS_READ: Right.SEE,
    Scope.MARKS_WRITE: Right.OPEN_MARKING,
    Scope.LABOUR_READ: Right.SEE,
    Scope.LABOUR_WRITE: Right.SET_UP,
    Scope.CERTIFICATES_READ: Right.ISSUE,
    Scope.PEOPLE_READ: Right.SEE_NUMBERS,
    Scope.ADMIN_READ: Right.SEE,
}
"""The right that the maker must have for a token's scope, when it is made and at each call."""


def make_token(
    name: str,
    *,
    scopes: Collection[str],
    competitions: Sequence[Competition] = (),
    days: int = 90,
    by: Account,
) -> tuple[ApiToken, str]:
    """Make a token for a system that calls the API; give its row and itself, to be shown once."""
    name = kept_field(TokenFields, "name", name)
    days = kept_field(TokenFields, "days", str(days))
    kept_field(TokenFields, "scope", ",".join(scopes))
    wanted = [scope for scope in Scope if scope in scopes]
    token = _random_token()
    with unit_of_work() as session:
        if not by.active:
            raise Refused(msg("%(name)s 的账号停用了", name=by.name))
        _check_maker(by, wanted, competitions)
        row = ApiToken(
            account_id=by.id,
            name=name,
            key_hash=_key_of(token),
            scopes=[scope.value for scope in wanted],
            competitions=[competition.code for competition in competitions] or None,
            made_at=utc_now(),
            expires_at=utc_now() + timedelta(days=days),
        )
        session.add(row)
        session.flush()
        after = {"id": row.id, "scopes": row.scopes, "competitions": row.competitions}
        audit.record(None, by, "token.make", name, after=after)
    return row, token


def all_tokens() -> Sequence[ApiToken]:
    """List every token, the newest first."""
    return db.session.scalars(select(ApiToken).order_by(ApiToken.id.desc())).all()


def revoke_token(number: int, *, by: Account | None) -> ApiToken:
    """Take a token back; one that was taken back before stays as it is."""
    with unit_of_work() as session:
        row = session.get(ApiToken, number, with_for_update=True)
        if row is None:
            raise Refused(
                msg("没有编号 %(number)s 的令牌，编号看 compete token list", number=number),
                kind=Refusal.UNKNOWN,
            )
        if row.revoked_at is None:
            row.revoked_at = utc_now()
            audit.record(None, by, "token.revoke", row.name, after={"id": row.id})
    return row


def is_mistyped(token: str) -> bool:
    """True if the text can't be a token: its form or its checksum is wrong."""
    body = token[len(_START) : -_CHECK]
    return (
        not token.startswith(_START)
        or len(body) != _RANDOM
        or not all(sign in _BASE62 for sign in token[len(_START) :])
        or token[-_CHECK:] != _checksum(body)
    )


def good_token(token: str) -> ApiToken | None:
    """The token's row while it holds: in time, not taken back, its maker still with a part."""
    if is_mistyped(token):
        return None
    row = db.session.scalar(select(ApiToken).where(ApiToken.key_hash == _key_of(token)))
    if row is None or row.revoked_at is not None or row.expires_at <= utc_now():
        return None
    return row if _has_any_part(row) else None


def token_may(row: ApiToken, scope: Scope, competition: Competition) -> bool:
    """True if the token may do in the competition what the scope says, as its maker may now."""
    if scope not in row.scopes:
        return False
    if row.competitions is not None and competition.code not in row.competitions:
        return False
    return may(row.account, competition, RIGHT_OF[scope])


def note_use(row: ApiToken, address: str) -> None:
    """Note that a token was used from an address; at most once a minute from the same.

    What was answered to any a day ago is forgotten then.
    """
    now = utc_now()
    if row.used_at is not None and now - row.used_at < _SEEN_AFTER and row.used_from == address:
        return
    with unit_of_work() as session:
        session.execute(delete(ApiAnswer).where(ApiAnswer.made_at < now - ANSWERS_KEPT_FOR))
        stored = session.get_one(ApiToken, row.id)
        stored.used_at, stored.used_from = now, address


def record_people_read(row: ApiToken, competition: Competition, *, count: int) -> None:
    """Put on record that a token read unmasked names and ID numbers of a competition."""
    with unit_of_work():
        after = {"token": row.id, "count": count}
        audit.record(competition, row.account, "token.people", row.name, after=after)


def _check_maker(by: Account, scopes: Sequence[Scope], competitions: Sequence[Competition]) -> None:
    for scope in scopes:
        for competition in competitions:
            if not may(by, competition, RIGHT_OF[scope]):
                raise Refused(
                    msg(
                        "%(name)s 在 %(code)s 没有 %(scope)s 要的职责",
                        name=by.name,
                        code=competition.code,
                        scope=scope,
                    )
                )
        holders = HOLDERS[RIGHT_OF[scope]]
        if not competitions and not (
            (by.is_admin and holders.administrators) or memberships_with(by, holders.roles)
        ):
            raise Refused(msg("%(name)s 没有 %(scope)s 要的职责", name=by.name, scope=scope))


def _has_any_part(row: ApiToken) -> bool:
    account = row.account
    if not account.active:
        return False
    holders = [HOLDERS[RIGHT_OF[Scope(scope)]] for scope in row.scopes]
    if account.is_admin and any(holder.administrators for holder in holders):
        return True
    parts = memberships_with(account, frozenset().union(*(holder.roles for holder in holders)))
    return any(
        row.competitions is None or part.competition.code in row.competitions for part in parts
    )


def _random_token() -> str:
    body = "".join(secrets.choice(_BASE62) for _ in range(_RANDOM))
    return f"{_START}{body}{_checksum(body)}"


def _checksum(body: str) -> str:
    number, signs = zlib.crc32(body.encode()), ""
    for _ in range(_CHECK):
        number, digit = divmod(number, len(_BASE62))
        signs = _BASE62[digit] + signs
    return signs


def _key_of(token: str) -> str:
    # By the installation's first key: a change of the field key ends no token.
    return keyed_hash(f"api token {token}", first_look_up_key())

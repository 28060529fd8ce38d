"""Schemes of rewards: an organisation's, kept by one account that an administrator names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.values.messages import msg
from compete.models import Account, Organisation, RewardScheme, db
from compete.services.accounts.accounts import account_by_username
from compete.services.directory.merged import standing, with_merged
from compete.services.directory.person_records import name_key_of
from compete.services.kernel import audit
from compete.services.kernel.fields import Setting
from compete.services.kernel.refusal import FieldRefused, Refusal, Refused
from compete.services.kernel.transactions import unit_of_work


class KeeperFields(msgspec.Struct, frozen=True, kw_only=True):
    """Who keeps a scheme."""

    keeper: Annotated[
        str,
        Setting(
            msg("名单归谁管"),
            msg("写他的用户名；名单只给他一个人看"),
            most=80,
            needed=msg("写他的用户名"),
        ),
    ]


class SchemeFields(KeeperFields, frozen=True, kw_only=True):
    """What a new scheme needs."""

    organisation: Annotated[
        str,
        Setting(msg("哪个单位"), msg("和机构页上的名称一样"), most=200, needed=msg("写单位的名称")),
    ]


def schemes_seen_by(account: Account) -> Sequence[RewardScheme]:
    """The schemes that the account keeps; all for administrators."""
    query = select(RewardScheme).join(RewardScheme.organisation)
    query = query.options(joinedload(RewardScheme.organisation), joinedload(RewardScheme.keeper))
    if not account.is_admin:
        query = query.where(RewardScheme.keeper_id == account.id)
    return db.session.scalars(query.order_by(Organisation.name, RewardScheme.id)).all()


def require_keeper(account: Account, scheme: RewardScheme) -> None:
    """Raise `Refused` (FORBIDDEN) for who does not keep the scheme, an administrator too."""
    if account.id != scheme.keeper_id:
        raise Refused(msg("这份名单只归一个人管，您不是"), kind=Refusal.FORBIDDEN)


def make_scheme(fields: SchemeFields, by: Account) -> RewardScheme:
    """Make the scheme of an organisation. Raises `Refused` for one that is not there, or has it."""
    _require_administrator(by)
    with unit_of_work() as session:
        audit.claim_chain(None)
        organisation = _organisation(fields.organisation)
        if _schemes_of(organisation):
            raise FieldRefused("organisation", msg("这个单位已经有一份"), Refusal.CONFLICT)
        scheme = RewardScheme(
            organisation_id=organisation.id, keeper_id=_keeper(fields).id, made_by=by.id
        )
        session.add(scheme)
        session.flush()
        record_reward(scheme, by, "make", after={"keeper": scheme.keeper.name})
    return scheme


def schemes_of_same(scheme: RewardScheme) -> Sequence[RewardScheme]:
    """The other schemes of what is one organisation by now, by merger."""
    rows = _schemes_of(standing(scheme.organisation))
    return [row for row in rows if row.id != scheme.id]


def _schemes_of(organisation: Organisation) -> Sequence[RewardScheme]:
    """The schemes of an organisation that stands, and of those that were merged into it."""
    numbers = with_merged(Organisation, [organisation.id])
    query = select(RewardScheme).where(RewardScheme.organisation_id.in_(numbers))
    return db.session.scalars(query.order_by(RewardScheme.id)).all()


def give_keeper(scheme: RewardScheme, fields: KeeperFields, by: Account) -> bool:
    """Let another account keep the scheme; whether it is another now."""
    _require_administrator(by)
    with unit_of_work() as session:
        audit.claim_chain(None)
        session.refresh(scheme)
        keeper, before = _keeper(fields), scheme.keeper
        if keeper.id == before.id:
            return False
        scheme.keeper_id = keeper.id
        session.flush()
        session.refresh(scheme)
        record_reward(
            scheme, by, "keeper", before={"keeper": before.name}, after={"keeper": keeper.name}
        )
    return True


def record_reward(
    scheme: RewardScheme,
    by: Account,
    act: str,
    *,
    before: object = None,
    after: object = None,
    reason: str | None = None,
) -> None:
    """Put an act on a scheme on record; inside a unit of work that has claimed the chain."""
    name = scheme.organisation.name
    audit.record(None, by, f"reward.{act}", name, before=before, after=after, reason=reason)


def _organisation(name: str) -> Organisation:
    query = select(Organisation).where(Organisation.name_key == name_key_of(name))
    standing_ones = {row.id: row for row in map(standing, db.session.scalars(query))}
    if not standing_ones:
        raise FieldRefused("organisation", msg("机构里没有“%(name)s”，先去加", name=name))
    if len(standing_ones) > 1:
        words = msg("机构里有几个“%(name)s”，先合并或者改名", name=name)
        raise FieldRefused("organisation", words, Refusal.CONFLICT)
    return next(iter(standing_ones.values()))


def _keeper(fields: KeeperFields) -> Account:
    account = account_by_username(fields.keeper)
    if account is None or not account.active:
        raise FieldRefused("keeper", msg("没有这个用户名"))
    return account


def _require_administrator(by: Account) -> None:
    if not by.is_admin:
        raise Refused(msg("名单归谁管，由管理员定"), kind=Refusal.FORBIDDEN)

"""Links for many people who have no account yet: accounts, roles and cards, a statement each."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from compete.domain.values.roles import Role
from compete.models import Account, CardHandling, Competition, Membership, SignInCard, Unit, utc_now
from compete.models.types import token_hash
from compete.services.kernel.audit import Said, record_many
from compete.services.kernel.numbering import add_numbered
from compete.services.kernel.transactions import for_update, unit_of_work


def issue_contact_links(
    units: Sequence[Unit], competition: Competition, valid_for: timedelta, by: Account
) -> list[tuple[Account, str]]:
    """A new contact with a lasting card for each unit, named as the unit: the account, its token.

    The records are those of `create_account`, `grant_role` and `issue_card`.
    """
    with unit_of_work() as session:
        competition = for_update(competition)
        accounts = [Account(name=unit.name) for unit in units]
        add_numbered(accounts)
        session.flush()
        record_many(
            None,
            by,
            [Said("account.create", row.name, {"id": row.id, "admin": False}) for row in accounts],
        )
        members = [
            Membership(
                account_id=account.id,
                competition_id=competition.id,
                role=Role.CONTACT,
                unit_id=unit.id,
            )
            for account, unit in zip(accounts, units, strict=True)
        ]
        add_numbered(members)
        session.flush()
        granted = {"role": Role.CONTACT.value}
        record_many(
            competition, by, [Said("role.grant", row.name, dict(granted)) for row in accounts]
        )
        tokens = [secrets.token_urlsafe(24) for _account in accounts]
        expires = utc_now() + valid_for
        cards = [
            SignInCard(
                account_id=account.id,
                token_hash=token_hash(token),
                token=token,
                one_time=False,
                expires_at=expires,
            )
            for account, token in zip(accounts, tokens, strict=True)
        ]
        add_numbered(cards)
        session.flush()
        handed = [
            CardHandling(account_id=account.id, by_id=by.id, kind="unit_link")
            for account in accounts
        ]
        add_numbered(handed)
        session.flush()
        record_many(
            None,
            by,
            [
                Said("card.issue", account.name, {"card": card.id, "one_time": False})
                for account, card in zip(accounts, cards, strict=True)
            ],
        )
    return list(zip(accounts, tokens, strict=True))

"""The people whom a competition's messages reach, each by the address that is known of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from compete.domain.values.roles import Role
from compete.models import Account, Competition, Entrant, Member, Membership, db
from compete.services.kernel.clock import local_time
from compete.services.kernel.installation import Page
from compete.services.kernel.participants import takes_part
from compete.services.outbox.channels import Channel, channels_here, is_phone
from compete.services.outbox.messages import Draft, groups_of, link_to


class Somebody(NamedTuple):
    """A contestant, or one of a crew, with the entrant it is about."""

    key: str
    name: str
    phone: str | None
    badge: str | None
    entrant: Entrant


def people_after(
    competition: Competition, after: int, most: int
) -> tuple[Sequence[Somebody], int | None]:
    """The people of the next `most` entrants, in their order; and after whom the next begin."""
    query = (
        select(Entrant)
        .where(
            Entrant.competition_id == competition.id,
            Entrant.id > after,
            Entrant.erased_at.is_(None),
            takes_part(),
        )
        .options(
            selectinload(Entrant.members),
            selectinload(Entrant.slots),
            selectinload(Entrant.event),
        )
        .order_by(Entrant.id)
        .limit(most)
    )
    entrants = db.session.scalars(query).all()
    people = [person for entrant in entrants for person in people_of(entrant)]
    return people, entrants[-1].id if len(entrants) == most else None


def people_of(entrant: Entrant) -> Iterator[Somebody]:
    """The people behind an entrant: the crew's members, or the one."""
    holders: Sequence[Entrant | Member] = entrant.members or [entrant]
    for holder in holders:
        if holder.erased_at is None:
            kind = "member" if isinstance(holder, Member) else "entrant"
            yield Somebody(
                f"{kind} {holder.id}", holder.name, holder.phone, holder.badge_token, entrant
            )


def to_person(
    person: Somebody,
    values: Mapping[str, str],
    mark: str,
    about: str = "",
    until: datetime | None = None,
) -> Iterator[Draft]:
    """The message to a contestant, where there is an SMS gateway and a phone."""
    if Channel.SMS in channels_here() and person.phone and is_phone(person.phone):
        own = {"name": person.name}
        if person.badge:
            own["own_link"] = link_to(Page.BADGE, token=person.badge)
        phone = person.phone.strip()
        yield Draft(person.key, Channel.SMS, phone, {**values, **own}, mark, about, until)


def to_accounts(
    accounts: Iterable[Account],
    values: Mapping[str, str],
    mark: str,
    about: str = "",
    until: datetime | None = None,
) -> Iterator[Draft]:
    """The messages to people with an account, by the mail address that it has."""
    if Channel.MAIL not in channels_here():
        return
    for account in {it.id: it for it in accounts}.values():
        if account.mail and account.active and account.erased_at is None:
            own = {**values, "name": account.name}
            yield Draft(
                f"account {account.id}", Channel.MAIL, account.mail, own, mark, about, until
            )


def to_groups(
    competition: Competition, values: Mapping[str, str], mark: str, about: str = ""
) -> Iterator[Draft]:
    """The messages to a competition's groups: without anything of a person."""
    for group in groups_of(competition):
        assert group.address is not None
        yield Draft(f"group {group.id}", group.channel, group.address, values, mark, about)


def accounts_in(competition: Competition, *which: ColumnElement[bool]) -> Sequence[Account]:
    """List who works in a competition with a membership that meets all of these."""
    query = (
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.competition_id == competition.id, *which)
        .order_by(Account.id)
    )
    return db.session.scalars(query).unique().all()


def holders_of(competition: Competition, roles: Collection[Role]) -> Sequence[Account]:
    """List who has one of these roles in a competition."""
    return accounts_in(competition, Membership.role.in_(roles))


def judges_of(competition: Competition, judges: Collection[int]) -> Sequence[Account]:
    """List the accounts of these judges."""
    return accounts_in(competition, Membership.judge_id.in_(judges))


def contacts_in(
    competition: Competition, units: Collection[int] | None = None
) -> Sequence[Account]:
    """List the contacts of these units, or of all."""
    of_units = () if units is None else (Membership.unit_id.in_(units),)
    return accounts_in(competition, Membership.role == Role.CONTACT, *of_units)


def public_values(competition: Competition) -> dict[str, str]:
    """What every message of a competition may say: its name, and where its results stand."""
    return {
        "competition": competition.name,
        "link": link_to(Page.RESULTS, code=competition.code, version=None),
    }


def desk_values(competition: Competition) -> dict[str, str]:
    """The same for who works in it: the link leads to the desk."""
    return {
        "competition": competition.name,
        "link": link_to(Page.DESK, code=competition.code),
    }


def day_and_time(at: datetime) -> dict[str, str]:
    """The fields of a moment by the hall's clock."""
    here = local_time(at)
    return {"day": f"{here.month}月{here.day}日", "time": f"{here:%H:%M}"}


def moment_text(at: datetime) -> str:
    """A moment in a message, which is read on any day."""
    values = day_and_time(at)
    return f"{values['day']} {values['time']}"

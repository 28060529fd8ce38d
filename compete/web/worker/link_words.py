"""A given link as whoever gave it sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from compete.models import Person
from compete.services.workers.own_links import UNCLAIMED, given_link
from compete.web.addresses import public_url


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenLink:
    """A link that stands; its address is shown until its holder was in, and to nobody after."""

    address: str | None
    given: datetime
    until: datetime
    entered: datetime | None


def describe_link(person: Person) -> GivenLink | None:
    """The link to somebody's record that stands, or None."""
    link = given_link(person)
    if link is None:
        return None
    waits = link.entered_at is None
    return GivenLink(
        address=public_url("worker.own", token=link.link) if waits else None,
        given=link.made_at,
        until=link.made_at + UNCLAIMED,
        entered=link.entered_at,
    )

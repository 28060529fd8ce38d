"""What the pages of accounts and roles show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """An account; an address is given only for what may be done with it."""

    name: str
    number: int
    """As `compete account` calls it: two people may have one name."""
    username: str | None
    roles: Sequence[str]
    own: bool
    """Whether it is the reader's."""
    closed: bool
    link_url: str | None = None
    """Where a link for a new password is made."""
    close_url: str | None = None
    open_url: str | None = None
    reset_url: str | None = None
    """Where the second factors of somebody who lost them are taken away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRow:
    """A person's part in a competition."""

    name: str
    number: int
    """Of the account."""
    role: str
    code: str | None
    """Of an official with a sign-in card, or of the unit whose contact it is."""
    signs_in: str
    """By what they sign in: a user name, a unit's link, a card, a link of their own."""
    own: bool
    closed: bool
    revoke_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRow:
    """A link that nobody has taken up yet."""

    name: str
    what: str
    """What it is for."""
    until: str
    cancel_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeLink:
    """A link just made, shown this one time."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RolesUrls:
    """Where the page of roles leads to."""

    book: str
    """The list as a workbook."""
    cards: str | None
    """Where sign-in cards are made; None in a labour competition."""

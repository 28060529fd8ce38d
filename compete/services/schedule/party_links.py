"""A party's own link: its phone hands in the seal, and when the time has come opens the share.

Only the seal travels before the head is published. A link stands for one seal: it is signed, has
an end, and dies where that seal was taken out again. What does not fit the seal is not taken as
an opening, so that nobody who saw the link can spoil one.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from compete.domain.ceremonies.holding import OpeningError, open_share
from compete.domain.values.messages import msg
from compete.domain.values.states import CeremonyState
from compete.models import Account, AuditEntry, DrawCeremony, DrawShare, db, utc_now
from compete.models.types import keyed_hash
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.schedule.draw_ceremonies import (
    LONGEST_SHARE,
    add_seal,
    open_party,
)
from compete.services.schedule.draw_files import file_of
from compete.services.schedule.draw_lists import plain_name

LINK_LASTS = timedelta(days=30)
_MAC = 32
_MOST = 2000


@dataclass(frozen=True, slots=True)
class PartyLink:
    """The link of a party in a ceremony; `by` made it."""

    ceremony: DrawCeremony
    name: str
    spare: bool
    by: Account

    @property
    def share(self) -> DrawShare | None:
        """The share that was handed in under that name, or None."""
        return next((row for row in self.ceremony.shares if row.name == self.name), None)


def make_party_link(ceremony: DrawCeremony, name: str, *, spare: bool, by: Account) -> str:
    """The text of a link for a party that has not sealed yet, or for the keeper of the spare.

    Raises `Refused` as `add_seal` does for the name, and once the head is published.
    """
    name = plain_name(name, msg("请写出签方的名字"))
    if ceremony.state is not CeremonyState.PREPARING:
        raise Refused(msg("封存值已经公布，不能再交封签：这一次没有“%(name)s”的签", name=name))
    if any(share.name == name for share in ceremony.shares):
        raise Refused(msg("“%(name)s”已经交过封签；要换，先拿掉原来那一个", name=name))
    if spare and any(share.spare for share in ceremony.shares):
        raise Refused(msg("备签只有一个，已经有了"))
    whose = base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")
    made = int(utc_now().timestamp())
    told = f"{ceremony.id}.{int(spare)}.{made}.{by.id}.{whose}"
    return f"{told}.{_mac(told)}"


def open_party_link(text: str) -> PartyLink:
    """The link of that text. Raises `Refused` (UNKNOWN) for none, or one that is over."""
    unknown = Refused(msg("这个链接不能用了，请组委会再给一个"), kind=Refusal.UNKNOWN)
    told, _dot, mac = text[:_MOST].rpartition(".")
    if not told or not hmac.compare_digest(mac.encode(), _mac(told).encode()):
        raise unknown
    number, spare, made, by, whose = told.split(".")
    ceremony = db.session.get(DrawCeremony, int(number))
    account = db.session.get(Account, int(by))
    age = utc_now().timestamp() - int(made)
    if ceremony is None or account is None or age > LINK_LASTS.total_seconds():
        raise unknown
    name = base64.urlsafe_b64decode(whose + "=" * (-len(whose) % 4)).decode()
    if _taken_out_since(ceremony, name, int(made)):
        raise unknown
    return PartyLink(ceremony, name, spare == "1", account)


def seal_by_link(link: PartyLink, seal: str) -> None:
    """Hand in the seal. Raises `Refused` as `add_seal` does; the same one again is no fault."""
    share = link.share
    if share is not None and share.seal == seal:
        return
    add_seal(link.ceremony, link.name, seal, spare=link.spare, by=link.by, own=True)


def open_by_link(link: PartyLink, share: str, key: str) -> None:
    """Open the share. Raises `Refused` before its time, after it, and for what does not fit.

    What does not fit leaves no record: it need not come from the party.
    """
    row = link.share
    if row is None:
        raise Refused(msg("没有“%(name)s”封的签", name=link.name), kind=Refusal.UNKNOWN)
    wanted = CeremonyState.FIXED if row.spare else CeremonyState.OPENING
    if link.ceremony.state is wanted and row.opened_at is None:
        if len(share) > LONGEST_SHARE:
            raise invalid(msg("这个签和封签对不上"))
        try:
            open_share(file_of(link.ceremony), link.name, share, key)
        except OpeningError:
            raise invalid(msg("这个签和封签对不上")) from None
    open_party(link.ceremony, link.name, share, key, link.by)


def _taken_out_since(ceremony: DrawCeremony, name: str, made: int) -> bool:
    """True if a seal of that name was taken out after the link was made."""
    rows = db.session.scalars(
        select(AuditEntry).where(
            AuditEntry.competition_id == ceremony.competition_id,
            AuditEntry.action == "draw.unseal",
        )
    )
    return any(
        isinstance(row.after, dict)
        and row.after.get("name") == name
        and row.after.get("number") == ceremony.number
        and row.at.timestamp() >= made
        for row in rows
    )


def _mac(told: str) -> str:
    return keyed_hash(f"draw-party\n{told}")[:_MAC]

"""Links to people's own records, given on paper, and the shares that they make of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.installation_people import Person
from compete.models.types import EncryptedText, UtcDateTime

_STANDS = text("ended_at IS NULL")


class PersonLink(Base):
    """A link to somebody's own record; of one person one stands.

    It is found by its hash and printed from its sealed text. `entered_at` is when its holder
    proved for the first time who they are, before they set `pin_hash`. `tries` are wrong ones
    since the last rest, `missed` all since the last right one. `entry_hash` is of the one device
    that is in, until `entry_until`. `ended_why` is withdrawn, renewed, merged or missed.
    """

    __tablename__ = "person_link"
    __table_args__ = (
        Index(
            "uq_person_link_standing",
            "person_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )
    id: Mapped[Id]
    person_id: Mapped[int] = ref("person")
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)
    link: Mapped[str] = mapped_column(EncryptedText)
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    entered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    missed: Mapped[int] = mapped_column(default=0)
    rest_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entry_hash: Mapped[str | None] = mapped_column(String(64))
    entry_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_why: Mapped[str | None] = mapped_column(String(20))
    person: Mapped[Person] = relationship()


class PersonShare(Base):
    """A link by which others see somebody's record for some days, unless it is taken back."""

    __tablename__ = "person_share"
    id: Mapped[Id]
    link_id: Mapped[int] = ref("person_link")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    token: Mapped[str] = mapped_column(EncryptedText)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    looks: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    owner: Mapped[PersonLink] = relationship()

"""抽签: ceremonies that anybody can check, and draws that were held on paper."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from compete.domain.values.roles import Role
from compete.domain.values.states import CeremonyState
from compete.models.accounts import Account
from compete.models.base import Base, Code, Id, Instant, Name, ref, utc_now
from compete.models.competition import Event
from compete.models.enums import enum_text
from compete.models.types import EncryptedBytes, EncryptedText, UtcDateTime


class DrawCeremony(Base):
    """One ceremony for one module of a stage: its fixed list, its places, what came of it.

    `people` is a list of {code, unit} and `places` one of {code, line, order,
    session} in the draw file's words; `times` are the places' instants by code,
    {check_in, starts, ends} as ISO texts. `before` is the file's. `file` is the
    draw file as it was last published, byte for byte; None before the head is.
    `ended_by` without `ended_at` asks for its end; `agreed_by` is the second person.
    """

    __tablename__ = "draw_ceremony"
    __table_args__ = (
        UniqueConstraint("event_id", "stage", "module", "layer", "number"),
        # An address of one that was discarded must not lead to another.
        {"sqlite_autoincrement": True},
    )
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    event_id: Mapped[int] = ref("event")
    stage: Mapped[Code]
    module: Mapped[Code]
    layer: Mapped[str] = mapped_column(String(20), default="station")
    name: Mapped[Name]
    number: Mapped[int] = mapped_column(Integer)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    people: Mapped[list[Any]] = mapped_column(JSON)
    places: Mapped[list[Any]] = mapped_column(JSON)
    times: Mapped[dict[str, Any]] = mapped_column(JSON)
    rule: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    state: Mapped[CeremonyState] = mapped_column(
        enum_text(CeremonyState), default=CeremonyState.PREPARING
    )
    head: Mapped[str | None] = mapped_column(String(64))
    openings: Mapped[str | None] = mapped_column(String(64))
    file: Mapped[str | None] = mapped_column(Text)
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    head_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    openings_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    drawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = ref("account")
    ended_why: Mapped[str | None] = mapped_column(String(500))
    agreed_by: Mapped[int | None] = ref("account")
    event: Mapped[Event] = relationship()
    ender: Mapped[Account | None] = relationship(foreign_keys=[ended_by])
    agreer: Mapped[Account | None] = relationship(foreign_keys=[agreed_by])
    shares: Mapped[list[DrawShare]] = relationship(
        order_by="DrawShare.spare, DrawShare.id", back_populates="ceremony"
    )

    @property
    def by_computer(self) -> bool:
        """True if the server keeps every share of it: 电脑随机抽."""
        return bool(self.shares) and all(share.kept is not None for share in self.shares)

    @property
    def waits_to_end(self) -> bool:
        """True if somebody asked to make it void, and nobody has agreed yet."""
        return self.ended_by is not None and self.ended_at is None


class DrawShare(Base):
    """The share that a party, or the keeper of the spare, handed in: the seal, later the opening.

    `refused_at` and `refused_why` tell of the last opening that counted as none. `kept` is the
    server's own opening, key and share, in a draw by the computer.
    """

    __tablename__ = "draw_share"
    __table_args__ = (UniqueConstraint("ceremony_id", "name"),)
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    ceremony_id: Mapped[int] = ref("draw_ceremony")
    name: Mapped[Name]
    spare: Mapped[bool] = mapped_column(Boolean)
    seal: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[Instant] = mapped_column(default=utc_now)
    share: Mapped[str | None] = mapped_column(Text)
    key: Mapped[str | None] = mapped_column(String(32))
    kept: Mapped[str | None] = mapped_column(EncryptedText)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refused_why: Mapped[str | None] = mapped_column(String(20))
    ceremony: Mapped[DrawCeremony] = relationship(back_populates="shares")


class PaperDraw(Base):
    """A draw on paper, held without the program: for whom it stands, and who saw to it.

    `made_by` is who entered it; of one that was signed before there was `signed_by`, who signed.
    `photo` is of the signed record. `signed_as` is what the signer was in the competition when
    signing. `ended_by` without `ended_at` asks for its end; `agreed_by` is the second person.
    """

    __tablename__ = "paper_draw"
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    event_id: Mapped[int] = ref("event")
    stage: Mapped[Code]
    module: Mapped[Code]
    drawn_on: Mapped[date] = mapped_column(Date)
    supervisor: Mapped[Name]
    codes: Mapped[list[str]] = mapped_column(JSON)
    photo: Mapped[bytes | None] = deferred(mapped_column(EncryptedBytes))
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    signed_by: Mapped[int | None] = ref("account")
    signed_as: Mapped[Role | None] = mapped_column(enum_text(Role))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = ref("account")
    ended_why: Mapped[str | None] = mapped_column(String(500))
    agreed_by: Mapped[int | None] = ref("account")
    event: Mapped[Event] = relationship()
    signer: Mapped[Account | None] = relationship(foreign_keys=[signed_by])
    ender: Mapped[Account | None] = relationship(foreign_keys=[ended_by])
    agreer: Mapped[Account | None] = relationship(foreign_keys=[agreed_by])

    @property
    def waits_to_end(self) -> bool:
        """True if somebody asked to make it void, and nobody has agreed yet."""
        return self.ended_by is not None and self.ended_at is None

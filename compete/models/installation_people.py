"""People and organisations of the installation, to which those of competitions point.

What is merged into another stays as it is and points there; so nothing that
pointed to it has to be written anew, and taking the merger back is one column.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Date, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from compete.models.base import Base, Id, Instant, Name, ref, utc_now
from compete.models.types import EncryptedText, UtcDateTime

NAME_KEY_LENGTH = 400
_STANDS_ALONE = text("merged_into_id IS NULL")
_STANDS = text("ended_at IS NULL")


class Organisation(Base):
    """A place in the one tree: 总工会, 产业工会, 企业, 班组. `name_key` is what spellings share.

    `stages` are its own names of the loop's stages, by what each has.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        Index(
            "uq_organisation_credit_code",
            "credit_code",
            unique=True,
            sqlite_where=_STANDS_ALONE,
            postgresql_where=_STANDS_ALONE,
        ),
        Index("ix_organisation_name_key", "name_key"),
    )
    id: Mapped[Id]
    name: Mapped[Name]
    name_key: Mapped[str] = mapped_column(String(NAME_KEY_LENGTH))
    credit_code: Mapped[str | None] = mapped_column(String(18))
    parent_id: Mapped[int | None] = ref("organisation")
    merged_into_id: Mapped[int | None] = ref("organisation")
    merged_by: Mapped[int | None] = ref("account")
    merged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    stages: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))


class Person(Base):
    """A person, whatever competitions they take part in or judge.

    The ID number is sealed and found by `id_hash`, a phone by its hash alone.
    `unit_name` is the unit they last came from. Two records may have one
    number: under different names they are put together by hand alone.
    `spoken`, `initials` and `id_tail` (a keyed hash of the number's last four signs) are looked
    for alone.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_id_hash", "id_hash"),
        Index("ix_person_name_key", "name_key"),
        Index("ix_person_spoken", "spoken"),
        Index("ix_person_initials", "initials"),
        Index("ix_person_alike", "id_tail", "spoken", "unit_key"),
    )
    id: Mapped[Id]
    name: Mapped[Name]
    name_key: Mapped[str] = mapped_column(String(NAME_KEY_LENGTH))
    spoken: Mapped[str | None] = mapped_column(String(400))
    initials: Mapped[str | None] = mapped_column(String(100))
    id_tail: Mapped[str | None] = mapped_column(String(16))
    id_type: Mapped[str] = mapped_column(String(20), default="citizen_id")
    id_number: Mapped[str | None] = mapped_column(EncryptedText)
    id_hash: Mapped[str | None] = mapped_column(String(64))
    phone_hash: Mapped[str | None] = mapped_column(String(64))
    birth: Mapped[date | None] = mapped_column(Date)
    unit_name: Mapped[str | None] = mapped_column(String(200))
    unit_key: Mapped[str | None] = mapped_column(String(NAME_KEY_LENGTH))
    merged_into_id: Mapped[int | None] = ref("person")
    merged_by: Mapped[int | None] = ref("account")
    merged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)


class PersonsApart(Base):
    """A note that two records are two people; they are proposed no more until it ends."""

    __tablename__ = "persons_apart"
    __table_args__ = (
        Index(
            "uq_persons_apart_standing",
            "first_id",
            "second_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )
    id: Mapped[Id]
    first_id: Mapped[int] = ref("person")
    second_id: Mapped[int] = ref("person")
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

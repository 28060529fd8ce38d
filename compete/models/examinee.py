"""Examinees: they get a grade without taking part, by an exam or the employer's rating."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.base import Base, Code, Id, Instant, Name, ref, utc_now
from compete.models.competition import Competition
from compete.models.installation_people import Person
from compete.models.types import EncryptedBytes, EncryptedText, UtcDateTime


class Examinee(Base):
    """A person in one competition's book of grades who is nobody's entrant.

    `code` is like no entrant's (`#1`). `grade` and `certificate` are of the present grade, as
    they came; `photo` is a JPEG for the certificate; `unit_name` is where they work. `person_id`
    says who it is in the installation. Since `erased_at` the name is a pseudonym and what was
    personal is gone.
    """

    __tablename__ = "examinee"
    __table_args__ = (
        UniqueConstraint("competition_id", "code"),
        UniqueConstraint("competition_id", "id_hash"),
    )
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    person_id: Mapped[int | None] = ref("person")
    code: Mapped[Code]
    name: Mapped[Name]
    id_type: Mapped[str] = mapped_column(String(20), default="citizen_id")
    id_number: Mapped[str | None] = mapped_column(EncryptedText)
    id_hash: Mapped[str | None] = mapped_column(String(64))
    unit_name: Mapped[str] = mapped_column(String(200))
    gender: Mapped[str | None] = mapped_column(String(10))
    grade: Mapped[int | None]
    certificate: Mapped[str | None] = mapped_column(EncryptedText)
    photo: Mapped[bytes | None] = mapped_column(EncryptedBytes, deferred=True)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    competition: Mapped[Competition] = relationship()
    person: Mapped[Person | None] = relationship()

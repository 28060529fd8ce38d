"""专家库: people who may be asked to judge, supervise or teach: qualification, and when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Date, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.installation_people import Person
from compete.models.types import UtcDateTime


class Expert(Base):
    """A qualification of a person of the installation; somebody with two has two rows.

    `days` are when they can come: pairs of ISO dates, both counted in; empty: whenever.
    Taken out of the pool, it has an end; what was judged meanwhile stays as it was.
    """

    __tablename__ = "expert"
    id: Mapped[Id]
    person_id: Mapped[int] = ref("person")
    kind: Mapped[str] = mapped_column(String(20))
    unit: Mapped[str] = mapped_column(String(200), default="")
    unit_key: Mapped[str] = mapped_column(String(400), default="")
    occupation: Mapped[str] = mapped_column(String(100), default="")
    level: Mapped[str] = mapped_column(String(20), default="")
    certificate: Mapped[str] = mapped_column(String(60), default="")
    valid_until: Mapped[date | None] = mapped_column(Date)
    days: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(String(200), default="")
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    person: Mapped[Person] = relationship()

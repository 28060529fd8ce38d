"""Ladders of skill grades of the installation, and conditions of application for a grade."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.base import Base, Id, Instant, Name, ref, utc_now
from compete.models.installation_people import Organisation
from compete.models.types import UtcDateTime

_STANDS = text("ended_at IS NULL")


def _one_of_each(table: str) -> tuple[Index, Index]:
    """Unique indexes: no two rows of one key, and no two standing ones of one name."""
    return (
        Index(f"uq_{table}_key", "key", unique=True),
        Index(
            f"uq_{table}_name_key",
            "name_key",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )


class _Catalogued:
    """The columns of a row in these catalogues: its key and name, who made it, who closed it.

    `key` is what an event's copy says of where it came from; no other installation has the same
    but for those that ship with the program. One that is closed is offered no more, and stays for
    those that took it.
    """

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(20))
    name: Mapped[Name]
    name_key: Mapped[str] = mapped_column(String(400))
    note: Mapped[str] = mapped_column(String(200), default="")
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class GradeLadder(_Catalogued, Base):
    """A ladder that events can take: its rungs from the lowest to the highest, as files write them.

    The owner is an organisation of the tree; None for the state's.
    """

    __tablename__ = "grade_ladder"
    __table_args__ = _one_of_each(__tablename__)
    organisation_id: Mapped[int | None] = ref("organisation")
    rungs: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    organisation: Mapped[Organisation | None] = relationship()


class ConditionEdition(_Catalogued, Base):
    """An edition of the conditions of application (申报条件): for each grade, alternative lines.

    `lines` are `{"grade", "code", "cite", "when"}`, as the key `apply` of an event has them beside
    the grade. Events take a copy. Until an administrator has confirmed it against the document,
    no grade that rests on it is approved.
    """

    __tablename__ = "condition_edition"
    __table_args__ = _one_of_each(__tablename__)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    confirmed_by: Mapped[int | None] = ref("account")
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

"""Seals over rows: the values of each sealed column when the program last wrote the row."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from compete.models.base import Base, Id, ref


class RowSeal(Base):
    """The seal over one row after one change; seals are only ever added.

    `columns` is {column: keyed digest}, of all sealed columns or of those that
    changed. `gone` says that the program deleted the row. `competition_id` is
    null for rows of the whole installation. The record of the change carries a
    hash over its seals, so the seals themselves cannot be rewritten.
    """

    __tablename__ = "row_seal"
    __table_args__ = (Index("ix_row_seal_row", "table_name", "row_id", "id"),)

    id: Mapped[Id]
    competition_id: Mapped[int | None] = ref("competition")
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[int] = mapped_column(BigInteger)
    columns: Mapped[dict[str, Any]] = mapped_column(JSON)
    gone: Mapped[bool] = mapped_column(Boolean, default=False)

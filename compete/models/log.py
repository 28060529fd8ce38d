"""The log that anyone can check (总账): its leaves, its tree, the checkpoints that were signed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.types import BigId


class LogLeaf(Base):
    """One leaf, as it stands in the tree at `number`, counted from 0.

    It tells of the record `seq` of a competition's chain and is derived from it; a record
    that tells of several things has several leaves, `part` 0, 1 … `content` is canonical
    JSON (`domain.log.leaves`).
    """

    __tablename__ = "log_leaf"
    __table_args__ = (UniqueConstraint("competition_id", "seq", "part"),)
    id: Mapped[Id]
    number: Mapped[int] = mapped_column(BigId, unique=True)
    competition_id: Mapped[int] = ref("competition")
    seq: Mapped[int] = mapped_column(Integer)
    part: Mapped[int] = mapped_column(Integer)
    content: Mapped[str] = mapped_column(Text)


class LogTile(Base):
    """Up to 256 hashes of one level of the tree, 32 bytes each (C2SP `tlog-tiles`).

    A tile grows at its end until it is full and is never changed otherwise.
    """

    __tablename__ = "log_tile"
    __table_args__ = (UniqueConstraint("level", "number"),)
    id: Mapped[Id]
    level: Mapped[int] = mapped_column(Integer)
    number: Mapped[int] = mapped_column(BigId)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class LogCheckpoint(Base):
    """A signed checkpoint, to the letter in `note`; `root` in hexadecimal.

    `reached` says up to which record of each competition's chain the leaves tell:
    `{competition: seq}`. The newest row says where the next leaf is to be looked for.
    """

    __tablename__ = "log_checkpoint"
    id: Mapped[Id]
    size: Mapped[int] = mapped_column(BigId, unique=True)
    root: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text)
    reached: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)

"""Paper sheets as their recorders read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.types import UtcDateTime


class PaperEntry(Base):
    """One recorder's reading of a paper sheet, without sight of the other's.

    `values` are texts by aspect code, null where the paper has none. A reading
    again is a new row; the last row of each recorder stands until the sheet is
    settled. `package` is the SHA-256 of a tablet's file that was read in place of paper,
    `listed` that of the list of marks in which it was a row: there null is 缺考. `device` is what
    measured it, where another system sent the reading for the account, `read_at` when.
    """

    __tablename__ = "paper_entry"
    id: Mapped[Id]
    sheet_id: Mapped[int] = ref("sheet")
    account_id: Mapped[int] = ref("account")
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    signed: Mapped[bool]
    package: Mapped[str | None] = mapped_column(String(64))
    listed: Mapped[str | None] = mapped_column(String(64))
    device: Mapped[str | None] = mapped_column(String(200))
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entered_at: Mapped[Instant] = mapped_column(default=utc_now)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    account: Mapped[Account] = relationship()

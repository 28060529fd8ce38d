"""What somebody asked for of a competition that waits for a second person."""

from __future__ import annotations

from datetime import datetime

import msgspec


class AskedTerms(msgspec.Struct, frozen=True):
    """Less time to object, or certificates before results are final: waiting for a second person.

    `notice_days`, `appeal_hours`, `second_hours`, `barred` None: they stay. `straight`:
    corrections after the end without a notice of their own. `by` is the account's number.
    """

    by: int
    at: datetime
    why: str
    notice_days: int | None = None
    certify_early: bool = False
    appeal_hours: int | None = None
    straight: bool = False
    second_hours: int | None = None
    barred: tuple[str, ...] | None = None


class AskedStage(msgspec.Struct, frozen=True):
    """Others go on to a stage that has marks: one says so, and waits for a second person.

    `seen` is the mark of who comes and who leaves; it lapses where that is otherwise.
    """

    by: int
    at: datetime
    why: str
    event: str
    stage: str
    seen: str

"""Marks that devices and platforms measured: readings, which people settle and sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec

from compete.domain.values.messages import msg
from compete.services.accounts.api_tokens import Scope
from compete.services.closing.device_marks import (
    LONGEST_SOURCE,
    MOST_ROWS,
    SentMark,
    enter_device_marks,
)
from compete.web.api_v1.operations import (
    Body,
    Operation,
    Query,
    Text,
    WrittenRowsOut,
    asking_token,
    number_text,
    operation,
    own_competition,
    usable_instant,
    written_rows,
)


class MarkIn(Body, frozen=True, kw_only=True):
    """A mark as a device measured it: a value, or a time in seconds or as 1:32.5."""

    entrant: Text
    value: Text | int | float | None = None
    time: Text | int | float | None = None
    source: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_SOURCE)]
    """The device or the platform, as it is called on the sheet."""
    at: Annotated[datetime, msgspec.Meta(tz=True)]

    def __post_init__(self) -> None:
        usable_instant(self.at)


MarksIn = Annotated[list[MarkIn], msgspec.Meta(min_length=1, max_length=MOST_ROWS)]


class MarksQuery(Query, frozen=True, kw_only=True):
    """Of which stage, where several have the module."""

    stage: Annotated[str, msgspec.Meta(max_length=80)] | None = None


@operation(
    Operation(
        name="add_marks",
        path="/competitions/<code>/modules/<event>/<module>/marks",
        method="POST",
        scope=Scope.MARKS_WRITE,
        summary=msg("设备或平台的成绩：算第一遍读数，记分员照打印件再录一遍，一样才算数"),
        query=MarksQuery,
        body=MarksIn,
        sent=[
            {
                "entrant": "A01",
                "time": "1:32.5",
                "source": "二号门计时器",
                "at": "2026-09-17T09:12:30+08:00",
            }
        ],
        answer=WrittenRowsOut,
        example={"data": [{"row": 0, "result": "changed"}]},
    )
)
def add_marks(
    code: str, event: str, module: str, query: MarksQuery, body: Sequence[MarkIn]
) -> WrittenRowsOut:
    """Take marks as what a device read, all or none."""
    row, token = own_competition(code, Scope.MARKS_WRITE), asking_token()
    assert token is not None
    sent = [
        SentMark(
            entrant=mark.entrant,
            value=None if mark.value is None else number_text(mark.value),
            time=None if mark.time is None else number_text(mark.time),
            source=mark.source,
            at=mark.at,
        )
        for mark in body
    ]
    new = enter_device_marks(row, event, module, sent, token.account, stage=query.stage)
    return written_rows(new)

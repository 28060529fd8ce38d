"""The feed of a competition: what happened since a number, a line each."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from compete.domain.values.messages import msg
from compete.services.accounts.api_tokens import Scope
from compete.services.hall.feed import FeedKind, feed_after
from compete.services.results.snapshots import standing_publications
from compete.web.api_v1.operations import (
    MOST_ROWS,
    NDJSON,
    Operation,
    Query,
    has_scope,
    operation,
    seen_competition,
)
from compete.web.public.results import is_withheld


class FeedLine(msgspec.Struct, frozen=True):
    """A line of the feed; `data` bears what webhooks bear, or a row of the standings."""

    n: int
    type: FeedKind
    timestamp: datetime
    data: dict[str, Any]


class FeedQuery(Query, frozen=True, kw_only=True):
    """After which number, and how many lines."""

    after: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_ROWS)] = MOST_ROWS


@operation(
    Operation(
        name="feed",
        path="/competitions/<code>/feed",
        scope=None,
        summary=msg(
            "N 以后发生的事，一行一件，编号不断；带 results:read 的令牌另有一份，"
            "报名、申诉、证书和现在的名次也在里面，两份各自编号"
        ),
        query=FeedQuery,
        answer=FeedLine,
        example={
            "n": 7,
            "type": "standing",
            "timestamp": "2026-09-18T10:20:00Z",
            "data": {
                "code": "FORK-2026",
                "event": "forklift",
                "entrant": "A01",
                "rank": 1,
                "status": "ranked",
                "total": "91.50",
                "version": 1,
                "live": False,
            },
        },
        media=NDJSON,
    )
)
def feed(code: str, query: FeedQuery) -> list[FeedLine]:
    """List what happened after a number."""
    row = seen_competition(code, Scope.RESULTS_READ)
    is_open = not has_scope(Scope.RESULTS_READ, row)
    versions = standing_publications(row)
    withheld = is_open and bool(versions) and is_withheld(versions[0], versions)
    lines = []
    for entry in feed_after(row, query.after, query.limit, is_open=is_open):
        data = dict(entry.data)
        if withheld and entry.kind == "standing":
            # What was taken down counts no more: its number stays, what it said is not told.
            data = {"event": data["event"], "withheld": True}
        kind = msgspec.convert(entry.kind, FeedKind)
        lines.append(FeedLine(entry.number, kind, entry.at, {"code": code, **data}))
    return lines

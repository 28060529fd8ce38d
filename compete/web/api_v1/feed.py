"""The feed of a competition: what happened since a number, a line each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec
from flask import Flask, current_app

from compete.domain.values.messages import msg
from compete.models import Competition
from compete.services.accounts.api_tokens import Scope, good_token, token_may
from compete.services.hall.feed import feed_after
from compete.services.kernel.news import NewsKind
from compete.services.kernel.rows_by_number import competition_by_code
from compete.services.results.snapshots import standing_publications
from compete.web.api_v1.operations import (
    MOST_ROWS,
    NDJSON,
    Lines,
    Operation,
    Query,
    bearer,
    has_scope,
    operation,
    seen_competition,
)
from compete.web.problems import PREFIX
from compete.web.public.results import is_withheld


class FeedLine(msgspec.Struct, frozen=True):
    """A line of the feed; `data` bears what webhooks bear, or a row of the standings."""

    n: int
    type: NewsKind
    timestamp: datetime
    data: dict[str, Any]


class FeedQuery(Query, frozen=True, kw_only=True):
    """After which number, and how many lines; with `stream` it goes on."""

    after: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_ROWS)] = MOST_ROWS
    stream: bool = False


_SCOPES = {True: Scope.ADMIN_READ, False: Scope.RESULTS_READ}
"""The scope by which either feed of a competition is read that is not public."""


@operation(
    Operation(
        name="feed",
        path="/competitions/<code>/feed",
        scope=None,
        summary=msg(
            "N 以后发生的事，一行一件，编号不断；带 results:read 的令牌另有一份，"
            "报名、申诉、证书和现在的名次也在里面，两份各自编号；stream=1 接着送，20 秒没事送空行"
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
def feed(code: str, query: FeedQuery) -> list[FeedLine] | Lines:
    """List what happened after a number, and go on with what happens."""
    row = seen_competition(code, Scope.RESULTS_READ)
    is_open = not has_scope(Scope.RESULTS_READ, row)
    lines = _lines(row, query.after, query.limit, is_open=is_open)
    if not query.stream:
        return lines
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    after = lines[-1].n if lines else query.after
    return Lines(lines, _Follower(code, after, is_open, bearer(), app))


@dataclass(slots=True)
class _Follower:
    """Somebody who follows a feed: to the number `after`, by a token where it is not the open."""

    code: str
    after: int
    is_open: bool
    token: str
    app: Flask

    def __call__(self) -> list[FeedLine] | None:
        """The lines that came since; None once this may not be read any more."""
        with self.app.app_context():
            row = competition_by_code(self.code)
            if row is None or not self._may_read(row):
                return None
            lines = _lines(row, self.after, MOST_ROWS, is_open=self.is_open)
            if lines:
                self.after = lines[-1].n
            return lines

    def _may_read(self, row: Competition) -> bool:
        if self.is_open and standing_publications(row):
            return True
        token, scope = good_token(self.token), _SCOPES[self.is_open]
        return token is not None and token_may(token, scope, row)


def _lines(row: Competition, after: int, most: int, *, is_open: bool) -> list[FeedLine]:
    versions = standing_publications(row)
    withheld = is_open and bool(versions) and is_withheld(versions[0], versions)
    lines = []
    for entry in feed_after(row, after, most, is_open=is_open):
        data = dict(entry.data)
        if withheld and entry.kind == "standing":
            # What was taken down counts no more: its number stays, what it said is not told.
            data = {"event": data["event"], "withheld": True}
        if "version" in data and entry.kind != "standing":
            data["link"] = f"{PREFIX}competitions/{row.code}/publications/{data['version']}"
        kind = msgspec.convert(entry.kind, NewsKind)
        lines.append(FeedLine(entry.number, kind, entry.at, {"code": row.code, **data}))
    return lines

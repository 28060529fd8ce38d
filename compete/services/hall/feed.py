"""The feed of a competition for other systems: what happened in it, numbered without gaps.

There are two: one open to anybody, the other for who may read results before they are out. Each is
brought up to date when it is read: from the records of the chain, the published versions, and in
the second from the results of now. What is frozen for the hall is frozen here too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from compete.domain.bundle.results import EventResults
from compete.domain.hall import BoardPhase
from compete.domain.kinds.kinds import competition_kind
from compete.models import AuditEntry, Competition, FeedEntry, HallBoard, Publication, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.installation import memory_of
from compete.services.kernel.news import STATE_CHANGED, TOLD_ACTIONS, NewsKind, news_of_record
from compete.services.kernel.transactions import changing
from compete.services.kernel.versions import Version, version_of
from compete.services.results.snapshots import publications, read_snapshot
from compete.services.scoring.live import live_results
from compete.services.sheets.blind_codes import is_coded

_OPEN = frozenset(
    {
        *(STATE_CHANGED, "schedule.changed", "standing"),
        *("results.published", "results.corrected", "results.final", "labour.period_published"),
    }
)
_HELD_BACK = (BoardPhase.FROZEN, BoardPhase.REVEALING)


class _News(NamedTuple):
    """Something to be told in one feed or both."""

    kind: NewsKind
    at: datetime
    data: dict[str, Any]
    subject: str = ""
    open: tuple[bool, ...] = (True, False)


@dataclass(slots=True)
class _Looked:
    """The version at which this process looked for news last."""

    version: Version | None = None


def feed_after(
    competition: Competition, after: int, most: int, *, is_open: bool
) -> Sequence[FeedEntry]:
    """List the lines of one of the two feeds after a number, brought up to date before."""
    _bring_up(competition)
    query = (
        select(FeedEntry)
        .where(
            FeedEntry.competition_id == competition.id,
            FeedEntry.open.is_(is_open),
            FeedEntry.number > after,
        )
        .order_by(FeedEntry.number)
        .limit(most)
    )
    return db.session.scalars(query).all()


def _bring_up(competition: Competition) -> None:
    looked = memory_of(f"feed {competition.id}", _Looked)
    version = version_of(competition)
    if looked.version == version:
        return
    kind = competition_kind(competition)
    live: Sequence[EventResults] = ()
    if not (kind.has_periods or kind.tells_passed_alone):
        # Scored before the lock is taken; where something comes between, the next look tells it.
        live = live_results(competition).results.events
    # Most of what is written in a competition is told nowhere: it takes no lock.
    if _gathered(competition, live).news:
        with changing(competition) as competition:
            _gathered(competition, live if version_of(competition) == version else ()).store()
    looked.version = version


def _gathered(competition: Competition, live: Sequence[EventResults]) -> _Gathering:
    work = _Gathering(competition)
    work.tell_records()
    work.tell_state()
    work.tell_live(live)
    return work


@dataclass
class _Gathering:
    """News of a competition, as they are gathered."""

    competition: Competition
    news: list[_News] = field(default_factory=list)

    def tell_records(self) -> None:
        """Tell what the chain says since it was read last."""
        last = self._newest(FeedEntry.seq) or 0
        rows = db.session.scalars(
            select(AuditEntry)
            .where(
                AuditEntry.competition_id == self.competition.id,
                AuditEntry.seq > last,
                AuditEntry.action.in_(TOLD_ACTIONS),
            )
            .order_by(AuditEntry.seq)
        )
        for row in rows:
            news = news_of_record(self.competition, row)
            if news is None:
                continue
            only = (True, False) if news.kind in _OPEN else (False,)
            self.news.append(_News(news.kind, row.at, news.data, open=only))
            if news.publication is not None:
                self._tell_version_rows(news.publication, row.at)

    def _tell_version_rows(self, publication: Publication, at: datetime) -> None:
        kind = competition_kind(self.competition)
        if not (kind.has_periods or kind.tells_passed_alone):
            earlier = [
                it for it in publications(self.competition) if it.version < publication.version
            ]
            before = max(earlier, key=lambda it: it.version, default=None)
            self._tell_rows(publication, before, at)

    def _tell_rows(
        self, publication: Publication, before: Publication | None, at: datetime
    ) -> None:
        old = {} if before is None else dict(_rows(read_snapshot(before)[1].events))
        for subject, standing in _rows(read_snapshot(publication)[1].events):
            if old.get(subject) != standing:
                data = {**standing, "version": publication.version, "live": False}
                self.news.append(_News("standing", at, data, subject, open=(True,)))

    def tell_state(self) -> None:
        """Tell in which state the competition is, where that is another than was told last."""
        kind = FeedEntry.kind == STATE_CHANGED
        newest = self._newest(FeedEntry.id, kind)
        before = db.session.get_one(FeedEntry, newest).data["state"] if newest else None
        state = self.competition.state.value
        if state != before:
            data = {"state": state, "before": before}
            self.news.append(_News(STATE_CHANGED, utc_now(), data))

    def tell_live(self, events: Sequence[EventResults]) -> None:
        """Tell the rows of now that are others than were told last."""
        frozen = set(
            db.session.scalars(
                select(HallBoard.event_id).where(
                    HallBoard.event_id.in_([event.id for event in self.competition.events]),
                    HallBoard.phase.in_(_HELD_BACK),
                )
            )
        )
        # Code and place beside each other tell who is behind a blind code.
        kept = {it.code for it in self.competition.events if it.id in frozen or is_coded(it)}
        last = self._last_rows()
        now = utc_now()
        for subject, standing in _rows([event for event in events if event.code not in kept]):
            known = last.get(subject)
            if standing != known and (known is not None or standing["total"] is not None):
                data = {**standing, "version": None, "live": True}
                self.news.append(_News("standing", now, data, subject, open=(False,)))

    def _last_rows(self) -> dict[str, dict[str, Any]]:
        of_now = (
            FeedEntry.competition_id == self.competition.id,
            FeedEntry.open.is_(False),
            FeedEntry.kind == "standing",
        )
        newest = select(func.max(FeedEntry.id)).where(*of_now).group_by(FeedEntry.subject)
        rows = db.session.scalars(select(FeedEntry).where(FeedEntry.id.in_(newest)))
        keys = ("event", "entrant", "rank", "status", "total")
        return {row.subject: {key: row.data[key] for key in keys} for row in rows}

    def store(self) -> None:
        """Write the news, each with the next number of its feed; inside a unit of work."""
        seq = audit.count(self.competition)
        for is_open in (True, False):
            number = self._newest(FeedEntry.number, FeedEntry.open.is_(is_open)) or 0
            for place, news in enumerate(
                (news for news in self.news if is_open in news.open), start=number + 1
            ):
                db.session.add(
                    FeedEntry(
                        competition_id=self.competition.id,
                        open=is_open,
                        number=place,
                        kind=news.kind,
                        subject=news.subject,
                        seq=seq,
                        at=news.at,
                        data=news.data,
                    )
                )
        db.session.flush()

    def _newest(self, column: Any, *where: Any) -> int | None:
        return db.session.scalar(
            select(func.max(column)).where(FeedEntry.competition_id == self.competition.id, *where)
        )


def _rows(events: Sequence[EventResults]) -> Iterator[tuple[str, dict[str, Any]]]:
    for event in events:
        for row in event.standings:
            yield (
                f"{event.code}/{row.entrant}",
                {
                    "event": event.code,
                    "entrant": row.entrant,
                    "rank": row.rank,
                    "status": row.status,
                    "total": row.total,
                },
            )

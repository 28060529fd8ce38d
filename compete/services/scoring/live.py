"""Live results: the competition as it stands now, scored by the domain.

Scoring everything takes a second at two thousand people. So it is done once, kept in
the memory of the process, and followed: marks that came since are put in. After a record
of any other kind all that scoring reads beside the marks is read and compared: where it is
as it was, nothing is scored again.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

import msgspec

from compete.domain.bundle.problems import Problem
from compete.domain.bundle.results import EventResults, Results
from compete.domain.bundle.types import Bundle, Mark, WorkingTime
from compete.domain.kinds.kinds import competition_kind
from compete.domain.scoring.scorer import Scorer
from compete.models import Competition
from compete.services.kernel.bounded_cache import Latest
from compete.services.kernel.installation import memory_of
from compete.services.kernel.versions import (
    Version,
    has_changed,
    is_writing,
    records_since,
    version_of,
)
from compete.services.scoring.bundle_out import bundle_around, working_times
from compete.services.scoring.live_labour import labour_live
from compete.services.scoring.mark_rows import (
    AspectCodes,
    closed_sheets,
    last_act,
    marks_since,
    standing_marks,
)
from compete.services.sheets.counts import MOVING_NOTHING
from compete.services.sheets.difficulties import difficulties_by_code

ADDING_ACTS = frozenset(
    {"acts.take", "acts.hand_over", "dispute.rule", "sheet.remark", "sheet.return", "sheet.sign"}
)
"""Records of what adds acts or moves a sheet; of the bundle nothing but marks and times."""

BESIDE_SCORES = MOVING_NOTHING | frozenset(
    {
        *("event.rules.ask", "event.rules.agree", "event.rules.refuse", "event.rules.withdraw"),
        *("overall.rules.ask", "overall.rules.agree"),
        *("overall.rules.refuse", "overall.rules.withdraw"),
        *("playoff.propose", "lock.unlock"),
        *("recheck.draw", "recheck.enter", "recheck.rule", "recheck.add", "recheck.force"),
        *("recheck.correct", "recheck.unforce"),
        *(
            "entrants.upload",
            "entrants.discard",
            "grade.ask",
            "grade.drop_ask",
            "grade.decide",
            "grade.confirm_pack",
            "certificate.issue",
        ),
        *(
            "certificate.issue_awards",
            "award.money",
            "award.payments",
            "certificate.award_date",
            "certificate.words",
            "certificate.style",
            "certificate.revoke",
            "certificate.ask_revoke",
            "certificate.ask_again",
            "honour.approve",
            "honour.refuse",
            "body.create",
            "body.choose",
        ),
        *("hall.link", "hall.reveal", "hall.open", "hall.break_off"),
        *("results.publish", "marks.lock", "marks.unlock"),
    }
)
"""Records of what changes no result. After any other what scoring reads is compared."""

_MOST_ROOMS = 4
_MOST_AT_ONCE = 2000
"""With more marks than this to put in, all are read and scored again."""

_MOST_EARLIER = 64
_LAG = 10.0
"""For so many seconds another request may still see an earlier version than the last."""

_KEY = "compete.live"


@dataclass(frozen=True)
class Live:
    """The competition as it stood at a version: all of its bundle but the marks, and the results.

    They are never altered: what comes later is another `Live`.
    """

    bundle: Bundle
    results: Results
    problems: Sequence[Problem] = ()
    """Playoffs that do not fit the marks as they are now."""

    def event(self, code: str) -> EventResults:
        """The results of one event; `KeyError` for an unknown code."""
        for event in self.results.events:
            if event.code == code:
                return event
        raise KeyError(code)


@dataclass(frozen=True)
class LiveScorer(Live):
    """The same with what it was worked out with, which the next mark changes."""

    scorer: Scorer = field(kw_only=True)


def live_results(competition: Competition) -> Live:
    """Score what stands in the database now; nothing is stored."""
    if competition_kind(competition).has_periods:
        labour = labour_live(competition)
        return Live(labour.bundle, labour.results)
    room = _room(competition)
    if is_writing():
        # What is seen here may be rolled back: look, and keep nothing.
        cached = room.cached
        if cached is not None and cached[0] == version_of(competition) and not has_changed():
            return cached[1]
        return _fresh(competition)
    with room.lock:
        return room.follow(competition)


@dataclass(frozen=True)
class LiveStanding:
    """The standing: results at a version, with the marks that they are of."""

    version: Version
    live: Live
    marks: tuple[Mark, ...]


def standing_of(competition: Competition) -> LiveStanding | None:
    """The standing of now with its marks, read once for both; None where others write meanwhile.

    For what scores the same marks by other rules in the unit of work that follows. Not inside one.
    """
    assert not is_writing()
    version = version_of(competition)
    marks = tuple(standing_marks(competition))
    room = _room(competition)
    with room.lock:
        live = room.follow(competition, marks if version_of(competition) == version else None)
    return LiveStanding(version, live, marks) if version_of(competition) == version else None


def live_by_new_rules(competition: Competition, before: LiveStanding | None) -> Live:
    """Score live inside the unit of work that gave an event other rules: no mark changes.

    Where anything was recorded since `before` the marks are read again.
    """
    assert is_writing()
    good = before is not None and before.version == version_of(competition)
    return _fresh(competition, before.marks if before is not None and good else None)


@contextmanager
def live_scorer(competition: Competition) -> Iterator[LiveScorer]:
    """Lend the live results with their scorer, which is the caller's alone meanwhile.

    Not inside a unit of work, nor around one.
    """
    assert not is_writing()
    room = _room(competition)
    with room.lock:
        live = room.follow(competition)
        assert room.scorer is not None
        yield LiveScorer(live.bundle, live.results, live.problems, scorer=room.scorer)


class _Room:
    """The room of one competition in memory: `cached` is the version and what is shown of it."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.cached: tuple[Version, Live] | None = None
        self.scorer: Scorer | None = None
        self.act = 0
        self.closed: frozenset[int] = frozenset()
        self.difficulties: dict[AspectCodes, Decimal] = {}
        self.earlier: OrderedDict[Version, float] = OrderedDict()

    def follow(self, competition: Competition, marks: tuple[Mark, ...] | None = None) -> Live:
        """Bring everything up to the version that the session sees; under the lock.

        `marks` are those of that version where somebody has read them already.
        """
        now = version_of(competition)
        cached, self.cached = self.cached, None
        if cached is not None:
            version, live = cached
            if now == version or self._is_earlier(now):
                self.cached = cached
                return live
            if self._leads_on(competition, version) and self._take(competition):
                self.earlier[version] = time.monotonic()
                return self._hold(competition, now)
        self.earlier.clear()
        self.act = last_act(competition)
        self.closed = closed_sheets(competition)
        self.difficulties = difficulties_by_code(competition)
        self.scorer = _scored(competition, marks)
        return self._hold(competition, now)

    def _hold(self, competition: Competition, now: Version) -> Live:
        assert self.scorer is not None
        live = Live(self.scorer.bundle, self.scorer.results, self.scorer.problems)
        if version_of(competition) == now:
            self.cached = now, live
        # Otherwise another's work ended in between: good for this answer, and no other.
        while len(self.earlier) > _MOST_EARLIER:
            self.earlier.popitem(last=False)
        return live

    def _is_earlier(self, now: Version) -> bool:
        """True if the session looks at what stood here a moment ago."""
        left = self.earlier.get(now)
        return left is not None and time.monotonic() - left < _LAG

    def _leads_on(self, competition: Competition, version: Version) -> bool:
        """True if since that version nothing came but acts that scoring reads."""
        records = records_since(competition, version)
        if records is None:
            return False
        known = {record.action for record in records} <= ADDING_ACTS | BESIDE_SCORES
        return known or self._is_same_around(competition)

    def _is_same_around(self, competition: Competition) -> bool:
        """True if all that scoring reads but marks, and times that are followed, is what it was."""
        assert self.scorer is not None
        if closed_sheets(competition) != self.closed:
            return False
        if difficulties_by_code(competition) != self.difficulties:
            return False
        before, around = self.scorer.bundle, bundle_around(competition, ())
        if self._is_timed():
            around = msgspec.structs.replace(around, times=before.times)
        return around == before

    def _take(self, competition: Competition) -> bool:
        """Put in the marks and times that came since; False where that can't be done."""
        assert self.scorer is not None
        came = marks_since(competition, self.act)
        if len(came) > _MOST_AT_ONCE:
            return False
        times = working_times(competition) if self._is_timed() else self.scorer.bundle.times
        new = _changed(self.scorer.bundle.times, times)
        if new is None:
            return False
        if came or new:
            self.scorer.take([written for _act, written in came], new)
            self.scorer.bundle = msgspec.structs.replace(self.scorer.bundle, times=times)
        if came:
            self.act = came[-1][0]
        return True

    def _is_timed(self) -> bool:
        assert self.scorer is not None
        return any(
            key.startswith("time:")
            for event in self.scorer.bundle.events
            for key in event.ranking.ties
        )


def _scored(competition: Competition, marks: tuple[Mark, ...] | None = None) -> Scorer:
    if marks is None:
        marks = tuple(standing_marks(competition))
    scorer = Scorer(bundle_around(competition, marks))
    # The books hold the marks: two copies are one too many.
    scorer.bundle = msgspec.structs.replace(scorer.bundle, marks=())
    return scorer


def _fresh(competition: Competition, marks: tuple[Mark, ...] | None = None) -> Live:
    scorer = _scored(competition, marks)
    return Live(scorer.bundle, scorer.results, scorer.problems)


def _changed(
    before: tuple[WorkingTime, ...], now: tuple[WorkingTime, ...]
) -> list[WorkingTime] | None:
    """The times that are others than before; None where a place has none any more."""
    known = {(time.entrant, time.stage, time.module): time.seconds for time in before}
    there = {(time.entrant, time.stage, time.module): time for time in now}
    if known.keys() - there.keys():
        return None
    return [time for place, time in there.items() if known.get(place) != time.seconds]


def _room(competition: Competition) -> _Room:
    return memory_of(_KEY, lambda: Latest(_Room, _MOST_ROOMS)).of(competition.id)

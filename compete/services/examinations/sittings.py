"""A sitting as it stands by the server's clock: where somebody sits, until when, in which state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import or_, select

from compete.domain.values.examination_states import SittingState
from compete.domain.values.states import HANDED_IN
from compete.models import Act, ExamDevice, ExamGrant, ExamSitting, Sheet, db
from compete.services.kernel.chunks import tuples_among
from compete.services.sheets.values import VALUE_KINDS

FROM_EXAM = "from_exam"
"""The key of a mark beside which the SHA-256 of the exam's file stands that it is from."""


class Standing(StrEnum):
    """What a sitting is now, to the candidate at a device and to who watches."""

    EXPECTED = "expected"
    WAITING = "waiting"
    OPEN = "open"
    HANDED_IN = "handed_in"
    OVER = "over"
    MOVED = "moved"
    VOID = "void"


_KEPT: Mapping[SittingState, Standing] = {
    SittingState.EXPECTED: Standing.EXPECTED,
    SittingState.SAT_DOWN: Standing.WAITING,
    SittingState.HANDED_IN: Standing.HANDED_IN,
    SittingState.VOID: Standing.VOID,
}


@dataclass(frozen=True, slots=True)
class Times:
    """The times of a sitting, with all that was added."""

    starts_at: datetime | None
    ends_at: datetime | None
    grants: Sequence[ExamGrant]

    def left(self, now: datetime) -> int | None:
        """The whole seconds until the end; None before the start."""
        if self.ends_at is None:
            return None
        return max(0, int((self.ends_at - now).total_seconds()))


def times_of(sittings: Collection[ExamSitting]) -> dict[int, Times]:
    """The times of sittings, by their numbers; in one statement."""
    query = select(ExamGrant).where(
        ExamGrant.room_id.in_({it.room_id for it in sittings}),
        or_(ExamGrant.sitting_id.is_(None), ExamGrant.sitting_id.in_([it.id for it in sittings])),
    )
    granted: defaultdict[tuple[int, int | None], list[ExamGrant]] = defaultdict(list)
    for grant in db.session.scalars(query.order_by(ExamGrant.id)):
        granted[grant.room_id, grant.sitting_id].append(grant)
    return {it.id: _times(it, [*_of_room(granted, it), *_own(granted, it)]) for it in sittings}


Granted = Mapping[tuple[int, int | None], list[ExamGrant]]


def _of_room(granted: Granted, sitting: ExamSitting) -> list[ExamGrant]:
    """What the whole room was given; who came late has what was given before in their end."""
    rows = granted.get((sitting.room_id, None), [])
    since = sitting.starts_at
    return [it for it in rows if since is None or it.made_at > since]


def _own(granted: Granted, sitting: ExamSitting) -> list[ExamGrant]:
    """What was given to them alone, in whichever room they sat then."""
    return [it for (_room, who), rows in granted.items() if who == sitting.id for it in rows]


def _times(sitting: ExamSitting, grants: list[ExamGrant]) -> Times:
    added = timedelta(seconds=sum(grant.seconds for grant in grants))
    end = sitting.ends_at + added if sitting.ends_at is not None else None
    return Times(sitting.starts_at, end, sorted(grants, key=lambda it: it.id))


def standing_of(sitting: ExamSitting, times: Times, now: datetime) -> Standing:
    """What the sitting is now."""
    if sitting.state is not SittingState.BEGUN:
        return _KEPT[sitting.state]
    assert times.ends_at is not None, "begun with its end"
    return Standing.OPEN if now <= times.ends_at else Standing.OVER


def terms_of(sittings: Collection[ExamSitting]) -> dict[int, list[ExamDevice]]:
    """The devices of sittings, by their numbers, in the order in which they were taken."""
    terms: dict[int, list[ExamDevice]] = {it.id: [] for it in sittings}
    query = select(ExamDevice).where(ExamDevice.sitting_id.in_(terms)).order_by(ExamDevice.id)
    for term in db.session.scalars(query):
        terms[term.sitting_id].append(term)
    return terms


def marked_among(sittings: Collection[ExamSitting]) -> set[int]:
    """The numbers of those sittings whose marks stand on their sheets; of one examination."""
    if not sittings:
        return set()
    examination = next(iter(sittings)).examination
    query = (
        select(Sheet.entrant_id, Act.extra)
        .join(Act, Act.sheet_id == Sheet.id)
        .where(
            Sheet.stage == examination.stage,
            Sheet.module == examination.module,
            Sheet.state.in_(HANDED_IN),
            Act.kind.in_(VALUE_KINDS),
            Act.extra.is_not(None),
        )
    )
    acts = tuples_among(query, Sheet.entrant_id, {it.entrant_id for it in sittings})
    people = {entrant for entrant, extra in acts if FROM_EXAM in (extra or {})}
    return {it.id for it in sittings if it.entrant_id in people}

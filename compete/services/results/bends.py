"""Bends of a competition's promised procedure: out of its chain, for everybody to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from compete.domain.bundle.types import Bundle, Mark
from compete.domain.values.days import date_words
from compete.domain.values.instants import instant_text
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState
from compete.models import Act, AuditEntry, Competition, Judge, Publication, Sheet, db
from compete.services.closing.paper_entry import TABLET
from compete.services.kernel.actor_names import signer_words
from compete.services.kernel.bends import BENDS, RecordedAct
from compete.services.kernel.clock import local_time
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.printed_hashes import publication_record
from compete.services.kernel.public_reasons import masked_words
from compete.services.kernel.versions import remembered
from compete.services.schedule.stage_undo import STAGE_TAKEN_BACK

KEY = "bends"
"""The key of the bends in the `extra` of what is published."""
AFTER_RENEWAL = "after_renewal"
"""The key, in the `extra` of a published mark, of what a judge's renewed code brought."""
_SINGLE = tuple(action for action, bending in BENDS.items() if not bending.in_one)
_WHOLE = ("judging.open", "labour.close")
_OPENINGS = (*_WHOLE, "stage.open", STAGE_TAKEN_BACK, "competition.load")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bend:
    """A bend: its record's number and action, what it was, who, and why.

    `event` is the code of the event that it is of; None: of the whole competition.
    """

    seq: int
    action: str
    event: str | None
    at: datetime
    what: Message
    who: Message
    why: str

    @property
    def line(self) -> Message:
        """The bend in one sentence."""
        sentence = msg(
            "%(day)s：%(what)s（%(who)s）",
            day=date_words(local_time(self.at)),
            what=self.what,
            who=self.who,
        )
        return reasoned(sentence, self.why)


def reasoned(sentence: Message, why: str | None) -> Message:
    """The sentence with the reason behind it, where one was given."""
    return msg("%(said)s。理由：%(why)s", said=sentence, why=why) if why else sentence


def bends_of(
    competition: Competition, event: str | None = None, *, by: Publication | None = None
) -> list[Bend]:
    """List every bend, oldest first: of one `event` and the whole alone, `by` a publication's time.

    A reason names nobody whom public pages mask.
    """
    record = publication_record(by) if by is not None else None
    if record is not None:
        bends = [bend for bend in _alone(competition) if bend.seq < record.seq]
        bends = sorted([*bends, *_in_one(competition, record.seq)], key=_by_number)
    else:
        bends = remembered(
            competition,
            KEY,
            lambda: sorted([*_bends(competition), *_in_one(competition)], key=_by_number),
        )
    return [bend for bend in bends if event is None or bend.event in (None, event)]


def _alone(competition: Competition) -> list[Bend]:
    return remembered(competition, f"{KEY} alone", lambda: _bends(competition))


def _by_number(bend: Bend) -> int:
    return bend.seq


def _in_one(competition: Competition, before: int | None = None) -> Iterator[Bend]:
    """List the acts that are told in one line, how often each was done; up to a record."""
    for action in (action for action, bending in BENDS.items() if bending.in_one):
        query = select(func.count(AuditEntry.id), func.max(AuditEntry.seq)).where(
            AuditEntry.competition_id == competition.id, AuditEntry.action == action
        )
        if before is not None:
            query = query.where(AuditEntry.seq < before)
        times, last = db.session.execute(query).one()
        if not times:
            continue
        entry = db.session.scalars(
            select(AuditEntry).where(
                AuditEntry.competition_id == competition.id, AuditEntry.seq == last
            )
        ).one()
        act = RecordedAct(
            before=entry.before, after=entry.after, begun=True, module="", times=times
        )
        what = BENDS[action].words(act)
        if what is not None:
            why = entry.reason if times == 1 else None
            yield _bend(entry, None, what, why, competition)


def _bends(competition: Competition) -> list[Bend]:
    query = select(AuditEntry).where(
        AuditEntry.competition_id == competition.id,
        AuditEntry.action.in_((*_SINGLE, *_OPENINGS)),
    )
    begun = _Begun(competition)
    bends = []
    for entry in db.session.scalars(query.order_by(AuditEntry.seq)):
        bending = BENDS.get(entry.action)
        if bending is None:
            begun.note(entry)
            continue
        of, *place = entry.subject.split("/") if bending.of_event else (None,)
        act = RecordedAct(
            before=entry.before,
            after=entry.after,
            begun=begun.has(of, *place[:1]),
            module=_module(competition, of, place),
            subject=entry.subject,
        )
        what = bending.words(act)
        if what is not None:
            bends.append(_bend(entry, of, what, entry.reason, competition))
    return bends


def _bend(
    entry: AuditEntry, of: str | None, what: Message, why: str | None, competition: Competition
) -> Bend:
    own = BENDS[entry.action].own and entry.subject not in set(Role)
    return Bend(
        seq=entry.seq,
        action=entry.action,
        event=of,
        at=entry.at,
        what=what,
        who=msg("%(who)s", who=entry.subject) if own else _actor_words(entry),
        why=masked_words(why, competition) if why else "",
    )


def with_bends(bundle: Bundle, competition: Competition) -> Bundle:
    """The bundle to publish, with bends in its `extra`; what a loaded file said there goes.

    Marks that came in by a judge's renewed code say so in theirs.
    """
    bundle = replace(bundle, marks=told_renewals(bundle.marks, competition))
    return put_beside(bundle, KEY, [_row(bend) for bend in bends_of(competition)])


def told_renewals(marks: Sequence[Mark], competition: Competition) -> tuple[Mark, ...]:
    """The marks, of which those that came in by a judge's renewed code say so."""
    places = {
        (row.stage, row.module, row.entrant.code, row.judge.code)
        for row in renewed_sheets(competition)
    }
    if not places:
        return tuple(marks)
    return tuple(
        replace(mark, extra={**(mark.extra or {}), AFTER_RENEWAL: True})
        if (mark.stage, mark.module, mark.entrant, mark.judge) in places
        else mark
        for mark in marks
    )


def renewed_sheets(competition: Competition) -> Sequence[Sheet]:
    """List the sheets on which something stands that came by a judge's renewed code or card."""
    seqs = [bend.seq for bend in bends_of(competition) if bend.action == "way_in.renew"]
    if not seqs:
        return ()
    since: dict[str, datetime] = {}
    query = select(AuditEntry.after, AuditEntry.at).where(
        AuditEntry.competition_id == competition.id, AuditEntry.seq.in_(seqs)
    )
    for after, at in db.session.execute(query.order_by(AuditEntry.seq)).tuples():
        if after["judge"]:
            since.setdefault(after["judge"], at)
    if not since:
        return ()
    later = [
        and_(Judge.code == code, Act.held_at > at, Act.tablet.is_distinct_from(TABLET))
        for code, at in since.items()
    ]
    numbers = (
        select(Act.sheet_id)
        .join(Judge, Judge.id == Act.judge_id)
        .where(Judge.competition_id == competition.id, or_(*later))
    )
    sheets = select(Sheet).where(Sheet.id.in_(numbers)).order_by(Sheet.id)
    return db.session.scalars(
        sheets.options(joinedload(Sheet.entrant), joinedload(Sheet.judge))
    ).all()


def put_beside(bundle: Bundle, key: str, rows: Sequence[dict[str, Any]]) -> Bundle:
    """The bundle to publish, with these rows in its `extra`, and none where there are none."""
    before = bundle.extra if isinstance(bundle.extra, dict) else {}
    extra = {name: value for name, value in before.items() if name != key}
    extra |= {key: rows} if rows else {}
    return bundle if extra == before else replace(bundle, extra=extra or None)


def _row(bend: Bend) -> dict[str, Any]:
    row = {
        "record": bend.seq,
        "act": bend.action,
        "event": bend.event,
        "at": instant_text(bend.at),
        "what": bend.what.render(),
        "who": bend.who.render(),
        "why": bend.why,
    }
    return {key: value for key, value in row.items() if value}


class _Begun:
    """The stages being judged, or whether a period was closed, as the chain goes on."""

    def __init__(self, competition: Competition) -> None:
        # Of a competition that came with its marks nobody said that judging begins.
        self._loaded = competition.state is not CompetitionState.REGISTERING
        self._first = {
            event.code: event.rules.definition["stages"][0]["code"] for event in competition.events
        }
        self._whole = False
        self._later: set[tuple[str, str]] = set()

    def note(self, entry: AuditEntry) -> None:
        """Note that judging began, or a later stage did or was taken back."""
        after = entry.after or {}
        if entry.action == "stage.open":
            self._later.add((entry.subject, after.get("code", "")))
        elif entry.action == STAGE_TAKEN_BACK:
            self._later.discard((entry.subject, after.get("code", "")))
        elif entry.action in _WHOLE or (self._loaded and after.get("marks")):
            self._whole = True

    def has(self, event: str | None = None, stage: str | None = None) -> bool:
        """True if the stage was being judged; without one, whether anything was."""
        if event is None or stage is None or stage == self._first.get(event):
            return self._whole
        return (event, stage) in self._later


def _module(competition: Competition, of: str | None, place: list[str]) -> str:
    event = next((event for event in competition.events if event.code == of), None)
    if event is None or len(place) != 2:
        return ""
    return module_title(event, *place) or event.name


def _actor_words(entry: AuditEntry) -> Message:
    """Say who did it: of two who asked and who agreed, each with by whose link."""
    after = entry.after if isinstance(entry.after, dict) else {}
    seats = [after[seat] for seat in ("chief", "supervisor") if after.get(seat)]
    agreed = listed([signer_words(name) for name in seats or [entry.actor]])
    if not after.get("asked"):
        return msg("%(who)s", who=agreed)
    return msg("%(asked)s提出，%(who)s同意", asked=signer_words(after["asked"]), who=agreed)

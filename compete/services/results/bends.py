"""Bends of a competition's promised procedure: out of its chain, for everybody to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import select

from compete.domain.bundle.types import Bundle
from compete.domain.values.days import date_words
from compete.domain.values.instants import instant_text
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.states import CompetitionState
from compete.models import AuditEntry, Competition, Publication, db
from compete.services.kernel.actor_names import signer_words
from compete.services.kernel.bends import BENDS, RecordedAct
from compete.services.kernel.clock import local_time
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.printed_hashes import publication_record
from compete.services.kernel.public_reasons import masked_words
from compete.services.kernel.versions import remembered

KEY = "bends"
"""The key of the bends in the `extra` of what is published."""
_WHOLE = ("judging.open", "labour.close")
_OPENINGS = (*_WHOLE, "stage.open", "competition.load")


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
    return [
        bend
        for bend in remembered(competition, KEY, lambda: _bends(competition))
        if event is None or bend.event in (None, event)
        if record is None or bend.seq < record.seq
    ]


def _bends(competition: Competition) -> list[Bend]:
    query = select(AuditEntry).where(
        AuditEntry.competition_id == competition.id,
        AuditEntry.action.in_((*BENDS, *_OPENINGS)),
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
        )
        what = bending.words(act)
        if what is not None:
            bends.append(
                Bend(
                    seq=entry.seq,
                    action=entry.action,
                    event=of,
                    at=entry.at,
                    what=what,
                    who=_actor_words(entry),
                    why=masked_words(entry.reason, competition) if entry.reason else "",
                )
            )
    return bends


def with_bends(bundle: Bundle, competition: Competition) -> Bundle:
    """The bundle to publish, with bends in its `extra`; what a loaded file said there goes."""
    return put_beside(bundle, KEY, [_row(bend) for bend in bends_of(competition)])


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
        """Note that judging began, or a later stage did."""
        after = entry.after or {}
        if entry.action == "stage.open":
            self._later.add((entry.subject, after.get("code", "")))
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

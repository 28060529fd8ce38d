"""Seals over penalties, outcomes and working times: whether they are what the record says.

What came with a bundle is sealed in the record of its loading, under `entries`:
for each kind a seal as for acts, or null. What two people decided is sealed in
the record of the second signature, under `entry`, and so is a working time that
the chief judge ruled; difficulties are in the record of their writing, under
`entries`. What watches read are acts, which have seals of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from compete.domain.values.messages import Message, msg
from compete.models import (
    Competition,
    DifficultyEntry,
    Entrant,
    OutcomeEntry,
    PenaltyEntry,
    TimeEntry,
    db,
)
from compete.services.kernel import audit
from compete.services.sheets.act_seals import seal_of

Entry = OutcomeEntry | PenaltyEntry | TimeEntry | DifficultyEntry
_KINDS: Mapping[str, type[Entry]] = {
    "outcomes": OutcomeEntry,
    "penalties": PenaltyEntry,
    "times": TimeEntry,
    "difficulties": DifficultyEntry,
}
_WORDS = {
    "outcomes": msg("缺考、退出或取消"),
    "penalties": msg("扣罚"),
    "times": msg("用时"),
    "difficulties": msg("难度系数"),
}
# Withdrawing is a decision of its own, with a record of its own.
_UNSEALED = "withdrawn_at"


def seal_entries(competition: Competition) -> dict[str, dict[str, Any] | None]:
    """The seals over all entries that the competition has, by kind; for the record of loading."""
    return {kind: _seal(_entries(competition, kind)) for kind in _KINDS}


def seal_entry(entry: Entry) -> dict[str, Any]:
    """The seal over one entry that was flushed just now, as it stands in the database."""
    return seal_rows_of([entry])


def seal_rows_of(entries: Sequence[Entry]) -> dict[str, Any]:
    """The same over several, at least one."""
    for entry in entries:
        db.session.refresh(entry)
    return seal_of(_row(entry) for entry in sorted(entries, key=lambda entry: entry.id))


def check_entries(competition: Competition) -> Iterator[Message]:
    """Find what was changed, slipped in or taken away, seen against the competition's chain.

    What was loaded before there were seals is passed over.
    """
    loads = audit.record_contents(competition, "competition.load")
    loaded: Any = loads[0].get("entries") if loads else None
    if not isinstance(loaded, dict):
        return
    confirmed = [
        decision
        for decision in audit.record_contents(competition, "decision.confirm")
        if decision.get("entry")
    ]
    withdrawn = {
        decision["decision"] for decision in audit.record_contents(competition, "decision.withdraw")
    }
    rulings = audit.record_contents(competition, "time.rule")
    lifted = {ruling["ruling"] for ruling in audit.record_contents(competition, "time.lift")}
    written: dict[str, list[tuple[Any, bool]]] = {
        "times": [(ruling["entry"], ruling["ruling"] in lifted) for ruling in rulings],
        "difficulties": [
            (difficulty["entries"], False)
            for difficulty in audit.record_contents(competition, "difficulty.set")
        ],
    }
    for row in confirmed:
        kind = "penalties" if row["kind"] == "penalty" else "outcomes"
        written.setdefault(kind, []).append((row["entry"], row["decision"] in withdrawn))
    for kind in _KINDS:
        entries = {entry.id: entry for entry in _entries(competition, kind)}
        first = loaded.get(kind)
        came = _take(entries, first) if first else []
        # Nobody can take back what came with the bundle.
        if _seal(came) != first or any(getattr(entry, _UNSEALED, None) for entry in came):
            yield _changed(kind)
        for seal, taken_back in written.get(kind, ()):
            taken = _take(entries, seal)
            if _seal(taken) != seal or taken_back == (getattr(taken[0], _UNSEALED, None) is None):
                yield _changed(kind)
        if entries:
            yield msg("多出没有登记的%(what)s", what=_WORDS[kind])


def _changed(kind: str) -> Message:
    return msg("%(what)s记下后被改过", what=_WORDS[kind])


def _entries(competition: Competition, kind: str) -> list[Entry]:
    table = _KINDS[kind]
    query = (
        select(table)
        .join(Entrant, Entrant.id == table.entrant_id)
        .where(Entrant.competition_id == competition.id)
        .order_by(table.id)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))


def _take(entries: dict[int, Entry], seal: Mapping[str, Any]) -> list[Entry]:
    """The entries that a seal is about, taken out of those that are left."""
    numbers = [number for number in entries if seal["first"] <= number <= seal["last"]]
    return [entries.pop(number) for number in numbers]


def _seal(entries: Iterable[Entry]) -> dict[str, Any] | None:
    rows = [_row(entry) for entry in entries]
    return seal_of(rows) if rows else None


def _row(entry: Entry) -> list[Any]:
    columns = [column.key for column in entry.__table__.columns if column.key != _UNSEALED]
    return [getattr(entry, key) for key in columns]

"""Lists under seal: whatever act of the program writes one seals it, in every test.

Each act that writes who takes part, who judges or by which rules is held to the seal as it
commits, so that an honest competition is never said to have been changed. What a test writes by
itself, to spoil something, is let alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session

import compete
from compete.models import (
    AuditEntry,
    Competition,
    Entrant,
    Event,
    Judge,
    Member,
    RuleVersion,
    Unit,
)
from compete.services.registration.people_seals import SEALED_BY, check_people

OURS = str(Path(compete.__file__).parent)
SEALED: dict[type, tuple[str, frozenset[str]]] = {
    Judge: ("裁判名单", frozenset({"code", "name", "role", "unit_id"})),
    Entrant: (
        "选手名单",
        frozenset(
            {"code", "name", "id_number", "birth", "group", "grade", "promoted"}
            | {"event_id", "unit_id"}
        ),
    ),
    Member: (
        "组合的成员",
        frozenset(
            {"code", "name", "id_number", "birth", "group", "grade", "promoted"}
            | {"entrant_id", "position", "role"}
        ),
    ),
    Unit: ("选手名单", frozenset({"code", "name"})),
    Event: ("评分规则", frozenset({"code"})),
    RuleVersion: ("评分规则", frozenset({"number", "sha256", "event_id"})),
}
_PASSED_OVER = ("sqlalchemy", "contextlib.py", "services/kernel/transactions.py", __file__)


def unsealed_lists(session: Session) -> list[str]:
    """The lists that the unit of work wrote and that no longer fit their seal."""
    faults: list[str] = []
    for number, kind in sorted(session.info.pop("lists written", ())):
        competition = session.get(Competition, number)
        if competition is not None:
            faults += [
                text for text in map(str, check_people(competition)) if text.startswith(kind)
            ]
    return faults


def _content(after: Any) -> dict[str, Any]:
    return after if isinstance(after, dict) else {}


def _seal_in(after: Any) -> dict[str, Any]:
    """The seal over people in a record; labour records count heads under the same key."""
    return _content(_content(after).get("people"))


def _note(session: Session, *_flushing: Any) -> None:
    written = session.info.setdefault("lists written", set())
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, AuditEntry) and "entrants" in _seal_in(row.after):
            # A seal in a record of another action is never read.
            assert row.action in SEALED_BY, row.action
        known = SEALED.get(type(row))
        if known is None:
            continue
        state = inspect(row)
        changed = {it.key for it in state.attrs if it.history.has_changes()}
        whole = row in session.new or row in session.deleted
        # A unit that sends nobody stands on no list.
        if (whole and not isinstance(row, Unit)) or changed & known[1]:
            number = getattr(row, "competition_id", None)
            if isinstance(row, RuleVersion) and number is None:
                number = session.scalar(
                    select(Event.competition_id).where(Event.id == row.event_id)
                )
            if number is not None:
                written.add((number, known[0]))


def _hold(session: Session) -> None:
    if not session.info.get("writing") or not session.info.get("lists written"):
        session.info.pop("lists written", None)
        return
    frame = sys._getframe(1)
    while frame.f_back is not None and any(
        part in frame.f_code.co_filename for part in _PASSED_OVER
    ):
        frame = frame.f_back
    if not frame.f_code.co_filename.startswith(OURS):
        session.info.pop("lists written", None)
        return
    faults = unsealed_lists(session)
    assert not faults, f"{frame.f_code.co_name}: {faults}"


def _forget(session: Session, *_rest: Any) -> None:
    session.info.pop("lists written", None)


@pytest.fixture(autouse=True, scope="session")
def _lists_are_sealed() -> Iterator[None]:
    """Fail the act that leaves a list without the seal over it."""
    listeners = (
        ("before_flush", _note),
        ("before_commit", _hold),
        ("after_soft_rollback", _forget),
    )
    for name, listener in listeners:
        event.listen(Session, name, listener)
    yield
    for name, listener in listeners:
        event.remove(Session, name, listener)

"""Versions: the version of a competition in force, and what has been worked out of it.

A version is the head of the audit chain: every change of consequence moves it, in
the same transaction. What a page shows is worked out once a version and kept in the
memory of the process. Whoever writes without a record (nobody should) is noticed in
the same process by the number of such works.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import Row, select

from compete.models import AuditEntry, Competition, db
from compete.services.kernel import audit
from compete.services.kernel.installation import memory_of
from compete.services.kernel.transactions import changing, unrecorded_works

P = TypeVar("P")
T = TypeVar("T")
_MOST_TRIES = 5
_MOST = 64
_MOST_WORDS = 20_000
_KEY, _WORDS = "compete.remembered", "compete.remembered_words"
_MARKS = frozenset({"acts.take", "exam.acts", "exam.essay_mark"})
"""The records of marks and submitted sheets from tablets, of candidates' answers and essays."""
CHECK_INS = _MARKS | {"checkin.pass", "checkin.came", "checkin.stop", "checkin.undo"}
"""The acts that change nothing of who is expected where."""


class Version(NamedTuple):
    """The chain's last number and hash, and how many works of this process left no record."""

    seq: int
    hash: str
    works: int


def version_of(competition: Competition | None) -> Version:
    """The version that the session's transaction sees; without one that of the installation."""
    return Version(*audit.chain_head(competition), unrecorded_works())


def records_since(competition: Competition, version: Version) -> Sequence[AuditEntry] | None:
    """The records that lead from a version to what the session sees, in order.

    None where there is no way: something was done without a record, or another
    history stands there (a backup was put back).
    """
    rows = _since(competition, version, AuditEntry)
    return None if rows is None else [row.AuditEntry for row in rows]


def _since(competition: Competition, version: Version, wanted: Any) -> Sequence[Row[Any]] | None:
    """What is `wanted` of each of these records."""
    if version.works != unrecorded_works():
        return None
    rows = db.session.execute(
        select(AuditEntry.seq, AuditEntry.hash, wanted)
        .where(AuditEntry.competition_id == competition.id, AuditEntry.seq >= version.seq)
        .order_by(AuditEntry.seq)
    ).all()
    if not rows or (rows[0].seq, rows[0].hash) != (version.seq, version.hash):
        return None
    return rows[1:]


class _OvertakenError(Exception):
    """Somebody else changed the competition after it was read."""


Within = Callable[[], AbstractContextManager[object]]
"""Opens a unit of work that claims the competition, as `changing` and `Run.writing` do."""


def write_prepared(
    competition: Competition,
    prepare: Callable[[], P],
    write: Callable[[P], T],
    within: Within | None = None,
) -> T:
    """Let `write` write, in a unit of work, what `prepare` worked out before anything was locked.

    What it worked out is taken where the version that it read still stands. Where somebody else
    was quicker it is worked out again; of a competition that never rests, at last under the lock.
    """
    within = within or partial(changing, competition)
    for _ in range(0 if is_writing() else _MOST_TRIES):
        version, ready = version_of(competition), prepare()
        try:
            with within():
                if version_of(competition) != version:
                    # Left by an error: what wrote nothing must not count as the form's one act.
                    raise _OvertakenError
                return write(ready)
        except _OvertakenError:
            continue
    with within():
        return write(prepare())


def is_writing() -> bool:
    """True if a unit of work is under way: what it sees may never come to be."""
    return db.session.registry.has() and bool(db.session().info.get("writing"))


def has_changed() -> bool:
    """True if a unit of work is under way that has changed something already."""
    session = db.session()
    return is_writing() and bool(
        session.info.get("changed") or session.new or session.dirty or session.deleted
    )


def remembered(competition: Competition | None, name: Hashable, make: Callable[[], T]) -> T:
    """The result of `make` for this version, kept or worked out now; treat it as read-only.

    Without a competition: of what only acts of the installation change.

    It must be plain data: no row of the session outlives the request. Inside a unit
    of work nothing is kept; what was kept before is good until it changes something.
    """
    return _remembered(memory_of(_KEY, _Memory), competition, name, make)


def remembered_words(
    competition: Competition,
    name: Hashable,
    make: Callable[[], T],
    *,
    holds: Callable[[T], bool] = lambda _value: True,
) -> T:
    """The remembered value as `remembered`, of few words for many: kept apart, so that
    they put nothing larger out.

    Where it `holds` no more, as time passed, it is worked out anew.
    """
    return _remembered(memory_of(_WORDS, _Words), competition, name, make, holds)


def words_at_hand(names: Mapping[Competition, Hashable]) -> dict[int, Any]:
    """The values that `remembered_words` keeps of these, by the competition's number.

    Whether they still hold is not asked. One statement, whatever their number.
    """
    if not names or has_changed():
        return {}
    memory, works = memory_of(_WORDS, _Words), unrecorded_works()
    heads = audit.chain_heads(names)
    kept = {
        it.id: memory.get((it.id, name), Version(*heads[it.id], works))
        for it, name in names.items()
    }
    return {number: value[0] for number, value in kept.items() if value is not None}


def _remembered(
    memory: _Memory,
    competition: Competition | None,
    name: Hashable,
    make: Callable[[], T],
    holds: Callable[[T], bool] = lambda _value: True,
) -> T:
    key = (competition.id if competition is not None else None, name)
    return _remember(memory, key, lambda: version_of(competition), make, holds)


def _remember(
    memory: _Memory,
    key: Hashable,
    version_now: Callable[[], Version],
    make: Callable[[], T],
    holds: Callable[[T], bool] = lambda _value: True,
) -> T:
    if has_changed():
        return make()
    version = version_now()
    kept = memory.get(key, version)
    if kept is None or not holds(kept[0]):
        made = make()
        # Other transactions may have come to an end between two statements.
        if not is_writing() and version_now() == version:
            memory.put(key, version, made)
        return made
    return cast(T, kept[0])


def remembered_beside_marks(competition: Competition, name: Hashable, make: Callable[[], T]) -> T:
    """The remembered value as `remembered`, of what no mark and no submitted sheet changes."""
    return _remembered_beside(_MARKS, competition, name, make)


def remembered_beside_check_ins(
    competition: Competition, name: Hashable, make: Callable[[], T]
) -> T:
    """The remembered value as `remembered_beside_marks`, of what no check-in changes either."""
    return _remembered_beside(CHECK_INS, competition, name, make)


def _remembered_beside(
    actions: frozenset[str], competition: Competition, name: Hashable, make: Callable[[], T]
) -> T:
    memory = memory_of(_KEY, _Memory)
    version_now = partial(_before, actions, memory, competition)
    return _remember(memory, (competition.id, name), version_now, make)


def _before(actions: frozenset[str], memory: _Memory, competition: Competition) -> Version:
    """The first of the versions up to this one that differ in nothing but these acts."""
    now = version_of(competition)
    first, last = memory.stretches.get((competition.id, actions), (now, now))
    if last != now and not _only(actions, competition, last):
        first = now
    memory.stretches[competition.id, actions] = first, now
    return first


def _only(actions: frozenset[str], competition: Competition, version: Version) -> bool:
    """True if nothing but these acts came since that version."""
    rows = _since(competition, version, AuditEntry.action)
    return rows is not None and all(row.action in actions for row in rows)


def remembered_last(competition: Competition, name: Hashable) -> Any:
    """The value worked out for the last version that anybody asked of; None for nothing."""
    return memory_of(_KEY, _Memory).last((competition.id, name))


class _Memory:
    """The last few values, each with the version it is of."""

    most = _MOST

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[Version, Any]] = OrderedDict()
        self.stretches: dict[tuple[int, frozenset[str]], tuple[Version, Version]] = {}

    def get(self, key: Hashable, version: Version) -> tuple[Any] | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept[0] != version:
                return None
            self._kept.move_to_end(key)
            return (kept[1],)

    def last(self, key: Hashable) -> Any:
        with self._lock:
            kept = self._kept.get(key)
            return kept[1] if kept else None

    def put(self, key: Hashable, version: Version, value: Any) -> None:
        with self._lock:
            self._kept[key] = version, value
            self._kept.move_to_end(key)
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)


class _Words(_Memory):
    """The same, of what is small."""

    most = _MOST_WORDS

"""The table of published pages and files: what is kept, and one look-up for each reader.

A page is handed out as long as the competition's chain ends as it did when the page was
rendered, the program is the same, and no moment has passed at which its words change.
Whatever is done to a competition leaves a record; so a new version, a withdrawal or a
revoked certificate shows at the next request.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Engine, bindparam, delete, insert, select

from compete.models import AuditEntry, Competition, Entrant, Member, StoredPage, db, utc_now
from compete.models.compiled_statements import OwnLine, Prepared
from compete.services.kernel.audit import LAST_RECORD
from compete.services.kernel.participants import takes_part
from compete.services.kernel.transactions import for_update, unit_of_work

HARMLESS = "acts.take"
"""The record that judging leaves all day, of which nothing shows in what is published."""

_FIND = Prepared(
    select(StoredPage.content, StoredPage.competition_id, AuditEntry.seq, AuditEntry.hash)
    .join(AuditEntry, AuditEntry.competition_id == StoredPage.competition_id)
    .where(StoredPage.key == bindparam("key"))
    .order_by(AuditEntry.seq.desc())
    .limit(1)
)
_AFTER = Prepared(
    select(AuditEntry.seq)
    .where(
        AuditEntry.competition_id == bindparam("competition"),
        AuditEntry.seq > bindparam("seq"),
        AuditEntry.action != HARMLESS,
    )
    .order_by(AuditEntry.seq)
    .limit(1)
)
_AT = Prepared(
    select(AuditEntry.hash).where(
        AuditEntry.competition_id == bindparam("competition"), AuditEntry.seq == bindparam("seq")
    )
)
_MOST_AT_HAND = 2048


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """A page as it was rendered: what it is of, how long it stands, and what is sent."""

    key: str
    competition_id: int
    seq: int
    """The number and the hash of the last record when it was rendered."""
    hash: str
    until: float
    """In seconds since 1970: when its words change although nothing was done."""
    tag: str
    """The digest of the body."""
    headers: list[tuple[str, str]]
    body: bytes
    """Gzipped."""


class Asked(NamedTuple):
    """The answer asked for: release of the program, language, and address."""

    release: str
    language: str
    address: str

    @property
    def key(self) -> str:
        """The key in the table; an address may be a secret."""
        return hashlib.sha256("\n".join(self).encode()).hexdigest()


class Shelf:
    """The stored answers of an installation, those asked for lately in memory.

    What is in memory still costs one look at where the competition's chain ends.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lately: dict[str, Answer] = {}
        self._calm: dict[tuple[int, str], str] = {}
        self._line: OwnLine | None = None

    def at_hand(self, asked: Asked) -> Answer | None:
        """The answer from memory, if one look tells that it stands; waits for nobody.

        On SQLite, and for one thread alone: the first that asks.
        """
        answer = self._lately.get(asked.key)
        if answer is None or answer.until <= time.time():
            return None
        try:
            if self._line is None:
                self._line = OwnLine(self._engine)
            end = LAST_RECORD.first_on(self._line, competition=answer.competition_id)
        except sqlite3.Error:
            # Somebody has all of it for a moment; who may wait finds it free, or the fault.
            return None
        return answer if end is not None and self._is_calm(answer, end) else None

    def find(self, asked: Asked, looked: dict[int, Any] | None = None) -> Answer | None:
        """The answer from memory, if it still stands.

        Those who came before any of them was answered share what was `looked` up, by competition.
        """
        answer = self._lately.get(asked.key)
        if answer is None or answer.until <= time.time():
            return None
        looked, of = {} if looked is None else looked, answer.competition_id
        if of not in looked:
            # Where that fails, the others do not wait for the same failure.
            looked[of] = None
            looked[of] = LAST_RECORD.first_alone(self._engine, competition=of)
        end = looked[of]
        if end is None or not self._stands(answer, end):
            return None
        return answer

    def fetch(self, asked: Asked) -> Answer | None:
        """The answer from the table, if it still stands; needs the installation's keys."""
        key = asked.key
        row = _FIND.first_alone(self._engine, key=key)
        if row is None:
            return None
        content, competition_id, *end = row
        answer = msgspec.msgpack.decode(content, type=Answer)
        if (answer.key, answer.competition_id) != (key, competition_id):
            return None
        if answer.until <= time.time() or not self._stands(answer, end):
            return None
        if len(self._lately) >= _MOST_AT_HAND:
            self._lately.clear()
        self._lately[key] = answer
        return answer

    def _stands(self, answer: Answer, end: Sequence[Any]) -> bool:
        """True if nothing that shows was done since the answer was rendered."""
        if self._is_calm(answer, end):
            return True
        number = {"competition": answer.competition_id, "seq": answer.seq}
        if _AT.first_alone(self._engine, **number) != (answer.hash,):
            # Another history stands there: a backup was put back.
            return False
        if _AFTER.first_alone(self._engine, **number) is not None:
            return False
        if len(self._calm) >= _MOST_AT_HAND:
            self._calm.clear()
        self._calm[answer.seq, answer.hash] = end[1]
        return True

    def _is_calm(self, answer: Answer, end: Sequence[Any]) -> bool:
        """True if the chain ends where it did, or where somebody has looked already."""
        rendered = (answer.seq, answer.hash)
        return rendered == (*end,) or self._calm.get(rendered) == end[1]


def store_answers(competition: Competition, release: str, answers: Sequence[Answer]) -> None:
    """Store them, in the place of those before; what other releases left goes."""
    rows = [
        {
            "key": answer.key,
            "competition_id": competition.id,
            "release": release,
            "content": msgspec.msgpack.encode(answer),
            "made_at": utc_now(),
        }
        for answer in answers
    ]
    with unit_of_work() as session:
        # Two who store the same page at once do it one after the other.
        for_update(competition)
        session.execute(
            delete(StoredPage).where(
                StoredPage.competition_id == competition.id,
                StoredPage.key.in_([row["key"] for row in rows]) | (StoredPage.release != release),
            )
        )
        session.execute(insert(StoredPage), rows)


def badge_tokens(competition: Competition) -> Sequence[str]:
    """The tokens on the badges of all who take part, by their numbers; each of a crew's too."""
    here = (Entrant.competition_id == competition.id, takes_part())
    alone = Entrant.badge_shared | ~Entrant.members.any()
    rows = [
        *db.session.execute(select(Entrant.code, Entrant.badge_token).where(*here, alone)).tuples(),
        *db.session.execute(
            select(Entrant.code, Member.badge_token)
            .join(Member, Member.entrant_id == Entrant.id)
            .where(*here)
            .order_by(Member.position)
        ).tuples(),
    ]
    return [token for _code, token in sorted(rows, key=lambda row: row[0]) if token]

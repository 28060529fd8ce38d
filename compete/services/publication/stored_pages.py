"""Published pages and files as they were rendered once: one look-up for each reader.

A page is handed out as long as the competition's chain ends as it did when the page was
rendered, the program is the same, and no moment has passed at which its words change.
Whatever is done to a competition leaves a record; so a new version, a withdrawal or a
revoked certificate shows at the next request.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import bindparam, delete, insert, select

from compete.models import AuditEntry, Competition, Entrant, StoredPage, db, utc_now
from compete.models.prepared import Prepared
from compete.services.kernel import Version, for_update, memory_of, takes_part, unit_of_work

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
_MOST_REMEMBERED = 256


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
    """Which answer: in which release of the program, language, and at which address."""

    release: str
    language: str
    address: str

    @property
    def key(self) -> str:
        """What stands in the table; an address may be a secret."""
        return hashlib.sha256("\n".join(self).encode()).hexdigest()


def stored_answer(asked: Asked) -> Answer | None:
    """The answer, if it still stands."""
    key = asked.key
    with db.engine.connect() as connection:
        found = _FIND.first(connection, key=key)
        if found is None:
            return None
        content, competition_id, seq, hash_ = found
        answer = msgspec.msgpack.decode(content, type=Answer)
        whose = (answer.key, answer.competition_id)
        if whose != (key, competition_id) or answer.until <= time.time():
            return None
        if (answer.seq, answer.hash) == (seq, hash_):
            return answer
        calm = memory_of("compete.calm", dict[tuple[int, str], int])
        since = (answer.competition_id, answer.hash)
        if calm.get(since) == seq:
            return answer
        if _AT.first(connection, competition=answer.competition_id, seq=answer.seq) != (
            answer.hash,
        ):
            return None
        if _AFTER.first(connection, competition=answer.competition_id, seq=answer.seq):
            return None
    if len(calm) > _MOST_REMEMBERED:
        calm.clear()
    calm[since] = seq
    return answer


def answer_of(
    asked: Asked,
    competition_id: int,
    version: Version,
    until: float,
    tag: str,
    headers: list[tuple[str, str]],
    body: bytes,
) -> Answer:
    """An answer to be stored, rendered from what stood at `version`."""
    seq, hash_, _works = version
    return Answer(asked.key, competition_id, seq, hash_, until, tag, headers, body)


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
    """The tokens of all who take part, by their numbers."""
    rows = db.session.scalars(
        select(Entrant.badge_token)
        .where(Entrant.competition_id == competition.id, takes_part())
        .order_by(Entrant.code)
    )
    return [token for token in rows if token]

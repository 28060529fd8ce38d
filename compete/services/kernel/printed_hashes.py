"""Words and hashes that were written down elsewhere, looked for in a chain.

A chain that was cut short or made anew holds by itself. What was printed or
copied while it stood tells: those words are no longer in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from compete.domain.values.hashwords import PHRASE_WORDS, hash_phrase, is_hash_word
from compete.models import AuditEntry, Publication, db
from compete.services.kernel.chains import Chain, chain_number

_HEX = re.compile(r"(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Sighting:
    """A sighting of words or a hash as written, and its record; None where none bears it."""

    text: str
    seq: int | None


class ChainRecord(NamedTuple):
    """A record's number in its chain and its hash."""

    seq: int
    hash: str

    @property
    def words(self) -> str:
        """The hash in four words, as printed and read out."""
        return hash_phrase(bytes.fromhex(self.hash))


def written_down(text: str) -> list[str]:
    """The hashes (64 hexadecimal digits) and phrases (four words of our list) in a text."""
    texts: list[str] = []
    for line in text.splitlines():
        texts += [match.lower() for match in _HEX.findall(line)]
        run: list[str] = []
        for word in _WORD.findall(_HEX.sub(" ", line)):
            run = [*run, word] if is_hash_word(word) else []
            if len(run) == PHRASE_WORDS:
                texts.append(" ".join(run))
                run = []
    return list(dict.fromkeys(texts))


def sightings(of: Chain, written: list[str]) -> Iterator[Sighting]:
    """Find where each hash stands in a competition's chain, or among what it published."""
    numbers: dict[str, int] = {}
    number = chain_number(of)
    query = select(AuditEntry.seq, AuditEntry.hash).where(AuditEntry.competition_id == number)
    for seq, digest in db.session.execute(query):
        _remember(numbers, digest, seq)
    for published in _published(number) if written else ():
        record = _record_of(number, published)
        if record is not None:
            _remember(numbers, published, record.seq)
    for text in written:
        yield Sighting(text, numbers.get(text))


def _published(number: int | None) -> Sequence[str]:
    if number is None:
        return ()
    query = select(Publication.sha256).where(Publication.competition_id == number)
    return db.session.scalars(query).all()


def _remember(numbers: dict[str, int], digest: object, seq: int) -> None:
    if isinstance(digest, str) and _HEX.fullmatch(digest):
        numbers[digest] = seq
        numbers[hash_phrase(bytes.fromhex(digest))] = seq


def publication_record(publication: Publication) -> ChainRecord | None:
    """The number and the hash of the record of a publication, for its notice."""
    return _record_of(publication.competition_id, publication.sha256)


def _record_of(competition: int | None, sha256: str) -> ChainRecord | None:
    query = select(AuditEntry).where(
        AuditEntry.competition_id == competition, AuditEntry.action == "results.publish"
    )
    try:
        records = db.session.scalars(query.order_by(AuditEntry.seq.desc())).all()
    except ValueError:
        # A record that cannot be read is told by walking the chain.
        return None
    for record in records:
        if isinstance(record.after, dict) and record.after.get("sha256") == sha256:
            return ChainRecord(record.seq, record.hash)
    return None

"""Leaves of records: each record of the chain as a leaf of the log tells it.

The chain is the queue. A record is written in the transaction of the act that it tells
of, under its competition's lock, so none is lost and their numbers leave no gap. Whatever
a leaf says follows from its record and from rows that never change; salts follow from the
installation's key. So a leaf can be derived anew at any time and held against the log.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import select

from compete.domain.log.leaves import (
    CertificateLeaf,
    DossierLeaf,
    DrawLeaf,
    Leaf,
    PublicationLeaf,
    SheetLeaf,
    Thing,
    commitment,
    leaf_bytes,
)
from compete.domain.values.canonical import canonical_sha256
from compete.domain.values.instants import instant_text
from compete.models import (
    AuditEntry,
    Certificate,
    Competition,
    DrawCeremony,
    DrawShare,
    Entrant,
    Event,
    Sheet,
    SignedSheet,
    db,
)
from compete.models.types import keyed_hash
from compete.services.kernel.chunks import tuples_among
from compete.services.kernel.former_keys import first_look_up_key

_SAYS_TOO_LITTLE = (LookupError, TypeError, ValueError, AttributeError)
"""The errors of reading a record that is no such record; `LogTextError` is among them."""
Step = Literal["head", "opening", "openings", "result"]


class Record(NamedTuple):
    """The columns that are read of a record of the chain."""

    competition_id: int
    seq: int
    at: datetime
    action: str
    subject: str
    after: Any


class Told(NamedTuple):
    """A leaf's content, and the record that it tells of."""

    record: Record
    part: int
    content: bytes


def records_after(competition_id: int, seq: int, most: int | None = None) -> list[Record]:
    """The records of a chain that have leaves, after number `seq`, in order."""
    query = (
        select(
            AuditEntry.competition_id,
            AuditEntry.seq,
            AuditEntry.at,
            AuditEntry.action,
            AuditEntry.subject,
            AuditEntry.after,
        )
        .where(
            AuditEntry.competition_id == competition_id,
            AuditEntry.seq > seq,
            AuditEntry.action.in_(ACTIONS),
        )
        .order_by(AuditEntry.seq)
        .limit(most)
    )
    return [Record(*row) for row in db.session.execute(query)]


def leaves_of(competition: Competition, records: Sequence[Record]) -> Iterator[Told]:
    """The leaves of records of one competition, in order.

    A record whose rows are gone has none, and neither has one that says less than a leaf
    must: the log does not stop at it, and `compete verify` tells what is gone.
    """
    things = _Things(competition, records)
    for record in records:
        try:
            leaves = [leaf_bytes(leaf) for leaf in _TELLS[record.action](record, things)]
        except _SAYS_TOO_LITTLE:
            continue
        for part, content in enumerate(leaves):
            yield Told(record, part, content)


def salt_of(thing: Thing, name: str) -> bytes:
    """The salt of a commitment: 32 bytes that nobody without the installation's key can tell.

    By the first key of the installation, whatever took its place: leaves stand for ever.
    """
    return bytes.fromhex(keyed_hash(f"compete log salt\n{thing}\n{name}", first_look_up_key()))


def _of_name(thing: Thing, name: str) -> str:
    """The commitment that all leaves about a sheet or a certificate bear."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return commitment(thing, salt_of(thing, name), digest)


class _Things:
    """The rows that records of one competition name, each table read once."""

    def __init__(self, competition: Competition, records: Sequence[Record]) -> None:
        self.id, self.code = competition.id, competition.code
        self._faces: dict[str, str] = {}
        self._sheets: dict[str, tuple[str, str, str]] = {}
        self._versions: list[tuple[int, int, str]] | None = None
        self._read_faces([number for record in records for number in _issued(record)])
        signed = [record.after for record in records if record.action == "sheet.sign"]
        self._read_sheets([after["sheet"] for after in signed if after and after.get("sheet")])

    def _read_faces(self, numbers: Sequence[str]) -> None:
        own = select(Certificate.number, Certificate.face).where(
            Certificate.competition_id == self.id
        )
        for number, face in tuples_among(own, Certificate.number, numbers):
            with suppress(ValueError):
                self._faces[number] = canonical_sha256(face)

    def _read_sheets(self, ids: Sequence[str]) -> None:
        own = (
            select(Sheet.public_id, Event.code, Sheet.stage, Sheet.module)
            .join(Entrant, Entrant.id == Sheet.entrant_id)
            .join(Event, Event.id == Entrant.event_id)
            .where(Sheet.competition_id == self.id)
        )
        for name, event, stage, module in tuples_among(own, Sheet.public_id, ids):
            self._sheets[name] = event, stage, module

    def face(self, number: str) -> str | None:
        """The digest of a certificate's face."""
        return self._faces.get(number)

    def sheet(self, after: dict[str, Any]) -> tuple[str, str, str, str] | None:
        """A signed sheet's name, event, stage and module; by what was signed in old records."""
        name = after.get("sheet")
        if not name:
            name = db.session.scalar(
                select(Sheet.public_id)
                .join(SignedSheet, SignedSheet.sheet_id == Sheet.id)
                .where(Sheet.competition_id == self.id, SignedSheet.sha256 == after["sha256"])
                .limit(1)
            )
            self._read_sheets([name] if name else [])
        place = self._sheets.get(name or "")
        return (str(name), *place) if place else None

    def published_before(self, seq: int) -> tuple[int, str] | None:
        """The version, and its hash, that was the newest when this record was made."""
        if self._versions is None:
            rows = db.session.execute(
                select(AuditEntry.seq, AuditEntry.after)
                .where(AuditEntry.competition_id == self.id, AuditEntry.action == "results.publish")
                .order_by(AuditEntry.seq.desc())
            )
            self._versions = [(at, after["version"], after["sha256"]) for at, after in rows]
        return next((version[1:] for version in self._versions if version[0] < seq), None)


def _issued(record: Record) -> list[str]:
    """The numbers of the certificates that a record tells to have been issued."""
    if not isinstance(record.after, dict):
        return []
    if record.action == "certificate.issue_awards":
        return list(record.after["numbers"])
    if record.action in ("certificate.issue", "certificate.reissue"):
        return [record.after["number"]]
    return []


def _signed(record: Record, things: _Things) -> Iterator[Leaf]:
    sheet = things.sheet(record.after)
    if sheet is None:
        return
    name, event, stage, module = sheet
    signed = salt_of("signed-sheet", f"{things.id}/{record.seq}")
    yield SheetLeaf(
        competition=things.code,
        event=event,
        stage=stage,
        module=module,
        sheet=_of_name("sheet", name),
        content=commitment("signed-sheet", signed, record.after["sha256"]),
    )


def _announced(record: Record, things: _Things) -> Iterator[Leaf]:
    yield PublicationLeaf(
        competition=things.code,
        act="announce",
        version=record.after["version"],
        sha256=record.after["sha256"],
        at=instant_text(record.at),
    )


def _withdrawn(record: Record, things: _Things) -> Iterator[Leaf]:
    published = things.published_before(record.seq)
    if published is not None:
        version, sha256 = published
        yield PublicationLeaf(
            competition=things.code,
            act="withdraw",
            version=version,
            sha256=sha256,
            at=instant_text(record.at),
        )


def _certified(record: Record, things: _Things) -> Iterator[Leaf]:
    at = instant_text(record.at)
    for number in _issued(record):
        digest = things.face(number)
        if digest is None:
            continue
        face = commitment("certificate-face", salt_of("certificate-face", number), digest)
        yield CertificateLeaf(
            competition=things.code,
            act="issue",
            certificate=_of_name("certificate", number),
            face=face,
            at=at,
        )
    for new, old in _replaced(record.after):
        yield CertificateLeaf(
            competition=things.code,
            act="replace",
            certificate=_of_name("certificate", old),
            successor=_of_name("certificate", new),
            at=at,
        )


def _replaced(after: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The new and old number of each certificate that took another's place."""
    replaced = after.get("replaces")
    if isinstance(replaced, dict):
        yield from replaced.items()
    elif replaced:
        yield after["number"], replaced


def _annulled(record: Record, things: _Things) -> Iterator[Leaf]:
    yield CertificateLeaf(
        competition=things.code,
        act="annul",
        certificate=_of_name("certificate", record.subject),
        at=instant_text(record.at),
    )


def _dossier(record: Record, things: _Things) -> Iterator[Leaf]:
    yield DossierLeaf(
        competition=things.code,
        number=record.after["number"],
        sha256=record.after["sha256"],
        at=instant_text(record.at),
    )


def _leaves_of(record: Record, things: _Things) -> Iterator[Leaf]:
    step = _STEPS[record.action]
    after = record.after
    parts = _opened(things.id, after) if step == "opening" else _ceremony(things.id, after)
    if parts is None:
        return
    head, seal, file = parts
    sha256 = {
        "head": head,
        "opening": seal,
        "openings": after.get("openings"),
        "result": hashlib.sha256((file or "").encode()).hexdigest(),
    }[step]
    yield DrawLeaf(
        competition=things.code,
        step=step,
        number=after["number"],
        head=head,
        sha256=sha256 or "",
        at=instant_text(record.at),
    )


def _ceremony(competition_id: int, after: dict[str, Any]) -> tuple[str, str, str | None] | None:
    """Find the ceremony by the hash in its record: the head, or at the fixing the openings'."""
    own = (
        DrawCeremony.head == after["head"]
        if "head" in after
        else DrawCeremony.openings == after["openings"]
    )
    row = db.session.execute(
        select(DrawCeremony.head, DrawCeremony.file)
        .where(DrawCeremony.competition_id == competition_id, own)
        .limit(1)
    ).first()
    return (row[0], "", row[1]) if row else None


def _opened(competition_id: int, after: dict[str, Any]) -> tuple[str, str, str | None] | None:
    """The ceremony's head and the seal, by the key that opened the seal."""
    row = db.session.execute(
        select(DrawCeremony.head, DrawShare.seal)
        .join(DrawShare, DrawShare.ceremony_id == DrawCeremony.id)
        .where(
            DrawCeremony.competition_id == competition_id,
            DrawShare.name == after["name"],
            DrawShare.key == after["key"],
            DrawShare.share == after["share"],
            DrawCeremony.head.is_not(None),
        )
        .order_by(DrawCeremony.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1], None) if row else None


_STEPS: dict[str, Step] = {
    "draw.head": "head",
    "draw.opening": "opening",
    "draw.openings": "openings",
    "draw.result": "result",
    # A void ceremony has a file too, which says why nothing was drawn.
    "draw.void": "result",
}
_TELLS: dict[str, Callable[[Record, _Things], Iterator[Leaf]]] = {
    "sheet.sign": _signed,
    "results.publish": _announced,
    "results.withdraw": _withdrawn,
    "certificate.issue": _certified,
    "certificate.issue_awards": _certified,
    "certificate.reissue": _certified,
    "certificate.revoke": _annulled,
    "dossier.make": _dossier,
    **dict.fromkeys(_STEPS, _leaves_of),
}
ACTIONS = tuple(_TELLS)
"""The actions whose records have leaves."""

"""What outsiders are given: proofs that a leaf is in the log, and that it only became longer."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from compete.domain.transparency import (
    LogProof,
    NodesMissingError,
    consistency_proof,
    inclusion_proof,
)
from compete.domain.values import msg
from compete.models import LogCheckpoint, LogLeaf, Publication, db
from compete.services.kernel import Refusal, Refused, publication_record
from compete.services.transparency.store import (
    LogBrokenError,
    checkpoint_at,
    newest_checkpoint,
    read_nodes,
    require_leaf,
)


@dataclass(frozen=True, slots=True)
class Continued:
    """That a longer log begins with a shorter one: both checkpoints and what lies between."""

    before: LogCheckpoint
    after: LogCheckpoint
    hashes: tuple[bytes, ...]


def proof_of(number: int) -> LogProof:
    """That leaf `number`, from 0, is in the log as it was signed last.

    Raises `Refused` (UNKNOWN) for one that is not, `LogBrokenError` for a tree with holes.
    """
    leaf, newest = require_leaf(number), newest_checkpoint()
    if newest is None or number >= newest.size:
        raise Refused(msg("总账里没有第 %(n)s 条", n=number + 1), kind=Refusal.UNKNOWN)
    try:
        hashes = inclusion_proof(number, newest.size, read_nodes(newest.size))
    except NodesMissingError as error:
        raise LogBrokenError(str(error)) from None
    return LogProof(leaf.content.encode("utf-8", "surrogatepass"), number, hashes, newest.note)


def continued(old: int, new: int) -> Continued:
    """That the log signed at `new` leaves begins with that signed at `old`.

    Raises `Refused` (UNKNOWN) where nothing was signed at either, `LogBrokenError` for a tree
    with holes.
    """
    before, after = checkpoint_at(old), checkpoint_at(new)
    if before is None or after is None or old > new:
        raise Refused(msg("没有这两个检查点"), kind=Refusal.UNKNOWN)
    try:
        return Continued(before, after, consistency_proof(old, new, read_nodes(new)))
    except NodesMissingError as error:
        raise LogBrokenError(str(error)) from None


def leaf_of_publication(publication: Publication) -> LogLeaf | None:
    """The leaf that announces a version; None while the log has not come so far."""
    record = publication_record(publication)
    if record is None:
        return None
    return db.session.scalar(
        select(LogLeaf).where(
            LogLeaf.competition_id == publication.competition_id,
            LogLeaf.seq == record.seq,
            LogLeaf.part == 0,
        )
    )


def checkpoint_over(leaf: LogLeaf) -> LogCheckpoint | None:
    """The first checkpoint that was signed with a leaf in it."""
    return db.session.scalar(
        select(LogCheckpoint)
        .where(LogCheckpoint.size > leaf.number)
        .order_by(LogCheckpoint.size)
        .limit(1)
    )

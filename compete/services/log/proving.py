"""Proving: outsiders' proofs that a leaf is in the log, and that it only became longer."""

from __future__ import annotations

from sqlalchemy import select

from compete.domain.log.nodes import NodesMissingError
from compete.domain.log.proof_texts import LogProof
from compete.domain.log.proving import consistency_proof, inclusion_proof
from compete.domain.values.messages import msg
from compete.models import AuditEntry, LogCheckpoint, LogLeaf, Publication, db
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.log.store import (
    LogBrokenError,
    newest_checkpoint,
    read_nodes,
    require_leaf,
)


def proof_of(number: int) -> LogProof:
    """Prove that leaf `number`, from 0, is in the log as it was signed last.

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


def continued(old: int, new: int) -> tuple[bytes, ...]:
    """The hashes that show that the log of `new` lines begins with that of `old`.

    Raises `Refused` (UNKNOWN) where it was never signed so long, `LogBrokenError` for a tree
    with holes.
    """
    newest = newest_checkpoint()
    if newest is None or not old <= new <= newest.size:
        raise Refused(msg("总账没有这么长"), kind=Refusal.UNKNOWN)
    try:
        return consistency_proof(old, new, read_nodes(new))
    except NodesMissingError as error:
        raise LogBrokenError(str(error)) from None


def leaf_of_publication(publication: Publication) -> LogLeaf | None:
    """The leaf that announces a version; None while the log has not come so far."""
    rows = db.session.execute(
        select(LogLeaf, AuditEntry.after)
        .join(
            AuditEntry,
            (AuditEntry.competition_id == LogLeaf.competition_id) & (AuditEntry.seq == LogLeaf.seq),
        )
        .where(
            LogLeaf.competition_id == publication.competition_id,
            AuditEntry.action == "results.publish",
        )
        .order_by(LogLeaf.number)
    )
    # Two versions may have the same hash: what was announced was taken back and stands again.
    said = (leaf for leaf, after in rows if after.get("version") == publication.version)
    return next(said, None)


def checkpoint_over(leaf: LogLeaf) -> LogCheckpoint | None:
    """The first checkpoint that was signed with a leaf in it."""
    return db.session.scalar(
        select(LogCheckpoint)
        .where(LogCheckpoint.size > leaf.number)
        .order_by(LogCheckpoint.size)
        .limit(1)
    )

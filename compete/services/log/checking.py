"""Log checking: the log against what was signed, the chains, and a checkpoint from outside."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sqlalchemy import select

from compete.domain.log.checkpoints import Checkpoint, read_checkpoint
from compete.domain.log.growing import Frontier, read_frontier
from compete.domain.log.hashing import leaf_hash
from compete.domain.log.nodes import NodesMissingError
from compete.domain.log.notes import LogTextError
from compete.domain.values.messages import Message, msg
from compete.keys.ed25519 import check_signature
from compete.models import Competition, LogCheckpoint, LogLeaf, db
from compete.services.log.leaves_of_records import leaves_of, records_after
from compete.services.log.sequencing import newest_checkpoint, read_nodes, verifier_key

_MOST = 5


def check_log() -> Iterator[Message]:
    """Find what is wrong with the log as a whole: leaves, tree, and all that was ever signed."""
    rows = list(db.session.scalars(select(LogCheckpoint).order_by(LogCheckpoint.size)))
    kept = db.session.execute(
        select(LogLeaf.number, LogLeaf.content).order_by(LogLeaf.number)
    ).yield_per(1000)
    signed = {row.size: row for row in rows}
    frontier, size = Frontier(), 0
    yield from _wrong(signed.get(0), frontier)
    for number, content in kept:
        if number != size:
            yield msg("总账少了第 %(n)s 条", n=size + 1)
            return
        frontier = frontier.grown([leaf_hash(content.encode("utf-8", "surrogatepass"))]).frontier
        size += 1
        yield from _wrong(signed.get(size), frontier)
    newest = rows[-1] if rows else None
    if size != (newest.size if newest else 0):
        yield msg(
            "总账有 %(n)s 条，检查点签的是 %(size)s 条", n=size, size=newest.size if newest else 0
        )
        return
    try:
        kept_root = read_frontier(size, read_nodes(size)).root
    except NodesMissingError:
        kept_root = b""
    if kept_root != frontier.root:
        yield msg("总账的树和它的条目对不上")


def _wrong(row: LogCheckpoint | None, frontier: Frontier) -> Iterator[Message]:
    """Find what is wrong with a checkpoint, seen against the leaves up to it."""
    if row is None:
        return
    at = row.size
    try:
        checkpoint, note = read_checkpoint(row.note.encode())
    except LogTextError as error:
        yield msg("总账 %(n)s 条时的检查点读不懂：%(why)s", n=at, why=error.message)
        return
    if (checkpoint.size, checkpoint.root) != (at, frontier.root) or row.root != (
        frontier.root.hex()
    ):
        yield msg("总账的前 %(n)s 条和当时签的检查点对不上：改过、少了或者多了", n=at)
    key = verifier_key()
    own = [by for by in note.signatures if (by.name, by.key_id) == (key.name, key.id)]
    # What a former key signed can be told by nobody who has the present one alone.
    if own and not check_signature(key.public_key, note.text.encode(), own[0].signature):
        yield msg("总账 %(n)s 条时的检查点签名对不上", n=at)


def check_leaves(competition: Competition) -> Iterator[Message]:
    """Find leaves of a competition that its chain does not tell, and records without one."""
    newest = newest_checkpoint()
    upto = (newest.reached if newest else {}).get(str(competition.id), 0)
    kept: dict[tuple[int, int], tuple[int, str]] = {
        (seq, part): (number, content)
        for seq, part, number, content in db.session.execute(
            select(LogLeaf.seq, LogLeaf.part, LogLeaf.number, LogLeaf.content).where(
                LogLeaf.competition_id == competition.id
            )
        )
    }
    records = [record for record in records_after(competition.id, 0) if record.seq <= upto]
    for leaf in leaves_of(competition, records):
        place = (leaf.record.seq, leaf.part)
        number, content = kept.pop(place, (None, ""))
        if number is None:
            yield msg("第 %(seq)s 条记录没有进总账", seq=leaf.record.seq)
        elif content.encode("utf-8", "surrogatepass") != leaf.content:
            yield msg("总账第 %(n)s 条和第 %(seq)s 条记录不一致", n=number + 1, seq=place[0])
    for (seq, _part), (number, _content) in islice(sorted(kept.items()), _MOST):
        yield msg("总账第 %(n)s 条说的第 %(seq)s 条记录不在了", n=number + 1, seq=seq)


def check_against(outside: Checkpoint) -> Message | None:
    """Check that the log begins as a checkpoint kept elsewhere says; None if it does."""
    newest = newest_checkpoint()
    size = newest.size if newest else 0
    if outside.size > size:
        return msg(
            "外面的检查点有 %(old)s 条，这里只有 %(n)s 条：恢复过旧的备份，或者抽掉了",
            old=outside.size,
            n=size,
        )
    hashes = (
        leaf_hash(content.encode("utf-8", "surrogatepass"))
        for content in db.session.scalars(
            select(LogLeaf.content).where(LogLeaf.number < outside.size).order_by(LogLeaf.number)
        )
    )
    frontier = Frontier().grown(hashes).frontier
    if (frontier.size, frontier.root) != (outside.size, outside.root):
        return msg("前 %(n)s 条和外面的检查点对不上：历史改过", n=outside.size)
    return None

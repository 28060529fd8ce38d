"""A proof that anyone can keep as a file (C2SP tlog-proof): leaf, place, way up and checkpoint.

    c2sp.org/tlog-proof@v1
    extra eyJjb21wZXRpdGlvbiI6…
    index 38
    gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
    …

    jingsai.example/log
    184
    …

The `extra` line holds the leaf itself, so that the file needs nothing beside
it but the log's public key.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass

from compete.domain.log.checking import shows_inclusion
from compete.domain.log.checkpoints import Checkpoint, checked_checkpoint, read_checkpoint
from compete.domain.log.hashing import HASH_BYTES, leaf_hash
from compete.domain.log.notes import LogTextError, VerifierKey, decoded
from compete.domain.values.messages import msg
from compete.domain.values.signatures import CheckSignature

HEADER = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 64

_INDEX = re.compile(r"index (0|[1-9][0-9]{0,15})")


@dataclass(frozen=True, slots=True)
class LogProof:
    """The contents of a proof file, before anything of it is checked."""

    leaf: bytes
    """The leaf's content, not its hash."""
    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    """The signed checkpoint, to the letter."""

    def __str__(self) -> str:
        extra = base64.b64encode(self.leaf).decode()
        way = [base64.b64encode(digest).decode() for digest in self.hashes]
        head = "\n".join((HEADER, f"extra {extra}", f"index {self.index}", *way))
        return f"{head}\n\n{self.checkpoint}"


@dataclass(frozen=True, slots=True)
class ProvenLeaf:
    """A leaf that is in the log, as a checkpoint that the log's key has signed fixes it."""

    leaf: bytes
    index: int
    checkpoint: Checkpoint
    steps: int
    """The number of hashes that lead up to the root."""


def read_log_proof(data: bytes) -> LogProof:
    """The proof in these bytes; nothing is checked. Raises `LogTextError`."""
    try:
        head, separator, checkpoint = data.decode().partition("\n\n")
    except UnicodeDecodeError:
        raise LogTextError(msg("这段文字不是 UTF-8")) from None
    lines = head.split("\n")
    if not separator or lines[0] != HEADER:
        raise LogTextError(msg("这不是总账的证明：第一行要是 %(header)s", header=HEADER))
    if len(lines) < 3 or not lines[1].startswith("extra "):
        raise LogTextError(msg("证明里没有那一条本身"))
    leaf = decoded(lines[1].removeprefix("extra "))
    index = _INDEX.fullmatch(lines[2])
    if leaf is None or index is None:
        raise LogTextError(msg("证明里那一条或它的序号写得不对"))
    hashes = tuple(_hash(line) for line in lines[3:])
    if len(hashes) > MOST_HASHES:
        raise LogTextError(msg("证明太长：最多 %(most)s 步", most=MOST_HASHES))
    read_checkpoint(checkpoint.encode())
    return LogProof(leaf, int(index[1]), hashes, checkpoint)


def checked_log_proof(
    data: bytes, keys: Iterable[VerifierKey], check: CheckSignature
) -> ProvenLeaf:
    """The leaf, if the log's key has signed a checkpoint and the way leads from one to the other.

    Raises `LogTextError` that says which of the two does not hold.
    """
    proof = read_log_proof(data)
    checkpoint = checked_checkpoint(proof.checkpoint.encode(), keys, check)
    digest = leaf_hash(proof.leaf)
    if not shows_inclusion(digest, proof.index, checkpoint.size, proof.hashes, checkpoint.root):
        raise LogTextError(
            msg(
                "第 %(number)s 条不在这 %(size)s 条里：一层层算上去，和根对不上",
                number=proof.index + 1,
                size=checkpoint.size,
            )
        )
    return ProvenLeaf(proof.leaf, proof.index, checkpoint, len(proof.hashes))


def _hash(line: str) -> bytes:
    digest = decoded(line)
    if digest is None or len(digest) != HASH_BYTES:
        raise LogTextError(msg("证明里有一步写得不对：%(text)s", text=line[:60]))
    return digest

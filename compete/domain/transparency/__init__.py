"""A log that anyone can check: a Merkle tree whose root, once printed, fixes all before it.

The tree is that of RFC 6962 (and RFC 9162) with SHA-256; roots are told as
checkpoints of C2SP (`signed-note`, `tlog-checkpoint`), proofs as C2SP's
`tlog-proof`. What may become a leaf stands in `leaves`: it never names anybody.

Nothing here knows where nodes are kept or who holds a key. Nodes come from a
reader function, signatures from a function that signs.
"""

from __future__ import annotations

from compete.domain.transparency.checking import shows_consistency, shows_inclusion
from compete.domain.transparency.checkpoints import (
    Checkpoint,
    checked_checkpoint,
    from_short_form,
    read_checkpoint,
    short_form,
    signed_checkpoint,
)
from compete.domain.transparency.growing import Frontier, read_frontier
from compete.domain.transparency.hashing import EMPTY_ROOT, leaf_hash
from compete.domain.transparency.leaves import (
    CertificateLeaf,
    DrawLeaf,
    Leaf,
    PublicationLeaf,
    SheetLeaf,
    Thing,
    commitment,
    leaf_bytes,
    read_leaf,
)
from compete.domain.transparency.nodes import Node, NodesMissingError, ReadNodes
from compete.domain.transparency.notes import LogTextError, VerifierKey
from compete.domain.transparency.proof_texts import (
    LogProof,
    ProvenLeaf,
    checked_log_proof,
    read_log_proof,
)
from compete.domain.transparency.proving import consistency_proof, inclusion_proof
from compete.domain.transparency.tiles import (
    MOST_TILE_LEVEL,
    TILE_HEIGHT,
    TILE_WIDTH,
    Tile,
    changed_tiles,
    nodes_from_tiles,
    tile_bytes,
)

__all__ = [
    "EMPTY_ROOT",
    "MOST_TILE_LEVEL",
    "TILE_HEIGHT",
    "TILE_WIDTH",
    "CertificateLeaf",
    "Checkpoint",
    "DrawLeaf",
    "Frontier",
    "Leaf",
    "LogProof",
    "LogTextError",
    "Node",
    "NodesMissingError",
    "ProvenLeaf",
    "PublicationLeaf",
    "ReadNodes",
    "SheetLeaf",
    "Thing",
    "Tile",
    "VerifierKey",
    "changed_tiles",
    "checked_checkpoint",
    "checked_log_proof",
    "commitment",
    "consistency_proof",
    "from_short_form",
    "inclusion_proof",
    "leaf_bytes",
    "leaf_hash",
    "nodes_from_tiles",
    "read_checkpoint",
    "read_frontier",
    "read_leaf",
    "read_log_proof",
    "short_form",
    "shows_consistency",
    "shows_inclusion",
    "signed_checkpoint",
    "tile_bytes",
]

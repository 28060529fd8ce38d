"""The two hashes that the tree is made of (RFC 6962, section 2.1)."""

from __future__ import annotations

import hashlib

HASH_BYTES = 32

# A leaf and an inner node begin differently, so that none can be taken for the other.
_LEAF = b"\x00"
_NODE = b"\x01"

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a log without leaves."""


def leaf_hash(content: bytes) -> bytes:
    """The hash of one leaf, 32 bytes."""
    return hashlib.sha256(_LEAF + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbours, 32 bytes from 32 each."""
    return hashlib.sha256(_NODE + left + right).digest()

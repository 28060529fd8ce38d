"""Checks of proofs, step by step as RFC 9162 writes it (2.1.3.2 and 2.1.4.2)."""

from __future__ import annotations

from collections.abc import Sequence

from compete.domain.log.hashing import EMPTY_ROOT, node_hash


def shows_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """True if the proof leads from a leaf's hash at `index` to the root of `size` leaves."""
    if not 0 <= index < size:
        return False
    place, last = index, size - 1
    node = leaf
    for digest in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(digest, node)
            place, last = _up_to_a_right_one(place, last)
        else:
            node = node_hash(node, digest)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def shows_consistency(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """True if the proof shows that the log of `new` leaves begins with that of `old`."""
    if not 0 <= old <= new:
        return False
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    if old == new:
        return not proof and old_root == new_root
    # A full tree is itself a node of the longer one, so the proof leaves it out.
    hashes = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if len(hashes) < 1:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = hashes[0]
    for digest in hashes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(digest, first), node_hash(digest, second)
            place, last = _up_to_a_right_one(place, last)
        else:
            second = node_hash(second, digest)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _up_to_a_right_one(place: int, last: int) -> tuple[int, int]:
    """Go past the levels at which the last node has no neighbour and goes up as it is."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last

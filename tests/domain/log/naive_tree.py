"""The tree written down as RFC 6962 defines it, with every leaf at hand; slow and plain."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from compete.domain.log.growing import Frontier
from compete.domain.log.hashing import leaf_hash
from compete.domain.log.nodes import Node


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def split(count: int) -> int:
    """The largest power of two that is less than `count`."""
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def root(leaves: Sequence[bytes]) -> bytes:
    """MTH of section 2.1."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0])
    k = split(len(leaves))
    return sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:]))


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), root(leaves[k:])]
    return [*path(m - k, leaves[k:]), root(leaves[:k])]


def proof(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PROOF of section 2.1.2, for 0 < m."""
    return subproof(m, leaves, True)


def subproof(m: int, leaves: Sequence[bytes], whole: bool) -> list[bytes]:
    if m == len(leaves):
        return [] if whole else [root(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole), root(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), root(leaves[:k])]


class Store:
    """Nodes in memory, as a table would keep them, and how often and how much was read."""

    def __init__(self, leaves: Sequence[bytes] = ()) -> None:
        self.nodes: dict[Node, bytes] = {}
        self.frontier = Frontier()
        self.readings: list[int] = []
        self.add(leaves)

    def add(self, leaves: Sequence[bytes]) -> None:
        self.frontier, stored = self.frontier.grown(map(leaf_hash, leaves))
        for node, digest in stored:
            assert node not in self.nodes, "a node was stored twice"
            self.nodes[node] = digest

    def read(self, nodes: Sequence[Node]) -> list[bytes]:
        self.readings.append(len(nodes))
        return [self.nodes[node] for node in nodes]

"""Growing: add leaves, with what is to be stored, and the new root."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from compete.domain.log.hashing import EMPTY_ROOT, node_hash
from compete.domain.log.nodes import Node, ReadNodes, Run, checked, folded, full_nodes


@dataclass(frozen=True, slots=True)
class Frontier:
    """The part of a log that is needed to add to it: at most 64 hashes, however long it is."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()
    """Of the full subtrees side by side, the largest first."""

    @property
    def root(self) -> bytes:
        """The hash that fixes every leaf so far."""
        return folded(self.hashes) if self.hashes else EMPTY_ROOT

    def grown(self, leaf_hashes: Iterable[bytes]) -> Grown:
        """Add leaves to the log. For each leaf two nodes are stored, on average."""
        size, hashes = self.size, list(self.hashes)
        stored: list[tuple[Node, bytes]] = []
        for digest in leaf_hashes:
            stored.append((Node(0, size), digest))
            level = 0
            while size >> level & 1:
                level += 1
                digest = node_hash(hashes.pop(), digest)
                stored.append((Node(level, size >> level), digest))
            hashes.append(digest)
            size += 1
        return Grown(Frontier(size, tuple(hashes)), tuple(stored))


class Grown(NamedTuple):
    """A log that has become longer, and the nodes that its store must take in with it."""

    frontier: Frontier
    stored: tuple[tuple[Node, bytes], ...]


def read_frontier(size: int, read: ReadNodes) -> Frontier:
    """The frontier of a stored log with so many leaves; one reading of at most 64 nodes.

    Raises `NodesMissingError` where the store does not hold them.
    """
    nodes = tuple(full_nodes(Run(0, size)))
    return Frontier(size, tuple(checked(nodes, read(nodes)))) if nodes else Frontier()

"""Nodes: their places, and the hash of any run of leaves from the few that are stored.

Only nodes over a full 2^level leaves are ever stored: they never change once
they are there. Everything else, the root too, is worked out from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from compete.domain.log.hashing import HASH_BYTES, node_hash


class Node(NamedTuple):
    """The node over the leaves from `number << level` up to `(number + 1) << level`."""

    level: int
    number: int


class Run(NamedTuple):
    """The leaves from `start` up to, not including, `stop`."""

    start: int
    stop: int


ReadNodes = Callable[[Sequence[Node]], Sequence[bytes]]
"""Gives the stored hashes of these nodes, in this order, all in one reading."""


class NodesMissingError(LookupError):
    """Error: a reader lacks nodes, so the store does not hold the log it says it holds."""


def full_nodes(run: Run) -> Iterator[Node]:
    """The fewest stored nodes that cover a run, left to right.

    The run begins where a subtree as large as itself may begin, as all runs of
    a proof do.
    """
    start = run.start
    for level in reversed(range((run.stop - run.start).bit_length())):
        if (run.stop - run.start) >> level & 1:
            yield Node(level, start >> level)
            start += 1 << level


def folded(hashes: Sequence[bytes]) -> bytes:
    """The hash over subtrees that stand side by side, the largest first."""
    *rest, digest = hashes
    for left in reversed(rest):
        digest = node_hash(left, digest)
    return digest


def run_hashes(runs: Sequence[Run], read: ReadNodes) -> tuple[bytes, ...]:
    """The hash of each run, with one reading for all of them.

    Raises `NodesMissingError` where the reader gives too few or no hashes.
    """
    wanted = [tuple(full_nodes(run)) for run in runs]
    nodes = [node for span in wanted for node in span]
    hashes = checked(nodes, read(nodes)) if nodes else []
    digests, at = [], 0
    for span in wanted:
        digests.append(folded(hashes[at : at + len(span)]))
        at += len(span)
    return tuple(digests)


def checked(nodes: Sequence[Node], hashes: Sequence[bytes]) -> Sequence[bytes]:
    """Return the hashes if there is one for each node; else raise `NodesMissingError`."""
    if len(hashes) != len(nodes) or any(len(digest) != HASH_BYTES for digest in hashes):
        raise NodesMissingError(f"{len(nodes)} hashes were wanted of the nodes {list(nodes)[:3]} …")
    return hashes

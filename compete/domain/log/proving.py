"""Proofs: that a leaf is in the log, and that a log only became longer.

Both are made from a few stored nodes, read at once: about 2·log₂ of the size.
"""

from __future__ import annotations

from compete.domain.log.nodes import ReadNodes, Run, run_hashes


def inclusion_proof(index: int, size: int, read: ReadNodes) -> tuple[bytes, ...]:
    """The hashes that lead from leaf `index`, counted from 0, to the root of `size` leaves.

    From the leaf's neighbour upward (RFC 6962, 2.1.1). Raises IndexError for a
    leaf that is not there, `NodesMissingError` for a store with holes.
    """
    if not 0 <= index < size:
        raise IndexError(f"there is no leaf {index} among {size}")
    runs: list[Run] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _left_leaves(stop - start)
        if index < middle:
            runs.append(Run(middle, stop))
            stop = middle
        else:
            runs.append(Run(start, middle))
            start = middle
    return run_hashes(runs[::-1], read)


def consistency_proof(old: int, new: int, read: ReadNodes) -> tuple[bytes, ...]:
    """The hashes that show that a log of `old` leaves is the beginning of one of `new`.

    In the order of RFC 6962, 2.1.2; none where nothing is to be shown, for an
    empty log and for one of the same size. Raises IndexError where `old` is
    more than `new`, `NodesMissingError` for a store with holes.
    """
    if not 0 <= old <= new:
        raise IndexError(f"{old} leaves are no beginning of {new}")
    if old in (0, new):
        return ()
    runs: list[Run] = []
    start, stop = 0, new
    while stop != old:
        middle = start + _left_leaves(stop - start)
        if old <= middle:
            runs.append(Run(middle, stop))
            stop = middle
        else:
            runs.append(Run(start, middle))
            start = middle
    if start:
        runs.append(Run(start, stop))
    return run_hashes(runs[::-1], read)


def _left_leaves(count: int) -> int:
    """The number of leaves in the left subtree: the largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1

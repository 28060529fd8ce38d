"""Tiles of 256 nodes, as C2SP's `tlog-tiles` lets anyone fetch a whole log as files.

A tile of level L holds the hashes of full subtrees of 256^L leaves each. What
lies between is worked out anew by whoever reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from compete.domain.log.hashing import HASH_BYTES, node_hash
from compete.domain.log.nodes import Node, NodesMissingError, ReadNodes

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
MOST_TILE_LEVEL = 6
"""A log that had level 7 would be longer than any reader of numbers counts."""


class Tile(NamedTuple):
    """One tile; `width` is how many hashes it holds, 1 … 256."""

    level: int
    number: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Its path below the log's address: `tile/0/x001/x234/067.p/12`."""
        digits = f"{self.number:d}"
        digits = digits.zfill(-len(digits) % 3 + len(digits))
        *above, last = (digits[at : at + 3] for at in range(0, len(digits), 3))
        place = "/".join([*(f"x{part}" for part in above), last])
        partial = f".p/{self.width}" if self.width < TILE_WIDTH else ""
        return f"tile/{self.level}/{place}{partial}"


ReadTile = Callable[[Tile], bytes]
"""The bytes of a tile: its hashes one behind the other, 32 bytes each."""


def changed_tiles(old: int, new: int) -> Iterator[Tile]:
    """List the tiles that a log has with `new` leaves and had not, or not as wide, with `old`."""
    level = 0
    while new >> TILE_HEIGHT * level:
        before, count = old >> TILE_HEIGHT * level, new >> TILE_HEIGHT * level
        if count > before:
            for number in range(before >> TILE_HEIGHT, -(-count // TILE_WIDTH)):
                yield Tile(level, number, min(TILE_WIDTH, count - number * TILE_WIDTH))
        level += 1


def tile_bytes(tile: Tile, read: ReadNodes) -> bytes:
    """A tile's content, out of stored nodes. Raises `NodesMissingError` for a store with holes."""
    first = tile.number * TILE_WIDTH
    level = tile.level * TILE_HEIGHT
    nodes = [Node(level, first + at) for at in range(tile.width)]
    content = b"".join(read(nodes))
    _check(tile, content)
    return content


def nodes_from_tiles(size: int, read_tile: ReadTile) -> ReadNodes:
    """A reader of the nodes of a log of `size` leaves that is kept in tiles.

    Each tile is read once for all nodes asked for together. A tile of the
    wrong length raises `NodesMissingError`.
    """

    def read(nodes: Sequence[Node]) -> Sequence[bytes]:
        tiles: dict[Tile, bytes] = {}
        return [_from_tile(node, size, tiles, read_tile) for node in nodes]

    return read


def _from_tile(node: Node, size: int, tiles: dict[Tile, bytes], read_tile: ReadTile) -> bytes:
    level, height = divmod(node.level, TILE_HEIGHT)
    first, count = node.number << height, 1 << height
    number = first >> TILE_HEIGHT
    width = min(TILE_WIDTH, (size >> level * TILE_HEIGHT) - number * TILE_WIDTH)
    tile = Tile(level, number, width)
    content = tiles.get(tile)
    if content is None:
        content = tiles[tile] = read_tile(tile)
        _check(tile, content)
    start = first - number * TILE_WIDTH
    hashes = [
        content[at * HASH_BYTES : (at + 1) * HASH_BYTES] for at in range(start, start + count)
    ]
    while len(hashes) > 1:
        hashes = [node_hash(*pair) for pair in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]


def _check(tile: Tile, content: bytes) -> None:
    if len(content) != tile.width * HASH_BYTES:
        raise NodesMissingError(f"{tile.path} has {len(content)} bytes")

"""Tiles: the same nodes as files that anyone can fetch."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compete.domain.log.growing import read_frontier
from compete.domain.log.nodes import NodesMissingError
from compete.domain.log.proving import consistency_proof, inclusion_proof
from compete.domain.log.tiles import Tile, changed_tiles, nodes_from_tiles, tile_bytes
from tests.domain.log.naive_tree import Store


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 67, 3), "tile/0/067.p/3"),
        (Tile(1, 1000), "tile/1/x001/000"),
        (Tile(0, 1_234_067), "tile/0/x001/x234/067"),
        (Tile(2, 12_345, 255), "tile/2/x012/345.p/255"),
    ],
)
def test_a_tile_is_where_the_standard_says(tile: Tile, path: str) -> None:
    assert tile.path == path


def test_the_standards_example_of_70_000_leaves() -> None:
    tiles = list(changed_tiles(0, 70_000))
    assert Counter((tile.level, tile.width) for tile in tiles) == {
        (0, 256): 273, (0, 112): 1, (1, 256): 1, (1, 17): 1, (2, 1): 1,
    }  # fmt: skip
    assert list(changed_tiles(0, 256)) == [Tile(0, 0, 256), Tile(1, 0, 1)]
    assert list(changed_tiles(0, 0)) == []


@settings(max_examples=20)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=4))
def test_a_log_kept_in_tiles_gives_the_same_proofs(parts: list[int]) -> None:
    store, tiles, size = Store(), dict[str, bytes](), 0
    for part in parts:
        store.add([f"leaf {size + number}".encode() for number in range(part)])
        for tile in changed_tiles(size, size + part):
            tiles[tile.path] = tile_bytes(tile, store.read)
        size += part
    read = nodes_from_tiles(size, lambda tile: tiles[tile.path])
    assert read_frontier(size, read) == store.frontier
    for index in {0, size // 3, size - 1}:
        assert inclusion_proof(index, size, read) == inclusion_proof(index, size, store.read)
        old = index + 1
        assert consistency_proof(old, size, read) == consistency_proof(old, size, store.read)


def test_a_tile_is_read_once_for_a_whole_proof_and_must_be_whole() -> None:
    store = Store([f"leaf {number}".encode() for number in range(700)])
    asked: list[Tile] = []

    def read_tile(tile: Tile) -> bytes:
        asked.append(tile)
        return tile_bytes(tile, store.read)

    inclusion_proof(3, 700, nodes_from_tiles(700, read_tile))
    assert len(asked) == len(set(asked)) <= 3
    short = nodes_from_tiles(700, lambda tile: tile_bytes(tile, store.read)[:-1])
    with pytest.raises(NodesMissingError):
        inclusion_proof(3, 700, short)

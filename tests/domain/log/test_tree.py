"""The tree: the reference vectors, a naive tree, forged proofs, and a log of ten million leaves."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compete.domain.log.checking import shows_consistency, shows_inclusion
from compete.domain.log.growing import Frontier, read_frontier
from compete.domain.log.hashing import EMPTY_ROOT, leaf_hash, node_hash
from compete.domain.log.nodes import Node, NodesMissingError
from compete.domain.log.proving import consistency_proof, inclusion_proof
from tests.domain.log import naive_tree
from tests.domain.log.naive_tree import Store

# The leaves, roots and proofs that implementations of RFC 6962 have been tested
# with since the first one.
LEAVES = [
    bytes.fromhex(digits)
    for digits in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
A, B = (
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    ("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"),
)
C, D = (
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"),
)
E, F = (
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    ("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"),
)
INCLUSIONS = [
    (0, 1, []),
    (0, 8, [A, B, C]),
    (5, 8, [D, E, ROOTS[4]]),
    (2, 3, [ROOTS[2]]),
    (1, 5, [ROOTS[1], B, D]),
]
CONSISTENCIES = [(1, 1, []), (1, 8, [A, B, C]), (6, 8, [F, E, ROOTS[4]]), (2, 5, [B, D])]

sizes = st.integers(1, 300)


def leaves_of(size: int) -> list[bytes]:
    return [f"leaf {number}".encode() for number in range(size)]


def test_the_roots_are_those_of_the_reference() -> None:
    for size, wanted in enumerate(ROOTS):
        assert Store(LEAVES[:size]).frontier.root.hex() == wanted
        assert naive_tree.root(LEAVES[:size]).hex() == wanted


@pytest.mark.parametrize(("index", "size", "wanted"), INCLUSIONS)
def test_the_ways_up_are_those_of_the_reference(index: int, size: int, wanted: list[str]) -> None:
    proof = inclusion_proof(index, size, Store(LEAVES).read)
    assert [digest.hex() for digest in proof] == wanted
    leaf, root = leaf_hash(LEAVES[index]), bytes.fromhex(ROOTS[size])
    assert shows_inclusion(leaf, index, size, proof, root)


@pytest.mark.parametrize(("old", "new", "wanted"), CONSISTENCIES)
def test_the_proofs_of_growth_are_those_of_the_reference(
    old: int, new: int, wanted: list[str]
) -> None:
    proof = consistency_proof(old, new, Store(LEAVES).read)
    assert [digest.hex() for digest in proof] == wanted
    roots = [bytes.fromhex(root) for root in ROOTS]
    assert shows_consistency(old, roots[old], new, roots[new], proof)


@given(st.lists(st.integers(0, 70), max_size=6))
def test_it_grows_leaf_by_leaf_or_many_at_once_to_the_same_root(parts: list[int]) -> None:
    leaves = leaves_of(sum(parts))
    store, at = Store(), 0
    for part in parts:
        store.add(leaves[at : at + part])
        at += part
        assert store.frontier.root == naive_tree.root(leaves[:at])
        again = read_frontier(at, store.read)
        assert again == store.frontier
    assert all(
        node == naive_tree.root(leaves[n.number << n.level : (n.number + 1) << n.level])
        for n, node in store.nodes.items()
    )


@given(sizes.flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.integers(1, n), st.just(n))))
def test_proofs_are_those_of_the_definition_and_hold(case: tuple[int, int, int]) -> None:
    index, old, size = case
    leaves = leaves_of(size)
    store = Store(leaves)
    way = inclusion_proof(index, size, store.read)
    assert list(way) == naive_tree.path(index, leaves)
    assert shows_inclusion(leaf_hash(leaves[index]), index, size, way, store.frontier.root)
    growth = consistency_proof(old, size, store.read)
    assert list(growth) == naive_tree.proof(old, leaves)
    before = naive_tree.root(leaves[:old])
    assert shows_consistency(old, before, size, store.frontier.root, growth)


@settings(max_examples=60)
@given(st.integers(2, 40), st.randoms(use_true_random=False))
def test_nothing_else_is_taken_for_a_proof(size: int, chance: Random) -> None:
    leaves = leaves_of(size)
    store = Store(leaves)
    root, index = store.frontier.root, chance.randrange(size)
    leaf = leaf_hash(leaves[index])
    way = inclusion_proof(index, size, store.read)
    for other in range(size + 2):
        assert shows_inclusion(leaf, other, size, way, root) is (other == index)
    for spoiled in spoilt(way, chance):
        assert not shows_inclusion(leaf, index, size, spoiled, root)
    assert not shows_inclusion(leaf_hash(b"another"), index, size, way, root)
    old = chance.randrange(1, size)
    before = naive_tree.root(leaves[:old])
    growth = consistency_proof(old, size, store.read)
    for spoiled in spoilt(growth, chance):
        assert not shows_consistency(old, before, size, root, spoiled)
    assert not shows_consistency(old, bytes(32), size, root, growth)
    assert not shows_consistency(old, before, size, bytes(32), growth)
    assert not shows_consistency(size, root, old, before, growth)


def spoilt(proof: Sequence[bytes], chance: Random) -> list[list[bytes]]:
    """The proof with a bit turned, a hash left out, one doubled, one more, two exchanged."""
    proof = list(proof)
    proofs = [[*proof, bytes(32)], [bytes(32), *proof], proof[:-1] if proof else [bytes(32)]]
    for at, digest in enumerate(proof):
        bit = chance.randrange(256)
        turned = (int.from_bytes(digest, "big") ^ 1 << bit).to_bytes(32, "big")
        proofs.append([*proof[:at], turned, *proof[at + 1 :]])
        proofs.append([*proof[:at], *proof[at + 1 :]])
        proofs.append([*proof[: at + 1], *proof[at:]])
        if at:
            proofs.append([*proof[: at - 1], digest, proof[at - 1], *proof[at + 1 :]])
    return proofs


def test_a_log_that_was_changed_has_no_proof_of_growth() -> None:
    leaves = leaves_of(50)
    honest = Store(leaves[:20]).frontier.root
    changed = Store([*leaves[:7], b"forged", *leaves[8:]])
    proof = consistency_proof(20, 50, changed.read)
    assert not shows_consistency(20, honest, 50, changed.frontier.root, proof)


def test_an_empty_log_is_the_beginning_of_every_other() -> None:
    store = Store(leaves_of(5))
    assert consistency_proof(0, 5, store.read) == ()
    assert shows_consistency(0, EMPTY_ROOT, 5, store.frontier.root, ())
    assert not shows_consistency(0, bytes(32), 5, store.frontier.root, ())
    assert not shows_consistency(0, EMPTY_ROOT, 5, store.frontier.root, (bytes(32),))
    assert Frontier().root == EMPTY_ROOT == read_frontier(0, store.read).root


@pytest.mark.parametrize(("index", "size"), [(5, 5), (-1, 5), (0, 0)])
def test_no_proof_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(IndexError):
        inclusion_proof(index, size, Store(leaves_of(5)).read)


@pytest.mark.parametrize(("old", "new"), [(6, 5), (-1, 5)])
def test_no_proof_of_growth_backwards(old: int, new: int) -> None:
    with pytest.raises(IndexError):
        consistency_proof(old, new, Store(leaves_of(5)).read)


@pytest.mark.parametrize("given_back", [[], [bytes(32)], [bytes(31)] * 3, [bytes(32)] * 4])
def test_a_store_with_holes_gives_no_proof(given_back: list[bytes]) -> None:
    with pytest.raises(NodesMissingError):
        inclusion_proof(0, 8, lambda nodes: given_back)
    with pytest.raises(NodesMissingError):
        read_frontier(7, lambda nodes: given_back[:2])


def test_ten_million_leaves_cost_a_few_dozen_nodes_and_one_reading() -> None:
    """With equal leaves all nodes of a level are equal, so that so long a log can be made up."""
    size, levels = 10_000_001, [leaf_hash(b"the same")]
    while len(levels) < 25:
        levels.append(node_hash(levels[-1], levels[-1]))
    readings: list[int] = []

    def read(nodes: Sequence[Node]) -> list[bytes]:
        readings.append(len(nodes))
        assert all((node.number + 1) << node.level <= size for node in nodes)
        return [levels[node.level] for node in nodes]

    frontier = read_frontier(size, read)
    assert readings == [size.bit_count()]
    for index in (0, 1, size // 2, size - 2, size - 1):
        proof = inclusion_proof(index, size, read)
        assert shows_inclusion(levels[0], index, size, proof, frontier.root)
    for old in (1, 4_194_304, 9_999_999, size - 1):
        proof = consistency_proof(old, size, read)
        before = read_frontier(old, read).root
        assert shows_consistency(old, before, size, frontier.root, proof)
    assert max(readings) <= 2 * size.bit_length()
    grown, stored = frontier.grown([levels[0]])
    assert len(stored) <= size.bit_length()
    assert grown == read_frontier(size + 1, lambda nodes: [levels[node.level] for node in nodes])

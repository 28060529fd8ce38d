"""Any change of a bank, a table or a paper is read, refused or told; nothing else happens."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from compete.domain.bundle.problems import BundleError
from compete.domain.exam.bank import read_bank
from compete.domain.exam.basis import Basis
from compete.domain.exam.files import file_sha256
from compete.domain.exam.paper import paper_differences, read_paper
from compete.domain.exam.table import read_table

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FILES = {
    kind: json.loads((EXAMPLES / f"exam-small.{kind}.json").read_bytes())
    for kind in ("bank", "table", "paper")
}
VALUES: list[Any] = [
    None, True, 0, -1, 1, 2**53, 2**53 - 1, 0.5, "", " ", "A", "Q01", "1", "-1", "0.00001",
    "9" * 18, "\ud800", "<", "met", "short", "single", "essay", "X", "2026-02-29",
    [], {}, [[]], [None], ["A"], {"extra": 1},
]  # fmt: skip


def inside(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a tree, at whatever depth: the object or list, and the key or number."""
    for key in list(node) if isinstance(node, dict) else range(len(node)):
        yield node, key
        if isinstance(node[key], dict | list):
            yield from inside(node[key])


def spoilt(random: Random, tree: Any) -> Any:
    """The tree with a few values put or taken by chance, any place as likely as another."""
    tree = copy.deepcopy(tree)
    for _change in range(random.randint(1, 3)):
        node, key = random.choice([*inside(tree)])
        if random.random() < 0.2:
            del node[key]
        else:
            node[key] = copy.deepcopy(random.choice(VALUES))
    return tree


@pytest.mark.parametrize("kind", FILES)
def test_a_changed_file_is_read_or_refused(kind: str) -> None:
    ended = set()
    for seed in range(250):
        random = Random(f"{kind} {seed}")
        trees = {**FILES, kind: spoilt(random, FILES[kind])}
        data = {name: json.dumps(tree).encode() for name, tree in trees.items()}
        try:
            basis = Basis(
                read_bank(data["bank"]),
                read_table(data["table"]),
                file_sha256(data["bank"]),
                file_sha256(data["table"]),
            )
            differences = paper_differences(read_paper(data["paper"]), basis, seconds=5)
        except BundleError:
            ended.add("refused")
        else:
            assert all(str(difference.message) for difference in differences)
            ended.add("told" if differences else "held")
    assert {"refused", "told"} <= ended

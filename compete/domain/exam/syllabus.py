"""The syllabus of a question bank (鉴定要素细目表): scopes with weights, and points under them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from compete.domain.bundle.checks.codes import Codes, note_loops, note_reference, note_repeats
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.exam.files import Code, Record, Text, note_number
from compete.domain.values.messages import msg
from compete.domain.values.numerals import plain
from compete.domain.values.points import shortest

DEEPEST_SCOPE = 3
_WHOLE = 100


class Importance(StrEnum):
    """The classes of points: 核心, 一般, 辅助."""

    X = "X"
    Y = "Y"
    Z = "Z"


class Node(Record, frozen=True, kw_only=True):
    """A scope, which has a weight, or a point, which has an importance."""

    code: Code
    name: Text
    parent: Code | None = None
    weight: Decimal | None = None
    importance: Importance | None = None

    @property
    def is_point(self) -> bool:
        """True for a point (鉴定点), false for a scope (鉴定范围)."""
        return self.importance is not None


def points_with_all_above(nodes: Sequence[Node]) -> dict[str, tuple[str, ...]]:
    """For each point its own code and those of all scopes above it, of a syllabus that is well."""
    parents = {node.code: node.parent for node in nodes}
    paths = {}
    for node in nodes:
        if node.is_point:
            path, code = [node.code], node.parent
            while code is not None:
                path.append(code)
                code = parents[code]
            paths[node.code] = tuple(path)
    return paths


def note_syllabus(nodes: Sequence[Node], problems: Problems) -> None:
    """Note what is wrong with the tree and its weights."""
    note_repeats(nodes, "syllabus", problems)
    note_loops(nodes, lambda node: node.parent, "syllabus", "parent", problems)
    known = Codes(nodes)
    for number, node in enumerate(nodes):
        if node is not UNREADABLE:
            _note_node(node, known, f"syllabus[{number}]", problems)
    _note_children(nodes, known, problems)


def _note_node(node: Node, known: Codes, path: str, problems: Problems) -> None:
    if node.weight is None and node.importance is None:
        problems.add(path, msg("鉴定范围要写 weight，鉴定点要写 importance"))
    if node.weight is not None and node.importance is not None:
        problems.add(path, msg("weight 和 importance 只能写一个"))
    note_number(node.weight, f"{path}.weight", problems, above=0)
    if node.is_point and node.parent is None:
        problems.add(f"{path}.parent", msg("鉴定点要写在哪个鉴定范围里"))
    note_reference(node.parent, known, f"{path}.parent", "syllabus", problems)
    above = _above(node, known)
    if above and above[0].importance is not None and above[0].weight is None:
        problems.add(f"{path}.parent", msg("鉴定点下面不能再有什么"))
    if node.weight is not None and len(above) == DEEPEST_SCOPE:
        problems.add(f"{path}.parent", msg("鉴定范围最多 %(most)s 层", most=DEEPEST_SCOPE))


def _above(node: Node, known: Codes) -> list[Node]:
    """What stands above a node, the nearest first, as far as a scope may stand deep."""
    above: list[Any] = []
    while len(above) < DEEPEST_SCOPE and node.parent in known.by_code:
        node = known.by_code[node.parent]
        if node in above:
            # A loop, which is told already.
            return above[:1]
        above.append(node)
    return above


def _note_children(nodes: Sequence[Node], known: Codes, problems: Problems) -> None:
    children: dict[str | None, list[Node]] = {}
    for node in nodes:
        children.setdefault(node.parent, []).append(node)
    if nodes is not UNREADABLE:
        _note_sum(children.get(None, []), Decimal(_WHOLE), "syllabus", problems)
    for number, node in enumerate(nodes):
        below = children.get(node.code, []) if known.by_code.get(node.code) is node else []
        scopes = [child for child in below if child.weight is not None]
        if scopes and len(scopes) < len(below):
            sentence = msg("一个鉴定范围下面要么是鉴定范围，要么是鉴定点，不能都有")
            problems.add(f"syllabus[{number}]", sentence)
        if scopes and node.weight is not None:
            _note_sum(scopes, node.weight, f"syllabus[{number}].weight", problems)


def _note_sum(nodes: Sequence[Node], wanted: Decimal, path: str, problems: Problems) -> None:
    """Note weights that do not add up; who has none, or one that can't be read, is told already."""
    weights = [node.weight for node in nodes if node.weight is not None or not node.is_point]
    if wanted is UNREADABLE or any(weight is None or weight is UNREADABLE for weight in weights):
        return
    total = sum((Fraction(weight) for weight in weights if weight is not None), Fraction())
    if total != wanted:
        sentence = msg(
            "下面的鉴定比重加起来是 %(total)s，应当是 %(wanted)s",
            total=shortest(total),
            wanted=plain(wanted),
        )
        problems.add(path, sentence)

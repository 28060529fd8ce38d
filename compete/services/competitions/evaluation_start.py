"""An evaluation to begin with: one occupation, for each level an event with usual modules."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import msgspec

from compete.domain.bundle.event_types import Occupation
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.types import Bundle
from compete.domain.grades.ladder import grade_label
from compete.domain.values.kinds import Kind
from compete.services.competitions.drafts import Beginnings, blank
from compete.services.directory.ladders.conditions import taken_lines

REVIEWED = frozenset({1, 2})
"""The levels that have a 综合评审 beside theory and practice."""
EXAMINERS = 3
"""The number who mark a practical module, and a 综合评审: odd, so there is a middle."""
NO_CODE = "待核"
"""The stand-in for an occupation's code that nobody knows yet."""


def evaluation_of(
    wanted: Beginnings,
    occupation: Occupation,
    levels: Iterable[int],
    conditions: str,
) -> Bundle:
    """The evaluation as a file would bring it, its lowest level first.

    `conditions` is the key of an edition of conditions of application, or empty.

    Raises `BundleError` for what no file can say either.
    """
    tree = msgspec.to_builtins(blank(wanted, Kind.EVALUATION)) | {
        "events": [
            level_tree(occupation, level, conditions) for level in sorted(set(levels), reverse=True)
        ],
    }
    return read_bundle(json.dumps(tree, ensure_ascii=False, default=str).encode())


def level_tree(occupation: Occupation, level: int, conditions: str) -> dict[str, Any]:
    """The usual rules of a level, as a file writes them."""
    modules = [
        # Two read each paper, and must come to the same.
        _module("theory", "理论知识", "卷面成绩", {"size": 2, "combine": "agreed"}),
        _module("practical", "操作技能", "操作得分", {"size": EXAMINERS}),
    ]
    if level in REVIEWED:
        modules.append(
            _module("review", "综合评审", "评审得分", {"size": EXAMINERS}) | {"review": True}
        )
    tree: dict[str, Any] = {
        "code": f"L{level}",
        "name": f"{occupation.track or occupation.name} {grade_label(level).render()}",
        "occupation": {
            key: text
            for key in ("code", "name", "track")
            if (text := getattr(occupation, key)) is not None
        },
        "verdict": "pass",
        "grade": level,
        "stages": [{"code": "s", "name": "考核", "modules": modules}],
    }
    if conditions:
        tree |= taken_lines(conditions, str(level))
    return tree


def _module(code: str, name: str, aspect: str, panel: dict[str, Any]) -> dict[str, Any]:
    row = {"code": f"{code}-1", "name": aspect, "type": "score", "max": "100", "step": "0.5"}
    return {"code": code, "name": name, "full": "100", "panel": panel, "aspects": [row]}

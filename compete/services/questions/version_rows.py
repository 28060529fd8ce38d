"""A version of a question between its file and its row: what is asked, and the sealed answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from compete.domain.exam.bank import without_marks
from compete.domain.exam.folding import folded
from compete.domain.values.canonical import canonical_sha256
from compete.models import QuestionVersion

_ANSWER = ("key", "tolerance", "relative", "case", "explanation", "guide")
"""The keys of a version that tell the answer, or what leads to it."""


def row_of_version(version: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a version as its file has it."""
    asked = {key: it for key, it in version.items() if key not in (*_ANSWER, "number")}
    answer = {key: version[key] for key in _ANSWER if key in version}
    return {
        "number": version["number"],
        "asked": asked,
        "answer": json.dumps(answer, ensure_ascii=False),
        "sha256": canonical_sha256(dict(version)),
    }


def version_of_row(row: QuestionVersion) -> dict[str, Any]:
    """A version as the file has it."""
    return {"number": row.number, **row.asked, **json.loads(row.answer)}


def words_of(code: str, asked: Mapping[str, Any]) -> str:
    """The folded texts by which a question is looked for: code, stem, options."""
    options = [option["text"] for option in asked.get("options") or ()]
    return "\n".join(folded(without_marks(text)) for text in (code, asked["stem"], *options))

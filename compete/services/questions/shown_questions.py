"""A question as whoever answers it sees it, and the keys that say which answer is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from compete.domain.exam.answers import QuestionKind

_KEYED = ("key", "tolerance", "relative", "case")


def keys_of(version: Mapping[str, Any]) -> dict[str, Any]:
    """What an answer is compared with: the key, and how far from it an answer may lie."""
    return {key: version[key] for key in _KEYED if version.get(key) is not None}


def asked_of(
    kind: QuestionKind, version: Mapping[str, Any], order: Sequence[str] | None
) -> dict[str, Any]:
    """The stem, the options in that order, how many blanks; nothing of keys and explanations."""
    row: dict[str, Any] = {"stem": version["stem"]}
    if order is not None:
        texts = {option["id"]: option["text"] for option in version["options"]}
        row["options"] = [{"id": option, "text": texts[option]} for option in order]
    if kind is QuestionKind.BLANK:
        row["blanks"] = len(version["key"])
    return row

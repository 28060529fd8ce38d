"""A question as whoever answers it sees it, and the keys that say which answer is right."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from compete.domain.exam.answers import QuestionKind
from compete.services.questions.pictures import PICTURE_TYPE, names_in, own_pictures

_ASKED = ("stem", "options")
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


def media_of(
    version: Mapping[str, Any], pictures: Mapping[str, bytes], *more: str
) -> dict[str, Any]:
    """The pictures of what is asked, by the names of their marks; `more` are texts besides."""
    texts = {key: version[key] for key in (*_ASKED, *more, "media") if version.get(key)}
    own = own_pictures(texts, pictures)
    media = {
        name: {"type": PICTURE_TYPE, "data": base64.b64encode(own[name]).decode()}
        for name in names_in(texts)
        if name in own
    }
    return {"media": media} if media else {}

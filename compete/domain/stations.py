"""Stations in order: as people count them, whatever stands around the number."""

from __future__ import annotations

import re
import unicodedata

_STEMS, _ONES = "甲乙丙丁戊己庚辛壬癸", "〇一二三四五六七八九"
_COUNTED = re.compile(f"([0-9]+|[{_STEMS}]|[{_ONES}]?十[{_ONES}]?|[{_ONES}])")


def station_order(station: str) -> tuple[object, ...]:
    """A key to sort stations by: `2 号` before `10 号`, `三号` before `十号`, `丙台` before `丁台`.

    Texts and numbers are compared in turn, no station first; two that count the same (`02`, `2`)
    go by their texts.
    """
    parts = _COUNTED.split(unicodedata.normalize("NFKC", station))
    # `split` gives texts and numbers by turns, so that like is always compared with like.
    key = tuple(_number(part) if place % 2 else part for place, part in enumerate(parts))
    return key, station


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text[:18])
    if text in _STEMS:
        return _STEMS.index(text) + 1
    tens, ten, ones = text.rpartition("十")
    return (_ONES.index(tens or "一") * 10 if ten else 0) + _ONES.index(ones or "〇")

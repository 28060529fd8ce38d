"""How marks are given, as the words of a cell: written so, and read back from them.

The first line says the type and its numbers, `；` sets off what most rules do not need. Where it
announces so many levels, checks or bands, they follow, a line each. All else is for the judge to
read. Words that were written by hand are guessed at where they plainly say faults or bands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import assert_never

from compete.domain.aspects import AspectType, type_of
from compete.sheets.schemes.types import SchemeAspect

_N = r"(\d{1,18}(?:\.\d{1,12})?)"
_SCORE = re.compile(rf"直接给分(?:，每档 ?{_N} ?分)?")
_JUDGEMENT = re.compile(r"分 ?(\d{1,3}) ?档(，没有写明)?")
_YES_NO = re.compile(r"合格得满分，不合格 ?0 ?分")
_BANDS = re.compile(r"看偏差，分 ?(\d{1,3}) ?段")
_CHECKS = re.compile(r"看 ?(\d{1,2}) ?条，按达到的条数给分")
_FAULTS = re.compile(rf"每(?:次|处|个|项|根|件|条)扣 ?{_N} ?分(?:，扣完为止)?")
_TIME = re.compile(rf"{_N} ?秒以内满分，{_N} ?秒起 ?0 ?分")
_RELATIVE = re.compile(r"最(小|大)的得满分，其余按比例")
_FACTOR = re.compile(rf"得分乘 ?{_N}")
_UNIT = re.compile(r"单位 (.*)")

_BAND = re.compile(
    rf"(?:偏差)? ?[≤±]? ?{_N} ?[^\d\s，；,;]{{0,6}}?(?:以内|之内|内|以下)[得：:]? ?(-?{_N}) ?分"
)
_REST_OF_BANDS = re.compile(r"(?:以外|再大|超出|其余|其他|否则)(?:得|不得)? ?(?:0 ?)?分?")
_BY_HAND = re.compile(rf"(?:每|错|漏|缺|少)[^，。；;扣\n]{{0,24}}扣 ?{_N} ?分")
_ANY_TAKEN = re.compile(r"扣 ?\d")
_OF_TIME = re.compile(r"秒|分钟|小时")
_NUMBERED = re.compile(r"(\d{1,3})(?:[.、:： ]\s*(.*))?")
_CUT = re.compile(r"[，；,;。\n]+")
_LEVEL = re.compile(r"(\d)(?:\s*[档级分])?[.、:：\s]*([^\d\s].*)")

_Keys = Mapping[str, str]


class Sure(Enum):
    """How the type was found."""

    SAID = "in the words that we write"
    GUESSED = "from words that were written by hand"
    SILENT = "nothing says it"


@dataclass(frozen=True, slots=True)
class ReadRule:
    """The keys that a cell says, the rest of it for judges, and how sure the type is."""

    keys: _Keys = field(default_factory=dict)
    hint: str = ""
    sure: Sure = Sure.SILENT


def rule_words(aspect: SchemeAspect) -> str:
    """The rule in words that `read_rule` takes for the same, without the hint."""
    head, lines = _head_and_lines(aspect)
    if aspect.factor not in ("", "1"):
        head += f"；得分乘 {aspect.factor}"
    if aspect.unit:
        head += f"；单位 {aspect.unit}"
    return "\n".join([head, *lines])


def _head_and_lines(aspect: SchemeAspect) -> tuple[str, list[str]]:
    match type_of(aspect.type):
        case AspectType.JUDGEMENT:
            levels = aspect.levels.splitlines()
            if not levels:
                return f"分 {int(aspect.scale or 3) + 1} 档，没有写明", []
            return f"分 {len(levels)} 档", _numbered(levels, start=0)
        case AspectType.MEASUREMENT:
            bands = [line.split() for line in aspect.bands.splitlines()]
            if not bands:
                return "合格得满分，不合格 0 分", []
            lines = [f"{within} 以内 {marks} 分" for within, marks in bands]
            return f"看偏差，分 {len(bands)} 段", lines
        case AspectType.CHECKLIST:
            checks = aspect.checks.splitlines()
            return f"看 {len(checks)} 条，按达到的条数给分", _numbered(checks, start=1)
        case AspectType.DEDUCTION:
            return f"每次扣 {aspect.points} 分，扣完为止", []
        case AspectType.TIME:
            return f"{aspect.full_at} 秒以内满分，{aspect.zero_at} 秒起 0 分", []
        case AspectType.RELATIVE:
            return f"最{'大' if aspect.better == 'higher' else '小'}的得满分，其余按比例", []
        case AspectType.SCORE:
            return f"直接给分，每档 {aspect.step} 分" if aspect.step else "直接给分", []
        case other:
            assert_never(other)


def _numbered(lines: Sequence[str], start: int) -> list[str]:
    return [f"{number} {line}" for number, line in enumerate(lines, start=start)]


def read_rule(text: str) -> ReadRule:
    """What a cell says of how marks are given."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return ReadRule()
    head, _mark, options = lines[0].partition("；")
    said = _said(unicodedata.normalize("NFKC", head).replace(",", "，").strip(), lines[1:])
    more = _options(options)
    if said is not None and more is not None:
        keys, used = said
        return ReadRule({**keys, **more}, "\n".join(lines[1 + used :]), Sure.SAID)
    found = _guessed(lines)
    if found is None:
        return ReadRule(hint="\n".join(lines))
    return ReadRule(found, "\n".join(lines), Sure.GUESSED)


def _options(text: str) -> _Keys | None:
    """What stands behind the first `；`; None where that is none of ours."""
    keys: dict[str, str] = {}
    while text:
        if unit := _UNIT.fullmatch(text):
            return {**keys, "unit": unit[1]}
        part, _mark, text = text.partition("；")
        factor = _FACTOR.fullmatch(unicodedata.normalize("NFKC", part))
        if factor is None:
            return None
        keys["factor"] = factor[1]
    return keys


def _said(head: str, below: Sequence[str]) -> tuple[_Keys, int] | None:
    """The keys of a rule in our own words, and how many of the lines below belong to it."""
    if found := _SCORE.fullmatch(head):
        return {"type": "score", "step": found[1] or ""}, 0
    if found := _FAULTS.fullmatch(head):
        return {"type": "deduction", "points": found[1]}, 0
    if _YES_NO.fullmatch(head):
        return {"type": "measurement"}, 0
    if found := _TIME.fullmatch(head):
        return {"type": "time", "full_at": found[1], "zero_at": found[2]}, 0
    if found := _RELATIVE.fullmatch(head):
        return {"type": "relative", "better": "higher" if found[1] == "大" else "lower"}, 0
    if found := _JUDGEMENT.fullmatch(head):
        count = int(found[1])
        if found[2]:
            return {"type": "judgement", "scale": str(count - 1)}, 0
        return _with_lines("judgement", "levels", below, count, start=0)
    if found := _CHECKS.fullmatch(head):
        return _with_lines("checklist", "checks", below, int(found[1]), start=1)
    if found := _BANDS.fullmatch(head):
        bands = [_BAND.fullmatch(line) for line in below[: int(found[1])]]
        if len(bands) == int(found[1]) and all(bands):
            lines = [f"{it[1]} {it[2]}" for it in bands if it]
            return {"type": "measurement", "bands": "\n".join(lines)}, len(lines)
    return None


def _with_lines(
    type_: str, key: str, below: Sequence[str], count: int, start: int
) -> tuple[_Keys, int] | None:
    """So many numbered lines follow, or it is none of our rules."""
    found = [_NUMBERED.fullmatch(line) for line in below[:count]]
    if [int(it[1]) if it else -1 for it in found] != list(range(start, start + count)):
        return None
    return {"type": type_, key: "\n".join(it[2] or "" for it in found if it)}, count


def _guessed(lines: Sequence[str]) -> _Keys | None:
    """Levels, bands or faults, where the words leave nothing else."""
    text = unicodedata.normalize("NFKC", "\n".join(lines)).replace(",", "，")
    parts = [part.strip() for part in _CUT.split(text) if part.strip()]
    levels = [_LEVEL.fullmatch(part) for part in _levels(text)]
    numbers = [int(it[1]) for it in levels if it]
    if len(levels) >= 3 and numbers == list(range(len(levels))):
        return {"type": "judgement", "levels": "\n".join(it[2].strip() for it in levels if it)}
    bands = [_BAND.fullmatch(part) for part in parts]
    if bands and bands[-1] is None and len(bands) > 1 and _REST_OF_BANDS.fullmatch(parts[-1]):
        bands.pop()
    if bands and all(bands):
        found = [f"{it[1]} {it[2]}" for it in bands if it]
        return {"type": "measurement", "bands": "\n".join(found)}
    faults = _BY_HAND.search(text)
    if faults and len(_ANY_TAKEN.findall(text)) == 1 and not _OF_TIME.search(text):
        return {"type": "deduction", "points": faults[1]}
    return None


def _levels(text: str) -> list[str]:
    """A line each, or all in one line with their numbers before them."""
    lines = [line.strip(" ，；;。") for line in text.split("\n")]
    if len(lines) > 1:
        return lines
    return [part.strip(" ，；;。") for part in re.split(r"(?<![\d.])(?=[0-9][^\d.])", text) if part]

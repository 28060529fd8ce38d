"""Rules of marking as the words of a cell: written so, and read back from them.

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
from typing import Any

from compete.domain.aspects.kinds import class_of
from compete.domain.aspects.types import AspectType, type_of
from compete.sheets.scheme_aspects import SchemeAspect

_FACTOR = re.compile(r"得分乘 ?(\d{1,18}(?:\.\d{1,12})?)")
_UNIT = re.compile(r"单位 (.*)")
_CUT = re.compile(r"[，；,;。\n]+")
_Keys = Mapping[str, Any]
"""The type, its own keys and what any type may say, as `SchemeAspect` calls them."""


class Sure(Enum):
    """The way in which the type was found."""

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
    """Write the rule in words that `read_rule` takes for the same, without the hint."""
    head, lines = class_of(type_of(aspect.type)).scheme_words(aspect.own)
    if aspect.factor not in ("", "1"):
        head += f"；得分乘 {aspect.factor}"
    if aspect.unit:
        head += f"；单位 {aspect.unit}"
    return "\n".join([head, *lines])


def read_rule(text: str) -> ReadRule:
    """Read from a cell how marks are given."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return ReadRule()
    head, _mark, options = lines[0].partition("；")
    rule = _own_keys(unicodedata.normalize("NFKC", head).replace(",", "，").strip(), lines[1:])
    more = _options(options)
    if rule is not None and more is not None:
        keys, used = rule
        return ReadRule({**keys, **more}, "\n".join(lines[1 + used :]), Sure.SAID)
    guess = _guessed(lines)
    if guess is None:
        return ReadRule(hint="\n".join(lines))
    return ReadRule(guess, "\n".join(lines), Sure.GUESSED)


def _options(text: str) -> _Keys | None:
    """The keys behind the first `；`; None where the text is none of ours."""
    keys: dict[str, Any] = {}
    while text:
        if unit := _UNIT.fullmatch(text):
            return {**keys, "unit": unit[1]}
        part, _mark, text = text.partition("；")
        factor = _FACTOR.fullmatch(unicodedata.normalize("NFKC", part))
        if factor is None:
            return None
        keys["factor"] = factor[1]
    return keys


def _own_keys(head: str, below: Sequence[str]) -> tuple[_Keys, int] | None:
    """The keys of a rule in our own words, and how many of the lines below belong to them."""
    for kind in AspectType:
        if (own_keys := class_of(kind).scheme_keys(head, below)) is not None:
            return {"type": kind.value, "own": own_keys[0]}, own_keys[1]
    return None


def _guessed(lines: Sequence[str]) -> _Keys | None:
    """Guess a type, where the words leave nothing else."""
    text = unicodedata.normalize("NFKC", "\n".join(lines)).replace(",", "，")
    parts = [part.strip() for part in _CUT.split(text) if part.strip()]
    for kind in AspectType:
        if (own := class_of(kind).guessed(text, parts)) is not None:
            return {"type": kind.value, "own": own}
    return None

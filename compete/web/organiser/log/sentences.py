"""The common parts of audit sentences: their shape, and what fills them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from compete.domain.values.messages import Message
from compete.web.language import say


@dataclass(frozen=True, slots=True)
class Act:
    """A row of the audit chain, as its sentence tells it: who did what, why, and what stands."""

    who: str
    what: str
    why: str
    after: dict[str, Any]


Value = Callable[[Act], object]
"""The value that fills a hole."""


@dataclass(frozen=True, slots=True)
class Either:
    """One sentence if the row has a value under `key` (or, for `why`, a reason), else the
    other."""

    key: str
    yes: Message
    no: Message


@dataclass(frozen=True, slots=True)
class By:
    """The sentence chosen by the row's value under `key`, else the other."""

    key: str
    each_of: Mapping[str, Message]
    other: Message | Callable[[Act], str]


Sentence = Message | Either | By | Callable[[Act], str]
"""A hole is filled by the sentence's own value, its table's, who, what or why, else by what the
row tells under its name."""
Sentences = Mapping[str, Sentence]
"""The sentences by action."""
Values = Mapping[str, Value]
"""The values by hole, of all sentences of a table."""

_HOLES = re.compile(r"%\((\w+)\)s")


def tell(sentence: Sentence, act: Act, values: Values) -> str:
    """The sentence of a row."""
    if isinstance(sentence, Either):
        stands = act.why if sentence.key == "why" else act.after.get(sentence.key)
        sentence = sentence.yes if stands else sentence.no
    elif isinstance(sentence, By):
        sentence = sentence.each_of.get(str(act.after.get(sentence.key)), sentence.other)
    if not isinstance(sentence, Message):
        return sentence(act)
    known = {"who": act.who, "what": act.what, "why": act.why, **values, **sentence.params}
    holes = _HOLES.findall(sentence.text)
    return say(Message(sentence.text, {hole: _filled(act, hole, known) for hole in holes}))


def _filled(act: Act, hole: str, known: Mapping[str, object]) -> object:
    value = known.get(hole, row_value(hole))
    return value(act) if callable(value) else value


def row_value(key: str, default: object = "") -> Value:
    """Return the row's value under this name."""
    return lambda act: default if (value := act.after.get(key)) is None else value


def number_of(key: str) -> Value:
    """Return the count of the row's value under this name."""
    return lambda act: counted(act.after.get(key))


def counted(listed: Any) -> int:
    """Count the items that one row lists; another row has their number under that key."""
    return len(listed) if isinstance(listed, list | dict) else listed or 0

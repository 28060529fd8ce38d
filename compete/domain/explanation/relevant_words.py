"""Words of a rule that matter to a question: exceptions first, else what both speak of."""

from __future__ import annotations

import re
from dataclasses import dataclass

_EXCEPTIONS = (
    *("不计", "不扣", "不算", "不记", "不罚", "不作", "免扣", "除外", "例外", "以外", "不在此"),
    *("except", "unless", "not count", "no deduction", "does not apply"),
)
_SENTENCE = re.compile(r"(?<=[。；;！!？?\n])|(?<=\. )")
_NUMBER = re.compile(r"第\s?[\d〇零一二三四五六七八九十百]{1,6}\s?条|(?:Article|Rule|§)\s?\d{1,4}")
_WORDS = re.compile(r"[一-鿿]+|[a-z]{3,}")
_ENOUGH = 2
"""Pairs of characters that a sentence and a matter share before it is taken to be about it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a rule's text, and whether it is one of its telling words."""

    text: str
    lit: bool


def numbered(text: str) -> tuple[str | None, str]:
    """`第 8 条` and what the rule says after it; None where the text names no number."""
    match = _NUMBER.match(text)
    if match is None:
        return None, text
    return match[0], text[match.end() :].lstrip(" ：:，,、")


def telling_parts(text: str, asked: str) -> list[Part]:
    """The rule's text in pieces: what it excepts is lit, else the sentence nearest to `asked`.

    A rule of one sentence that excepts nothing has nothing that tells more than the rest.
    """
    sentences = [sentence for sentence in _SENTENCE.split(text) if sentence]
    lit = {
        n for n, sentence in enumerate(sentences) if any(x in sentence.lower() for x in _EXCEPTIONS)
    }
    if not lit and len(sentences) > 1:
        wanted = _pairs(asked)
        shared = [len(_pairs(sentence) & wanted) for sentence in sentences]
        most = max(shared)
        if most >= _ENOUGH and shared.count(most) == 1:
            lit = {shared.index(most)}
    return [Part(sentence, n in lit) for n, sentence in enumerate(sentences)]


def _pairs(text: str) -> set[str]:
    """Characters two by two, and words of Latin letters whole."""
    pairs: set[str] = set()
    for word in _WORDS.findall(text.lower()):
        if word.isascii():
            pairs.add(word)
        else:
            pairs |= {word[n : n + 2] for n in range(len(word) - 1)}
    return pairs

"""Aiken: questions as people type them, a choice a paragraph, with the answer's letter below."""

from __future__ import annotations

import re
import unicodedata

from compete.domain.exam.answers import MOST_OPTIONS
from compete.domain.values.messages import msg
from compete.sheets.questions.brought import (
    ALL,
    LETTERS,
    BroughtAnswer,
    BroughtQuestion,
)

_ANSWER = re.compile(r"\s*(?:ANSWER|答案|正确答案)\s*[:：]\s*(.*)", re.IGNORECASE)
_OPTION = re.compile(r"\s*([A-Za-zＡ-Ｚ])\s*[.)．、）]\s*(.*)")
_APART = re.compile(r"[\s,，、;；.．。]+")


def is_aiken(text: str) -> bool:
    """True if an answer's line stands below options."""
    before = ""
    for line in text.split("\n"):
        if not line.strip():
            continue
        if before and _ANSWER.match(line) and _OPTION.match(before):
            return True
        before = line
    return False


def read_aiken(text: str) -> list[BroughtQuestion]:
    """The questions of an Aiken file; a stem may have several lines, an answer several letters."""
    questions: list[BroughtQuestion] = []
    stem: list[str] = []
    options: list[str] = []
    first, line_number = 0, 0

    def finish(letters: str | None) -> None:
        nonlocal stem, options
        if stem or options:
            questions.append(_question(first, stem, options, letters))
        stem, options = [], []

    for line_number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        if not stem and not options:
            first = line_number
        if (match := _ANSWER.match(line)) is not None and (stem or options):
            finish(match[1])
        elif (match := _OPTION.match(line)) is not None and _is_next(match[1], options, stem):
            options.append(match[2].strip())
        elif options and not _begins(line):
            options[-1] += f"\n{line.strip()}"
        else:
            if options:
                finish(None)
                first = line_number
            stem.append(line.strip())
    finish(None)
    return questions


def _is_next(letter: str, options: list[str], stem: list[str]) -> bool:
    """True if the letter is that of the next option, so that no line of a stem is taken for one."""
    letter = unicodedata.normalize("NFKC", letter).upper()
    place = len(options)
    return bool(stem) and ord(letter) - ord("A") == place


def _begins(line: str) -> bool:
    """True if a line begins a question though the one before has no answer: it has a number."""
    return re.match(r"\s*[0-9]{1,4}\s*[.．、)）]", line) is not None


def _question(
    line: int, stem: list[str], options: list[str], letters: str | None
) -> BroughtQuestion:
    question = BroughtQuestion(line)
    question.put("stem", "\n".join(stem))
    right = ""
    if letters is not None:
        right = _APART.sub("", unicodedata.normalize("NFKC", letters)).upper()
    share = ALL / len(right) if right else ALL
    answers = [
        BroughtAnswer(text, share if chr(ord("A") + place) in right else ALL * 0)
        for place, text in enumerate(options)
    ]
    question.put_choice(answers, several=len(right) > 1)
    unknown = [it for it in right if it not in LETTERS[: min(len(options), MOST_OPTIONS)]]
    if letters is None:
        question.faults.pop("key", None)
        question.refuse("key", msg("这道题没有 ANSWER 一行"))
    elif unknown:
        question.faults.pop("key", None)
        question.texts["key"] = letters.strip()
        question.refuse("key", msg("没有选项 %(letter)s", letter=unknown[0]))
    return question

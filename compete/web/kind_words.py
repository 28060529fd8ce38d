"""Words of a kind: an evaluation has 考评员 where a contest has 裁判, in every text of its pages.

Texts are written once, as contests say them, and changed as they are translated, before
anybody's name is put into them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from flask import g
from flask_babel import Babel, Domain, get_locale

from compete.domain.values import Kind
from compete.language import FIRST
from compete.models import Competition

_VERB = ("to ", "To ", "not ", "may ", "must ", "can ", "who ")
# Neither a verb nor the name of a hole is changed.
_NOUN = "".join(f"(?<!{before})" for before in (r"%\(", *_VERB))
_INSTEAD: Mapping[tuple[str, str], Sequence[tuple[re.Pattern[str], str]]] = {
    (Kind.EVALUATION, "zh"): (
        (re.compile("裁判长"), "考评组长"),
        (re.compile("裁判员?"), "考评员"),
        (re.compile("比赛"), "考核"),
    ),
    (Kind.EVALUATION, "en"): (
        (re.compile(r"\b([Aa]) judge\b"), r"\1n examiner"),
        (re.compile(rf"{_NOUN}\bjudge(s?)\b"), r"examiner\1"),
        (re.compile(rf"{_NOUN}\bJudge(s?)\b"), r"Examiner\1"),
    ),
}
"""By kind and language, what is said otherwise."""


def competition_here() -> Competition | None:
    """Whose page is shown, at the desk or to a judge."""
    judging = g.get("judging")
    found: Competition | None = judging.competition if judging else g.get("competition")
    return found


@lru_cache(maxsize=8192)
def worded(text: str, kind: str, language: str) -> str:
    """A text as pages of a kind say it, its holes as they are."""
    for pattern, instead in _INSTEAD.get((kind, language), ()):
        text = pattern.sub(instead, text)
    return text


def said_otherwise() -> tuple[str, str] | None:
    """The kind and the language of the page, where other words are said there; else None."""
    competition, locale = competition_here() if g else None, get_locale()
    if competition is None:
        return None
    said = (competition.kind, locale.language if locale else FIRST.code)
    return said if said in _INSTEAD else None


class _Worded:
    """Translations whose texts are those of a kind."""

    def __init__(self, translations: Any, said: tuple[str, str]) -> None:
        self._translations, self._said = translations, said

    def ugettext(self, text: str) -> str:
        return worded(self._translations.ugettext(text), *self._said)

    def ungettext(self, singular: str, plural: str, number: int) -> str:
        return worded(self._translations.ungettext(singular, plural, number), *self._said)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._translations, name)


class DomainOfKinds(Domain):
    """The catalogue, in the words of the competition whose page is shown."""

    def get_translations(self) -> Any:
        """Those of the reader's language."""
        translations = super().get_translations()  # type: ignore[no-untyped-call]
        said = said_otherwise()
        return _Worded(translations, said) if said else translations


class BabelOfKinds(Babel):
    """Flask-Babel with such a catalogue."""

    @cached_property
    def domain_instance(self) -> Domain:
        return DomainOfKinds(domain=self.domain)  # type: ignore[no-untyped-call]

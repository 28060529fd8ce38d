"""Texts of a page in the words of the competition's kind (`compete.language.WORDS_OF_KINDS`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from babel import Locale
from flask import g
from flask_babel import Babel, Domain, get_locale
from flask_babel import gettext as _

from compete.domain.kinds.kinds import competition_kind
from compete.language import FIRST, WORDS_OF_KINDS, worded
from compete.models import Competition


def competition_here() -> Competition | None:
    """Return the competition of the page: at the desk, to a judge or to anybody (`speak_of`)."""
    judging = g.get("judging")
    competition: Competition | None = judging.competition if judging else g.get("competition")
    return competition or g.get("spoken_of")


def speak_of(competition: Competition) -> None:
    """Say the rest of a public page in the words of this competition's kind."""
    g.spoken_of = competition


@contextmanager
def speaking_of(competition: Competition) -> Iterator[None]:
    """Say what one page tells of this competition, among others, in the words of its kind."""
    before = g.get("spoken_of")
    g.spoken_of = competition
    try:
        yield
    finally:
        g.spoken_of = before


def link_word(competition: Competition) -> str:
    """Name the purpose of the units' links."""
    return _("报名链接") if competition_kind(competition).of_people else _("自评链接")


def said_otherwise() -> tuple[str, str] | None:
    """Return the kind and language of a page that uses other words; else None."""
    competition = competition_here() if g else None
    if competition is None:
        return None
    locale = get_locale()
    key = (competition.kind, locale.language if locale else FIRST.code)
    return key if key in WORDS_OF_KINDS else None


class _Worded:
    """Translations whose texts are those of a kind."""

    def __init__(self, translations: Any, key: tuple[str, str]) -> None:
        self._translations, self._said = translations, key

    def ugettext(self, text: str) -> str:
        return worded(self._translations.ugettext(text), *self._said)

    def ungettext(self, singular: str, plural: str, number: int) -> str:
        return worded(self._translations.ungettext(singular, plural, number), *self._said)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._translations, name)


class DomainOfKinds(Domain):
    """The catalogue, in the words of the competition whose page is shown."""

    @cached_property
    def _of_languages(self) -> dict[Locale | None, Any]:
        """Catalogues by their language: a page asks for each of its texts."""
        return {}

    def get_translations(self) -> Any:
        """Return the translations for the reader's language."""
        locale = get_locale()
        translations = self._of_languages.get(locale)
        if translations is None:
            translations = super().get_translations()  # type: ignore[no-untyped-call]
            self._of_languages[locale] = translations
        key = said_otherwise()
        return _Worded(translations, key) if key else translations


class BabelOfKinds(Babel):
    """Flask-Babel with such a catalogue."""

    @cached_property
    def domain_instance(self) -> Domain:
        return DomainOfKinds(domain=self.domain)  # type: ignore[no-untyped-call]

"""Chinese first, English by a switch or as the browser asks; how `Message`s are rendered."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import overload

from flask import Flask, request
from flask_babel import get_locale, gettext
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from compete.domain.values.messages import Message, Translate
from compete.language import FIRST, LANGUAGES, Language, translator
from compete.resources import package_dir
from compete.web.extensions import babel

COOKIE = "lang"


# The parts that passers-by read; whoever works here keeps Chinese until they switch.
_FOLLOWING = {"public", "draws", "log", "trust", "api_v1"}


def chosen() -> Language:
    """Return the switch's language; without it the browser's on public pages, else Chinese."""
    code = request.cookies.get(COOKIE)
    if code not in LANGUAGES and request.blueprint in _FOLLOWING:
        code = asked_for(request.headers.get("Accept-Language", ""))
    return LANGUAGES.get(code or "", FIRST)


@lru_cache(maxsize=1024)
def asked_for(header: str) -> str | None:
    """The first of our languages that a header `Accept-Language` names, whatever its region.

    Werkzeug's `best_match` takes `en` for `zh-CN,en;q=0.8`, as it looks for `zh` to the letter.
    """
    for tag, quality in parse_accept_header(header, LanguageAccept):
        language = tag.lower().partition("-")[0]
        if quality > 0 and language in LANGUAGES:
            return language
    return None


@overload
def say(message: Message | str) -> str: ...
@overload
def say(message: None) -> None: ...
def say(message: Message | str | None) -> str | None:
    """A message in the reader's language; plain text as it is, and nothing for none."""
    if isinstance(message, Message):
        return message.render(gettext)
    return message


def other_languages() -> list[Translate]:
    """List the translators of a workbook's words, one for each language it can be saved in."""
    translators = (translator(code) for code in LANGUAGES)
    return [translate for translate in translators if translate is not None]


def in_a_row(sentences: Sequence[str]) -> str:
    """Whole sentences one after another: Chinese ones without a space between."""
    return chosen().between.join(sentences)


def init_app(app: Flask) -> None:
    """Choose the language by the cookie; give templates `say`, and `lang` to say of themselves."""
    babel.init_app(
        app,
        default_translation_directories=str(package_dir() / "translations"),
        locale_selector=lambda: chosen().locale,
    )

    @app.context_processor
    def provide() -> dict[str, object]:
        locale = get_locale()
        language = LANGUAGES.get(locale.language, FIRST) if locale else FIRST
        return {"say": say, "lang": language.tag}

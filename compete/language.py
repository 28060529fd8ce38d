"""Language in which commands speak, Chinese or the one asked for, and words of a kind.

An evaluation has 考评员 where a contest has 裁判: texts are written once, as contests say them,
and changed as they are translated, before anybody's name is put into them.

Chinese needs no catalogue, for the sentences in the code are Chinese.
"""

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from compete.domain.kinds.description import Wording
from compete.domain.kinds.kinds import KINDS
from compete.domain.values.messages import Message, Translate


class Language(NamedTuple):
    """A language in which pages and commands speak."""

    code: str
    """The code in a cookie, an address and the environment."""
    locale: str
    """As Babel calls it, and the folder of its catalogue."""
    tag: str
    """The tag in a page."""
    name: str
    """As its readers call it."""
    short: str
    """The same where there is little room."""
    between: str
    """The sign between two sentences."""


FIRST = Language("zh", "zh_Hans_CN", "zh-CN", "中文", "中文", "")
LANGUAGES = {
    "zh": FIRST,
    "en": Language("en", "en", "en", "English", "EN", " "),
}
VARIABLE = "COMPETE_LANG"


_chosen: list[Translate | None] = [None]


def translator(language: str) -> Translate | None:
    """A function that turns a Chinese sentence into one of `language`; None where nothing does."""
    if language == FIRST.code:
        return None
    from gettext import translation

    from compete.resources import package_dir

    folder = package_dir() / "translations"
    return translation("messages", folder, [LANGUAGES[language].locale], fallback=True).gettext


WORDS_OF_KINDS: Mapping[tuple[str, str], Sequence[Wording]] = {
    (kind, language): nouns
    for kind, description in KINDS.items()
    for language, nouns in description.nouns.items()
}
"""By kind and language, what is said otherwise."""


@lru_cache(maxsize=8192)
def worded(text: str, kind: str, language: str) -> str:
    """Say a text as pages of a kind do, its holes as they are."""
    for pattern, instead in WORDS_OF_KINDS.get((kind, language), ()):
        text = pattern.sub(instead, text)
    return text


def translator_for(kind: str, language: str) -> Translate:
    """A function to translate Chinese sentences, in the words of a kind of competition."""
    translate = translator(language)
    return lambda text: worded(translate(text) if translate else text, kind, language)


def use_language(language: str | None) -> None:
    """Speak this language from now on; without one, the language that the environment names.

    Raises `KeyError` for a language there is no catalogue of.
    """
    language = language or os.environ.get(VARIABLE, "")[:2].lower() or FIRST.code
    if language not in LANGUAGES:
        raise KeyError(language)
    _chosen[0] = translator(language)


def say(message: Message) -> str:
    """Say a sentence in the language that is spoken."""
    return message.render(_chosen[0])

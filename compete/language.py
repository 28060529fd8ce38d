"""The language in which commands speak: Chinese, or the one asked for.

Chinese needs no catalogue, for the sentences in the code are Chinese.
"""

import os
from typing import NamedTuple

from compete.domain.values import Message, Translate


class Language(NamedTuple):
    """A language in which pages and commands speak."""

    code: str
    """What a cookie, an address and the environment say."""
    locale: str
    """As Babel calls it, and the folder of its catalogue."""
    tag: str
    """What a page says of itself."""
    name: str
    """As its readers call it."""
    short: str
    """The same where there is little room."""
    between: str
    """What stands between two sentences."""


FIRST = Language("zh", "zh_Hans_CN", "zh-CN", "中文", "中文", "")
LANGUAGES = {
    "zh": FIRST,
    "en": Language("en", "en", "en", "English", "EN", " "),
}
VARIABLE = "COMPETE_LANG"


_chosen: list[Translate | None] = [None]


def translator(language: str) -> Translate | None:
    """What turns a Chinese sentence into one of `language`; None where nothing does."""
    if language == FIRST.code:
        return None
    from gettext import translation

    from compete.resources import package_dir

    folder = package_dir() / "translations"
    return translation("messages", folder, [LANGUAGES[language].locale], fallback=True).gettext


def use_language(language: str | None) -> None:
    """Speak this language from now on; without one, what the environment names.

    Raises `KeyError` for a language there is no catalogue of.
    """
    language = language or os.environ.get(VARIABLE, "")[:2].lower() or FIRST.code
    if language not in LANGUAGES:
        raise KeyError(language)
    _chosen[0] = translator(language)


def say(message: Message) -> str:
    """The sentence in the language that is spoken."""
    return message.render(_chosen[0])

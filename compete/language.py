"""The language in which commands speak: Chinese, or the one asked for.

Chinese needs no catalogue, for the sentences in the code are Chinese.
"""

import os
from collections.abc import Callable

from compete.domain.values import Message

LANGUAGES = ("zh", "en")
VARIABLE = "COMPETE_LANG"

Translate = Callable[[str], str]

_chosen: list[Translate | None] = [None]


def translator(language: str) -> Translate | None:
    """What turns a Chinese sentence into one of `language`; None where nothing does."""
    if language == LANGUAGES[0]:
        return None
    from gettext import translation

    from compete.resources import package_dir

    folder = package_dir() / "translations"
    return translation("messages", folder, [language], fallback=True).gettext


def use_language(language: str | None) -> None:
    """Speak this language from now on; without one, what the environment names.

    Raises `KeyError` for a language there is no catalogue of.
    """
    language = language or os.environ.get(VARIABLE, "")[:2].lower() or LANGUAGES[0]
    if language not in LANGUAGES:
        raise KeyError(language)
    _chosen[0] = translator(language)


def say(message: Message) -> str:
    """The sentence in the language that is spoken."""
    return message.render(_chosen[0])

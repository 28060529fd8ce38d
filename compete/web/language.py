"""Chinese first, English by a switch; and how `Message`s are rendered in a request."""

from __future__ import annotations

from flask import Flask, request
from flask_babel import get_locale, gettext

from compete.domain.values import Message
from compete.resources import package_dir
from compete.web.extensions import babel

LANGUAGES = ("zh", "en")
COOKIE = "lang"


def chosen() -> str:
    """`en` where the switch says so; Chinese otherwise, whatever the browser asks."""
    return "en" if request.cookies.get(COOKIE) == "en" else "zh_Hans_CN"


def say(message: Message | str) -> str:
    """A message in the reader's language; plain text as it is."""
    if isinstance(message, Message):
        return message.render(gettext)
    return message


def init_app(app: Flask) -> None:
    """Choose the language by the cookie and give templates `say` and `lang`."""
    babel.init_app(
        app,
        default_translation_directories=str(package_dir() / "translations"),
        locale_selector=chosen,
    )

    @app.context_processor
    def provide() -> dict[str, object]:
        locale = get_locale()
        return {"say": say, "lang": "en" if locale and locale.language == "en" else "zh"}

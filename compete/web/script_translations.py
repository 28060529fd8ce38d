"""The sentences of the pages' scripts in the reader's language."""

from __future__ import annotations

import json
import re
from functools import lru_cache

from flask_babel import get_locale, gettext

from compete.language import FIRST
from compete.resources import resource_dir
from compete.web.kind_words import said_otherwise

_CALL = re.compile(r"""\b(?:_|msg)\(\s*("(?:[^"\\]|\\.)*")""")


@lru_cache(maxsize=8)
def _sentences(folders: tuple[str, ...]) -> frozenset[str]:
    """Every text that a script in these folders hands to its own `_` or `msg`."""
    texts: set[str] = set()
    for folder in folders:
        for file in sorted(resource_dir("static").glob(f"js/{folder}/**/*.js")):
            for literal in _CALL.findall(file.read_text(encoding="utf-8")):
                texts.add(json.loads(literal))
    return frozenset(texts)


def script_words(*folders: str) -> dict[str, str] | None:
    """Translations by Chinese sentence; None where the page says them as they are written."""
    locale = get_locale()
    if (locale is None or locale.language == FIRST.code) and said_otherwise() is None:
        return None
    return {sentence: gettext(sentence) for sentence in sorted(_sentences(folders))}


def tablet_words() -> dict[str, str] | None:
    """The sentences of the tablet's scripts."""
    return script_words("judge", "keeping", "shared")

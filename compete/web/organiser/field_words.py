"""Values of fields in words, on pages and in the log."""

from __future__ import annotations

from typing import Any

from compete.domain.values.messages import Message
from compete.services.kernel.clock import read_wall_clock
from compete.services.kernel.fields import Setting
from compete.web.language import say
from compete.web.templating import moment


def value_words(setting: Setting, value: Any) -> str | None:
    """Return a field's value in words, or None where there is none."""
    if setting.clock == "moment" and value:
        return moment(read_wall_clock(value))
    word = setting.word_of(value)
    return say(word) if isinstance(word, Message) else word

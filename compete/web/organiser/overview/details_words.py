"""A change of a competition's details, as a sentence of the history."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _

from compete.web.organiser.details.words import DETAIL_WORDS, detail_value

_LONGEST = 24
_TO_THE_SECOND = re.compile(r"\d\d:\d\d:00")


def details_words(who: str, before: Any, after: dict[str, Any]) -> str:
    """What was changed, with what stood, where that is on record, and what stands."""
    stood = before if isinstance(before, dict) else {}
    said = [_change(key, stood, after) for key in after if key in DETAIL_WORDS]
    if stood == {} and not said and before is not None:
        return _("%(who)s 改竞赛资料，又改回去了", who=who)
    return _("%(who)s 改竞赛资料：%(what)s", who=who, what=_("、").join(said))


def _change(key: str, stood: dict[str, Any], after: dict[str, Any]) -> str:
    name = str(DETAIL_WORDS[key])
    if key not in stood:
        return name
    was, now = (_short(detail_value(key, said[key])) for said in (stood, after))
    return _("%(what)s %(was)s → %(now)s", what=name, was=was, now=now)


def _short(value: Any) -> str:
    text = _("空") if value in (None, "") else " ".join(str(value).split())
    if _TO_THE_SECOND.fullmatch(text):
        text = text.removesuffix(":00")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

"""The certificates that other words are for: shown, chosen and read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import msgspec
from flask import url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from compete.domain.values.messages import Message
from compete.models import Competition
from compete.services.certificates.award_styles import (
    MOST_STYLES,
    award_style,
    award_styles_of,
    styled_awards,
)
from compete.services.certificates.award_words import SpecimenKind, award_words_of
from compete.services.kernel.competition_settings import AwardStyle
from compete.web.certificate_words import SORTS, style_name
from compete.web.language import say
from compete.web.organiser.shapes import View
from compete.web.shapes import Choice

NEW = "new"
USUAL = AwardStyle(number=0)
"""The usual words, which are for all that no other style is for."""


def asked_style(competition: Competition, said: str) -> AwardStyle:
    """The style that an address or a form speaks of; a new one begins with the usual words.

    Raises `Refused` (UNKNOWN) for one that there is not.
    """
    if said == NEW:
        return AwardStyle(number=0, words=award_words_of(competition))
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0
    return award_style(competition, number)


def read_aim(form: MultiDict[str, str], style: AwardStyle) -> AwardStyle:
    """Read the certificates a form is for. Raises `msgspec.ValidationError` for no such sort."""
    said = {key: form[key] for key in ("event", "sort", "award") if key in form}
    return msgspec.convert(msgspec.to_builtins(style) | said, AwardStyle)


def style_links(competition: Competition, style: str) -> list[View]:
    """List the links of the styles, the usual first."""
    usual = url_for("organiser.award_words")
    links = [View(label=_("平常的"), url=usual, current=not style)]
    names = {event.code: event.name for event in competition.events}
    for each in award_styles_of(competition):
        label = style_name(names.get(each.event, each.event), each.sort, each.award)
        url = url_for("organiser.award_words", style=each.number)
        links.append(View(label=label, url=url, current=style == str(each.number)))
    if style == NEW:
        links.append(View(label=_("新的一种"), url="", current=True))
    return links


def may_be_added(competition: Competition) -> bool:
    """Say whether there is room for one more."""
    return len(award_styles_of(competition)) < MOST_STYLES


def aim_of(
    competition: Competition, style: AwardStyle, problems: Mapping[str, Message]
) -> dict[str, Any]:
    """The choices of what it is for; of events and sorts where there are several."""
    labour = competition.kind == "labour"
    events = competition.events if len(competition.events) > 1 else []
    any_of = Choice(value="", label=_("不限"))
    awards = styled_awards(competition, style)
    wrong = problems.get("for")
    return {
        "event": style.event,
        "events": [any_of, *(Choice(value=each.code, label=each.name) for each in events)]
        if events or style.event
        else [],
        "sort": style.sort,
        "sorts": []
        if labour
        else [
            any_of,
            *(Choice(value=key, label=say(SORTS[key])) for key in get_args(SpecimenKind)),
        ],
        "award": style.award,
        "awards": [any_of, *(Choice(value=name, label=name) for name in awards)],
        "problem": say(wrong) if wrong is not None else None,
    }


def known_award(competition: Competition, name: str) -> str:
    """The name where it is one that can be won or that a style is for; else empty."""
    known = {*styled_awards(competition), *(each.award for each in award_styles_of(competition))}
    return name if name in known else ""

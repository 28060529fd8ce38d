"""Marked texts of questions as a page shows them."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_PARTS = re.compile(r'(</?(?:sub|sup)>)|<math>(.*?)</math>|<img name="([^"]*)"/>|\n', re.DOTALL)


def shown_text(text: str) -> Markup:
    """A stem, an option, an explanation: raised and lowered signs, formulas, pictures by name."""
    shown, end = Markup(), 0
    for mark in _PARTS.finditer(text):
        shown += _plain(text[end : mark.start()])
        end = mark.end()
        raised, formula, picture = mark.groups()
        if raised is not None:
            shown += Markup(raised)
        elif formula is not None:
            shown += Markup("<code>{}</code>").format(_plain(formula))
        elif picture is not None:
            shown += Markup("<i>[{}]</i>").format(picture)
        else:
            shown += Markup("<br>")
    return shown + _plain(text[end:])


def _plain(text: str) -> Markup:
    return escape(text.replace("&lt;", "<").replace("&amp;", "&"))

"""Marked texts of questions as a page shows them."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from flask_babel import gettext as _
from markupsafe import Markup, escape

_PARTS = re.compile(r'(</?(?:sub|sup)>)|<math>(.*?)</math>|<img name="([^"]*)"/>|\n', re.DOTALL)


_PICTURE = Markup('<img class="bank-picture" src="data:image/jpeg;base64,{}" alt="{}">')
_OWN = re.compile("[0-9a-f]{16}")
"""A name that says nothing: pictures that were brought are called by what is in them."""
_NONE: Mapping[str, bytes] = {}


def shown_text(text: str, pictures: Mapping[str, bytes] = _NONE) -> Markup:
    """A stem, an option, an explanation: raised and lowered signs, formulas, pictures.

    A picture stands in the page itself, so that who sees it has looked at the question; one that
    is not among `pictures` is told by its name.
    """
    shown, end = Markup(), 0
    for mark in _PARTS.finditer(text):
        shown += _plain(text[end : mark.start()])
        end = mark.end()
        raised, formula, picture = mark.groups()
        if raised is not None:
            shown += Markup(raised)
        elif formula is not None:
            shown += Markup("<code>{}</code>").format(_plain(formula))
        elif picture in pictures:
            data = base64.b64encode(pictures[picture]).decode()
            shown += _PICTURE.format(data, _("图"))
        elif picture is not None:
            shown += Markup("<i>[{}]</i>").format(_("图") if _OWN.fullmatch(picture) else picture)
        else:
            shown += Markup("<br>")
    return shown + _plain(text[end:])


def _plain(text: str) -> Markup:
    return escape(text.replace("&lt;", "<").replace("&amp;", "&"))

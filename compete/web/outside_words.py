"""Results of contests held elsewhere in words, as the desk and a record say them."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.values.messages import listed
from compete.models import OutsideResult
from compete.web.language import say


def outside_place(row: OutsideResult) -> str:
    """Say the rank, of how many, and the honours, as far as the document says them."""
    words = []
    if row.rank is not None:
        words.append(_("第 %(n)s 名", n=row.rank))
    if row.entered is not None:
        words.append(_("%(n)s 人参赛", n=row.entered))
    if row.honours:
        words.append(say(listed(row.honours)))
    return _("，").join(words)

"""What the fields of a person are called, on the page, its forms and in the history."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.entry_fields import BACKGROUND
from compete.domain.values.days import month_words
from compete.models import Entrant, Member
from compete.services.registration.correcting import birth_is_told
from compete.sheets.registration.columns import PEOPLE_BY_KEY
from compete.web.language import say

_COLUMNS = {"id_type": "paper"}
_ORDER = (
    *("name", "id_type", "id_number", "phone", "gender", "birth", "unit", "team", "group"),
    *("grade", "certificate", "promoted", "post", "months", *BACKGROUND, "role"),
)


def field_words() -> dict[str, str]:
    """By key, in the order in which a page shows them."""
    titles = {key: say(PEOPLE_BY_KEY[_COLUMNS.get(key, key)].title) for key in _ORDER}
    return titles | {"birth": _("出生"), "place": _("工位")}


def birth_words(holder: Entrant | Member) -> str | None:
    """When somebody was born, without the day; where the ID number tells it, without the month.

    Beside the masked number they would leave little of it to guess.
    """
    birth = holder.birth
    if birth is None:
        return None
    if birth_is_told(holder):
        return _("%(year)s年", year=birth.year)
    return say(month_words(birth))

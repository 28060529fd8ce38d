"""What the fields of a person are called, on the page, its forms and in the history."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.entry_fields import ENTRY_FIELD_WORDS, EntryField
from compete.domain.values.days import month_words
from compete.models import Entrant, Member
from compete.services.registration.correcting import birth_is_told
from compete.web.language import say


def field_words() -> dict[str, str]:
    """By key, in the order in which a page shows them."""
    return {
        "name": _("姓名"),
        "id_type": _("证件类型"),
        "id_number": _("证件号码"),
        "phone": _("手机"),
        "gender": _("性别"),
        "birth": _("出生"),
        "unit": _("单位"),
        "team": _("代表队"),
        "group": _("组别"),
        "grade": _("现等级"),
        "certificate": _("等级证书编号"),
        "promoted": _("上次竞赛晋升年份"),
        "post": _("岗位"),
        "months": _("本职业年限"),
        **{
            field.value: say(word)
            for field, word in ENTRY_FIELD_WORDS.items()
            if field is not EntryField.CONSENT
        },
        "role": _("组合里的职责"),
        "place": _("工位"),
    }


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

"""The fields of a person in words: on the page, its forms and in the history."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.entry_fields import BACKGROUND
from compete.domain.grades.ladder import NATIONAL, Ladder, grade_label
from compete.domain.identity.masks import mask_phone
from compete.domain.identity.names import made_up_note
from compete.domain.identity.papers import Paper, paper_name
from compete.domain.values.days import month_words
from compete.models import Entrant, Member
from compete.services.kernel.event_rules import ladder_of
from compete.services.registration.corrections import birth_is_told
from compete.sheets.registration.columns import PEOPLE_BY_KEY
from compete.web.language import say
from compete.web.words import gender_word, group_word, ranked_here

Fact = tuple[str, str, str]
"""A known fact: the field, its value, a note."""

_COLUMNS = {"id_type": "paper"}
_ORDER = (
    *("name", "id_type", "id_number", "phone", "gender", "birth", "unit", "team", "group"),
    *("grade", "certificate", "promoted", "post", "months", *BACKGROUND, "role"),
)


def field_words() -> dict[str, str]:
    """Return the words of fields by key, in the order in which a page shows them."""
    titles = {key: say(PEOPLE_BY_KEY[_COLUMNS.get(key, key)].title) for key in _ORDER}
    return titles | {"birth": _("出生"), "place": _("工位")}


def birth_words(holder: Entrant | Member) -> str | None:
    """Say when somebody was born, without the day; if the ID number tells it, without the month.

    Beside the masked number they would leave little of it to guess.
    """
    birth = holder.birth
    if birth is None:
        return None
    if birth_is_told(holder):
        return _("%(year)s年", year=birth.year)
    return say(month_words(birth))


def shown_value(key: str, value: object, ladder: Ladder = NATIONAL) -> str:
    """A field's value in words; a dash where earlier versions only said that it changed."""
    if value is None or value is True:
        return "—"
    if key in ("grade", "months"):
        value = int(str(value))
    column = PEOPLE_BY_KEY.get("paper" if key == "id_type" else key)
    # Numbers and phones stand masked in the record.
    if column is None or key in ("id_number", "phone"):
        return str(value)
    return say(column.said(value, ladder))


def facts_of(entrant: Entrant) -> list[Fact]:
    """List the known facts of a person beside the ID number, or of a crew as a whole."""
    names = [entrant.name, *(member.name for member in entrant.members)]
    notes = [note for note in map(made_up_note, names) if note]
    place = [(_("赛项"), entrant.event.name, ""), (_("单位"), entrant.unit.name, "")]
    if ranked_here():
        place.append((_("代表队"), entrant.team.name if entrant.team else "—", ""))
    place.append((_("组别"), group_word(entrant.group), ""))
    if not entrant.members:
        place = [*_personal(entrant), *place, _grade(entrant), *work_facts(entrant)]
    return [*((_("姓名里的字"), say(note), "") for note in notes), *place]


def _personal(entrant: Entrant) -> list[Fact]:
    """Paper, phone and birth, all of them masked."""
    born = (birth_words(entrant), gender_word(entrant.gender) if entrant.gender else None)
    return [
        (_("证件类型"), say(paper_name(Paper(entrant.id_type))), ""),
        (_("手机"), mask_phone(entrant.phone) if entrant.phone else "—", ""),
        (_("出生"), _("，").join(part for part in born if part) or "—", ""),
    ]


def _grade(entrant: Entrant) -> Fact:
    """The present grade, with its certificate."""
    year = entrant.promoted
    notes = (entrant.certificate, _("%(year)s 年因竞赛晋升过", year=year) if year else None)
    grade = say(grade_label(entrant.grade, ladder_of(entrant.event)))
    return _("现等级"), grade, _("，").join(note for note in notes if note)


def work_facts(holder: Entrant | Member) -> list[Fact]:
    """Post, years of work and what else was asked, where they are known."""
    words = field_words()
    known = [(key, getattr(holder, key)) for key in ("post", "months", *BACKGROUND)]
    return [
        (words[key], shown_value(key, value), "")
        for key, value in known
        if value or (key == "months" and value is not None)
    ]

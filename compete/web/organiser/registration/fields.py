"""The fields in which somebody is registered by hand: what can be chosen, what is hinted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from compete.domain.grades.ladder import GRADES, grade_label
from compete.domain.identity.masks import mask_id, mask_phone
from compete.services.kernel.refusal import Refused
from compete.services.registration.corrections import WrongFieldsError
from compete.sheets.registration.columns import PEOPLE_BY_KEY
from compete.sheets.registration.people import RegistrationOffer
from compete.web.language import say
from compete.web.refusals import problem_of
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonField:
    """A field of a form; with `choices` something to choose, else a line to write."""

    name: str
    label: str
    value: str
    choices: Sequence[Choice] = ()
    hint: str | None = None
    error: str | None
    required: bool = False
    locked: bool = False
    """True if it cannot be corrected any more; then `value` is in words."""


def choices_of(key: str, offer: RegistrationOffer) -> list[Choice]:
    """List the choices of a field; nothing for one to write in."""
    column = PEOPLE_BY_KEY[key]
    none = Choice(value="", label=_("没有问过") if key == "consent" else "—")
    if key == "grade" and offer.own_ladders:
        return [none, *(Choice(value=name, label=name) for name in offer.grade_names)]
    if key == "grade":
        return [none, *(Choice(value=str(n), label=say(grade_label(n))) for n in GRADES)]
    if key == "unit":
        return [none, *(Choice(value=unit.code, label=unit.name) for unit in offer.units)]
    if key == "event":
        return [none, *(Choice(value=event.code, label=event.name) for event in offer.events)]
    # What is kept in the workbook's own words is shown in the reader's.
    offered = [
        Choice(value=column.typed(value), label=say(word)) for value, word in column.choices.items()
    ]
    return [none, *offered] if offered and key not in ("paper", "group") else offered


def person_field(
    offer: RegistrationOffer,
    key: str,
    value: str,
    error: str | None,
    *,
    hint: str | None = None,
    required: bool = False,
) -> PersonField:
    """Build one field of a form about somebody; `hint` instead of the column's own."""
    return PersonField(
        name=key,
        label=say(PEOPLE_BY_KEY[key].title),
        value=value,
        choices=choices_of(key, offer),
        hint=hint or hint_of(key),
        error=error,
        required=required,
    )


def wrong_fields(refused: Refused | None) -> dict[str, str]:
    """Return what is wrong with fields, by their names."""
    problems = refused.problems if isinstance(refused, WrongFieldsError) else {}
    return {key: say(what) for key, what in problems.items()}


def problem_above(refused: Refused | None) -> str | None:
    """Return the message above the form that was refused; None where the fields have theirs."""
    return None if isinstance(refused, WrongFieldsError) else problem_of(refused)


def kept_hint(key: str, there: str | None) -> str | None:
    """Say masked what stands in a field that is never written out; None for any other."""
    if key == "id_number" and there:
        return _("现在是 %(now)s，不改就空着", now=mask_id(there))
    if key == "phone" and there:
        return _("现在是 %(now)s，不改就空着，去掉写“无”", now=mask_phone(there))
    return None


def hint_of(key: str) -> str | None:
    """Return the hint below a field for whoever fills it in."""
    hint = PEOPLE_BY_KEY[key].form_hint if key in PEOPLE_BY_KEY else None
    return say(hint)

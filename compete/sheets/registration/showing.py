"""What a preview shows of a row: as typed, and in our own words where it was understood."""

from __future__ import annotations

from collections.abc import Mapping

from compete.domain.eligibility import months_words
from compete.domain.entry_fields import field_text
from compete.domain.grades.ladder import NATIONAL, grade_label
from compete.domain.identity.masks import mask_id, mask_phone
from compete.domain.values.roles import CREW_ROLE_WORDS
from compete.sheets.registration.draft import Draft
from compete.sheets.registration.entry_cells import CONSENT_WORDS, GROUP_WORDS
from compete.sheets.registration.identity_cells import GENDER_WORDS
from compete.sheets.registration.plan import Shown
from compete.sheets.registration.units import Units
from compete.sheets.texts import as_typed

_MASKED_FROM = 7
"""Texts in the ID column shorter than this give nothing away."""


def show(
    draft: Draft, units: Units, event_names: Mapping[str, str], code: str | None = None
) -> dict[str, Shown]:
    """Column key to what to show. Empty cells are left out; ID numbers and phones are masked.

    `code` is the one that the row will have.
    """
    shown: dict[str, Shown] = {
        key: as_typed(value).strip() for key, value in draft.row.cells.items()
    }
    bad = {problem.column for problem in draft.check.problems}
    understood = _understood(draft, units, event_names)
    shown.update({key: value for key, value in understood.items() if key not in bad})
    if "id_number" in shown:
        shown["id_number"] = _masked(str(shown["id_number"]), draft.person.id_number)
    if code is not None:
        shown["code"] = code
    return shown


def _understood(draft: Draft, units: Units, event_names: Mapping[str, str]) -> dict[str, Shown]:
    person, entry = draft.person, draft.entry
    words: dict[str, Shown] = {}
    if person.name:
        words["name"] = person.name
    if entry.unit:
        words["unit"] = units.name(entry.unit)
    if entry.event:
        words["event"] = event_names[entry.event.code]
    if entry.group:
        words["group"] = GROUP_WORDS[entry.group]
    if "grade" in entry.given:
        words["grade"] = grade_label(entry.grade, entry.event.ladder if entry.event else NATIONAL)
    if person.phone:
        words["phone"] = mask_phone(person.phone)
    if entry.months is not None:
        words["months"] = months_words(entry.months)
    if entry.role is not None:
        words["role"] = CREW_ROLE_WORDS[entry.role]
    for key in ("education", "grade_since", "papers"):
        if (value := getattr(entry, key)) is not None:
            words[key] = field_text(key, value)
    if entry.consent is not None:
        words["consent"] = CONSENT_WORDS[entry.consent]
    if entry.certificate:
        words["certificate"] = entry.certificate
    if person.gender and "gender" in entry.given:
        words["gender"] = GENDER_WORDS[person.gender]
    return words


def _masked(typed: str, number: str | None) -> str:
    if number:
        return mask_id(number)
    if "E+" in typed or len(typed) < _MASKED_FROM:
        return typed
    return mask_id("".join(typed.split()))

"""Previews of rows: the values, what they would make of an entrant, and how that differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compete.domain.grades.ladder import NATIONAL
from compete.domain.identity.masks import mask_id, mask_phones
from compete.domain.values.messages import msg
from compete.sheets.registration.cells import NONE, Shown, meanings
from compete.sheets.registration.columns import PEOPLE_BY_KEY, PEOPLE_COLUMNS
from compete.sheets.registration.draft import Draft
from compete.sheets.registration.people import Answers, Group, KnownEntrant, Registration
from compete.sheets.registration.plan import Change
from compete.sheets.registration.units import Teams, Units
from compete.sheets.texts import as_typed, same_name_key

_MASKED_FROM = 7
"""Texts in the ID column shorter than this give nothing away."""
_TOLD_BY_NUMBER = ("birth", "gender")
_UNCOMPARED = ("paper", "id_number", "event")
_SETTLED = {column.key for column in PEOPLE_COLUMNS} - set(Answers.__struct_fields__)
"""Columns with more than the row's own word: number, name, unit and the like."""
_ANSWERS = tuple(column for column in PEOPLE_COLUMNS if column.key not in _SETTLED)


def show(
    draft: Draft, units: Units, event_names: Mapping[str, str], code: str | None = None
) -> dict[str, Shown]:
    """Texts to show by column key. Empty cells are left out; ID numbers and phones are masked.

    `code` is the one that the row will have.
    """
    shown: dict[str, Shown] = {
        key: as_typed(value).strip() for key, value in draft.row.cells.items()
    }
    bad = {problem.column for problem in draft.check.problems}
    understood = _understood(draft, units, event_names)
    shown.update({key: value for key, value in understood.items() if key not in bad})
    if "id_number" in shown:
        shown["id_number"] = _masked(str(shown["id_number"]), draft.said.id_number)
    if code is not None:
        shown["code"] = code
    return shown


def _understood(draft: Draft, units: Units, event_names: Mapping[str, str]) -> dict[str, Shown]:
    said, event = draft.said, draft.said.event
    ladder = event.ladder if event else NATIONAL
    words = {
        column.key: column.said(value, ladder)
        for column in PEOPLE_COLUMNS
        if column.shown
        and column.key in said.given
        # A grade that is said to be none has a word of its own.
        and ((value := getattr(said, column.key)) is not None or column.none is not NONE)
    }
    if said.unit:
        words["unit"] = units.name(said.unit)
    if event:
        words["event"] = event_names[event.code]
    return words


def _masked(typed: str, number: str | None) -> str:
    if number:
        return mask_id(number)
    if "E+" in typed or len(typed) < _MASKED_FROM:
        return typed
    return mask_id("".join(typed.split()))


def new_registration(
    draft: Draft, code: str, unit: str, teams: Teams, crew_code: str | None = None
) -> Registration:
    """A new entrant, or a crew's new member, from a row without problems."""
    said = draft.said
    # A draft without problems has an event; the type doesn't know.
    assert said.event
    answers = {column.key: getattr(said, column.key) for column in _ANSWERS}
    team = teams.code(said.event.code, unit, said.team) if said.team else None
    answers["group"] = said.group or _default_group(said.event.groups)
    return _registration(draft, answers, code, said.event.code, unit, team, crew_code)


def changed_registration(
    draft: Draft, known: KnownEntrant, unit: str, teams: Teams
) -> Registration:
    """A known entrant with what the row says; empty cells leave things as they are."""
    said, given = draft.said, draft.said.given
    answers = {}
    for column in _ANSWERS:
        value = getattr(said, column.key)
        if value is None and not (column.clears and column.key in given):
            value = _known(known, column.key)
        answers[column.key] = value
    answers["crew"] = known.crew if known.crew_code or "crew" not in given else said.crew
    team = _team(draft, known, unit, teams)
    answers["consent"] = _consent(draft, known)
    code = said.code or known.code
    return _registration(draft, answers, code, known.event, unit, team, known.crew_code)


def _registration(
    draft: Draft,
    answers: Mapping[str, Any],
    code: str,
    event: str,
    unit: str,
    team: str | None,
    crew_code: str | None,
) -> Registration:
    said = draft.said
    # A draft without problems has all of these; the type doesn't know.
    assert said.name
    assert said.paper
    assert said.id_number
    return Registration(
        code=code,
        name=said.name,
        event=event,
        unit=unit,
        paper=said.paper,
        id_number=said.id_number,
        team=team,
        crew_code=crew_code,
        **answers,
    )


def changes(
    draft: Draft, known: KnownEntrant, new: Registration, units: Units, teams: Teams
) -> tuple[Change, ...]:
    """The fields that differ, in the order of the columns.

    What the ID number tells of birth and gender is no change where nothing
    was kept and the row doesn't say it either.
    """
    given, event = draft.said.given, draft.said.event
    ladder = event.ladder if event else NATIONAL
    phones = mask_phones(known.phone or "", new.phone or "")
    found = []
    for column in PEOPLE_COLUMNS:
        key = column.key
        if key in _UNCOMPARED:
            continue
        old, now = _known(known, key), getattr(new, key)
        if old == now or (old is None and key not in given and key in _TOLD_BY_NUMBER):
            continue
        if key == "phone":
            words: list[Shown] = [phone or NONE for phone in phones]
        elif key in ("unit", "team"):
            names = units.names if key == "unit" else teams.names
            words = [names.get(it, it) if it else NONE for it in (old, now)]
        else:
            words = [column.said(it, ladder) for it in (old, now)]
        found.append(Change(key, *words))
    if known.id_key is None:
        found.append(Change("id_number", NONE, mask_id(new.id_number)))
    return tuple(found)


def _known(known: KnownEntrant, key: str) -> Any:
    """The value that is kept; a gender as we spell it."""
    value = getattr(known, key)
    if key == "gender" and value:
        return meanings(PEOPLE_BY_KEY[key]).get(same_name_key(value))
    return value


def _consent(draft: Draft, known: KnownEntrant) -> bool | None:
    """The row's consent, unless the person said otherwise since."""
    said = draft.said.consent
    if said and known.took_back and not known.consent:
        draft.check.notes.append(msg("本人收回过公布全名的同意，报名表不能改回"))
        return known.consent
    return known.consent if said is None else said


def _team(draft: Draft, known: KnownEntrant, unit: str, teams: Teams) -> str | None:
    said = draft.said
    if known.crew_code:
        return known.team
    if "team" in said.given:
        return teams.code(known.event, unit, said.team) if said.team else None
    if unit == known.unit or teams.unit_of(known.team) != known.unit:
        return known.team
    draft.check.notes.append(msg("单位改了，代表队跟着变"))
    return teams.follows_unit(known.team, known.event, unit)


def _default_group(groups: tuple[Group, ...]) -> Group:
    return "worker" if "worker" in groups else groups[0]

"""What a row would make of an entrant, and how that differs from what is there."""

from __future__ import annotations

from compete.domain.eligibility import months_words
from compete.domain.entry_fields import BACKGROUND, field_text
from compete.domain.grades.ladder import NATIONAL, grade_label
from compete.domain.identity.masks import mask_id, mask_phones
from compete.domain.values.kinds import CrewRole
from compete.domain.values.messages import msg
from compete.domain.values.roles import CREW_ROLE_WORDS
from compete.sheets.registration.draft import Draft
from compete.sheets.registration.entry_cells import CONSENT_WORDS, GROUP_WORDS
from compete.sheets.registration.identity_cells import GENDER_WORDS, gender_of
from compete.sheets.registration.people import Gender, Group, KnownEntrant, Registration
from compete.sheets.registration.plan import Change, Shown
from compete.sheets.registration.teams import Teams
from compete.sheets.registration.units import Units

_NONE = msg("无")
_TOLD_BY_NUMBER = ("birth", "gender")


def new_registration(
    draft: Draft, code: str, unit: str, teams: Teams, crew_code: str | None = None
) -> Registration:
    """A new entrant, or a crew's new member, from a row without problems."""
    person, entry = draft.person, draft.entry
    # A draft without problems has all of these; the type doesn't know.
    assert person.name
    assert person.paper
    assert person.id_number
    assert entry.event
    team = teams.code(entry.event.code, unit, entry.team) if entry.team else None
    return Registration(
        code=code,
        name=person.name,
        event=entry.event.code,
        unit=unit,
        paper=person.paper,
        id_number=person.id_number,
        gender=person.gender,
        birth=person.birth,
        team=team,
        group=entry.group or _default_group(entry.event.groups),
        grade=entry.grade,
        phone=person.phone,
        promoted=entry.promoted,
        post=entry.post,
        months=entry.months,
        certificate=entry.certificate,
        crew=entry.crew,
        crew_code=crew_code,
        role=entry.role,
        **{key: getattr(entry, key) for key in BACKGROUND},
        consent=entry.consent,
    )


def changed_registration(
    draft: Draft, known: KnownEntrant, unit: str, teams: Teams
) -> Registration:
    """A known entrant with what the row says; empty cells leave things as they are."""
    person, entry = draft.person, draft.entry
    assert person.name
    assert person.paper
    assert person.id_number
    given = entry.given
    return Registration(
        code=entry.code or known.code,
        name=person.name,
        event=known.event,
        unit=unit,
        paper=person.paper,
        id_number=person.id_number,
        gender=person.gender or gender_of(known.gender),
        birth=person.birth or known.birth,
        team=_team(draft, known, unit, teams),
        group=entry.group or known.group,
        grade=entry.grade if "grade" in given else known.grade,
        phone=person.phone if "phone" in given else known.phone,
        promoted=entry.promoted if "promoted" in given else known.promoted,
        post=entry.post if "post" in given else known.post,
        months=entry.months if "months" in given else known.months,
        certificate=entry.certificate if "certificate" in given else known.certificate,
        crew=known.crew if known.crew_code or "crew" not in given else entry.crew,
        crew_code=known.crew_code,
        role=entry.role or known.role,
        **{key: getattr(entry if key in given else known, key) for key in BACKGROUND},
        consent=_consent(draft, known),
    )


def changes(
    draft: Draft, known: KnownEntrant, new: Registration, units: Units, teams: Teams
) -> tuple[Change, ...]:
    """The fields that differ, in the order of the columns.

    What the ID number tells of birth and gender is no change where nothing
    was kept and the row doesn't say it either.
    """
    given, event = draft.entry.given, draft.entry.event
    ladder = event.ladder if event else NATIONAL
    old_phone, new_phone = mask_phones(known.phone or "", new.phone or "")
    pairs: list[tuple[str, object, object, Shown, Shown]] = [
        ("code", known.code, new.code, known.code, new.code),
        ("name", known.name, new.name, known.name, new.name),
        (
            "unit",
            known.unit,
            new.unit,
            _named(known.unit, units.names),
            _named(new.unit, units.names),
        ),
        (
            "gender",
            gender_of(known.gender),
            new.gender,
            _gender(gender_of(known.gender)),
            _gender(new.gender),
        ),
        ("birth", known.birth, new.birth, _text(known.birth), _text(new.birth)),
        (
            "team",
            known.team,
            new.team,
            _named(known.team, teams.names),
            _named(new.team, teams.names),
        ),
        ("group", known.group, new.group, GROUP_WORDS[known.group], GROUP_WORDS[new.group]),
        (
            "grade",
            known.grade,
            new.grade,
            grade_label(known.grade, ladder),
            grade_label(new.grade, ladder),
        ),
        (
            "phone",
            known.phone,
            new.phone,
            old_phone or _NONE,
            new_phone or _NONE,
        ),
        ("promoted", known.promoted, new.promoted, _text(known.promoted), _text(new.promoted)),
        ("post", known.post, new.post, _text(known.post), _text(new.post)),
        ("months", known.months, new.months, _time(known.months), _time(new.months)),
        ("crew", known.crew, new.crew, _text(known.crew), _text(new.crew)),
        ("role", known.role, new.role, _role(known.role), _role(new.role)),
        (
            "certificate",
            known.certificate,
            new.certificate,
            _text(known.certificate),
            _text(new.certificate),
        ),
        *(
            (key, was, now, field_text(key, was) or _NONE, field_text(key, now) or _NONE)
            for key in BACKGROUND
            if (was := getattr(known, key)) != (now := getattr(new, key))
        ),
        ("consent", known.consent, new.consent, _said(known.consent), _said(new.consent)),
    ]
    found = [
        Change(column, old_shown, new_shown)
        for column, old, now, old_shown, new_shown in pairs
        if old != now and (old is not None or column in given or column not in _TOLD_BY_NUMBER)
    ]
    if known.id_key is None:
        found.append(Change("id_number", _NONE, mask_id(new.id_number)))
    return tuple(found)


def _consent(draft: Draft, known: KnownEntrant) -> bool | None:
    """What the row says, unless the person said otherwise since."""
    said = draft.entry.consent
    if said and known.took_back and not known.consent:
        draft.check.notes.append(msg("本人收回过公布全名的同意，报名表不能改回"))
        return known.consent
    return known.consent if said is None else said


def _said(consent: bool | None) -> Shown:
    return _NONE if consent is None else CONSENT_WORDS[consent]


def _team(draft: Draft, known: KnownEntrant, unit: str, teams: Teams) -> str | None:
    entry = draft.entry
    if known.crew_code:
        return known.team
    if "team" in entry.given:
        return teams.code(known.event, unit, entry.team) if entry.team else None
    if unit == known.unit or teams.unit_of(known.team) != known.unit:
        return known.team
    draft.check.notes.append(msg("单位改了，代表队跟着变"))
    return teams.follows_unit(known.team, known.event, unit)


def _default_group(groups: tuple[Group, ...]) -> Group:
    return "worker" if "worker" in groups else groups[0]


def _named(code: str | None, names: dict[str, str]) -> Shown:
    return names.get(code, code) if code else _NONE


def _gender(gender: Gender | None) -> Shown:
    return GENDER_WORDS[gender] if gender else _NONE


def _role(role: CrewRole | None) -> Shown:
    return _NONE if role is None else CREW_ROLE_WORDS[role]


def _time(months: int | None) -> Shown:
    return _NONE if months is None else months_words(months)


def _text(value: object) -> Shown:
    return _NONE if value is None else str(value)

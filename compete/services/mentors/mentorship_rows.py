"""Rows of agreements looked at together: known or new, and what is wrong with each, at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import select

from compete.domain.grades.ladder import grade_label
from compete.domain.identity.occupations import same_occupation
from compete.domain.values.mentor_states import MentorshipState
from compete.domain.values.messages import Message, msg
from compete.models import Account, Mentorship, Organisation, Person, db
from compete.services.directory.merged import same_people, standing, with_merged
from compete.services.directory.own_competitions import sees_all
from compete.services.directory.person_records import name_key_of
from compete.services.directory.registered_grades import HeldGrade, grades_of_people
from compete.services.kernel.catalogues import Planned, differences
from compete.services.kernel.chunks import rows_among
from compete.services.kernel.fields import texts_of
from compete.services.mentors.mentor_people import (
    FoundPerson,
    Meant,
    PeopleSought,
    mentorships_about,
)
from compete.services.mentors.mentor_rights import is_seen_by, own_organisations
from compete.services.mentors.mentor_rules import MentorRules, rules_of_many
from compete.services.mentors.mentorship_fields import (
    PairFields,
    TermFields,
    check_pair,
    grade_number,
    term_of,
    texts_of_pair,
)
from compete.services.mentors.terms import Term, Terms


@dataclass(frozen=True, slots=True)
class CheckedPair:
    """A row that can be written: its fields, its organisation, and who the two are."""

    fields: PairFields
    organisation: Organisation
    mentor: FoundPerson
    pupil: FoundPerson


PlannedPair: TypeAlias = Planned[Mentorship, Mapping[str, str], CheckedPair]


def plan_pairs(rows: Sequence[tuple[int, Mapping[str, str]]], by: Account) -> list[PlannedPair]:
    """Plan each row of a workbook; nothing is written.

    A row is the agreement of the same organisation, mentor, pupil and first day; what a workbook
    has no column for stays as it is.
    """
    checked = [(number, texts, *check_pair(texts)) for number, texts in rows]
    work = PairsAtOnce([row for _number, _texts, row, _faults in checked if row is not None], by)
    return [
        Planned(number, texts, faults, None) if row is None else work.plan(number, texts, row)
        for number, texts, row, faults in checked
    ]


def mentor_of(row: PairFields) -> Meant:
    """The mentor as a row writes them."""
    return Meant(name=row.mentor, unit=row.mentor_unit, number=row.mentor_number)


def pupil_of(row: PairFields) -> Meant:
    """The pupil as a row writes them."""
    return Meant(name=row.pupil, unit=row.pupil_unit, number=row.pupil_number)


class PairsAtOnce:
    """Rows held against the directory, against what stands, and against those before them."""

    def __init__(self, rows: Sequence[PairFields], by: Account) -> None:
        self._organisations = _OrganisationsNamed({row.organisation for row in rows}, by)
        meant = [it for row in rows for it in (mentor_of(row), pupil_of(row))]
        self._sought = PeopleSought(meant, by)
        sought = [self._sought.find(it) for it in dict.fromkeys(meant)]
        people = {it.person.id for it in sought if it.person is not None}
        self._seen = set(db.session.scalars(select(Mentorship.id).where(is_seen_by(by))))
        standing_of, about = agreements_of(people)
        self._standing_of = standing_of
        self._terms = Terms(_standing_term(row, standing_of) for row in about)
        self._known = {self._key(row): row for row in about if row.id in self._seen}
        self._taken: dict[tuple[object, ...], int] = {}
        self._rules = rules_of_many(self._organisations.numbers)
        self._grades = grades_of_people({it.id_hash for it in sought if it.id_hash is not None})

    def _key(self, row: Mentorship) -> tuple[object, ...]:
        mentor, pupil = self._standing_of[row.mentor_id], self._standing_of[row.pupil_id]
        return standing(row.organisation).id, mentor, pupil, row.starts

    def plan(self, number: int, texts: Mapping[str, str], row: PairFields) -> PlannedPair:
        """Plan the next row."""
        organisation, faults = self._organisations.find(row.organisation)
        mentor, pupil = self._sought.find(mentor_of(row)), self._sought.find(pupil_of(row))
        for side, it in (("mentor", mentor), ("pupil", pupil)):
            if it.fault is not None:
                meant = texts.get(f"{side}_number")
                faults[f"{side}_number" if meant else side] = it.fault
        if organisation is None or faults:
            return Planned(number, texts, faults, None)
        key = (organisation.id, mentor.who, pupil.who, row.starts)
        checked = CheckedPair(row, organisation, mentor, pupil)
        if key in self._taken:
            fault = msg("和第 %(n)s 行是同一对", n=self._taken[key])
            return Planned(number, texts, {"pupil": fault}, None, checked)
        self._taken[key] = number
        known = self._known.get(key)
        if known is not None:
            return self._changed(number, texts, known, checked)
        faults = self._faults(checked)
        return Planned(number, texts, faults, None, checked)

    def _changed(
        self, number: int, texts: Mapping[str, str], known: Mentorship, checked: CheckedPair
    ) -> PlannedPair:
        stands = texts_of_pair(known)
        given = {key: text for key, text in texts.items() if key in TermFields.__struct_fields__}
        row, faults = check_pair({**stands, **given})
        if row is None:
            return Planned(number, texts, faults, None, checked, known)
        before, after = texts_of(term_of(known)), texts_of(_term_as_written(row))
        changes = differences(before, after)
        checked = CheckedPair(row, checked.organisation, checked.mentor, checked.pupil)
        if changes and known.state is not MentorshipState.OPEN:
            faults = {"pupil": msg("这份协议已经结束，不能再改")}
        elif changes:
            faults = self._faults(checked, known)
        return Planned(number, texts, faults, changes, checked, known)

    def _faults(self, checked: CheckedPair, known: Mentorship | None = None) -> dict[str, Message]:
        """What is wrong with a row; one that can be counts for those after it."""
        row = checked.fields
        rules = self._rules[checked.organisation.id].rules
        term = Term(
            mentor=checked.mentor.who,
            pupil=checked.pupil.who,
            first=row.starts,
            last=row.until,
            number=known.id if known is not None else None,
        )
        faults = self._terms.faults(term, rules)
        known_grades = self._grades.get(checked.mentor.id_hash or "", ())
        faults |= _grade_faults(row, known_grades)
        if known is None and not faults:
            self._terms.add(term)
        return faults


def _term_as_written(row: TermFields) -> TermFields:
    """What can be corrected of a whole row."""
    return TermFields(**{name: getattr(row, name) for name in TermFields.__struct_fields__})


def term_faults(row: Mentorship, fields: TermFields, rules: MentorRules) -> dict[str, Message]:
    """What is wrong with an agreement if its terms were these."""
    people = {standing(row.mentor).id, standing(row.pupil).id}
    standing_of, about = agreements_of(people)
    terms = Terms(_standing_term(it, standing_of) for it in about)
    term = Term(
        mentor=standing_of[row.mentor_id],
        pupil=standing_of[row.pupil_id],
        first=fields.starts,
        last=fields.until,
        number=row.id,
    )
    faults = terms.faults(term, rules)
    key = standing(row.mentor).id_hash
    certified = grades_of_people([key]).get(key, ()) if key is not None else ()
    return faults | _grade_faults(fields, certified)


def _grade_faults(row: TermFields, certified: Iterable[HeldGrade]) -> dict[str, Message]:
    """What is wrong with the mentor's grade, as it is written or certified here."""
    target = grade_number(row.target_grade)
    if target is None or row.why:
        return {}
    own = grade_number(row.mentor_grade)
    here = [
        it.grade for it in certified if same_occupation(it.code, it.occupation, "", row.occupation)
    ]
    best = min([*here, *([own] if own is not None else [])], default=None)
    if best is None:
        return {"mentor_grade": msg("写师傅等级，或者写为什么也行")}
    if best > target:
        words = msg(
            "师傅是%(own)s，低于目标%(target)s：写为什么也行",
            own=grade_label(best),
            target=grade_label(target),
        )
        return {"mentor_grade": words}
    return {}


def agreements_of(people: Collection[int]) -> tuple[dict[int, int], list[Mentorship]]:
    """Whose each record is, and the agreements that count of these people, in their order."""
    rows = mentorships_about(sorted(with_merged(Person, people)))
    counting = [row for row in rows if row.state is not MentorshipState.WITHDRAWN]
    records = {number for row in rows for number in (row.mentor_id, row.pupil_id)}
    return same_people(records | set(people)), counting


def _standing_term(row: Mentorship, standing_of: Mapping[int, int]) -> Term:
    """The term of an agreement, by the records that stand."""
    return Term(
        mentor=standing_of[row.mentor_id],
        pupil=standing_of[row.pupil_id],
        first=row.starts,
        last=row.last_day,
        number=row.id,
    )


class _OrganisationsNamed:
    """Organisations by name or credit code, of which the account may write agreements."""

    def __init__(self, texts: Collection[str], by: Account) -> None:
        keys = {name_key_of(text) for text in texts}
        codes = {text.strip().upper() for text in texts}
        query = select(Organisation).where(Organisation.merged_into_id.is_(None))
        query = query.order_by(Organisation.id)
        rows = rows_among(query, Organisation.name_key, sorted(keys))
        rows += rows_among(query, Organisation.credit_code, sorted(codes))
        self._rows: dict[str, dict[int, Organisation]] = {}
        for row in rows:
            for key in (row.name_key, row.credit_code):
                if key:
                    self._rows.setdefault(key, {})[row.id] = row
        self._own = None if sees_all(by) else set(own_organisations(by))

    @property
    def numbers(self) -> set[int]:
        """The numbers of all that were named."""
        return {number for rows in self._rows.values() for number in rows}

    def find(self, text: str) -> tuple[Organisation | None, dict[str, Message]]:
        """The organisation, or what is wrong with its field."""
        rows = {
            **self._rows.get(name_key_of(text), {}),
            **self._rows.get(text.strip().upper(), {}),
        }
        if self._own is not None:
            rows = {number: row for number, row in rows.items() if number in self._own}
        if len(rows) == 1:
            return next(iter(rows.values())), {}
        if rows:
            return None, {"organisation": msg("有 %(n)s 个同名的，写信用代码", n=len(rows))}
        if self._own is not None:
            return None, {"organisation": msg("不是您的竞赛里的单位，请管理员来录")}
        return None, {"organisation": msg("组织名录里没有")}

"""Correcting what is registered of a person: every field, by the checks of registration."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from compete.domain.bundle.crews import crew_role
from compete.domain.eligibility import months_words
from compete.domain.identity.masks import mask_id, mask_phone
from compete.domain.identity.papers import Paper, paper_name
from compete.domain.kinds.kinds import competition_kind
from compete.domain.registration_columns import BACKGROUND, OF_EVALUATIONS, form_text
from compete.domain.values.canonical import sealed_text
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Entrant, Member, Team, Unit, db
from compete.models.types import keyed_hash
from compete.services.directory.person_records import connect_people
from compete.services.kernel import audit
from compete.services.kernel.audit import record_many
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import asked_fields
from compete.services.kernel.event_rules import ladder_of
from compete.services.kernel.pinyin import name_key
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing
from compete.services.registration.earlier_sittings import (
    bearers_of,
    events_of_occupation,
    failed_codes,
    is_alike,
    set_resits,
    tried_in,
)
from compete.services.registration.people_seals import seal_people
from compete.services.registration.preview import id_key, offer_of
from compete.sheets.registration.columns import STORED, own_spelling
from compete.sheets.registration.draft import check_fields
from compete.sheets.registration.plan import PlannedRow
from compete.sheets.registration.present_grade import grade_problem, since_problem

Value = str | int | date | list[dict[str, Any]] | None

_OWN = (
    *("name", "id_type", "id_number", "phone", "gender", "birth", "grade", "certificate"),
    *("promoted", "post", "months", *BACKGROUND),
)
FIELDS_OF_ENTRANT = (*_OWN, "unit", "team", "group")
FIELDS_OF_CREW = ("name", "unit", "team", "group")
FIELDS_OF_MEMBER = (*_OWN, "group", "role")
_IDENTITY = frozenset({"name", "id_type", "id_number"})
_OF_RESULTS = frozenset({"unit", "team", "group", "grade", "promoted", "role"})
_OF_VERDICTS = _OF_RESULTS | OF_EVALUATIONS | {"months", "birth"}
"""An evaluation's conditions look at these too."""
_ALWAYS = _IDENTITY | {"phone"}
_NONE, _NONE_IN_ENGLISH = "无", "none"
_COLUMNS = {"id_type": "paper"}
_PAPER_WORDS = {paper.value: str(paper_name(paper)) for paper in Paper}
_BIRTH_TOLD = (Paper.CITIZEN_ID, Paper.RESIDENCE_PERMIT)


class WrongFieldsError(Refused):
    """A refusal of fields, each with what is wrong; nothing was written."""

    def __init__(self, problems: Mapping[str, Message]) -> None:
        super().__init__(next(iter(problems.values())), kind=Refusal.INVALID)
        self.problems = problems


class SameAsBeforeError(Refused):
    """A refusal of a correction that changes nothing."""


@dataclass(frozen=True)
class PlannedCorrection:
    """A correction's changes; `before` and `after` as the record has them, masked."""

    values: Mapping[str, Value]
    before: Mapping[str, str | int | None]
    after: Mapping[str, str | int | None]
    mark: str
    """Tells this plan, and what stood when it was made, from any other."""


def _fields_to_correct(holder: Entrant | Member) -> tuple[str, ...]:
    """The fields that a person, a crew or a crew's member has."""
    if isinstance(holder, Entrant) and holder.members:
        return FIELDS_OF_CREW
    entrant = holder.entrant if isinstance(holder, Member) else holder
    asked: tuple[str, ...] = asked_fields(entrant.competition)
    fields = FIELDS_OF_MEMBER if isinstance(holder, Member) else FIELDS_OF_ENTRANT
    never = competition_kind(entrant.competition).unasked_columns

    def is_asked(key: str) -> bool:
        return key in asked if key in BACKGROUND else key not in never

    # What is asked no more and was said before can still be put right.
    return tuple(key for key in fields if is_asked(key) or _stored(holder, key))


def why_locked(competition: Competition, field: str) -> Message | None:
    """Say why a field cannot be corrected any more; None where it can."""
    if field in _ALWAYS or competition.state in _OPEN:
        return None
    return msg("评分锁定以后只能改姓名、证件和手机")


_OPEN = (CompetitionState.REGISTERING, CompetitionState.JUDGING)


def wants_reason(competition: Competition, changed: frozenset[str]) -> bool:
    """True if these changes want a reason: who somebody is always, what enters results in judging.

    Before judging nothing has come of unit, team, group and grade yet.
    """
    if changed & _IDENTITY:
        return True
    return competition.state is not CompetitionState.REGISTERING and bool(
        changed & (_OF_VERDICTS if competition_kind(competition).gives_verdicts else _OF_RESULTS)
    )


def import_wants_reason(competition: Competition, rows: Iterable[PlannedRow]) -> bool:
    """True if what the rows change of people who are registered wants a reason, as it does here."""
    return any(
        wants_reason(competition, frozenset(it.column for it in row.changes) - {"id_number"})
        for row in rows
        if row.existing is not None and row.registration is not None
    )


def is_birth_in_number(holder: Entrant | Member) -> bool:
    """True if the ID number tells the date of birth, which is then half of what is masked of it."""
    return bool(holder.id_number) and Paper(holder.id_type) in _BIRTH_TOLD


def current_fields(holder: Entrant | Member) -> dict[str, str]:
    """The present texts of a form; ID number and phone stay empty: neither is written out.

    Nor is a birth that the number tells. Who leaves them empty leaves what stands; 无 or none
    takes a phone away.
    """
    entrant = holder.entrant if isinstance(holder, Member) else holder
    texts = {key: form_text(key, own_spelling(key, getattr(holder, key))) for key in STORED} | {
        "name": holder.name,
        "id_type": holder.id_type,
        "id_number": "",
        "phone": "",
        "group": holder.group or entrant.group,
        "months": str(months_words(holder.months)) if holder.months is not None else "",
    }
    if is_birth_in_number(holder):
        texts["birth"] = ""
    if isinstance(holder, Member):
        texts["role"] = crew_role(holder.role, holder.position).value
    if isinstance(holder, Entrant):
        texts |= {"unit": holder.unit.code, "team": holder.team.code if holder.team else ""}
    return {key: texts[key] for key in _fields_to_correct(holder)}


def plan_correction(
    holder: Entrant | Member, typed: Mapping[str, str], reason: str
) -> PlannedCorrection:
    """Plan what these fields would change. A field that is not among them stays as it is.

    Raises `WrongFieldsError` for what cannot be right or lacks its reason, `Refused` (INVALID)
    where nothing changes, (CONFLICT) for a field that cannot be corrected any more.
    """
    entrant = holder.entrant if isinstance(holder, Member) else holder
    if holder.erased_at is not None:
        raise Refused(msg("个人资料已经删除，不能再改"))
    stands = current_fields(holder)
    wanted = stands | {key: typed[key].strip() for key in stands if key in typed}
    if not wanted["name"]:
        raise WrongFieldsError({"name": msg("请写姓名")})
    changed = {key for key in stands if wanted[key] != stands[key]}
    new, problems = _read(holder, entrant, wanted, changed)
    old = {key: _stored(holder, key) for key in new}
    values = {key: value for key, value in new.items() if value != old[key]}
    if problems:
        raise WrongFieldsError(problems)
    for key in values:
        why = why_locked(entrant.competition, key)
        # What an ID number tells of birth and gender follows it at any time.
        if why is not None and not (key in ("birth", "gender") and "id_number" in values):
            raise Refused(why)
    if not values:
        raise SameAsBeforeError(msg("和现在的一样，没有要更正的"), kind=Refusal.INVALID)
    if not reason and wants_reason(entrant.competition, frozenset(values)):
        raise WrongFieldsError({"reason": msg("更正要写原因")})
    papers = (holder.id_type, values.get("id_type"))
    told_birth = any(paper.value in papers for paper in _BIRTH_TOLD)
    before = {key: _recorded(entrant, key, old[key], told_birth) for key in values}
    after = {key: _recorded(entrant, key, value, told_birth) for key, value in values.items()}
    # Of an ID number and a phone `stands` has nothing: what stood is told too.
    content = [stands, {key: [str(old[key]), str(values[key])] for key in sorted(values)}]
    mark = keyed_hash(sealed_text(content).decode("utf-8", "surrogatepass"))[:16]
    return PlannedCorrection(values, before, after, mark)


def correct_person(
    holder: Entrant | Member,
    typed: Mapping[str, str],
    reason: str,
    by: Account,
    *,
    seen: str | None = None,
) -> PlannedCorrection:
    """Write other fields down for a person; nothing that was issued or published changes by it.

    `seen` is the mark of the plan that was shown. Raises as `plan_correction` does, and
    `Refused` (CONFLICT) where another changed it meanwhile.
    """
    reason = reason_text(reason)
    entrant = holder.entrant if isinstance(holder, Member) else holder
    with changing(entrant.competition, entrant, holder) as competition:
        plan = plan_correction(holder, typed, reason)
        if seen is not None and seen != plan.mark:
            raise Refused(msg("你打开以后别人改过，看一下再存"))
        for key, value in plan.values.items():
            _write(holder, key, value)
        db.session.flush()
        connect_people(competition, by, [holder])
        if "id_number" in plan.values:
            record_many(competition, by, set_resits(competition, [entrant]))
        before, why = dict(plan.before), reason or None
        after = {**plan.after, "people": seal_people(competition, [entrant.id])}
        audit.record(
            competition, by, "entrant.correct", holder.code, before=before, after=after, reason=why
        )
    return plan


def _read(
    holder: Entrant | Member, entrant: Entrant, wanted: Mapping[str, str], changed: set[str]
) -> tuple[dict[str, Value], dict[str, Message]]:
    """The values wanted by field, and by field what is wrong with those that were changed."""
    competition = entrant.competition
    cells = {_COLUMNS.get(key, key): text for key, text in wanted.items()}
    cells["event"], cells["unit"] = entrant.event.code, entrant.unit.code
    cells.pop("team", None)
    if wanted.get("phone", "").casefold() == _NONE_IN_ENGLISH:
        cells["phone"] = _NONE
    if cells.get("paper") in _PAPER_WORDS:
        cells["paper"] = _PAPER_WORDS[cells["paper"]]
    number_changed = bool(changed & {"id_number", "id_type"})
    if not cells.get("id_number"):
        cells["id_number"] = holder.id_number or ""
    if number_changed:
        # Birth and gender that nobody touched follow the number.
        for key in {"birth", "gender"} - changed:
            cells.pop(key, None)
    offer = replace(offer_of(competition), left_out=frozenset())
    checked = check_fields(cells, offer, today=local_today())
    problems = {
        key: checked.problems[column]
        for key in wanted
        if (column := _COLUMNS.get(key, key)) in checked.problems
        and (key in changed or (key == "id_number" and number_changed))
    }
    if "birth" in problems and "told" in problems["birth"].params and not number_changed:
        # The check's own words say the date, which nobody is to be told for a guess.
        problems["birth"] = msg("和证件号码不一样。生日跟着证件号码走，不改就空着")
    fields = checked.values
    for key in changed & checked.by_certificate.keys():
        problems.setdefault(key, checked.by_certificate[key])
    new: dict[str, Value] = {}
    for key in changed - problems.keys():
        value = getattr(fields, _COLUMNS.get(key, key))
        new[key] = value.value if isinstance(value, StrEnum) else value
    if number_changed and fields.id_number and fields.paper in _BIRTH_TOLD:
        new |= {"birth": fields.birth, "gender": fields.gender}
    if "unit" in changed:
        new["unit"] = _known_code("unit", wanted["unit"], entrant, problems)
    if "team" in changed:
        team = wanted["team"]
        new["team"] = _known_code("team", team, entrant, problems) if team else None
    for key, why in _not_tried(holder, entrant, new).items():
        problems.setdefault(key, why)
    if number_changed and fields.id_number and not problems:
        _check_free(holder, entrant, fields.paper or Paper(holder.id_type), fields.id_number)
    return new, problems


def _not_tried(
    holder: Entrant | Member, entrant: Entrant, new: Mapping[str, Value]
) -> Mapping[str, Message]:
    """The reasons by field why an evaluation would not take who has it."""
    tried = tried_in(entrant.event) if competition_kind(entrant.competition).has_sittings else None
    if tried is None or not {"grade", "grade_since"} & new.keys():
        return {}
    grade, since = (new.get(key, getattr(holder, key)) for key in ("grade", "grade_since"))
    reasons = {
        "grade": grade_problem(tried, grade, ladder_of(entrant.event)),
        "grade_since": since_problem(tried, grade, since),
    }
    return {key: why for key, why in reasons.items() if why is not None}


def _known_code(key: str, code: str, entrant: Entrant, problems: dict[str, Message]) -> str | None:
    """The code of a unit, or of a team of the same event; a problem for any other."""
    row = _row_of(key, entrant, code)
    if row is None or (isinstance(row, Team) and row.event_id != entrant.event_id):
        problems[key] = msg("没有“%(found)s”", found=code[:60])
        return None
    return row.code


def _check_free(holder: Entrant | Member, entrant: Entrant, paper: Paper, number: str) -> None:
    """Refuse to let somebody stand twice in an event, as a person or in a crew.

    In an evaluation neither twice in the events of one occupation.
    """
    key = id_key(paper, number)
    _check_origins(entrant, key)
    events, failed = events_of_occupation(entrant.event), failed_codes(entrant.competition)
    others: list[Entrant | Member] = [
        *db.session.scalars(
            select(Entrant).where(Entrant.event_id.in_(events), Entrant.id_hash == key)
        ),
        *db.session.scalars(
            select(Member)
            .join(Entrant, Entrant.id == Member.entrant_id)
            .where(Entrant.event_id.in_(events), Member.id_hash == key)
        ),
    ]
    for other in others:
        if other is not holder and not _resits(other, entrant, failed):
            why = msg("这个号码是 %(code)s %(name)s 的", code=other.code, name=other.name)
            raise WrongFieldsError({"id_number": why})


def _check_origins(entrant: Entrant, key: str) -> None:
    """Check earlier marks and 补考: they go by the ID number, and are that person's alone."""
    for bearer in bearers_of(entrant):
        if bearer.id_hash != key:
            why = msg(
                "带来的成绩或补考是 %(competition)s %(code)s 的，那里不是这个号码："
                "先更正那里，或者在这里收回",
                competition=bearer.competition.name,
                code=bearer.code,
            )
            raise WrongFieldsError({"id_number": why})


def _resits(other: Entrant | Member, entrant: Entrant, failed: Collection[str]) -> bool:
    """True if one of the two tries again what the other tried, or may since that was in vain."""
    if isinstance(other, Member):
        return False
    pairs = ((other, entrant), (entrant, other))
    noted = any((retaker.resit or {}).get("entrant") == two.code for retaker, two in pairs)
    same = other.name == entrant.name and other.event_id != entrant.event_id
    return noted or (
        same and other.code in failed and not entrant.resit and is_alike(other.event, entrant.event)
    )


def _stored(holder: Entrant | Member, key: str) -> Value:
    """The stored value, in the form in which `_read` gives what is wanted."""
    if isinstance(holder, Entrant) and key in ("unit", "team"):
        row = holder.unit if key == "unit" else holder.team
        return row.code if row is not None else None
    if isinstance(holder, Member) and key == "group":
        return holder.group or holder.entrant.group
    if isinstance(holder, Member) and key == "role":
        return crew_role(holder.role, holder.position).value
    value: Value = getattr(holder, key)
    return value


def _recorded(entrant: Entrant, key: str, value: Value, told_birth: bool) -> str | int | None:
    """A value as the record may have it: numbers masked, of a birth date the month alone.

    Where the number tells the birth (`told_birth`), the year alone: the month and a masked
    number together would leave little of the number to guess.
    """
    if key in OF_EVALUATIONS:
        return form_text(key, value) or None
    if isinstance(value, date):
        return f"{value:%Y}" if told_birth else f"{value:%Y-%m}"
    assert not isinstance(value, list)
    if key in ("unit", "team") and value is not None:
        row = _row_of(key, entrant, str(value))
        return row.name if row is not None else None
    if key in ("id_number", "certificate") and value is not None:
        return mask_id(str(value))
    if key == "phone" and value is not None:
        return mask_phone(str(value))
    return value


def _write(holder: Entrant | Member, key: str, value: Value) -> None:
    entrant = holder.entrant if isinstance(holder, Member) else holder
    if key in ("unit", "team"):
        row = _row_of(key, entrant, str(value)) if value else None
        setattr(entrant, f"{key}_id", row.id if row is not None else None)
        db.session.flush()
        db.session.refresh(entrant, [key])
        return
    setattr(holder, key, value)
    if key == "name" and isinstance(holder, Entrant):
        holder.name_key = name_key(holder.name)
    if key in ("id_number", "id_type") and holder.id_number:
        holder.id_hash = id_key(Paper(holder.id_type), holder.id_number)


def _row_of(key: str, entrant: Entrant, code: str) -> Unit | Team | None:
    """The unit or team of that code in the competition, or None."""
    table: Any = Unit if key == "unit" else Team
    query = select(table).where(table.competition_id == entrant.competition_id, table.code == code)
    row: Unit | Team | None = db.session.scalar(query)
    return row

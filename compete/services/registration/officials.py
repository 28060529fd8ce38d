"""Officials who come after the competition was loaded: a recorder, a supervisor, one more judge."""

from __future__ import annotations

from itertools import count

from sqlalchemy import select

from compete.domain.values import ROLE_WORDS, CompetitionState, Role, msg
from compete.models import Account, Competition, Expert, Judge, Unit, db
from compete.services.directory import connect_people, same_people, standing
from compete.services.kernel import Refusal, Refused, audit, check_name, for_update, unit_of_work
from compete.services.registration.people_seals import seal_people
from compete.sheets.registration.texts import same_name_key

ADDED_ROLES = (
    Role.RECORDER,
    Role.SUPERVISOR,
    Role.JUDGE,
    Role.CODER,
    Role.CLERK,
    Role.ARBITER,
    Role.HEAD_ARBITER,
)
"""Whom an organiser may add at any time."""
_LETTERS = {
    Role.RECORDER: "R",
    Role.SUPERVISOR: "S",
    Role.JUDGE: "J",
    # C is what files call a chief judge.
    Role.CODER: "M",
    Role.CLERK: "K",
    Role.ARBITER: "A",
    Role.HEAD_ARBITER: "AA",
    Role.CHIEF: "Z",
}


def roles_to_add(competition: Competition) -> tuple[Role, ...]:
    """Whom an organiser may add now: the chief judge as well while there is none.

    Another is not put beside him here: others are ruled by his word.
    """
    if any(judge.role is Role.CHIEF for judge in competition.judges):
        return ADDED_ROLES
    return (Role.CHIEF, *ADDED_ROLES)


def add_from_pool(competition: Competition, expert: Expert, by: Account) -> Judge:
    """Somebody of the pool as a judge, or as a supervisor who is one there.

    The unit goes along where the competition has one of that name. Raises `Refused`
    (CONFLICT) for who is on the list, and as `add_official` does.
    """
    if expert.person_id in people_among_officials(competition):
        raise Refused(msg("%(name)s 已经在名单里了", name=expert.person.name))
    role = Role.SUPERVISOR if expert.kind == "supervisor" else Role.JUDGE
    return add_official(competition, role, expert.person.name, by, expert=expert)


def people_among_officials(competition: Competition) -> set[int]:
    """Whose records the competition's officials are, with those that were merged with them."""
    own = {judge.person_id for judge in competition.judges if judge.person_id is not None}
    return set(same_people(own))


def add_official(
    competition: Competition,
    role: Role,
    name: str,
    by: Account,
    *,
    unit: Unit | None = None,
    expert: Expert | None = None,
) -> Judge:
    """One more official, under the next free code of the role's letter; without a card yet.

    Who is of a `unit` that sends contestants does not judge them, as the rules of recusal say.

    Raises `Refused` (INVALID) without a name or with one that is
    too long, and once the competition is over.
    """
    name = checked_official_name(name)
    with unit_of_work() as session:
        competition = for_update(competition)
        session.refresh(competition, ["judges"])
        if role not in roles_to_add(competition):
            raise Refused(msg("这个职责不在这里加"), kind=Refusal.INVALID)
        if competition.state is CompetitionState.FINAL:
            raise Refused(msg("竞赛已经结束，不再加人"))
        there = set(
            db.session.scalars(select(Judge.code).where(Judge.competition_id == competition.id))
        )
        judge = new_official(competition, role, name, there, unit=unit, expert=expert)
        session.flush()
        connect_people(competition, by)
        audit.record(
            competition,
            by,
            "judge.add",
            judge.code,
            after={
                "name": name,
                "role": str(ROLE_WORDS[role]),
                "people": seal_people(competition),
            },
        )
    return judge


def new_official(
    competition: Competition,
    role: Role,
    name: str,
    there: set[str],
    *,
    unit: Unit | None = None,
    expert: Expert | None = None,
    code: str = "",
    unit_name: str = "",
) -> Judge:
    """A row under `code`, or the next one that is not `there`, and from then on is.

    In a unit of work. `unit_name` is kept of a unit that sends nobody to the competition.
    """
    numbers = (f"{_LETTERS[role]}{number}" for number in count(1))
    code = code or next(code for code in numbers if code not in there)
    there.add(code)
    judge = Judge(
        competition_id=competition.id,
        code=code,
        name=name,
        role=role,
        unit_id=unit.id if unit is not None else None,
    )
    if expert is not None:
        judge.person_id = standing(expert.person).id
        judge.unit_id = _unit_named(competition, expert.unit)
        unit_name = expert.unit
    if judge.unit_id is None and unit_name:
        judge.extra = {"unit_name": unit_name}
    db.session.add(judge)
    return judge


def checked_official_name(name: str) -> str:
    """The name in one line. Raises `Refused` (INVALID) without one or where it is too long."""
    name = " ".join(name.split())
    if not name:
        raise Refused(msg("姓名要写"), kind=Refusal.INVALID)
    check_name(name)
    return name


def _unit_named(competition: Competition, name: str) -> int | None:
    key = same_name_key(name)
    found = (unit.id for unit in competition.units if same_name_key(unit.name) == key)
    return next(found, None) if key else None

"""Judges and other officials of a competition: entered or taken from the pool, corrected."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count

from sqlalchemy import select

from compete.domain.identity.names import no_name, same_name_key
from compete.domain.values.messages import msg
from compete.domain.values.roles import ROLE_WORDS, Role
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Expert, Judge, Unit, db
from compete.services.accounts.accounts import known_account_of
from compete.services.directory.duplicates import said_to_be_others
from compete.services.directory.merged import same_people, standing
from compete.services.directory.person_records import connect_people
from compete.services.judging.judge_replacement import Following, replace_judge
from compete.services.kernel import audit
from compete.services.kernel.module_keys import EventModule
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import check_name, check_text, reason_text
from compete.services.kernel.transactions import changing, for_update, unit_of_work
from compete.services.registration.people_seals import seal_people
from compete.sheets.registration.cells import LONGEST_CALLED

_LETTERS = {
    Role.JUDGE: "J",
    Role.RECORDER: "R",
    Role.SUPERVISOR: "S",
    # C is what files call a chief judge.
    Role.CODER: "M",
    Role.CLERK: "K",
    Role.ARBITER: "A",
    Role.HEAD_ARBITER: "AA",
    Role.CHIEF: "Z",
}
"""With what the codes of those whom an organiser adds begin."""
ADDED_ROLES = tuple(role for role in _LETTERS if role is not Role.CHIEF)
"""The roles that an organiser may add at any time, in this order."""
_MOST_DIGITS = 6
"""A longer number in a code is no place in a row of them."""


def roles_to_add(competition: Competition) -> tuple[Role, ...]:
    """The roles an organiser may add now: the chief judge as well while there is none.

    Another is not put beside him here: others are ruled by his word.
    """
    if any(judge.role is Role.CHIEF for judge in competition.judges):
        return ADDED_ROLES
    return (Role.CHIEF, *ADDED_ROLES)


def add_from_pool(competition: Competition, expert: Expert, by: Account) -> Judge:
    """Add somebody of the pool as a judge, or as a supervisor who is one there.

    The unit goes along where the competition has one of that name. Raises `Refused`
    (CONFLICT) for who is on the list, and as `add_official` does.
    """
    if expert.person_id in people_among_officials(competition):
        raise Refused(msg("%(name)s 已经在名单里了", name=expert.person.name))
    alike = _official_like(competition, expert)
    if alike is not None:
        raise Refused(
            msg(
                "名单里的 %(code)s 也叫%(name)s，单位相同。是同一个人就不用再请，"
                "要用他的资格，请管理员在“可能是同一个人”里合并；是另一个人，在裁判页上加",
                code=alike.code,
                name=expert.person.name,
            )
        )
    role = Role.SUPERVISOR if expert.kind == "supervisor" else Role.JUDGE
    return add_official(competition, role, expert.person.name, by, expert=expert)


def _official_like(competition: Competition, expert: Expert) -> Judge | None:
    """The official with the name and unit of an expert of the pool, as another record, or None."""
    key = same_name_key(expert.person.name)
    others = {person.id for person in said_to_be_others(standing(expert.person))}
    for judge in competition.judges:
        named = same_name_key(judge.name) == key and judge.person_id not in others
        if named and expert.unit and same_name_key(judge.unit_name) == same_name_key(expert.unit):
            return judge
    return None


def replace_by_new_judge(
    judge: Judge, name: str, reason: str, by: Account, *, at: EventModule | None = None
) -> tuple[Judge, Following]:
    """Add somebody as a judge and put them in a judge's place, in one transaction.

    Raises `Refused` as `add_official` and `replace_judge` do.
    """
    with unit_of_work() as session:
        competition = session.get_one(Competition, judge.competition_id)
        successor = add_official(competition, Role.JUDGE, name, by)
        return successor, replace_judge(judge, successor, reason, by, at=at)


def people_among_officials(competition: Competition) -> set[int]:
    """The records of persons behind the competition's officials, with those merged with them."""
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
    """Add an official under the next free code of the role's letter; without a card yet.

    Who is of a `unit` that sends contestants does not judge them, as the rules of recusal say.

    Raises `Refused` (INVALID) without a name or with one that is
    too long, and once the competition is over.
    """
    name = checked_official_name(name)
    with changing(competition) as competition:
        db.session.refresh(competition, ["judges"])
        if role not in roles_to_add(competition):
            raise invalid(msg("这个职责不在这里加"))
        if competition.state is CompetitionState.FINAL:
            raise Refused(msg("竞赛已经结束，不再加人"))
        there = set(
            db.session.scalars(select(Judge.code).where(Judge.competition_id == competition.id))
        )
        judge = new_official(competition, role, name, there, unit=unit, expert=expert)
        db.session.flush()
        connect_people(competition, by)
        after = {
            "name": name,
            "role": str(ROLE_WORDS[role]),
            "as": role.value,
            "people": seal_people(competition, ()),
        }
        audit.record(competition, by, "judge.add", judge.code, after=after, bends=True)
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
    """A row under `code`, or the one that comes after those `there`, and from then on is there.

    In a unit of work. `unit_name` is kept of a unit that sends nobody to the competition.
    """
    code = code or _next_code(_LETTERS[role], there)
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
        own = _unit_named(competition, expert.unit)
        judge.unit_id = own.id if own is not None else None
        unit_name = expert.unit
    if judge.unit_id is None and unit_name:
        judge.extra = {"unit_name": unit_name}
    db.session.add(judge)
    return judge


def _next_code(letter: str, there: Collection[str]) -> str:
    """The next code: after J01 and J12 comes J13, and no J1, which nobody would tell from J01."""
    codes = (code[len(letter) :] for code in there if code.startswith(letter))
    numbers = [
        rest for rest in codes if rest.isascii() and rest.isdigit() and len(rest) <= _MOST_DIGITS
    ]
    last = max(map(int, numbers), default=0)
    width = max(map(len, numbers), default=1)
    following = (f"{letter}{number:0{width}}" for number in count(last + 1))
    return next(code for code in following if code not in there)


def checked_official_name(name: str) -> str:
    """The name in one line. Raises `Refused` (INVALID) without one, or where it cannot be one."""
    name = " ".join(name.split())
    if not name:
        raise invalid(msg("姓名要写"))
    if (why := no_name(name)) is not None:
        raise invalid(why)
    check_name(name)
    return name


def _unit_named(competition: Competition, name: str) -> Unit | None:
    """The unit that takes part under a name; None for any other name."""
    key = same_name_key(name)
    units = (unit for unit in competition.units if same_name_key(unit.name) == key)
    return next(units, None) if key else None


def correct_official(
    judge: Judge,
    name: str,
    unit: Unit | None,
    reason: str,
    by: Account,
    *,
    other: str | None = None,
) -> bool:
    """Write the right name and unit, and say whether anything was another.

    `other` is a unit that takes no part, empty for none; None leaves it as it is. One that
    takes part under that name is the unit itself.

    What was signed keeps the name it was signed by. The account is called by the new name
    where it had the old one. Raises `Refused` (INVALID) without a name, with one that is too
    long, with a unit of another competition, with two units, and without a reason once judging
    has begun; (CONFLICT) once the competition is over.
    """
    name, reason = checked_official_name(name), reason_text(reason)
    with unit_of_work() as session:
        competition = for_update(session.get_one(Competition, judge.competition_id))
        session.refresh(judge)
        if unit is not None and unit.competition_id != competition.id:
            raise invalid(msg("名单里没有这个单位"))
        if competition.state is CompetitionState.FINAL:
            raise Refused(msg("竞赛已经结束，不再更正"))
        if not reason and competition.state is not CompetitionState.REGISTERING:
            raise invalid(msg("评分开始以后更正要写理由"))
        before = _official_face(judge)
        account = known_account_of(judge)
        if account is not None and account.username is None and account.name == judge.name:
            account.name = name
        had = str((judge.extra or {}).get("unit_name", ""))
        elsewhere = had if other is None else " ".join(other.split())
        if elsewhere != had:
            check_text(elsewhere, LONGEST_CALLED)
        if unit is not None and elsewhere != had:
            problem = msg("单位选了名单里的，又写了“%(unit)s”，只能有一个", unit=elsewhere)
            raise invalid(problem)
        unit = unit or _unit_named(competition, elsewhere)
        judge.name, judge.unit = name, unit
        extra = {key: it for key, it in (judge.extra or {}).items() if key != "unit_name"}
        if unit is None and elsewhere:
            extra["unit_name"] = elsewhere
        judge.extra = extra or None
        session.flush()
        after = _official_face(judge)
        if before == after:
            return False
        connect_people(competition, by, [judge])
        sealed, why = {**after, "people": seal_people(competition, ())}, reason or None
        audit.record(
            competition,
            by,
            "judge.correct",
            judge.code,
            before=before,
            after=sealed,
            reason=why,
            bends=True,
        )
    return True


def _official_face(judge: Judge) -> dict[str, str]:
    return {"name": judge.name, "unit": judge.unit_name}

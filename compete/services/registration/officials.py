"""Officials who come after the competition was loaded: a recorder, a supervisor, one more judge."""

from __future__ import annotations

from itertools import count

from sqlalchemy import select

from compete.domain.values import ROLE_WORDS, CompetitionState, Role, msg
from compete.models import Account, Competition, Judge, db
from compete.services.directory import connect_people
from compete.services.kernel import Refusal, Refused, audit, for_update, unit_of_work
from compete.services.registration.people_seals import seal_people

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
LONGEST_NAME = 60


def roles_to_add(competition: Competition) -> tuple[Role, ...]:
    """Whom an organiser may add now: the chief judge as well while there is none.

    Another is not put beside him here: others are ruled by his word.
    """
    if any(judge.role is Role.CHIEF for judge in competition.judges):
        return ADDED_ROLES
    return (Role.CHIEF, *ADDED_ROLES)


def add_official(competition: Competition, role: Role, name: str, by: Account) -> Judge:
    """One more official, under the next free code of the role's letter; without a card yet.

    Raises `Refused` (INVALID) without a name or with one of over `LONGEST_NAME`
    characters, and once the competition is over.
    """
    name = " ".join(name.split())
    if not name:
        raise Refused(msg("姓名要写"), kind=Refusal.INVALID)
    if len(name) > LONGEST_NAME:
        raise Refused(
            msg("姓名最长 %(most)s 个字，现在是 %(found)s 个", most=LONGEST_NAME, found=len(name)),
            kind=Refusal.INVALID,
        )
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
        code = next(
            code for number in count(1) if (code := f"{_LETTERS[role]}{number}") not in there
        )
        judge = Judge(competition_id=competition.id, code=code, name=name, role=role)
        session.add(judge)
        session.flush()
        connect_people(competition, by)
        audit.record(
            competition,
            by,
            "judge.add",
            code,
            after={
                "name": name,
                "role": str(ROLE_WORDS[role]),
                "people": seal_people(competition),
            },
        )
    return judge

"""The people behind an entrant: one of their own, or the members of a crew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

import msgspec

from compete.domain.bundle.types import Entrant, Member
from compete.domain.values.kinds import CrewRole, EntrantGroup
from compete.domain.values.messages import Message, msg

FEWEST_MEMBERS = 2


class Participant(msgspec.Struct, frozen=True, kw_only=True):
    """One person who takes part, alone or in a crew.

    `member` is the code in the crew, None for who stands alone and is `main`.
    """

    entrant: str
    member: str | None
    name: str
    role: CrewRole
    id_number: str | None
    group: EntrantGroup
    grade: int | None
    promoted: int | None
    phone: str | None
    gender: str | None
    birth: date | None


def participants(entrant: Entrant) -> tuple[Participant, ...]:
    """The people of an entrant, a crew's in its members' order, never none."""
    if not entrant.members:
        return (_participant(entrant, entrant, None, CrewRole.MAIN),)
    return tuple(
        _participant(entrant, member, member.code, crew_role(member.role, place))
        for place, member in enumerate(entrant.members)
    )


def crew_role(role: str | None, place: int) -> CrewRole:
    """The role of a crew member: as told, else the first is `main` and the others assist."""
    return CrewRole(role) if role else CrewRole.ASSISTANT if place else CrewRole.MAIN


def birth_of(entrant: Entrant) -> date | None:
    """The day by which an entrant's age is compared."""
    if not entrant.members:
        return entrant.birth
    person = compared_by_birth(entrant)
    return person.birth if person else None


def compared_by_birth(entrant: Entrant) -> Participant | None:
    """The person whose age stands for the entrant: of a crew its first main member."""
    people = participants(entrant)
    return next((person for person in people if person.role is CrewRole.MAIN), None)


def called(entrant: Entrant) -> str:
    """The entrant's name, a crew's with those of its members: 甲一组（赵启明、钱文）."""
    return crew_called(entrant.name, [member.name for member in entrant.members])


def crew_called(name: str, members: Sequence[str]) -> str:
    """Name a crew as `called`, from the names alone."""
    return f"{name}（{'、'.join(members)}）" if members else name


def heads(n: int, crewed: Collection[bool]) -> Message:
    """Count those who take part, by the word for what they are: 12 人, 3 个组合, or both.

    `crewed` is what there is among all of whom is spoken: True where somebody is a crew, False
    where somebody stands alone.
    """
    if True not in crewed:
        return msg("%(n)s 人", n=n)
    return msg("%(n)s 人（组合）", n=n) if False in crewed else msg("%(n)s 个组合", n=n)


def crewed(entrants: Iterable[Entrant]) -> frozenset[bool]:
    """For `heads`: if there are crews among them, and if there are people who stand alone."""
    return frozenset(bool(entrant.members) for entrant in entrants)


def people_in(entrant: Entrant) -> int:
    """The number of people in an entrant."""
    return len(entrant.members) or 1


def _participant(
    entrant: Entrant, person: Entrant | Member, member: str | None, role: CrewRole
) -> Participant:
    return Participant(
        entrant=entrant.code,
        member=member,
        name=person.name,
        role=role,
        id_number=person.id_number,
        group=person.group or entrant.group,
        grade=person.grade,
        promoted=person.promoted,
        phone=person.phone,
        gender=person.gender,
        birth=person.birth,
    )

"""What is said of a new version, for everybody to read: nobody is named in it."""

from __future__ import annotations

from sqlalchemy import select

from compete.domain.identity import shown_name
from compete.domain.values import msg
from compete.models import Competition, Entrant, Member, db
from compete.services.kernel import Refusal, Refused


def check_nobody_named(competition: Competition, note: str) -> None:
    """Raise `Refused` (INVALID) for the whole name of somebody whom public pages mask.

    A crew's name is nobody's; of its members each is looked for.
    """
    said = "".join(note.split())
    for code, name in people_named(competition):
        if len(name) > 1 and name in said and shown_name(name, code) != name:
            raise Refused(
                msg(
                    "“改了什么”谁都看得到，公布页上遮住姓名：不要写“%(name)s”，写参赛号 %(code)s",
                    name=name,
                    code=code,
                ),
                kind=Refusal.INVALID,
            )


def people_named(competition: Competition) -> list[tuple[str, str]]:
    """Codes and names of all who take part, each of a crew, the longest names first."""
    alone = select(Entrant.code, Entrant.name).where(
        Entrant.competition_id == competition.id, ~Entrant.members.any()
    )
    crewed = select(Member.code, Member.name).where(Member.competition_id == competition.id)
    found = [each for query in (alone, crewed) for each in db.session.execute(query).tuples()]
    return sorted(found, key=lambda each: -len(each[1]))

"""Judging of the small competition, and tablets that send what judges do."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from compete.models import Account, Act, Competition, Entrant, Judge, Sheet, db
from compete.services.accounts.accounts import account_of_judge
from compete.services.judging.act_intake import Taken, take_acts
from compete.services.schedule.allocation import assign_judges, open_judging
from compete.services.sheets.act_rules import ActIn
from compete.services.sheets.values import standing_values
from tests.support.begun import copied


def judge_of(competition: Competition, code: str) -> Judge:
    """Find the judge of that code."""
    return next(judge for judge in competition.judges if judge.code == code)


def seat(competition: Competition, by: Account) -> None:
    """Seat J1 and J2 at the first module, J3 at the second."""
    event = competition.events[0]
    for module, codes in (("m", ("J1", "J2")), ("t", ("J3",))):
        seats = [(judge_of(competition, code), "") for code in codes]
        assign_judges(event, "S", module, seats, by)


def seat_and_open(competition: Competition, by: Account) -> None:
    """Seat as `seat`, and begin judging."""

    def make() -> None:
        seat(competition, by)
        open_judging(competition, by)

    copied(f"seat and open {competition.id} {by.id}", make)


class Tablet:
    """One judge's tablet."""

    def __init__(self, competition: Competition, code: str = "J1") -> None:
        self.judge = judge_of(competition, code)
        self.account = account_of_judge(self.judge, competition, None)
        self.module = "t" if code == "J3" else "m"
        self.aspects = ("s",) if code == "J3" else ("a", "f", "y")

    def sheet(self, entrant: str = "P1") -> Sheet:
        """Find this judge's sheet for an entrant, as it stands now."""
        db.session.rollback()
        return db.session.scalars(
            select(Sheet)
            .join(Entrant, Entrant.id == Sheet.entrant_id)
            .where(
                Sheet.judge_id == self.judge.id,
                Sheet.module == self.module,
                Entrant.code == entrant,
            )
        ).one()

    def values(self, entrant: str = "P1") -> dict[str, str]:
        """The values of the sheet."""
        number = self.sheet(entrant).id
        return {code: str(value) for code, value in standing_values([number])[number].items()}

    def act(self, kind: str, entrant: str = "P1", **keys: Any) -> ActIn:
        """Make an act on the sheet of an entrant."""
        keys = {"uuid": str(uuid.uuid4()), "sheet": self.sheet(entrant).public_id} | keys
        return ActIn(kind=kind, **keys)

    def mark(self, aspect: str, value: Any, entrant: str = "P1", **keys: Any) -> ActIn:
        """Make the act of a value for an aspect."""
        return self.act("mark", entrant, aspect=aspect, value=value, **keys)

    def full(self, entrant: str = "P1") -> list[ActIn]:
        """Mark every aspect of a sheet, and submit the sheet."""
        values = {"a": "30", "f": "1", "y": True, "s": "75.5"}
        marks = [self.mark(code, values[code], entrant) for code in self.aspects]
        return [*marks, self.act("submit", entrant)]

    def send(self, *acts: ActIn) -> Taken:
        """Hand acts to the server."""
        return take_acts(self.judge, acts, self.account)

    def refusal(self, *acts: ActIn) -> str:
        """Say why the one act that is refused was refused; nothing of it is held."""
        before = db.session.query(Act).count()
        taken = self.send(*acts)
        assert len(taken.refused) == 1, taken
        assert db.session.query(Act).count() == before + len(taken.stored)
        return str(taken.refused[0][1])

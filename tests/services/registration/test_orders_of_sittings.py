"""Whatever the order of acts: no grade rests on a mark that does not hold, none is used twice."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from random import Random

import pytest
from sqlalchemy import select

from compete.domain import read_bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.values.states import CompetitionState, MoveError
from compete.models import Account, Competition, Entrant, PenaltyEntry, db
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.registration.carried_modules import (
    bring_module,
    kept_modules,
    take_module_back,
)
from compete.services.registration.earlier_sittings import verdicts_of_version
from compete.services.registration.withdrawals import return_person, withdraw_person
from compete.services.results.publishing import publish
from compete.services.scoring.bundle_out import export_bundle
from tests.support.announced import lock, reopen
from tests.support.sittings import Load, empty, enter, of, put_back, sitting, take_off, verdict

STEPS = 24


class Acts:
    """Acts upon an earlier sitting and two later ones, each of which may be refused."""

    def __init__(self, first: Competition, later: list[Entrant], by: Account, seed: int) -> None:
        self.first, self.later, self.by, self.dice = first, later, by, Random(seed)
        self.fault: PenaltyEntry | None = None
        self.done: Counter[str] = Counter()

    def step(self) -> None:
        act = self.dice.choice(
            [self.bring, self.bring, self.take_back, self.correct, self.withdraw, self.come_back]
        )
        with suppress(Refused, MoveError):
            act()
            self.done[act.__name__] += 1

    def bring(self) -> None:
        who = self.dice.choice(self.later)
        for kept in kept_modules(who):
            bring_module(who, kept.key, self.by)

    def take_back(self) -> None:
        who = self.dice.choice(self.later)
        take_module_back(who, self.dice.choice(["theory", "review"]), self.by)

    def correct(self) -> None:
        """The theory of the first sitting loses points or gets them back, and is published."""
        if self.first.state is not CompetitionState.JUDGING:
            reopen(self.first, self.by)
        if self.fault is None:
            points = self.dice.choice([2, 20])
            self.fault = take_off(of(self.first, "P1"), "theory", points)
        else:
            put_back(self.fault)
            self.fault = None
        lock(self.first, self.by)
        publish(self.first, self.by, "更正")

    def withdraw(self) -> None:
        withdraw_person(self.dice.choice(self.later), "病了", self.by)

    def come_back(self) -> None:
        return_person(self.dice.choice(self.later), self.by)


@pytest.mark.parametrize("seed", range(3))
def test_what_stands_is_published_as_it_stands_and_once(
    load: Load, organiser: Account, seed: int
) -> None:
    first = load(sitting("FIRST", "2026-05-10"))
    lock(first, organiser)
    publish(first, organiser)
    later = [
        enter(load(empty(code, starts), registering=True), organiser)
        for code, starts in (("NEXT", "2027-01-10"), ("THIRD", "2027-06-10"))
    ]
    acts = Acts(first, later, organiser, seed)
    for _ in range(STEPS):
        acts.step()
        version = latest_publication(first)
        assert version is not None
        row = verdicts_of_version(version)["A"]["P1"]
        standing = [
            it
            for who in db.session.scalars(select(Entrant).where(Entrant.id.in_(ids(later))))
            for it in who.carried or ()
            if "void" not in it
        ]
        assert max(Counter(it["of"] for it in standing).values(), default=0) <= 1
        for it in standing:
            assert row.modules[it["of"]].score == it["mark"]
            assert it["of"] in row.keeps
    assert acts.done["bring"]
    assert acts.done["correct"]
    for who in later:
        competition = who.competition
        read_bundle(write_bundle(export_bundle(competition)))
        assert list(check_rows(competition)) == []
        assert list(verify_chain(competition)) == []
        with suppress(StopIteration):
            assert verdict(who).verdict == "incomplete"


def ids(people: list[Entrant]) -> list[int]:
    return [who.id for who in people]

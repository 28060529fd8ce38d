"""A ruling on a re-check that was a mistake: corrected by the chief judge, both kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from compete.domain.recheck import Ruling
from compete.domain.values.states import SheetState
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account
from compete.services.closing.competition_lock import lock_marks
from compete.services.closing.recheck import correct_ruling, enter_recheck, rule_difference
from compete.services.closing.recheck_state import recheck_state_of
from compete.services.competitions.loading import load_bundle
from compete.services.kernel.refusal import Refused
from compete.services.results.publishing import publish
from tests.services.closing.test_recheck import (
    differ,
    drawn,
    finish,
    now,
    otherwise,
    recorder,
    truth,
)
from tests.support.contest import contest
from tests.support.signing_in import official


@pytest.fixture
def load(here: Flask) -> Callable[..., Competition]:
    def run(**keys: object) -> Competition:
        return load_bundle(contest(**{"level": "provincial-2", "entrants": 10, **keys}))

    return run


@pytest.fixture
def competition(load: Callable[..., Competition]) -> Competition:
    return load()


@pytest.fixture
def organiser(here: Flask) -> Account:
    return create_account("吴敏")


def test_the_chief_corrects_a_mistaken_ruling_and_both_stay(
    competition: Competition, organiser: Account
) -> None:
    round = drawn(competition)
    chief = official(competition, "C1")
    first, second = round.entries[0], round.entries[4]
    for entry in (first, second):
        differ(entry)
        rule_difference(entry, Ruling.ERROR, "原表写错", chief)
    assert len(recheck_state_of(round).lines) == 40
    for who, why, match in (
        (official(competition, "S1"), "看错的是复核", "只有裁判长"),
        (organiser, "看错的是复核", "只有裁判长"),
        (chief, " ", "要写理由"),
    ):
        with pytest.raises(Refused, match=match):
            correct_ruling(second, Ruling.MISREAD, why, who)
    with pytest.raises(Refused, match="已经这样"):
        correct_ruling(second, Ruling.ERROR, "再来", chief)
    correct_ruling(second, Ruling.MISREAD, "纸上就是 7，复核看成 1", chief)
    assert second.earlier is not None
    assert [(ruling["ruling"], ruling["reason"]) for ruling in second.earlier] == [
        ("error", "原表写错")
    ]
    assert (second.ruling, second.ruling_reason) == (Ruling.MISREAD, "纸上就是 7，复核看成 1")
    # With it the reason falls away for which everybody's sheets were to be re-checked.
    state = now(round)
    assert (round.forced_at, state.wrong, len(state.lines)) == (None, 1, 20)
    forced = round.entries[-1]
    with pytest.raises(Refused, match="不用复核"):
        enter_recheck(forced, truth(forced), recorder(forced))
    # And back: it is wrong after all, and all are to be re-checked again.
    correct_ruling(second, Ruling.ERROR, "原件上是 1", chief)
    assert (len(second.earlier), len(recheck_state_of(round).lines)) == (2, 40)
    assert round.forced_at is not None


def test_a_ruling_stays_once_results_are_out_or_the_sheet_was_mended_by_it(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load()
    round = drawn(competition)
    chief, entry = official(competition, "C1"), round.entries[0]
    values = otherwise(entry)
    enter_recheck(entry, values, recorder(entry), looked_again=True)
    rule_difference(entry, Ruling.MISREAD, "看错", chief)
    finish(round)
    lock_marks(competition, organiser)
    correct_ruling(entry, Ruling.ERROR, "原件上是另一个数", chief)
    assert entry.sheet.state is not SheetState.RETURNED
    correct_ruling(entry, Ruling.MISREAD, "两个人又看了一次", chief)
    publish(competition, organiser)
    with pytest.raises(Refused, match="现在不是复核的时候"):
        correct_ruling(entry, Ruling.ERROR, "晚了", chief)

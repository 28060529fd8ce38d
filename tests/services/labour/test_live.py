"""What stands after some entries is the same as all worked out anew from the database."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from compete.models import Account, Competition
from compete.services.scoring import export_bundle, labour_live, labour_of_bundle, live_labour
from tests.services.labour.made_up import act, made_up

SEEN = 10**6


def test_after_entries_the_same_stands_as_worked_out_anew(
    load: Callable[..., Competition], organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    contest = made_up(load, organiser)
    competition = contest.competition
    labour_live(competition)
    anew: list[int] = []
    whole = live_labour.export_bundle

    def noted(row: Competition) -> object:
        anew.append(row.id)
        return whole(row)

    monkeypatch.setattr(live_labour, "export_bundle", noted)
    works = contest.writer(contest.works)
    steps = [
        lambda: contest.enter(act("甲", "安全", "28"), act("乙", "隐患", "2")),
        lambda: contest.enter(act("甲", "安全", "25", seen=SEEN)),
        lambda: contest.enter(act("甲", "安全", "", seen=SEEN)),
        lambda: contest.enter(act("甲", "安全", "九", seen=SEEN)),
        lambda: contest.enter(act("丙", "产值", "90"), by=works),
        lambda: contest.enter(act("丙", "产值", "100", kind="target", seen=SEEN), by=works),
        lambda: contest.enter(act("甲", "安全", "20", seen=SEEN), period="一月"),
    ]
    for step in steps:
        assert step().refused == []
        live = labour_live(competition)
        expected = labour_of_bundle(whole(competition))
        assert live.bundle == expected.bundle == export_bundle(competition)
        assert live.written == expected.written
        assert live.outcome.scores == expected.outcome.scores
        assert live.outcome.totals == expected.outcome.totals
        assert live.outcome.ranks == expected.outcome.ranks
    assert anew == [], "nothing was read anew as a whole"

"""An appeal about a difficulty: arbiters see it, and what they order is done by correcting it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask

from compete.services.appeals.arbiter_view import matter_of
from compete.services.appeals.decisions import agree
from compete.services.appeals.ordered_rulings import carry_out
from compete.services.kernel.refusal import Refused
from tests.services.sheets.test_difficulties import dives, judge_all, tell
from tests.support.appealing import appealed, bench_of, decided
from tests.support.panels import open_panel


@pytest.mark.each_database
def test_a_difficulty_is_seen_and_what_is_ordered_of_it_is_done(app: Flask) -> None:
    with app.app_context():
        hall = open_panel(dives())
        judge_all(hall)
        bench = bench_of(hall.competition, hall.organiser)
        appeal = appealed("E1", item="final/practice")
        assert [line.name for line in matter_of(appeal).lines] == ["操作平稳", "成品，难度系数 —"]
        decision = decided(appeal, bench.first, outcome="changed", orders="按 1.5")
        tell(hall, E1="2")
        assert [line.name for line in matter_of(appeal).lines][1] == "成品，难度系数 2"
        with pytest.raises(Refused, match="刚才改过"):
            agree(decision, bench.second)
        agree(decided(appeal, bench.first, outcome="changed", orders="按 1.5"), bench.second)
        chief = hall.account("C1")
        with pytest.raises(Refused, match="还没看到改动"):
            carry_out(appeal, "改了", chief)
        tell(hall, {(hall.entrant("E1").id, "work"): Decimal(2)}, E1="1.5")
        carry_out(appeal, "改了", chief)
        assert appeal.carried_how == "改了"

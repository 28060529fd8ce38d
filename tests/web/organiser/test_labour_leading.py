"""The desk's page of a labour period for who has a minute: figures that agree with the results."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

from flask import Flask

from compete.domain.bundle import LabourRow, write_bundle
from compete.models import Account, Competition
from compete.services.scoring import LabourLive, labour_live
from compete.web.organiser.labour.development import development
from compete.web.organiser.labour.leading import FIRST, HEAT_FIRST, HEAT_LAST, LOW, Leading
from tests.support.competitions import sample
from tests.support.signing_in import signed_in


def _rows(live: LabourLive, period: str, group: str | None) -> list[LabourRow]:
    return [row for row in live.standings[period] if row.group == group]


def test_figures_agree_with_the_results(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    live = labour_live(load(json.loads(write_bundle(sample("key-projects-labour")))))
    groups = sorted({row.group for row in live.standings["Q3"] if row.group})
    with app.test_request_context():
        leading = Leading(live, "Q3", lambda unit: f"#{unit}", {"safety": "安全部"})
        cards = leading.leaders(groups, groups[0], lambda group: f"#{group}")
        for group, card in zip(groups, cards, strict=True):
            rows = _rows(live, "Q3", group)
            assert card.name.startswith(group)
            assert [row.total for row in card.rows] == [row.total for row in rows[:FIRST]]
            holders = [live.units[row.unit] for row in rows if row.flag]
            assert (card.given, card.flag) == (bool(holders), "、".join(holders) or "红旗空缺")
            heat = leading.heat(rows)
            assert heat is not None
            assert len(heat.first) + heat.middle + len(heat.last) == len(
                [row for row in rows if row.total is not None]
            )
            assert (len(heat.first), len(heat.last) >= HEAT_LAST) == (HEAT_FIRST, True)
            for row in (*heat.first, *heat.last):
                assert all(
                    cell.low == (cell.share < LOW) for cell in row.cells if cell.share is not None
                )
                assert abs(Decimal(row.share) - Decimal(row.total)) < Decimal("0.02")
            led = development(live, "Q3")
            for mover in leading.movers(rows, led):
                assert 1 <= len(mover.rows) <= 3
                assert all(each.cause for each in mover.rows)


def test_what_is_to_be_set_up_stands_below_once_there_are_ranks(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    load(json.loads(write_bundle(sample("key-projects-labour"))))
    page = signed_in(app, organiser).get("/desk/LB-2022/labour?period=Q3").text
    assert page.index("各项得分率") < page.index('id="ranks"') < page.index("还差什么")

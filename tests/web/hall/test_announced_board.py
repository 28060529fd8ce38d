"""The big screen once results are announced: how far they are, what is appealed, and tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from compete.domain.bundle.writing import write_bundle
from compete.models import Account, Competition
from compete.services.hall.board_acts import change_board, freeze, make_board, thaw
from compete.services.results.result_moves import withdraw_notice
from tests.domain.scoring.test_overall import RANKS, two_events
from tests.support.announced import announce, reopen
from tests.support.appealing import appealed


def test_the_screen_says_how_far_announced_results_are_and_what_is_appealed(
    client: FlaskClient, judged: Competition, organiser: Account
) -> None:
    """Nobody in the hall takes marks that changed since for the announced ones."""
    board = make_board(judged.events[0], organiser)
    settings = {"delay": "0", "places": "9", "stations": False, "opens_at": None}
    change_board(board, switched_on=True, by=organiser, **settings)  # type: ignore[arg-type]

    def screen() -> dict[str, Any]:
        answer = client.get(f"/hall/{judged.code}/{board.token}/data")
        assert answer.status_code == 200
        return dict(answer.get_json())

    def note() -> str:
        return str(screen()["competition"]["note"])

    before = note()
    assert before.endswith(" · 暂定")
    before = before.removesuffix(" · 暂定")
    announce(judged, organiser)
    assert note().startswith(f"{before} · 公示中，到")
    assert not [row for row in screen()["rows"] if "申诉中" in row["unit"]]
    appealed("P2")
    flagged = [row for row in screen()["rows"] if "申诉中" in row["unit"]]
    assert [row["code"] for row in flagged] == ["P2"]
    reopen(judged, organiser)
    assert note() == f"{before} · 暂定，以公布的成绩为准"
    withdraw_notice(judged.events[0], "漏了一个人", organiser)
    assert note() == f"{before} · 公示已撤下，名次不作数"


def test_a_table_over_several_events_is_on_the_screen_once_it_is_announced(
    client: FlaskClient, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = json.loads(write_bundle(two_events(**RANKS, who="delegations")))
    competition = load(plain)
    board = make_board(competition.events[0], organiser)
    settings = {"delay": "0", "places": "9", "stations": False, "opens_at": None}
    change_board(board, switched_on=True, by=organiser, **settings)  # type: ignore[arg-type]

    def tables() -> list[dict[str, Any]]:
        answer = client.get(f"/hall/{competition.code}/{board.token}/data")
        return list(answer.get_json()["tables"])

    assert tables() == []
    announce(competition, organiser)
    rows = [
        {"rank": "1", "name": "一", "value": "24.50"},
        {"rank": "2", "name": "三", "value": "9.00"},
    ]
    assert tables() == [{"name": "总分表", "rows": rows}]
    # The ceremony keeps the places to itself.
    freeze(board, organiser)
    assert tables() == []
    withdraw_notice(competition.events[1], "漏了一个人", organiser)
    thaw(board, organiser)
    assert tables() == []
